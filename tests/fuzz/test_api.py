"""What schemathesis makes of `/api/v1/openapi.json`: no request that it can think of ends in a failure of ours.

The examples are the same on every run. `LRS_FUZZ_EXAMPLES=500 pytest tests/fuzz` tries more of them, by hand.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.wiring import Rapport
from lrs.web import create_app
from tests.clients import Xapi
from tests.conftest import NewStore
from tests.web.api.conftest import rating

EXAMPLES = int(os.environ.get("LRS_FUZZ_EXAMPLES", "12"))


@pytest.fixture(scope="module")
def served(new_store: NewStore, plugins: PluginHost) -> Iterator[tuple[Any, Xapi]]:
    """An academy with one rated officer, and a client that may do everything."""
    with new_store() as url:
        services = Rapport.open(Config(store=url, log_level="error"), plugins=plugins)
        services.store.initialise()
        key, secret = services.access.create_key("fuzz", ["all"])
        app = create_app(services.config, services)
        xapi = Xapi(app.test_client(), key.id, secret)
        batch = [rating("O-1", number, rater=f"T-{number}") for number in (4, 5, 6)]
        assert xapi.post(batch).status_code == 200
        yield app, xapi
        services.store.close()


def described(app: Any) -> list[Any]:
    """What the description says of each operation, or why that cannot be read."""
    return list(schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations())


def test_the_description_can_be_read_whole(served: tuple[Any, Xapi]) -> None:
    unreadable = [str(found.err()) for found in described(served[0]) if not hasattr(found, "ok")]
    assert unreadable == []


def judgements() -> Iterator[Any]:
    """Checks that take a description for all there is to know: `/check` answers 200 to whatever is sent, since
    telling what is wrong is its work, and that a text is a date is said in words.
    """
    for name in ("positive_data_acceptance", "negative_data_rejection"):
        yield schemathesis.checks.CHECKS.get_one(name)


def attempt(operation: Any, mode: schemathesis.GenerationMode, headers: dict[str, str]) -> None:
    """Try an operation with requests that keep its description, or with some that break it."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def test(case: Any) -> None:
        # What calls the application in process decompresses nothing.
        plain = {**headers, "Accept-Encoding": "identity"}
        response = case.call_and_validate(headers=plain, excluded_checks=list(judgements()))
        if response.status_code >= 400:
            body = response.json()["error"]
            assert body.keys() == {"status", "code", "message", "details"}
            assert body["status"] == response.status_code

    test()


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_the_api_answers_as_its_description_says(
    served: tuple[Any, Xapi], mode: schemathesis.GenerationMode
) -> None:
    app, xapi = served
    operations = [found.ok() for found in described(app) if hasattr(found, "ok")]
    assert len(operations) >= 5
    headers = {"Authorization": xapi.headers["Authorization"]}
    before = xapi.get(limit="0").data
    for operation in operations:
        if mode is schemathesis.GenerationMode.NEGATIVE and not list(operation.iter_parameters()):
            continue  # there is nothing in it that could be broken
        attempt(operation, mode, headers)
    assert xapi.get(limit="0").data == before
