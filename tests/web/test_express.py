"""The express lane says what the application would have said, to the byte, and leaves what is not plain to it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from lrs.services.wiring import Rapport
from lrs.web import create_app
from lrs.web.express import Express

ID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
GOOD = {
    "id": ID,
    "actor": {"mbox": "mailto:recruit@academy.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
    "object": {"id": "https://vr.example/scenarios/1"},
}
Ask = Callable[..., TestResponse]


@pytest.fixture
def lanes(rapport: Rapport) -> tuple[Ask, Ask]:
    """Asks one application through the express lane, and without it."""
    app = create_app(rapport.config, rapport)
    express = app.wsgi_app
    assert isinstance(express, Express)
    key, secret = rapport.access.create_key("vendor")
    basic = base64.b64encode(f"{key.id}:{secret}".encode()).decode()

    def asking(application: Any) -> Ask:
        client = Client(application, TestResponse)

        def ask(
            body: bytes = json.dumps(GOOD).encode(),
            query: str = "",
            length: int | None = None,
            **headers: str | None,
        ) -> TestResponse:
            usual: dict[str, str | None] = {
                "Authorization": f"Basic {basic}",
                "Content-Type": "application/json",
                "X-Experience-API-Version": "2.0.0",
                "X-Request-ID": "r-1",
            }
            given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
            sent = {name: value for name, value in given.items() if value is not None}
            said = {} if length is None else {"CONTENT_LENGTH": str(length)}
            return client.post(
                "/xapi/statements", query_string=query, data=body, headers=sent, environ_overrides=said
            )

        return ask

    return asking(express), asking(express.application)


CASES: dict[str, dict[str, Any]] = {
    "one statement": {},
    "a batch": {"body": json.dumps([GOOD]).encode()},
    "1.0.3": {"X_Experience_API_Version": "1.0.3"},
    "no version": {"X_Experience_API_Version": None},
    "another version": {"X_Experience_API_Version": "3.0"},
    "no key": {"Authorization": None},
    "a wrong key": {"Authorization": "Basic " + base64.b64encode(b"no:body").decode()},
    "rubbish for a key": {"Authorization": "Basic §§§"},
    "another kind of key": {"Authorization": "Bearer abc"},
    "no JSON": {"body": b"{"},
    "nothing": {"body": b""},
    "no statement": {"body": b"{}"},
    "a form": {"Content_Type": "application/x-www-form-urlencoded"},
    "no type": {"Content_Type": None},
    "an unknown parameter": {"query": "speed=fast"},
    "an alternate request": {"query": "method=PUT"},
    "an encoded body": {"Content_Encoding": "gzip"},
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_both_ways_answer_the_same(lanes: tuple[Ask, Ask], case: dict[str, Any]) -> None:
    express, plain = lanes
    first, second = express(**case), plain(**case)
    assert (first.status, first.data) == (second.status, second.data)
    assert dict(first.headers) == dict(second.headers)


def test_what_fails_unexpectedly_is_done_once_and_told_as_a_request_id(
    lanes: tuple[Ask, Ask], rapport: Rapport, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def fail(*_: Any) -> None:
        calls.append(1)
        raise KeyError("a defect")

    monkeypatch.setattr(type(rapport.ingest), "post", fail)
    answer = lanes[0]()
    assert answer.status_code == 500
    assert "r-1" in answer.get_json()["error"]["message"]
    assert "a defect" not in answer.text
    assert calls == [1]


def test_a_body_that_is_shorter_than_it_says_is_refused(lanes: tuple[Ask, Ask], rapport: Rapport) -> None:
    express, _ = lanes
    answer = express(length=len(json.dumps(GOOD)) + 5)
    assert answer.status_code == 400
    assert rapport.store.count_statements() == 0


def test_a_body_that_is_too_large_is_refused_unread(lanes: tuple[Ask, Ask], rapport: Rapport) -> None:
    express, _ = lanes
    answer = express(length=rapport.config.max_body_bytes + 1)
    assert answer.status_code == 413
    assert rapport.store.count_statements() == 0


def test_what_it_answers_is_counted_and_timed_like_everything_else(rapport: Rapport) -> None:
    client = create_app(rapport.config, rapport).test_client()
    key, secret = rapport.access.create_key("vendor")
    client.post(
        "/xapi/statements", json=GOOD, auth=(key.id, secret), headers={"X-Experience-API-Version": "2.0.0"}
    )
    text = client.get("/metrics").text
    assert 'lrs_requests_total{endpoint="xapi.post_statements",method="POST",status="200"} 1.0' in text
