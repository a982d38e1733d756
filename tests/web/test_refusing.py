"""What is refused is counted once, whichever way it came, and nothing of it is kept."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from lrs.errors import StoreUnavailable
from lrs.services.wiring import Rapport
from lrs.stores.refusals import Refusal
from lrs.web import create_app
from lrs.web.express import Express
from tests.clients import Xapi

ID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
GOOD: dict[str, Any] = {
    "id": ID,
    "actor": {"mbox": "mailto:recruit@academy.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
    "object": {"id": "https://vr.example/scenarios/1"},
}
BAD = {**GOOD, "verb": {"id": "answered"}}
VENDOR = "account:VR@https://lrs.example"
MARK = "zanzibar"
MARK_ID = "deadbeef-3ef0-4ed3-8b37-7f3964730bee"
Ask = Callable[..., TestResponse]


@pytest.fixture(params=["express", "flask"])
def post(request: pytest.FixtureRequest, rapport: Rapport) -> Ask:
    """Posts by one of the two ways, with the key of the vendor VR unless another header says otherwise."""
    app = create_app(rapport.config, rapport)
    express = app.wsgi_app
    assert isinstance(express, Express)
    client = Client(express if request.param == "express" else express.application, TestResponse)
    return asking(client, rapport)


def asking(client: Client, rapport: Rapport) -> Ask:
    key, secret = rapport.access.create_key("VR")
    basic = base64.b64encode(f"{key.id}:{secret}".encode()).decode()

    def ask(
        body: Any = BAD,
        query: str = "",
        method: str = "POST",
        length: int | None = None,
        **headers: str | None,
    ) -> TestResponse:
        usual: dict[str, str | None] = {
            "Authorization": f"Basic {basic}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": "2.0.0",
        }
        given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(
            "/xapi/statements",
            method=method,
            query_string=query,
            data=body if isinstance(body, bytes) else json.dumps(body).encode(),
            headers={name: value for name, value in given.items() if value is not None},
            environ_overrides={} if length is None else {"CONTENT_LENGTH": str(length)},
        )

    return ask


def noted(rapport: Rapport) -> list[tuple[str, str, str, int, int]]:
    return [(one.authority, one.code, one.path, one.requests, one.statements) for one in everything(rapport)]


def everything(rapport: Rapport) -> list[Refusal]:
    return list(rapport.refusals.between("0001-01-01", "9999-12-31"))


CASES: dict[str, tuple[dict[str, Any], int, tuple[str, str, str, int, int]]] = {
    "a statement": ({}, 400, (VENDOR, "invalid_statement", "/verb/id", 1, 1)),
    "of a batch": (
        {"body": [GOOD, BAD, BAD]},
        400,
        (VENDOR, "invalid_statement", "/*/verb/id", 1, 3),
    ),
    "no JSON": ({"body": b"{"}, 400, (VENDOR, "malformed_json", "", 1, 0)),
    "a type": (
        {"Content_Type": "text/csv"},
        400,
        (VENDOR, "invalid_input", "Content-Type", 1, 0),
    ),
    "an attachment": (
        {
            "body": {
                **GOOD,
                "attachments": [
                    {
                        "usageType": "https://vr.example/film",
                        "display": {},
                        "contentType": "video/mp4",
                        "length": 1,
                        "sha2": "ab" * 32,
                    }
                ],
            }
        },
        400,
        (VENDOR, "invalid_attachment", "/attachments/*", 1, 1),
    ),
    "a version": (
        {"X_Experience_API_Version": "3.0"},
        400,
        (VENDOR, "unsupported_version", "X-Experience-API-Version", 1, 0),
    ),
    "a version without a key": (
        {"X_Experience_API_Version": None, "Authorization": None},
        400,
        ("", "unsupported_version", "X-Experience-API-Version", 1, 0),
    ),
    "a parameter": ({"query": "speed=fast"}, 400, (VENDOR, "invalid_parameter", "(parameter)", 1, 0)),
    "too many": (
        {"body": [{}] * 10_001},
        413,
        (VENDOR, "too_large", "", 1, 10_001),
    ),
    "an encoding": ({"Content_Encoding": "gzip"}, 400, (VENDOR, "invalid_input", "Content-Encoding", 1, 0)),
    "a body that broke off": ({"length": 10_000}, 400, (VENDOR, "bad_request", "", 1, 0)),
    "put without an id": (
        {"method": "PUT", "body": GOOD},
        400,
        (VENDOR, "invalid_parameter", "statementId", 1, 0),
    ),
    "put with another id": (
        {"method": "PUT", "body": GOOD, "query": f"statementId={MARK_ID}"},
        400,
        (VENDOR, "invalid_statement", "/id", 1, 1),
    ),
    "put of several": (
        {"method": "PUT", "body": [GOOD, GOOD], "query": f"statementId={ID}"},
        400,
        (VENDOR, "invalid_statement", "", 1, 2),
    ),
}


@pytest.mark.parametrize(("asked", "status", "row"), CASES.values(), ids=list(CASES))
def test_a_refusal_is_counted_once(
    post: Ask, rapport: Rapport, asked: dict[str, Any], status: int, row: tuple[str, str, str, int, int]
) -> None:
    assert post(**asked).status_code == status
    assert noted(rapport) == [row]


def test_a_body_beyond_all_measure_is_counted(post: Ask, rapport: Rapport) -> None:
    assert post(length=rapport.config.max_body_bytes + 1).status_code == 413
    [row] = everything(rapport)
    assert (row.authority, row.code, row.path) == (VENDOR, "too_large", "")
    assert row.expected == "a body within the server's max_body_bytes"


def test_a_conflict_is_counted_with_all_that_came_with_it(post: Ask, rapport: Rapport) -> None:
    other = {**GOOD, "object": {"id": "https://vr.example/scenarios/2"}}
    assert post(GOOD).status_code == 200
    assert noted(rapport) == []
    assert post([{**GOOD, "id": MARK_ID}, other]).status_code == 409
    assert noted(rapport) == [(VENDOR, "conflict", "/id", 1, 2)]


def test_what_is_sent_again_is_counted_again(post: Ask, rapport: Rapport) -> None:
    for _ in range(3):
        post()
    assert noted(rapport) == [(VENDOR, "invalid_statement", "/verb/id", 3, 3)]


def test_who_may_not_post_and_what_is_no_post_of_statements_is_not_counted(
    post: Ask, rapport: Rapport, client_with: Callable[..., Xapi]
) -> None:
    basic = base64.b64encode(b"no:body").decode()
    assert post(Authorization=None).status_code == 401
    assert post(Authorization=f"Basic {basic}").status_code == 401
    reader = client_with("statements/read", version="2.0.0")
    assert reader.post(BAD).status_code == 403
    assert reader.get(nonsense="1").status_code == 400
    assert reader.request("GET", "/xapi/activities").status_code == 400
    state = client_with("state", version="2.0.0")
    assert state.request("PUT", "/xapi/activities/state").status_code == 400
    assert noted(rapport) == []


def test_an_alternate_request_is_counted_as_what_it_is_meant_to_be(rapport: Rapport, http: Any) -> None:
    key, secret = rapport.access.create_key("VR", ["statements/write", "statements/read"])
    form = {
        "X-Experience-API-Version": "1.0.3",
        "Authorization": "Basic " + base64.b64encode(f"{key.id}:{secret}".encode()).decode(),
        "statementId": ID,
        "content": json.dumps(BAD),
    }
    assert http.post("/xapi/statements?method=PUT", data=form).status_code == 400
    assert http.post("/xapi/statements?method=TELL", data=form).status_code == 400
    assert http.post("/xapi/statements?method=GET", data={**form, "nonsense": "1"}).status_code == 400
    assert sorted(noted(rapport)) == [
        ("", "invalid_input", "method", 1, 0),  # the key stands in a form that was not read
        (VENDOR, "invalid_statement", "/verb/id", 1, 1),
    ]


@pytest.mark.engines("sqlite")
def test_a_store_that_cannot_count_changes_no_answer(post: Ask, rapport: Rapport, tmp_path: Path) -> None:
    usual = post()
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as file:
        file.execute("ALTER TABLE refusal RENAME TO away")
        rapport.refusals.flush()
        post()
        rapport.refusals.flush()
        with pytest.raises(StoreUnavailable):
            everything(rapport)
        answer = post()
        file.execute("ALTER TABLE away RENAME TO refusal")
    assert (answer.status, answer.data) == (usual.status, usual.data)
    assert answer.status_code == 400
    assert noted(rapport)[0][:3] == (VENDOR, "invalid_statement", "/verb/id")


PARTS = f"--{MARK}\r\nContent-Type: application/json\r\n\r\n{json.dumps(GOOD)}\r\n"
SENT: dict[str, dict[str, Any]] = {
    "a value": {"body": {**GOOD, "verb": {"id": MARK}}},
    "a person": {"body": {**GOOD, "actor": {"mbox": f"mailto:{MARK}@academy.example", "name": 5}}},
    "a name": {"body": {**GOOD, MARK: 1}},
    "a name within": {"body": {**GOOD, "actor": {**GOOD["actor"], f"{MARK} Recruit": MARK}}},
    "an extension": {"body": {**GOOD, "context": {"extensions": {MARK: 1}}}},
    "a language": {"body": {**GOOD, "verb": {**GOOD["verb"], "display": {f"{MARK}-1-x": MARK}}}},
    "an id": {"method": "PUT", "body": GOOD, "query": f"statementId={MARK_ID}"},
    "an id twice": {"body": [{**GOOD, "id": MARK_ID}, {**GOOD, "id": MARK_ID}]},
    "a score": {"body": {**GOOD, "result": {"score": {"raw": 9, "min": 10, "max": 98765432}}}},
    "a highest score": {"body": {**GOOD, "result": {"score": {"min": 98765433, "max": 98765432}}}},
    "no JSON": {"body": f'{{"name": "{MARK}", "name"'.encode()},
    "a key twice": {"body": f'{{"{MARK}": 1, "{MARK}": 2}}'.encode()},
    "a boundary": {"body": b"x", "Content_Type": f"multipart/mixed; boundary={MARK}"},
    "no last line": {"body": PARTS.encode(), "Content_Type": f"multipart/mixed; boundary={MARK}"},
    "a type": {"Content_Type": f"text/{MARK}"},
    "an encoding": {"Content_Encoding": MARK},
    "a version": {"X_Experience_API_Version": MARK},
    "a parameter": {"query": f"{MARK}={MARK}"},
    "a statement's id": {"method": "PUT", "query": f"statementId={MARK}"},
    "a hash": {
        "body": {
            **GOOD,
            "attachments": [
                {
                    "usageType": f"https://vr.example/{MARK}",
                    "display": {"en": MARK},
                    "contentType": f"text/{MARK}",
                    "length": 1,
                    "sha2": "deadbeef" * 8,
                }
            ],
        }
    },
}
MARKS = (MARK, "deadbeef", "98765432", "98765433")


@pytest.mark.engines("sqlite")
def test_nothing_of_what_was_sent_is_in_the_store(post: Ask, rapport: Rapport, tmp_path: Path) -> None:
    for name, asked in SENT.items():
        assert post(**asked).status_code == 400, name
    rows = everything(rapport)
    assert sum(row.requests for row in rows) == len(SENT)
    rapport.store.close()
    for file in tmp_path.iterdir():
        data = file.read_bytes().lower()
        assert not [mark for mark in MARKS if mark.encode() in data], file
    assert b"an iri" in b"".join(file.read_bytes().lower() for file in tmp_path.iterdir())
    # That the search finds what is there, ids are kept as bytes.
    assert bytes.fromhex("deadbeef") not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
