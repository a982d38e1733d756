"""One error body on every endpoint, whatever goes wrong."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lrs import errors
from lrs.services.wiring import Rapport
from lrs.web import create_app
from lrs.web.errors import STATUS
from tests.clients import Xapi


def subclasses(kind: type) -> set[type]:
    return {kind}.union(*(subclasses(child) for child in kind.__subclasses__()))


def assert_error(answer, status: int) -> None:
    assert answer.status_code == status
    assert answer.content_type == "application/json"
    error = answer.json["error"]
    assert error.keys() == {"status", "code", "message", "details"}
    assert error["status"] == status
    assert error["message"]
    for detail in error["details"]:
        assert detail.keys() == {"path", "found", "expected"}


@pytest.fixture
def app(rapport: Rapport) -> Flask:
    return create_app(rapport.config, rapport)


def test_every_endpoint_answers_a_stranger_in_the_one_form(app: Flask) -> None:
    client = app.test_client()
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/dashboard", "/bootstrap")):  # pages: tests/web/test_permissions.py
            continue
        path = rule.rule.replace("<path:agent>", "R-001")
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            answer = client.open(path, method=method, headers={"X-Experience-API-Version": "1.0.3"})
            if answer.status_code >= 400:
                assert_error(answer, 401)
                asked += 1
    assert asked >= 8


@pytest.mark.parametrize(
    "path", ["/nothing", "/xapi/nothing", "/api/v1/nothing", "/%00", "/xapi/statements/x"]
)
def test_an_unknown_path_is_404_in_the_one_form(http: FlaskClient, path: str) -> None:
    assert_error(http.get(path), 404)


@pytest.mark.parametrize("path", ["/", "/xapi/about", "/xapi/statements", "/api/v1/profiles", "/metrics"])
def test_a_wrong_method_is_405_and_says_which_are_right(xapi: Xapi, path: str) -> None:
    answer = xapi.request("DELETE", path)
    assert_error(answer, 405)
    assert "GET" in answer.json["error"]["details"][0]["expected"]
    assert "GET" in answer.headers["Allow"]


def test_an_unknown_parameter_of_the_api_is_named(xapi: Xapi) -> None:
    answer = xapi.get("/api/v1/profiles", limit="0", colour="red")
    assert_error(answer, 400)
    assert {detail["path"] for detail in answer.json["error"]["details"]} == {"limit", "colour"}


def test_a_defect_of_ours_shows_no_traceback(app: Flask) -> None:
    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError("a secret of ours")

    answer = app.test_client().get("/broken", headers={"X-Request-ID": "the-request"})
    assert_error(answer, 500)
    assert "secret" not in answer.text
    assert "the-request" in answer.json["error"]["message"]


def test_an_unreachable_store_is_503_and_says_when_to_try_again(
    app: Flask, rapport: Rapport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise errors.StoreUnavailable("The store is locked.")

    monkeypatch.setattr(type(rapport.store), "ping", lambda _: gone())
    answer = app.test_client().get("/ready")
    assert_error(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0


def test_every_error_that_can_reach_a_client_has_a_status() -> None:
    # The others end the start of a server or a command, never a request.
    at_start = {errors.LrsError, errors.ConfigError, errors.PluginError}
    ours = {kind for kind in subclasses(errors.LrsError) if kind.__module__ == "lrs.errors"}
    without = {kind for kind in ours if not any(parent in STATUS for parent in kind.__mro__)}
    assert without == at_start


def test_codes_are_distinct() -> None:
    ours = [kind for kind in subclasses(errors.LrsError) if kind.__module__ == "lrs.errors"]
    assert len({kind.code for kind in ours}) == len(ours)
