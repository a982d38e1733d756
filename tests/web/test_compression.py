"""Answers are compressed where the client asks, where it pays, and where nothing can be learned from their length."""

from __future__ import annotations

import functools
import gzip
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from flask import Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lrs.services.wiring import Rapport
from lrs.web import create_app
from lrs.web.compression import LEAST_BYTES, choose
from tests.clients import Xapi

STATIC = "/dashboard/static/dashboard.css"


def statement() -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": "mailto:a@example.com"},
        "verb": {"id": "https://example.com/verbs/did"},
        "object": {"id": "https://example.com/activities/1"},
    }


def opened(data: bytes, coding: str | None) -> bytes:
    """What a client makes of an answer."""
    if coding == "gzip":
        return gzip.decompress(data)
    return zstandard.decompress(data) if coding == "zstd" else data


@pytest.fixture
def files(http: FlaskClient) -> Callable[..., TestResponse]:
    """Gets files of ours; the client reads them to their end, and lets go of them."""
    return functools.partial(http.open, buffered=True)


@pytest.fixture
def stored(xapi: Xapi) -> Xapi:
    """A client of a server that has a page of statements."""
    assert xapi.post([statement() for _ in range(20)]).status_code == 200
    return xapi


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("zstd", "zstd"),
        ("br", None),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("gzip;q=0.2, zstd;q=0.300", "zstd"),
        ("gzip ; q=0.5", "gzip"),
        ("gzip;Q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0.000", None),
        ("*", "zstd"),
        ("*;q=0", None),
        ("*, zstd;q=0", "gzip"),
        ("*;q=0.1, gzip;q=0.5", "gzip"),
        ("gzip;q=0, *", "zstd"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0.5, gzip;q=0.8", "gzip"),
        ("*;q=0.5, gzip;q=0.3, zstd;q=0", None),
        ("identity;q=0", None),
        ("identity;q=0, br", None),
        ("gzip;q=2", None),
        ("gzip;q=nan", None),
        ("gzip;q=0.12345", None),
        ("gzip;level=9", None),
        ("gzip, " + "a" * 500, None),
    ],
)
def test_the_client_chooses_by_weight_and_we_where_it_has_no_wish(
    accepted: str | None, coding: str | None
) -> None:
    assert choose(accepted, LEAST_BYTES) == coding


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", None),
        ("*", None),
        ("gzip, identity;q=0", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("zstd, *;q=0, identity", None),
    ],
)
def test_what_is_short_is_compressed_only_for_who_refuses_it_as_it_is(
    accepted: str, coding: str | None
) -> None:
    assert choose(accepted, LEAST_BYTES - 1) == coding


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize(
    "path", ["/xapi/statements", "/api/v1/openapi.json", "/api/v1/competencies", "/metrics"]
)
def test_an_answer_in_a_coding_is_the_same_answer(stored: Xapi, path: str, coding: str) -> None:
    plain = stored.get(path)
    answer = stored.get(path, {"Accept-Encoding": coding})
    assert answer.headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert len(answer.data) == int(answer.headers["Content-Length"]) < len(plain.data)
    if path != "/metrics":
        assert opened(answer.data, coding) == plain.data


@pytest.mark.parametrize("path", ["/xapi/statements", "/api/v1/openapi.json"])
def test_head_has_the_headers_of_get(stored: Xapi, path: str) -> None:
    get, head = (stored.request(method, path, {"Accept-Encoding": "gzip"}) for method in ("GET", "HEAD"))
    assert head.data == b""
    for name in ("Content-Encoding", "Content-Length", "Content-Type", "Vary", "ETag"):
        assert head.headers.get(name) == get.headers.get(name)
    assert get.headers["Content-Encoding"] == "gzip"


