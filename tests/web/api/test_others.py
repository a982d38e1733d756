"""Competencies, plugins, evidence, the dry run and the OpenAPI description."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from lrs.services.wiring import Rapport
from tests.clients import Xapi
from tests.web.api.conftest import rating

VR_MODE = "https://w3id.org/xapi/rapport/extensions/mode"


def test_competencies_are_rubrics_with_indicators_scales_and_cut(xapi: Xapi, rapport: Rapport) -> None:
    answer = xapi.get("/api/v1/competencies").json
    names = [one["competency"] for one in answer]
    assert names == sorted(names)
    assert {"communication", "cultural_competency", "leadership"} <= set(names)
    for one in answer:
        rubric = rapport.plugins.rubrics[one["competency"]]
        assert one == {**rubric.as_dict(), "digest": rubric.digest}


def test_plugins_are_listed_by_name_and_version(xapi: Xapi) -> None:
    listed = xapi.get("/api/v1/plugins").json
    names = [plugin["name"] for plugin in listed["plugins"]]
    assert names == sorted(names)
    assert {"communication", "cultural_competency", "leadership"} <= set(names)
    assert all(plugin["version"] for plugin in listed["plugins"])
    assert listed["quarantined"] == 0


def test_evidence_is_asked_for_by_agent_or_by_statement(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    first, second = rated("R-001", 5, 6)
    by_agent = xapi.get("/api/v1/evidence", agent="R-001", competency="communication").json
    assert [one["statement_id"] for one in by_agent] == [first, second]
    [one] = xapi.get("/api/v1/evidence", statement=first.upper()).json
    assert (one["statement_id"], one["rating"], one["scale"], one["tier"]) == (first, 5.0, "fto-7", "field")
    for wrong in ({}, {"agent": "R-001", "statement": first}, {"statement": first, "as_of": "2026-01-01"}):
        assert xapi.get("/api/v1/evidence", **wrong).status_code == 400


def check(xapi: Xapi, statement: object, **query: str) -> dict:
    answer = xapi.request("POST", "/api/v1/check", json=statement, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_dry_run_says_by_which_rule_and_worth_what_and_stores_nothing(xapi: Xapi) -> None:
    found = check(xapi, rating("R-001", 4))
    assert (found["valid"], found["recognised"], found["problems"]) == (True, True, [])
    [matched] = [rule for rule in found["rules"] if rule["matched"]]
    [worth] = matched["evidence"]
    assert (matched["plugin"], worth["competency"], worth["indicator"]) == (
        "communication",
        "communication",
        "checks-understanding",
    )
    assert (worth["s"], worth["tier"], worth["weight"]) == (0.5, "field", 1.0)
    assert xapi.ids() == []


def test_a_dry_run_says_why_not(xapi: Xapi) -> None:
    guided = rating("R-001", 4, verb={"id": "http://adlnet.gov/expapi/verbs/completed"})
    guided["object"]["definition"]["type"] = "http://adlnet.gov/expapi/activities/simulation"
    guided["context"]["extensions"] = {VR_MODE: "guided"}
    found = check(xapi, guided)
    assert (found["valid"], found["recognised"]) == (True, False)
    reasons = " ".join(reason for rule in found["rules"] for reason in rule["reasons"])
    assert "guided" in reasons
    assert "graded" in reasons


def test_a_dry_run_of_an_invalid_statement_lists_every_problem(xapi: Xapi) -> None:
    found = check(xapi, {"actor": {"mbox": "nobody"}, "verb": {}, "object": {"id": "x"}, "extra": 1})
    assert (found["valid"], found["recognised"], found["rules"]) == (False, False, [])
    assert {problem["path"] for problem in found["problems"]} == {
        "/actor/mbox",
        "/verb/id",
        "/object/id",
        "/extra",
    }


def test_a_dry_run_holds_to_the_version_that_is_asked_for(xapi: Xapi) -> None:
    agents = [{"objectType": "contextAgent", "agent": {"mbox": "mailto:b@example.com"}}]
    statement = rating("R-001", 4, context={"contextAgents": agents})
    assert not check(xapi, statement)["valid"]
    assert check(xapi, statement, version="2.0.0")["valid"]


def test_a_dry_run_takes_the_version_of_the_header(xapi2: Xapi) -> None:
    agents = [{"objectType": "contextAgent", "agent": {"mbox": "mailto:b@example.com"}}]
    assert check(xapi2, rating("R-001", 4, context={"contextAgents": agents}))["valid"]


def test_a_dry_run_says_that_a_statement_is_too_large(xapi: Xapi) -> None:
    found = check(xapi, rating("R-001", 4, result={"response": "x" * 2_000_000}))
    assert not found["valid"]
    assert "at most" in found["problems"][0]["expected"]


def test_a_dry_run_takes_json_only(xapi: Xapi) -> None:
    assert xapi.request("POST", "/api/v1/check", data=b"{}", content_type="text/plain").status_code == 400


def test_parameters_are_taken_once_and_known(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    rated("R-001", 5)
    for path in (
        "/api/v1/evidence?agent=R-001&agent=R-002",
        "/api/v1/profiles?limit=1&limit=2",
        "/api/v1/competencies?x=1",
        "/api/v1/plugins?x=1",
    ):
        answer = xapi.get(path)
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid_parameter")
    assert xapi.get("/api/v1/evidence", agent="R-001", competency="charm").status_code == 404


def test_a_dry_run_of_rubbish_is_a_problem_and_no_error(xapi: Xapi) -> None:
    answer = xapi.request("POST", "/api/v1/check", data=b'{"a":1,"a":2}', content_type="application/json")
    assert answer.status_code == 200
    assert "duplicate" in answer.json["problems"][0]["found"]


def test_a_vendors_key_may_dry_run(client_with: Callable[..., Xapi]) -> None:
    assert check(client_with("statements/write"), rating("R-001", 4))["recognised"]
    statement = rating("R-001", 4)
    refused = client_with("state").request("POST", "/api/v1/check", json=statement)
    assert refused.status_code == 403


def test_the_openapi_description_has_every_endpoint_of_the_api(http: FlaskClient) -> None:
    described = http.get("/api/v1/openapi.json").json
    app: Flask = http.application
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    wanted = {re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule) for rule in rules} - {"/api/v1/openapi.json"}
    assert set(described["paths"]) == wanted
    for path in described["paths"].values():
        for method, operation in path.items():
            if method != "parameters":
                assert operation["summary"]
