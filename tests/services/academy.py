"""A small cohort, posted as vendors would: ratings, graded VR attempts, surveys of units. All synthetic."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from lrs.services.wiring import Rapport
from tests.clients import Xapi
from tests.web.api.conftest import ACADEMY, rating

R = "https://w3id.org/xapi/rapport/"
DE_ESCALATES = f"{R}indicators/communication/de-escalates-before-force"
ROSTER = f"""account,name,unit,phase,trainer,start
R-001,Recruit 1,North,2,T-00,2026-01-12
R-002,Recruit 2,North,2,T-01,
R-003,Recruit 3,South,1,T-00,
account:R-009@{ACADEMY},Recruit 9,South,2,,
""".encode()


def key(name: str) -> str:
    """Agent key."""
    return f"account:{name}@{ACADEMY}"


def on(activity: str, statement: dict[str, Any]) -> dict[str, Any]:
    """The rating of another item."""
    return {**statement, "object": {**statement["object"], "id": activity}}


def graded(officer: str, score: float, days_ago: float) -> dict[str, Any]:
    """A graded VR attempt, scored by the simulation."""
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    return {
        "actor": {"account": {"homePage": ACADEMY, "name": officer}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {
            "id": "https://vr.example/scenarios/traffic-stop",
            "definition": {"type": "http://adlnet.gov/expapi/activities/simulation"},
        },
        "result": {"extensions": {f"{R}extensions/competency-scores": {"communication": score}}},
        "context": {
            "registration": str(uuid.uuid4()),
            "platform": "VR",
            "extensions": {f"{R}extensions/mode": "graded"},
        },
        "timestamp": moment.isoformat(),
    }


def gazed(officer: str) -> dict[str, Any]:
    """Raw telemetry: stored, and recognised by nobody."""
    statement = graded(officer, 0, 1)
    return {**statement, "verb": {"id": "https://vr.example/verbs/gazed"}, "result": {}}


def reply(unit: str, answer: int, days_ago: float) -> dict[str, Any]:
    """One reply to a survey about a unit."""
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    return {
        "actor": {"objectType": "Group", "account": {"homePage": ACADEMY, "name": unit}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
        "object": {
            "id": "https://survey.example/contacts/listened",
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "interactionType": "likert",
                "scale": [{"id": str(step)} for step in range(1, 6)],
            },
        },
        "result": {"response": str(answer)},
        "context": {
            "registration": str(uuid.uuid4()),
            "contextActivities": {"category": [{"id": f"{R}competencies/communication"}]},
            "extensions": {f"{R}extensions/assessment-type": "survey"},
        },
        "timestamp": moment.isoformat(),
    }


def surveys(unit: str, means: Iterable[int]) -> list[dict[str, Any]]:
    """Five replies in each period of 28 days, the last of which ends today: a mean each, and one above and below."""
    means = list(means)
    return [
        reply(unit, mean + step, 28 * (len(means) - number) - 5 - n)
        for number, mean in enumerate(means)
        for n, step in enumerate((-1, 0, 0, 0, 1))
    ]


def post(xapi: Xapi, *statements: dict[str, Any]) -> list[str]:
    """Ids of what was posted, every statement recognised or not."""
    answer = xapi.post(list(statements))
    assert answer.status_code == 200, answer.text
    return answer.json


def fill(xapi: Xapi, rapport: Rapport) -> None:
    """R-001 with two indicators, R-002 with one, R-003 flat and low, R-004 on no roster; R-009 without evidence."""
    post(
        xapi,
        *(rating("R-001", 5, rater=f"T-0{n % 2}", days_ago=n + 1) for n in range(12)),
        on(DE_ESCALATES, rating("R-001", 6)),
        rating("R-002", 4),
        *(rating("R-003", 2, days_ago=n + 1) for n in range(8)),
        rating("R-004", 4),
    )
    done = rapport.roster.import_csv(ROSTER, home_page=ACADEMY)
    assert done.stored
