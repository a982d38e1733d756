"""Content in a browser, served from elsewhere, may use `/xapi`."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.clients import Xapi


def names(header: str) -> set[str]:
    return {name.strip().lower() for name in header.split(",")}


@pytest.mark.parametrize("path", ["/xapi/statements", "/xapi/activities/state", "/xapi/about"])
def test_a_preflight_needs_no_key_and_allows_what_clients_send(http: FlaskClient, path: str) -> None:
    asked = {"Origin": "https://content.example", "Access-Control-Request-Method": "PUT"}
    answer = http.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert names(answer.headers["Access-Control-Allow-Methods"]) >= {"get", "head", "put", "post", "delete"}
    wanted = {"authorization", "content-type", "if-match", "if-none-match", "x-experience-api-version"}
    assert names(answer.headers["Access-Control-Allow-Headers"]) >= wanted


def test_answers_and_errors_show_their_headers_to_pages_of_other_origins(
    xapi: Xapi, http: FlaskClient
) -> None:
    for answer in (xapi.get(), xapi.get(limit="x"), http.get("/xapi/statements"), http.get("/xapi/nothing")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        exposed = names(answer.headers["Access-Control-Expose-Headers"])
        assert exposed >= {
            "etag",
            "last-modified",
            "x-experience-api-version",
            "x-experience-api-consistent-through",
        }


def test_our_own_api_is_not_open_to_other_origins(xapi: Xapi) -> None:
    assert "Access-Control-Allow-Origin" not in xapi.get("/api/v1/competencies").headers
