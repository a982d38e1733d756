"""The express lane says what the application would have said, to the byte, and leaves what is not plain to it."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from lrs.services.wiring import Rapport
from lrs.web import create_app
from lrs.web.express import Express
from lrs.xapi.timestamps import parse_us

ID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
GOOD = {
    "id": ID,
    "actor": {"mbox": "mailto:recruit@academy.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
    "object": {"id": "https://vr.example/scenarios/1"},
}
VOIDED = "0c1f6a4a-3d5b-4f5c-8e33-3c6b8f1f0a11"
RAW = b"what was said"
Ask = Callable[..., TestResponse]


def key_with(rapport: Rapport, name: str, *scopes: str) -> str:
    """The Authorization of a new key."""
    key, secret = rapport.access.create_key(name, scopes)
    return "Basic " + base64.b64encode(f"{key.id}:{secret}".encode()).decode()


@pytest.fixture
def lanes(rapport: Rapport) -> tuple[Ask, Ask]:
    """Asks one application through the express lane, and without it."""
    app = create_app(rapport.config, rapport)
    express = app.wsgi_app
    assert isinstance(express, Express)
    basic = key_with(rapport, "vendor", "statements/write", "statements/read")

    def asking(application: Any) -> Ask:
        client = Client(application, TestResponse)

        def ask(
            body: bytes = json.dumps(GOOD).encode(),
            query: str = "",
            length: int | None = None,
            method: str = "POST",
            **headers: str | None,
        ) -> TestResponse:
            usual: dict[str, str | None] = {
                "Authorization": basic,
                "Content-Type": "application/json",
                "X-Experience-API-Version": "2.0.0",
                "X-Request-ID": "r-1",
            }
            given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
            sent = {name: value for name, value in given.items() if value is not None}
            said = {} if length is None else {"CONTENT_LENGTH": str(length)}
            if "Cookie" in sent:
                said["HTTP_COOKIE"] = sent["Cookie"]  # the client would send its own
            return client.open(
                "/xapi/statements",
                method=method,
                query_string=query,
                data=body,
                headers=sent,
                environ_overrides=said,
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


def stored(ask: Ask) -> None:
    """Post statements to be read: one with raw data, one that is voided, and what voids it."""
    verb = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    described = {
        "usageType": "https://vr.example/audio",
        "display": {"en": "audio"},
        "contentType": "text/plain",
        "length": len(RAW),
        "sha2": hashlib.sha256(RAW).hexdigest(),
        "fileUrl": "https://vr.example/audio/1",
    }
    for one in (
        {**GOOD, "attachments": [described]},
        {**GOOD, "id": VOIDED},
        {
            **GOOD,
            "id": str(uuid.uuid4()),
            "verb": verb,
            "object": {"objectType": "StatementRef", "id": VOIDED},
        },
    ):
        assert ask(json.dumps(one).encode()).status_code == 200


READINGS: dict[str, dict[str, Any]] = {
    "a page": {},
    "a short page": {"query": "limit=1"},
    "by agent": {"query": "agent=" + quote(json.dumps(GOOD["actor"]))},
    "as ids": {"query": "format=ids"},
    "in one language": {"query": "format=canonical", "Accept_Language": "de"},
    "with raw data": {"query": "attachments=true"},
    "one": {"query": f"statementId={ID}"},
    "one with raw data": {"query": f"statementId={ID}&attachments=true"},
    "a voided one": {"query": f"voidedStatementId={VOIDED}"},
    "one that is voided": {"query": f"statementId={VOIDED}"},
    "one that is not there": {"query": f"statementId={uuid.UUID(int=7)}"},
    "an unknown parameter": {"query": "speed=fast"},
    "a parameter twice, and an unknown one": {"query": "limit=1&speed=fast&limit=2"},
    "a parameter that is no UTF-8": {"query": "verb=%FF"},
    "a query that is no ASCII": {"query": "verb=https://vr.example/é"},
    "a query that is no UTF-8": {"query": "verb=\xff"},
    "a method for old browsers": {"query": "method=GET"},
    "a more link that is none": {"query": "more=abc"},
    "1.0.3": {"X_Experience_API_Version": "1.0.3"},
    "another version": {"X_Experience_API_Version": "3.0"},
    "no version": {"X_Experience_API_Version": None},
    "no key": {"Authorization": None},
    "a wrong key": {"Authorization": "Basic " + base64.b64encode(b"no:body").decode()},
    "another kind of key": {"Authorization": "Bearer abc"},
    "anything at all": {"If_None_Match": "*"},
    "another tag": {"If_None_Match": '"abc"'},
    "compressed": {"Accept_Encoding": "gzip"},
    "compressed in whatever way": {"Accept_Encoding": "*"},
    "compressed though short": {"query": f"statementId={ID}", "Accept_Encoding": "gzip, identity;q=0"},
    "with a cookie": {"Accept_Encoding": "gzip", "Cookie": "rapport=abc"},
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("case", READINGS.values(), ids=list(READINGS))
def test_both_ways_read_the_same(lanes: tuple[Ask, Ask], case: dict[str, Any], method: str) -> None:
    stored(lanes[0])
    first, second = (ask(b"", method=method, **case) for ask in lanes)
    throughs = [answer.headers.pop("X-Experience-API-Consistent-Through") for answer in (first, second)]
    assert parse_us(throughs[0]) <= parse_us(throughs[1])
    assert first.status == second.status
    assert without_boundary(first) == without_boundary(second)
    if method == "HEAD":
        assert first.data == b""


def without_boundary(answer: TestResponse) -> tuple[bytes, dict[str, str]]:
    """Body and headers; the boundary of raw data is another each time."""
    boundary = answer.mimetype_params.get("boundary", "no boundary")
    headers = {name: value.replace(boundary, "") for name, value in answer.headers.items()}
    return answer.data.replace(boundary.encode(), b""), headers


def test_both_ways_follow_each_others_more_links(lanes: tuple[Ask, Ask]) -> None:
    express, plain = lanes
    stored(express)
    first = express(b"", "limit=1", method="GET").get_json()
    second, same = (
        ask(b"", first["more"].partition("?")[2], method="GET").get_json() for ask in (plain, express)
    )
    assert second == same
    assert second["statements"] != first["statements"]


def test_what_is_read_with_a_plain_request_never_reaches_the_application(
    lanes: tuple[Ask, Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    express, _ = lanes
    monkeypatch.setattr(Flask, "full_dispatch_request", lambda _: pytest.fail("the application was asked"))
    for query in ("", "limit=1", "format=ids", "attachments=true"):
        assert express(b"", query, method="GET").status_code == 200
    assert express(b"", method="HEAD").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_key_that_may_not_is_told_the_same_both_ways(
    lanes: tuple[Ask, Ask], rapport: Rapport, method: str
) -> None:
    basic = key_with(rapport, "other", "state")
    first, second = (ask(method=method, Authorization=basic) for ask in lanes)
    assert (first.status_code, first.data) == (403, second.data)


def test_a_revoked_key_reads_nothing_more_from_the_next_request_on(
    lanes: tuple[Ask, Ask], rapport: Rapport
) -> None:
    key, secret = rapport.access.create_key("other", ["statements/read"])
    basic = "Basic " + base64.b64encode(f"{key.id}:{secret}".encode()).decode()
    assert lanes[0](b"", method="GET", Authorization=basic).status_code == 200
    rapport.access.revoke_key(key.id)
    assert lanes[0](b"", method="GET", Authorization=basic).status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_read_is_counted_and_timed_like_everything_else(rapport: Rapport, method: str) -> None:
    client = create_app(rapport.config, rapport).test_client()
    headers = {
        "Authorization": key_with(rapport, "reader", "statements/read"),
        "X-Experience-API-Version": "2.0.0",
    }
    assert client.open("/xapi/statements", method=method, headers=headers).status_code == 200
    text = client.get("/metrics").text
    assert f'lrs_requests_total{{endpoint="xapi.get_statements",method="{method}",status="200"}} 1.0' in text


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
