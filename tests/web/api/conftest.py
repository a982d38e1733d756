"""An officer with recorded evidence, posted as a vendor would."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.clients import Xapi

INDICATOR = "https://w3id.org/xapi/rapport/indicators/communication/checks-understanding"
ACADEMY = "https://academy.example"


def rating(
    officer: str, raw: float, *, rater: str = "T-01", days_ago: float = 1, **parts: Any
) -> dict[str, Any]:
    """A field-training rating of an officer on one indicator of communication."""
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    return {
        "id": str(uuid.uuid4()),
        "actor": {"objectType": "Agent", "account": {"homePage": ACADEMY, "name": officer}},
        "verb": {"id": "http://id.tincanapi.com/verb/rated"},
        "object": {
            "id": INDICATOR,
            "definition": {"type": "http://id.tincanapi.com/activitytype/checklist-item"},
        },
        "result": {"score": {"raw": raw, "min": 1, "max": 7}},
        "context": {
            "registration": str(uuid.uuid4()),
            "instructor": {"objectType": "Agent", "account": {"homePage": ACADEMY, "name": rater}},
        },
        "timestamp": moment.isoformat(),
        **parts,
    }


@pytest.fixture
def rated(xapi: Xapi) -> Callable[..., list[str]]:
    """Posts ratings of an officer, two raters in turn, and answers the statements' ids."""

    def post(officer: str, *ratings: float) -> list[str]:
        batch = [rating(officer, raw, rater=f"T-0{index % 2}") for index, raw in enumerate(ratings)]
        answer = xapi.post(batch)
        assert answer.status_code == 200, answer.text
        return answer.json

    return post
