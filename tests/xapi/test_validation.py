from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs import schemas
from lrs.errors import Detail
from lrs.xapi.validation import check_actor, check_statement, is_iri
from lrs.xapi.versions import Version
from tests.xapi import corpus
from tests.xapi.corpus import CORE, FULL, INVALID, INVALID_ONLY_2, VALID, VALID_ONLY_2, Invalid, changed
from tests.xapi.strategies import JSON, places, statements

BOTH = list(Version)

# The first example compiles the schemas, and whole statements take a while to draw on a busy machine.
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("name", VALID)
def test_a_statement_of_every_shape_is_valid(name: str, version: Version) -> None:
    assert check_statement(VALID[name], version) == []


@pytest.mark.parametrize("name", VALID_ONLY_2)
def test_what_2_0_adds_is_valid_there_and_refused_before(name: str) -> None:
    assert check_statement(VALID_ONLY_2[name], Version.V2) == []
    if name != "version 2.0.0":
        assert {
            detail.path.rpartition("/")[2] for detail in check_statement(VALID_ONLY_2[name], Version.V1)
        } == {
            "contextAgents",
            "contextGroups",
        }


def test_a_statement_of_2_0_is_refused_by_1_0() -> None:
    assert [detail.path for detail in check_statement({**CORE, "version": "2.0.0"}, Version.V1)] == [
        "/version"
    ]


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.requirement)
def test_what_breaks_a_requirement_is_refused_at_its_place(case: Invalid, version: Version) -> None:
    _refused(case, version)


@pytest.mark.parametrize("case", INVALID_ONLY_2, ids=lambda case: case.requirement)
def test_what_breaks_a_requirement_of_2_0_is_refused_at_its_place(case: Invalid) -> None:
    _refused(case, Version.V2)


def _refused(case: Invalid, version: Version) -> None:
    details = check_statement(case.statement, version)
    at_place = [detail for detail in details if detail.path == case.path]
    assert len(at_place) == 1, details
    assert case.words in at_place[0].expected
    assert all(detail.path.startswith(case.at.rpartition("/")[0]) for detail in details)


def test_several_problems_are_told_in_document_order_each_place_once() -> None:
    statement = changed(changed(changed(FULL, "/verb/id", "x"), "/actor/mbox", 3), "/id", "")
    statement = changed(statement, "/result/score/min", 9)
    paths = [detail.path for detail in check_statement(statement, Version.V1)]
    assert paths == ["/id", "/actor/mbox", "/verb/id", "/result/score/min"]


def test_missing_members_come_last_in_their_object() -> None:
    details = check_statement({"object": {"id": 3}}, Version.V1)
    assert [detail.path for detail in details] == ["/object/id", "/actor", "/verb"]
    assert details[1].found == "nothing"


def test_no_more_than_fifty_problems_are_told() -> None:
    statement = {**CORE, **{f"unknown{number}": 1 for number in range(99)}}
    assert len(check_statement(statement, Version.V1)) == 50


def test_found_shows_the_value_shortly() -> None:
    detail = check_statement({**CORE, "result": {"response": ["x" * 1000]}}, Version.V1)[0]
    assert detail.found.startswith('["xxx')
    assert len(detail.found) == 80


def test_two_identifiers_are_named() -> None:
    statement = changed(CORE, "/actor/openid", "urn:x")
    assert check_statement(statement, Version.V1)[0].found == "mbox and openid"


def test_a_member_with_a_slash_is_escaped_in_the_pointer() -> None:
    assert check_statement({**CORE, "a/b~c": 1}, Version.V1)[0].path == "/a~1b~0c"


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        10**5000,
        -(10**400),
        math.inf,
        math.nan,
        "x",
        "\ud800",
        [],
        [[]],
        {},
        {"actor": "\ud800"},
        {"\ud800": 1},
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_statement_is_refused_without_raising(value: Any) -> None:
    details = check_statement(value, Version.V2)
    assert details
    json.dumps([detail.found + detail.path for detail in details]).encode()


