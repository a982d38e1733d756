"""The alternate request syntax of 1.0.x: any request as the POST of a form, its credential in the form."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.clients import Xapi
from tests.web.xapi.test_statements import statement

FORM = "application/x-www-form-urlencoded"


def alternate(http: FlaskClient, method: str, path: str, fields: dict[str, str], **kwargs: Any) -> Any:
    return http.post(f"{path}?method={method}", data=urlencode(fields), content_type=FORM, **kwargs)


def as_form(xapi: Xapi, **fields: str) -> dict[str, str]:
    return xapi.headers | fields


def test_a_statement_is_put_and_read_with_everything_in_the_form(http: FlaskClient, xapi: Xapi) -> None:
    one = statement()
    fields = as_form(
        xapi, statementId=one["id"], content=json.dumps(one), **{"Content-Type": "application/json"}
    )
    assert alternate(http, "PUT", "/xapi/statements", fields).status_code == 204
    read = alternate(http, "GET", "/xapi/statements", as_form(xapi, statementId=one["id"]))
    assert (read.status_code, read.json["id"]) == (200, one["id"])
    assert read.headers["X-Experience-API-Version"] == "1.0.3"


def test_text_beyond_ascii_survives(http: FlaskClient, xapi: Xapi) -> None:
    one = statement(result={"response": "réunion & 会議 + 100%"})
    fields = as_form(
        xapi, content=json.dumps(one, ensure_ascii=False), **{"Content-Type": "application/json"}
    )
    assert alternate(http, "POST", "/xapi/statements", fields).json == [one["id"]]
    assert xapi.get(statementId=one["id"]).json["result"] == one["result"]


def test_documents_are_written_and_deleted_with_conditions(http: FlaskClient, xapi: Xapi) -> None:
    path = "/xapi/activities/profile"
    scope = {"activityId": "https://example.com/a", "profileId": "p"}
    put = as_form(xapi, content="text", **scope, **{"Content-Type": "text/plain", "If-None-Match": "*"})
    assert alternate(http, "PUT", path, put).status_code == 204
    assert alternate(http, "PUT", path, put).status_code == 412
    answer = alternate(http, "GET", path, as_form(xapi, **scope))
    assert (answer.data, answer.content_type) == (b"text", "text/plain")
    assert alternate(http, "DELETE", path, as_form(xapi, **scope)).status_code == 204
    assert xapi.get(path, **scope).status_code == 404


def test_the_version_of_the_form_wins_over_the_header(http: FlaskClient, xapi: Xapi) -> None:
    answer = alternate(
        http, "GET", "/xapi/statements", as_form(xapi), headers={"X-Experience-API-Version": "0.9"}
    )
    assert answer.status_code == 200


def test_a_form_without_a_credential_is_401(http: FlaskClient) -> None:
    answer = alternate(http, "GET", "/xapi/statements", {"X-Experience-API-Version": "1.0.3"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("query", "fields", "content_type"),
    [
        ("method=GET&limit=1", {}, FORM),
        ("method=GET&method=PUT", {}, FORM),
        ("method=BREW", {}, FORM),
        ("method=get", {}, FORM),
        ("method=PUT", {"statementId": str(uuid.uuid4())}, FORM),
        ("method=POST", {}, FORM),
        ("method=GET", {}, "application/json"),
    ],
)
def test_what_is_no_alternate_request_is_400(
    http: FlaskClient, xapi: Xapi, query: str, fields: dict[str, str], content_type: str
) -> None:
    answer = http.post(
        f"/xapi/statements?{query}",
        data=urlencode(as_form(xapi, **fields)),
        content_type=content_type,
        headers=xapi.headers,
    )
    assert answer.status_code == 400
    assert answer.json["error"]["details"]


def test_only_a_post_carries_an_alternate_request(xapi: Xapi) -> None:
    one = statement()
    answer = xapi.request("PUT", f"/xapi/statements?method=PUT&statementId={one['id']}", json=one)
    assert answer.status_code == 400


def test_2_0_has_no_alternate_request_syntax(http: FlaskClient, xapi2: Xapi) -> None:
    assert alternate(http, "GET", "/xapi/statements", as_form(xapi2)).status_code == 400


def test_a_form_that_is_no_alternate_request_is_a_document_like_any_other(xapi: Xapi) -> None:
    scope = {"activityId": "https://example.com/a", "profileId": "p"}
    path = "/xapi/activities/profile"
    answer = xapi.request("POST", path, query_string=scope, data=b"a=1&b=2", content_type=FORM)
    assert answer.status_code == 204
    assert xapi.get(path, **scope).data == b"a=1&b=2"


def test_elsewhere_a_parameter_named_method_is_nothing_special(http: FlaskClient, xapi: Xapi) -> None:
    answer = http.post("/api/v1/check?method=GET", data=b"{}", content_type=FORM, headers=xapi.headers)
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] == "method"
