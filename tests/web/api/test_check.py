"""The dry run's answer on templates, and the xAPI Profile that they stand in."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient

from lrs import schemas
from tests.clients import Xapi
from tests.web.api.conftest import rating

TEMPLATES = "https://w3id.org/xapi/rapport/templates/"


def compared(xapi: Xapi, statement: object) -> list[dict[str, Any]]:
    answer = xapi.request("POST", "/api/v1/check", json=statement)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["templates"]
    return found


def test_a_dry_run_names_the_template_that_matches_first(xapi: Xapi) -> None:
    first, *others = compared(xapi, rating("R-001", 4))
    assert first == {
        "id": f"{TEMPLATES}checklist-rating",
        "name": "Rating of a checklist item (ride-along)",
        "matched": True,
        "reasons": [],
    }
    assert not any(other["matched"] for other in others)
    assert all(other["reasons"] for other in others)


def test_templates_are_those_for_the_verb_the_nearest_first(xapi: Xapi) -> None:
    statement = rating("R-001", 4)
    del statement["object"]["definition"]
    found = compared(xapi, statement)
    assert {each["id"] for each in found} == {
        id_ for id_, verb in _verbs().items() if verb == statement["verb"]["id"]
    }
    assert found[0]["reasons"] == [
        '$.object.definition.type is absent; it must be "http://id.tincanapi.com/activitytype/checklist-item"'
    ]
    assert [len(each["reasons"]) for each in found] == sorted(len(each["reasons"]) for each in found)


def test_a_misspelt_verb_is_understood_and_named(xapi: Xapi) -> None:
    wrong = rating("R-001", 4, verb={"id": "https://id.tincanapi.com/verb/rated"})
    nearest = compared(xapi, wrong)[0]
    assert nearest["id"] == f"{TEMPLATES}checklist-rating"
    assert nearest["reasons"] == [
        '$.verb.id is "https://id.tincanapi.com/verb/rated"; it must be "http://id.tincanapi.com/verb/rated"'
    ]


def test_what_a_template_recommends_stands_beside_the_match(xapi: Xapi) -> None:
    statement = rating("R-001", 4)
    del statement["timestamp"]  # the server sets it, which is nothing that the vendor did
    matched = compared(xapi, statement)[0]
    assert matched["matched"]
    assert matched["reasons"] == ["$.timestamp is absent; it is recommended"]


def test_a_statement_that_is_not_valid_is_compared_with_nothing(xapi: Xapi) -> None:
    assert compared(xapi, {"verb": {"id": "http://id.tincanapi.com/verb/rated"}}) == []


def test_a_verb_without_templates_has_none(xapi: Xapi) -> None:
    assert compared(xapi, rating("R-001", 4, verb={"id": "https://vr.example/verbs/gazed"})) == []


def test_the_profile_is_answered_to_anybody_as_it_is_installed(http: FlaskClient) -> None:
    answer = http.get("/api/v1/xapi-profile")
    assert (answer.status_code, answer.content_type) == (200, "application/ld+json")
    assert answer.data == schemas.xapi_profile_text()
    assert {each["id"] for each in json.loads(answer.data)["templates"]} == set(_verbs())


def test_the_description_says_that_the_profile_needs_no_key(http: FlaskClient) -> None:
    described: Any = http.get("/api/v1/openapi.json").json
    asked = described["paths"]["/api/v1/xapi-profile"]["get"]
    assert asked["security"] == []
    assert list(asked["responses"]["200"]["content"]) == ["application/ld+json"]


def _verbs() -> dict[str, str]:
    return {each["id"]: each["verb"] for each in schemas.xapi_profile()["templates"]}