@pytest.mark.parametrize(
    "number", [math.inf, math.nan, 10**5000, 10**400], ids=["inf", "nan", "10^5000", "10^400"]
)
@pytest.mark.parametrize(
    "place", ["/result/score/raw", "/result/score/scaled", "/actor/mbox", "/context/extensions/urn:x"]
)
def test_extreme_numbers_never_raise(number: float, place: str) -> None:
    assert all(
        isinstance(detail, Detail) for detail in check_statement(changed(FULL, place, number), Version.V1)
    )


def test_deep_values_never_raise() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [{"": deep}]
    assert check_statement(changed(FULL, "/context/extensions/urn:x", deep), Version.V1) == []
    assert check_statement({**CORE, "actor": deep}, Version.V1)


def test_values_as_deep_as_the_parser_takes_are_refused_at_their_place() -> None:
    deep: Any = 1
    for _ in range(95):
        deep = [{"": deep}]
    assert [detail.path for detail in check_statement({**CORE, "actor": deep}, Version.V1)] == ["/actor"]


@relaxed
@given(st.sampled_from(BOTH), JSON)
def test_any_json_value_is_answered_not_raised(version: Version, value: Any) -> None:
    assert check_statement(value, version)


@relaxed
@given(st.sampled_from(BOTH), st.sampled_from([where for where, _ in places(FULL)]), JSON)
def test_any_json_value_anywhere_is_answered_alike_by_both_validators(
    version: Version, where: str, value: Any
) -> None:
    statement = changed(FULL, where, value)
    by_schema = schemas.authoring(version.schema).is_valid(statement)
    assert by_schema == schemas.compiled(version.schema).is_valid(statement)
    assert by_schema or check_statement(statement, version)


@relaxed
@given(st.data(), st.sampled_from(BOTH))
def test_generated_statements_are_valid_for_both_validators(data: st.DataObject, version: Version) -> None:
    statement = data.draw(statements(version))
    assert check_statement(statement, version) == []
    assert schemas.authoring(version.schema).is_valid(statement)


@relaxed
@given(st.data(), st.sampled_from(BOTH))
def test_null_is_refused_anywhere_but_inside_extensions(data: st.DataObject, version: Version) -> None:
    statement = data.draw(statements(version))
    where = data.draw(st.sampled_from([path for path, _ in places(statement) if "/extensions/" not in path]))
    assert where in [detail.path for detail in check_statement(changed(statement, where, None), version)]


@relaxed
@given(st.data(), st.sampled_from(BOTH))
def test_an_unknown_member_is_refused_in_any_object(data: st.DataObject, version: Version) -> None:
    statement = data.draw(statements(version))
    objects = [
        path
        for path, value in places(statement)
        if isinstance(value, dict) and not path.endswith("/extensions")
    ]
    where = data.draw(st.sampled_from(["", *objects])) + "/un known"
    assert [detail.path for detail in check_statement(changed(statement, where, "x"), version)] == [where]


def test_actors_are_checked_alone() -> None:
    assert check_actor(corpus.ANONYMOUS) == []
    assert [detail.path for detail in check_actor({"mbox": "x", "name": 3})] == ["/mbox", "/name"]
    assert check_actor("x")[0].path == ""


@pytest.mark.parametrize(
    "text", ["https://example.org/ü", "urn:x", "tag:a,2026:b", "x+y.z-1:q", "http://[::1]/"]
)
def test_an_iri_has_a_scheme(text: str) -> None:
    assert is_iri(text)


@pytest.mark.parametrize(
    "text",
    ["", "x", "/a", "//a/b", "1a:b", ":x", "http:", "a b:c", "http://a<b>", "http://%", "urn:x\n", 1, None],
)
def test_what_is_no_iri(text: object) -> None:
    assert not is_iri(text)