def test_equal_answers_are_equal_when_compressed(stored: Xapi) -> None:
    one, other = (stored.get(headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert one.data == other.data


def test_an_error_can_be_compressed_as_well(stored: Xapi) -> None:
    answer = stored.get(headers={"Accept-Encoding": "gzip"}, verb="x" * 5000)
    assert answer.status_code == 400
    plain = gzip.decompress(answer.data) if "Content-Encoding" in answer.headers else answer.data
    assert json.loads(plain)["error"]["code"] == "invalid_parameter"


def test_a_document_leaves_as_the_bytes_that_its_etag_is_of(xapi: Xapi) -> None:
    content = json.dumps({"words": ["the same"] * 1000}).encode()
    query = {"profileId": "long", "agent": json.dumps({"mbox": "mailto:a@example.com"})}
    put = xapi.request(
        "PUT",
        "/xapi/agents/profile",
        {"If-None-Match": "*", "Content-Type": "application/json"},
        query_string=query,
        data=content,
    )
    assert put.status_code == 204
    answer = xapi.get("/xapi/agents/profile", {"Accept-Encoding": "gzip, zstd"}, **query)
    assert (answer.data, answer.headers.get("Content-Encoding")) == (content, None)
    assert not answer.headers["ETag"].startswith("W/")


def test_raw_data_leaves_as_it_is(stored: Xapi) -> None:
    answer = stored.get(headers={"Accept-Encoding": "gzip"}, attachments="true")
    assert answer.mimetype == "multipart/mixed"
    assert "Content-Encoding" not in answer.headers


def test_what_is_answered_to_a_post_leaves_as_it_is(xapi: Xapi) -> None:
    batch = [statement() for _ in range(100)]
    answer = xapi.request("POST", "/xapi/statements", {"Accept-Encoding": "gzip"}, json=batch)
    assert answer.json == [one["id"] for one in batch]
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/xapi/statements", "/dashboard/sign-in"])
def test_what_is_answered_to_a_browsers_cookie_leaves_as_it_is(stored: Xapi, path: str) -> None:
    compressed = stored.get(path, {"Accept-Encoding": "gzip"})
    stored.http.set_cookie("rapport", "anything", domain="localhost")
    answer = stored.get(path, {"Accept-Encoding": "gzip"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("path", "coding"), [(STATIC, "gzip"), (STATIC, "zstd"), ("/dashboard/vega.js", "gzip")]
)
def test_a_file_of_ours_is_compressed_for_everybody_under_a_weak_etag(
    http: FlaskClient, files: Callable[..., TestResponse], coding: str, path: str
) -> None:
    http.set_cookie("rapport", "anything", domain="localhost")
    plain = files(path)
    tag = plain.headers["ETag"]
    for _ in range(2):  # made, and then kept
        answer = files(path, headers={"Accept-Encoding": coding})
        assert answer.headers["Content-Encoding"] == coding
        assert answer.headers["ETag"] == f"W/{tag}"
        assert len(answer.data) == int(answer.headers["Content-Length"])
        assert opened(answer.data, coding) == plain.data
    known = files(path, headers={"Accept-Encoding": coding, "If-None-Match": f"W/{tag}"})
    assert (known.status_code, known.data) == (304, b"")
    assert "Accept-Encoding" in known.headers["Vary"]
    head = files(path, method="HEAD", headers={"Accept-Encoding": coding})
    assert (head.data, head.headers["Content-Length"]) == (b"", answer.headers["Content-Length"])


def test_a_font_leaves_as_it_is(files: Callable[..., TestResponse]) -> None:
    path = "/bootstrap/static/css/font/fonts/bootstrap-icons.woff2"
    answer = files(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_what_is_made_piece_by_piece_leaves_piece_by_piece(http: FlaskClient) -> None:
    made = []

    def pieces() -> Iterator[str]:
        for number in range(5):
            made.append(number)
            yield "x" * LEAST_BYTES

    http.application.view_functions["probes.health"] = lambda: Response(pieces(), mimetype="text/plain")
    answer = http.get("/health", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert len(made) < 5
    assert answer.text == "x" * 5 * LEAST_BYTES


def test_part_of_a_file_leaves_as_it_is(files: Callable[..., TestResponse]) -> None:
    answer = files(STATIC, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert (answer.status_code, len(answer.data)) == (206, 10)
    assert "Content-Encoding" not in answer.headers


def test_a_setting_turns_it_off(rapport: Rapport, client_with: Callable[..., Xapi]) -> None:
    config = replace(rapport.config, compression=False)
    known = client_with("all")
    client = Xapi(
        create_app(config, replace(rapport, config=config)).test_client(), known.key_id, known.secret
    )
    client.post([statement() for _ in range(20)])
    for path in ("/xapi/statements", "/api/v1/openapi.json", STATIC):
        answer = client.request("GET", path, {"Accept-Encoding": "gzip, zstd"}, buffered=True)
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
        assert "Accept-Encoding" not in answer.headers.get("Vary", "")
