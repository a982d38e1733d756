"""The tags of what `GET /xapi/statements` answers: a 304 says that nothing has changed, and is never wrong."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.clients import Xapi

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
RAW = b"what was said"


def statement(**parts: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": "mailto:a@example.com"},
        "verb": {"id": "https://example.com/verbs/did", "display": {"en": "did", "de": "tat"}},
        "object": {"id": "https://example.com/activities/1"},
        **parts,
    }


def voiding(target: str) -> dict[str, Any]:
    return statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": target})


def tag(client: Xapi, headers: dict[str, str] | None = None, **query: Any) -> str:
    """The ETag of an answer."""
    answer = client.get(headers=headers, **query)
    assert answer.status_code == 200
    return answer.headers["ETag"]


def again(client: Xapi, known: str, headers: dict[str, str] | None = None, **query: Any) -> int:
    """The status for who has the answer with that tag."""
    return client.get(headers={"If-None-Match": known, **(headers or {})}, **query).status_code


@pytest.mark.parametrize("query", [{}, {"limit": "1"}, {"format": "ids"}, {"format": "canonical"}])
def test_who_has_the_page_gets_no_body(xapi: Xapi, query: dict[str, str]) -> None:
    xapi.post([statement(), statement()])
    known = tag(xapi, **query)
    answer = xapi.get(headers={"If-None-Match": known}, **query)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", known)
    assert "Content-Type" not in answer.headers
    for name in ("Vary", "Cache-Control", "X-Experience-API-Version", "X-Experience-API-Consistent-Through"):
        assert name in answer.headers
    assert (
        xapi.request("HEAD", "/xapi/statements", {"If-None-Match": known}, query_string=query).status_code
        == 304
    )


def test_who_has_the_statement_gets_no_body(xapi2: Xapi) -> None:
    one = statement()
    xapi2.post(one)
    known = tag(xapi2, statementId=one["id"])
    assert again(xapi2, known, statementId=one["id"]) == 304
    xapi2.post(statement())
    assert again(xapi2, known, statementId=one["id"]) == 304


@pytest.mark.parametrize("sent", ["{0}", '"other", {0}', 'W/"other",{0}', "{1}", "*"])
def test_a_tag_counts_among_others_and_without_its_w(xapi: Xapi, sent: str) -> None:
    known = tag(xapi)
    assert known.startswith('W/"')
    assert again(xapi, sent.format(known, known.removeprefix("W/"))) == 304


@pytest.mark.parametrize("sent", ['"other"', "rubbish", '"', "W/", ""])
def test_another_tag_gets_the_body(xapi: Xapi, sent: str) -> None:
    assert again(xapi, sent) == 200


def test_the_tag_of_a_page_changes_with_what_is_stored(xapi: Xapi) -> None:
    seen = {tag(xapi)}
    for _ in range(3):
        xapi.post(statement())
        seen.add(tag(xapi))
    assert len(seen) == 4


def test_the_tag_of_a_filtered_page_stays_while_others_are_stored(xapi: Xapi) -> None:
    query = {"verb": "https://example.com/verbs/rare"}
    xapi.post(statement(verb={"id": query["verb"]}))
    known = tag(xapi, **query)
    xapi.post([statement(), statement()])
    assert again(xapi, known, **query) == 304
    xapi.post(statement(verb={"id": query["verb"]}))
    assert again(xapi, known, **query) == 200


def test_the_tag_of_a_page_changes_when_there_is_a_next_one(xapi: Xapi) -> None:
    xapi.post([statement(), statement()])
    known = tag(xapi, limit="2", ascending="true")
    xapi.post(statement())
    assert again(xapi, known, limit="2", ascending="true") == 200


def test_voiding_changes_the_tag_of_the_page_and_takes_the_statement(xapi: Xapi) -> None:
    one, kept = statement(), statement(verb={"id": "https://example.com/verbs/other"})
    xapi.post([one, kept])
    alone, page = tag(xapi, statementId=one["id"]), tag(xapi, until="2100-01-01T00:00:00Z")
    xapi.post(voiding(one["id"]))
    assert again(xapi, alone, statementId=one["id"]) == 404
    assert again(xapi, "*", statementId=one["id"]) == 404
    assert again(xapi, page, until="2100-01-01T00:00:00Z") == 200
    voided = tag(xapi, voidedStatementId=one["id"])
    assert again(xapi, voided, voidedStatementId=one["id"]) == 304


def test_each_format_and_language_has_a_tag_of_its_own(xapi: Xapi) -> None:
    xapi.post(statement())
    tags = [
        tag(xapi),
        tag(xapi, format="ids"),
        tag(xapi, {"Accept-Language": "en"}, format="canonical"),
        tag(xapi, {"Accept-Language": "de"}, format="canonical"),
    ]
    assert len(set(tags)) == 4
    answer = xapi.get(headers={"Accept-Language": "de"}, format="canonical")
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_tag_is_of_what_the_key_may_see(client_with: Callable[..., Xapi], xapi: Xapi) -> None:
    mine = client_with("statements/write", "statements/read/mine")
    mine.post(statement())
    known = tag(mine)
    xapi.post(statement())
    assert tag(xapi) != known
    assert again(mine, known) == 304
    assert again(xapi, known) == 200
    assert "Authorization" in mine.get().headers["Vary"]


def test_a_tag_opens_nothing(client_with: Callable[..., Xapi], xapi: Xapi) -> None:
    one = statement()
    xapi.post(one)
    known = tag(xapi, statementId=one["id"])
    assert again(client_with("statements/read/mine"), known, statementId=one["id"]) == 404
    assert again(client_with("statements/write"), known, statementId=one["id"]) == 403


def test_the_same_tag_is_of_what_is_compressed(xapi: Xapi) -> None:
    xapi.post([statement() for _ in range(20)])
    known = tag(xapi)
    assert tag(xapi, {"Accept-Encoding": "gzip"}) == known
    answer = xapi.get(headers={"If-None-Match": known, "Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (304, None)


def test_with_raw_data_there_is_no_tag_since_that_may_come_later(xapi: Xapi) -> None:
    described = {
        "usageType": "https://vr.example/audio",
        "display": {"en": "audio"},
        "contentType": "text/plain",
        "length": len(RAW),
        "sha2": hashlib.sha256(RAW).hexdigest(),
        "fileUrl": "https://vr.example/audio/1",
    }
    xapi.post(statement(attachments=[described]))
    answer = xapi.get(headers={"If-None-Match": "*"}, attachments="true")
    assert (answer.status_code, answer.headers.get("ETag")) == (200, None)


def test_what_is_answered_is_consistent_through_an_instant_before_it_was_read(xapi: Xapi) -> None:
    one = statement()
    xapi.post(one)
    answer = xapi.get()
    since = answer.headers["X-Experience-API-Consistent-Through"]
    later = statement()
    xapi.post(later)
    assert [found["id"] for found in xapi.get(since=since).json["statements"]] == [later["id"]]
    assert json.loads(answer.data)["statements"][0]["id"] == one["id"]
