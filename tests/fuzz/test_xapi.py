"""Good requests spoilt by accident, on every xAPI resource and in both versions: refused whole, or served.

Nothing ends in a 500, everything that is refused has the one error body and leaves no trace, and the next good
request is served. The accidents are drawn from one seed (the ids and the key in the requests are new each time);
by hand there may be more of them, or others:

    LRS_FUZZ_SECONDS=600 LRS_FUZZ_SEED=7 pytest tests/fuzz/test_xapi.py

A failure names the seed and the request, so that it can be sent again.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from lrs.services.wiring import Rapport
from lrs.web import create_app
from tests.clients import Xapi
from tests.conformance.samples import statement
from tests.fuzz.mutations import Answer, Request, call, good_requests, mutated

SECONDS = float(os.environ.get("LRS_FUZZ_SECONDS", "0"))
SEED = int(os.environ.get("LRS_FUZZ_SEED", "20261123"))
ATTEMPTS = 500
PATIENCE_S = 60
EXPECTED = {200, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413}


@dataclass(frozen=True)
class Target:
    """An application, and what its store holds."""

    app: Any
    services: Rapport
    xapi: Xapi

    def holds(self) -> tuple[int, bytes]:
        """How many statements there are, and every document in the scopes that the requests use."""
        documents = [
            self.xapi.get(request.path, **dict(parse_qsl(request.query.decode()))).data
            for request in good_requests(self.xapi)
            if request.method == "GET"
            and "Id=" in request.query.decode()
            and "statements" not in request.path
        ]
        return self.services.store.count_statements(), b"|".join(documents)


@pytest.fixture(params=["1.0.3", "2.0.0"])
def target(request: pytest.FixtureRequest, rapport: Rapport) -> Target:
    # A quiet log: a failure is told by the test, with the request that caused it.
    app = create_app(rapport.config, rapport)
    key, secret = rapport.access.create_key("fuzz", ["all"])
    return Target(app, rapport, Xapi(app.test_client(), key.id, secret, request.param))


def check(answer: Answer, request: Request) -> None:
    assert answer.status in EXPECTED, (answer.status, request)
    assert answer.headers.get("x-experience-api-version") in ("1.0.3", "2.0.0"), request
    if answer.status < 400 or request.method == "HEAD":
        return
    assert answer.headers["content-type"] == "application/json", request
    error = json.loads(answer.body)["error"]
    assert error.keys() == {"status", "code", "message", "details"}, request
    assert error["status"] == answer.status, request
    assert all(detail.keys() == {"path", "found", "expected"} for detail in error["details"]), request


@contextlib.contextmanager
def patience(request: Request) -> Iterator[None]:
    """End a request that would never end; how quick one is, is not asked here."""

    def give_up(*_: Any) -> None:
        raise TimeoutError(request)

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def attempts(target: Target) -> Iterator[tuple[Request, random.Random]]:
    """Good requests in turn, each time new ones, with the chance that spoils them."""
    chance = random.Random(SEED)
    end = time.monotonic() + SECONDS
    number = 0
    while number < ATTEMPTS or (SECONDS and time.monotonic() < end):
        for good in good_requests(target.xapi):
            number += 1
            yield good, chance


def test_the_good_requests_are_good(target: Target) -> None:
    for request in good_requests(target.xapi):
        answer = call(target.app, request)
        assert answer.status in (200, 204, 404, 412), (request, answer)
        if request.path == "/xapi/statements" and request.method != "GET":
            assert answer.status in (200, 204), (request, answer)


def test_a_spoilt_request_is_refused_whole_and_the_next_one_is_served(target: Target) -> None:
    before = target.holds()
    refused = 0
    for good, chance in attempts(target):
        request = mutated(good, chance)
        with patience(request):
            answer = call(target.app, request)
        check(answer, request)
        if answer.status >= 400:
            refused += 1
            assert target.holds() == before, ("a refused request left something", request, answer)
        else:
            before = target.holds()
        if refused % 50 == 1:
            assert call(target.app, post(target)).status == 200, ("then a good one failed", request)
            before = target.holds()
    assert refused > 200


def post(target: Target) -> Request:
    headers = {name: value.encode() for name, value in target.xapi.headers.items()}
    kind = {"Content-Type": b"application/json"}
    return Request("POST", "/xapi/statements", b"", headers | kind, json.dumps(statement()).encode())


# What the accidents found, each by name


@pytest.mark.parametrize("length", [b"-1", b"abc", b"1.5", b"\xb2", b"9" * 30])
@pytest.mark.parametrize("query", [b"", b"method=POST"])
def test_a_content_length_that_is_no_length_is_400(target: Target, length: bytes, query: bytes) -> None:
    good = post(target)
    request = Request("POST", good.path, query, good.headers | {"Content-Length": length}, good.body)
    answer = call(target.app, request)
    assert answer.status in (400, 413)
    assert target.services.store.count_statements() == 0


@pytest.mark.parametrize("path", ["/xapi/statements", "/xapi/activities/state", "/api/v1/profiles"])
def test_a_credential_beyond_ascii_is_401(target: Target, path: str) -> None:
    sent = {"Authorization": b"Basic \xe9", "X-Experience-API-Version": b"1.0.3"}
    assert call(target.app, Request("GET", path, b"", sent)).status == 401


def test_a_credential_beyond_ascii_in_a_form_is_refused(target: Target) -> None:
    fields = {"Authorization": "Basic é", "X-Experience-API-Version": "1.0.3"}
    assert call(target.app, alternate(fields)).status == 400


@pytest.mark.parametrize("name", ["Authorization", "Accept-Language", "X-Experience-API-Version", "If-Match"])
def test_a_line_end_in_a_header_of_a_form_is_400_or_401_in_the_one_form(target: Target, name: str) -> None:
    fields = {"Authorization": "Basic eDp5", "X-Experience-API-Version": "1.0.3", name: "a\r\nX-Own: b"}
    answer = call(target.app, alternate(fields))
    assert answer.status in (400, 401)
    check(answer, alternate(fields))


def test_a_line_end_in_the_content_type_of_a_form_is_400_and_nothing_is_stored(target: Target) -> None:
    scope = {"activityId": "https://example.com/a", "profileId": "p", "If-None-Match": "*"}
    sent = {**target.xapi.headers, "X-Experience-API-Version": "1.0.3"}
    fields = {**sent, **scope, "content": "x", "Content-Type": "text/plain\r\nX-Own: b"}
    answer = call(target.app, alternate(fields, "PUT", "/xapi/activities/profile"))
    assert answer.status == 400


def alternate(fields: dict[str, str], method: str = "GET", path: str = "/xapi/statements") -> Request:
    """An alternate request with these fields and nothing else."""
    kind = {"Content-Type": b"application/x-www-form-urlencoded"}
    return Request("POST", path, f"method={method}".encode(), kind, urlencode(fields).encode())


@pytest.mark.parametrize(
    "path", ["/xapi/statements", "/xapi/about", "/xapi/agents/profile", "/api/v1/profiles"]
)
def test_a_query_string_that_is_not_utf_8_is_400(target: Target, path: str) -> None:
    headers = {name: value.encode() for name, value in target.xapi.headers.items()}
    assert call(target.app, Request("GET", path, b"agent=\xec", headers)).status == 400


def test_a_get_that_a_condition_refuses_shows_an_error_and_not_the_document(target: Target) -> None:
    request = stored_state(target, {"If-Match": b'"0"'})
    answer = call(target.app, request)
    assert answer.status == 412
    assert "error" in json.loads(answer.body)


def test_a_get_on_the_condition_that_there_is_a_document_answers_it(target: Target) -> None:
    answer = call(target.app, stored_state(target, {"If-Match": b"*"}))
    assert (answer.status, answer.body) == (200, b'{"kept":1}')


def stored_state(target: Target, condition: dict[str, bytes]) -> Request:
    """A GET, with a condition, of a document that is there."""
    scope = {
        "activityId": "https://example.com/a",
        "agent": '{"mbox":"mailto:a@example.com"}',
        "stateId": "s",
    }
    path = "/xapi/activities/state"
    put = target.xapi.request("PUT", path, query_string=scope, data=b'{"kept":1}')
    assert put.status_code == 204
    headers = {name: value.encode() for name, value in target.xapi.headers.items()}
    return Request("GET", path, urlencode(scope).encode(), headers | condition)
