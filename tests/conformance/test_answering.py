"""What every answer carries, whatever was asked and however it ends: version, credential, instant, origin."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from lrs.xapi.timestamps import parse_us
from tests.clients import Xapi
from tests.conformance.samples import AGENT, FORM, error_of, form, new_id, raw_post, readable, statement

VERSION = "X-Experience-API-Version"
THROUGH = "X-Experience-API-Consistent-Through"
RESOURCES = (
    "/xapi/statements",
    "/xapi/activities",
    "/xapi/agents",
    "/xapi/activities/state",
    "/xapi/activities/profile",
    "/xapi/agents/profile",
)
DIFFER = {"X-Request-ID", THROUGH}


def headers_of(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in DIFFER}


# HEAD


def test_head_has_the_headers_of_get_on_every_resource_and_no_body(either: Xapi) -> None:
    for path, query in readable(either):
        whole = either.request("GET", path, query_string=query)
        head = either.request("HEAD", path, query_string=query)
        assert (whole.status_code, head.status_code, head.data) == (200, 200, b""), path
        assert headers_of(head) == headers_of(whole), path
        assert int(head.headers["Content-Length"]) == len(whole.data), path


def test_head_of_what_is_wrong_has_the_status_of_get_and_no_body(either: Xapi) -> None:
    for path in RESOURCES:
        for query in ({"unknown": "1"}, {"statementId": new_id()}):
            whole = either.request("GET", path, query_string=query)
            head = either.request("HEAD", path, query_string=query)
            assert whole.status_code in (400, 404)
            assert (head.status_code, head.data) == (whole.status_code, b"")
            assert head.headers[VERSION] == either.version


# 401


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("path", RESOURCES)
def test_every_resource_asks_a_stranger_for_a_key(http: FlaskClient, path: str, version: str) -> None:
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        answer = http.open(path, method=method, headers={VERSION: version})
        if answer.status_code == 405:
            continue
        assert answer.status_code == 401, method
        assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
        assert answer.headers[VERSION] == version


def encoded(text: bytes) -> str:
    return base64.b64encode(text).decode()


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Basic",
        "Basic !!!",
        f"Basic {encoded(b'no colon')}",
        f"Basic {encoded(b':')}",
        f"Basic {encoded(bytes([0xFF, 0x3A, 0xFE]))}",
        f"Basic {encoded(b'nobody:nothing')}",
        "Bearer abc",
        'Digest username="a"',
        "Basic \xe9\xe9",
    ],
)
def test_what_is_no_credential_is_401(http: FlaskClient, sent: str) -> None:
    answer = http.get("/xapi/statements", headers={"Authorization": sent, VERSION: "1.0.3"})
    assert answer.status_code == 401
    assert error_of(answer)["code"] == "unauthenticated"
    assert "WWW-Authenticate" in answer.headers


def test_a_wrong_secret_is_401_and_writes_nothing(xapi: Xapi) -> None:
    wrong = Xapi(xapi.http, xapi.key_id, xapi.secret[:-1])
    assert wrong.post(statement()).status_code == 401
    assert xapi.ids() == []


def test_a_key_without_the_scope_is_403_and_told_which_it_lacks(client_with: Callable[..., Xapi]) -> None:
    vendor = client_with("statements/write")
    for path in RESOURCES:
        answer = vendor.get(path)
        assert answer.status_code == 403, path
        assert error_of(answer)["details"][0]["path"] == "Authorization"
        assert "WWW-Authenticate" not in answer.headers


# The version


def failing(xapi: Xapi, vendor: Xapi) -> list[tuple[int, Any]]:
    """(status, answer) of one request for every way to fail once the resource is found."""
    one = statement()
    xapi.post(one)
    scope = {"activityId": "https://example.com/a", "agent": AGENT, "stateId": "s"}
    state = {"query_string": scope, "data": b"{}", "content_type": "application/json"}
    return [
        (400, xapi.post({})),
        (400, xapi.get(limit="x")),
        (401, Xapi(xapi.http, "nobody", "x", xapi.version).get()),
        (403, vendor.get()),
        (404, xapi.get(statementId=new_id())),
        (409, xapi.post({**one, "verb": {"id": "https://example.com/other"}})),
        (412, xapi.request("PUT", "/xapi/activities/state", {"If-Match": '"0"'}, **state)),
        (413, xapi.post(statement(result={"response": "x" * 2_000_000}))),
    ]


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_errors_echo_the_version_that_was_asked_for(client_with: Callable[..., Xapi], version: str) -> None:
    xapi, vendor = (client_with(scope, version=version) for scope in ("all", "statements/write"))
    for status, answer in failing(xapi, vendor):
        assert answer.status_code == status
        assert answer.headers[VERSION] == version, status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("DELETE", "/xapi/statements", 405), ("POST", "/xapi/agents", 405), ("GET", "/xapi/nothing", 404)],
)
def test_even_where_no_resource_answers_the_version_is_echoed(
    xapi: Xapi, method: str, path: str, status: int
) -> None:
    answer = xapi.request(method, path)
    assert answer.status_code == status
    assert answer.headers[VERSION] == "1.0.3"


@pytest.mark.parametrize("path", RESOURCES)
def test_a_request_that_names_no_version_is_400_and_stores_nothing(xapi: Xapi, path: str) -> None:
    credential = {"Authorization": xapi.headers["Authorization"]}
    for method in ("GET", "PUT", "POST", "DELETE"):
        answer = xapi.http.open(path, method=method, headers=credential, json=statement())
        if answer.status_code == 405:
            continue
        assert error_of(answer)["code"] == "unsupported_version"
        assert answer.headers[VERSION] in ("1.0.3", "2.0.0")
    assert xapi.ids() == []


@pytest.mark.parametrize("sent", ["", "0.9", "1.0.3", "2.0.0", "3.0", "x"])
def test_about_answers_whatever_version_is_named(http: FlaskClient, sent: str) -> None:
    answer = http.get("/xapi/about", headers={VERSION: sent})
    assert answer.status_code == 200
    assert answer.json.keys() <= {"version", "extensions"}
    assert {"1.0.3", "2.0.0"} <= set(answer.json["version"])


def test_a_statement_keeps_the_version_it_came_with_and_gets_that_of_its_request_otherwise(
    xapi: Xapi, xapi2: Xapi
) -> None:
    for client, sent, kept in (
        (xapi, None, "1.0.0"),
        (xapi, "1.0.2", "1.0.2"),
        (xapi, "1.0", "1.0"),
        (xapi2, None, "2.0.0"),
        (xapi2, "1.0.3", "1.0.3"),
        (xapi2, "2.0.0", "2.0.0"),
    ):
        [one] = client.post(statement(**({"version": sent} if sent else {}))).json
        for reader in (xapi, xapi2):
            assert reader.get(statementId=one).json["version"] == kept


# Consistent-Through


def test_every_answer_about_statements_says_through_when_it_is_consistent(
    client_with: Callable[..., Xapi], either: Xapi
) -> None:
    one = statement()
    vendor = client_with("statements/write", version=either.version)
    answers = [
        either.put(one["id"], one),
        either.post([]),
        either.request("HEAD", "/xapi/statements"),
        either.get(voidedStatementId=one["id"]),
        either.request("DELETE", "/xapi/statements"),
        either.get(headers={VERSION: "0.9"}),
        *(answer for _, answer in failing(either, vendor) if "statements" in answer.request.path),
    ]
    assert {answer.status_code for answer in answers} >= {200, 204, 400, 401, 403, 404, 405, 409, 413}
    for answer in answers:
        through = parse_us(answer.headers[THROUGH])
        assert through <= time.time_ns() // 1000, answer.status_code


def test_through_passes_what_was_stored_before_it_was_asked(either: Xapi) -> None:
    for _ in range(3):
        [one] = either.post(statement()).json
        answer = either.get(statementId=one)
        assert parse_us(answer.headers[THROUGH]) >= parse_us(answer.json["stored"])
        assert parse_us(either.get(limit="0").headers[THROUGH]) >= parse_us(answer.json["stored"])


def test_a_slash_at_the_end_is_the_same_resource(xapi: Xapi) -> None:
    answer = xapi.get("/xapi/statements/")
    assert answer.status_code == 200
    assert THROUGH in answer.headers


# Other origins


@pytest.mark.parametrize("path", [*RESOURCES, "/xapi/about"])
def test_a_page_of_another_origin_may_use_every_resource(http: FlaskClient, path: str) -> None:
    wanted = ("authorization", "content-type", "if-match", "if-none-match", VERSION.lower())
    asked = {"Origin": "https://content.example", "Access-Control-Request-Headers": ",".join(wanted)}
    for method in ("GET", "PUT", "POST", "DELETE"):
        answer = http.options(path, headers=asked | {"Access-Control-Request-Method": method})
        assert (answer.status_code, answer.data) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert method in answer.headers["Access-Control-Allow-Methods"]
        allowed = answer.headers["Access-Control-Allow-Headers"].lower()
        assert all(header in allowed for header in wanted)
        # With a wildcard no browser sends cookies along, and none may be asked for.
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_an_alternate_request_shows_its_headers_to_other_origins_too(http: FlaskClient, xapi: Xapi) -> None:
    for method in ("GET", "BREW"):
        answer = http.post(f"/xapi/statements?method={method}", data=form(xapi), content_type=FORM)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert VERSION in answer.headers["Access-Control-Expose-Headers"]


# One error body


def test_every_failure_has_the_one_error_body(client_with: Callable[..., Xapi], either: Xapi) -> None:
    vendor = client_with("statements/write", version=either.version)
    for status, answer in failing(either, vendor):
        assert error_of(answer)["status"] == status
    assert error_of(raw_post(either, b"\xff\xfe"))["code"] == "malformed_json"
