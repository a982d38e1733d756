from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.xapi.equality import same_meaning
from lrs.xapi.strict_json import parse

RECRUIT = {"mbox": "mailto:recruit@academy.example"}
RATER = {"account": {"homePage": "https://academy.example", "name": "rater-1"}}
TEAM = {"objectType": "Group", "name": "Squad", "member": [RECRUIT, RATER]}
COURSE = {"id": "https://academy.example/courses/1"}
STATEMENT: dict[str, Any] = {
    "actor": RECRUIT,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/scored", "display": {"en": "scored"}},
    "object": {"id": "https://vr.example/scenarios/1", "definition": {"name": {"en": "Traffic stop"}}},
    "result": {"score": {"raw": 5, "min": 1, "max": 7}, "duration": "PT1M2.5S", "success": True},
    "context": {
        "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
        "instructor": RATER,
        "team": TEAM,
        "language": "en-US",
        "contextActivities": {"parent": [COURSE]},
        "extensions": {"https://x.example/a": {"b": [1, 2.5, None, "c"]}},
    },
    "timestamp": "2026-01-15T09:00:00+01:00",
    "attachments": [
        {
            "usageType": "https://x.example/map",
            "display": {"en": "Map"},
            "contentType": "image/png",
            "length": 4,
            "sha2": "a" * 64,
        }
    ],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The statement with another value at `a.b.c`; `...` takes the member away."""
    statement = deepcopy(STATEMENT)
    *parents, last = path.split("/")
    place: Any = statement
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return statement


def same(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    assert same_meaning(a, b) == same_meaning(b, a)
    return same_meaning(a, b)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "12345678-1234-4234-8234-123456789012"),
        ("stored", "2026-01-16T00:00:00Z"),
        ("authority", RATER),
        ("version", "1.0.0"),
        ("timestamp", ...),
        ("timestamp", "2026-01-15T08:00:00.000Z"),
        ("verb/display", {"fr": "noté"}),
        ("verb/display", ...),
        ("object/definition", ...),
        ("object/definition", {"type": "http://adlnet.gov/expapi/activities/simulation"}),
        ("object/objectType", "Activity"),
        ("actor/objectType", "Agent"),
        ("actor/mbox", "mailto:recruit@ACADEMY.example"),
        ("context/team/member", [RATER, RECRUIT]),
        ("context/team/member", [{**RATER, "objectType": "Agent"}, RECRUIT]),
        (
            "context/team/member",
            [{"account": {"name": "rater-1", "homePage": "https://academy.example"}}, RECRUIT],
        ),
        ("context/registration", "EC531277-B57B-4C15-8D91-D292C5B2B8F7"),
        ("context/language", "en-us"),
        ("context/contextActivities", {"parent": COURSE}),
        ("context/contextActivities/parent", [{**COURSE, "objectType": "Activity", "definition": {}}]),
        ("result/score/raw", 5.0),
        ("result/score/raw", Decimal("5.00")),
        ("result/duration", "PT1M2.509S"),
        ("result/duration", "PT1M2.50S"),
        ("result/duration", "PT1M2,5S"),
        ("attachments/0/sha2", "A" * 64),
    ],
)
def test_a_difference_that_is_no_part_of_the_meaning_is_ignored(path: str, value: Any) -> None:
    assert same(STATEMENT, changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("actor", RATER),
        ("actor/name", "Recruit"),
        ("actor/mbox", "mailto:Recruit@academy.example"),
        ("actor/objectType", "Group"),
        ("verb/id", "http://adlnet.gov/expapi/verbs/passed"),
        ("object/id", "https://vr.example/scenarios/2"),
        ("object", RECRUIT | {"objectType": "Agent"}),
        ("timestamp", "2026-01-15T09:00:00Z"),
        ("result", ...),
        ("result/success", 1),
        ("result/success", False),
        ("result/score/raw", 5.01),
        ("result/score/raw", ...),
        ("result/response", ""),
        ("result/duration", "PT1M2.51S"),
        ("result/duration", "PT62.5S"),
        ("context/team/member", [RECRUIT]),
        ("context/team/member", [RECRUIT, RECRUIT]),
        ("context/team/name", "Other squad"),
        ("context/contextActivities/parent", []),
        ("context/contextActivities/parent", [COURSE, {"id": "https://academy.example/courses/2"}]),
        ("context/contextActivities", {"grouping": [COURSE]}),
        ("context/registration", "ec531277-b57b-4c15-8d91-d292c5b2b8f8"),
        ("context/platform", "VR"),
        ("context/extensions", {"https://x.example/a": {"b": [1, 2.5, None, "C"]}}),
        ("context/extensions", {"https://x.example/a": {"b": [True, 2.5, None, "c"]}}),
        ("context/extensions", {"https://x.example/a": {"b": [2.5, 1, None, "c"]}}),
        ("attachments", ...),
        ("attachments/0/sha2", "b" * 64),
    ],
)
def test_a_difference_in_meaning_is_seen(path: str, value: Any) -> None:
    assert not same(STATEMENT, changed(path, value))


def test_members_stand_in_any_order() -> None:
    assert same(STATEMENT, dict(reversed(STATEMENT.items())))


def test_an_mbox_sha1sum_has_no_case() -> None:
    lower = changed("actor", {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"})
    upper = changed("actor", {"mbox_sha1sum": "EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"})
    assert same(lower, upper)


def test_a_statement_ref_is_compared_by_its_id_without_case() -> None:
    ref = {"objectType": "StatementRef", "id": "12345678-abcd-4234-8234-123456789012"}
    assert same(changed("object", ref), changed("object", {**ref, "id": ref["id"].upper()}))
    assert not same(changed("object", ref), changed("object", {**ref, "id": ref["id"].replace("a", "b")}))
    assert not same(changed("object", ref), changed("object", {"id": ref["id"]}))


def sub_statement(**different: Any) -> dict[str, Any]:
    return changed(
        "object",
        {
            "objectType": "SubStatement",
            "actor": RECRUIT,
            "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
            "object": COURSE,
            **different,
        },
    )


def test_a_sub_statement_is_compared_as_a_statement() -> None:
    assert same(sub_statement(), sub_statement(actor={**RECRUIT, "objectType": "Agent"}))
    assert same(sub_statement(), sub_statement(object={**COURSE, "definition": {"name": {"en": "Course"}}}))
    assert not same(sub_statement(), sub_statement(actor=RATER))


def test_the_timestamp_of_a_sub_statement_counts_for_no_server_sets_it() -> None:
    given_one = sub_statement(timestamp="2026-01-15T08:00:00Z")
    assert same(given_one, sub_statement(timestamp="2026-01-15T09:00:00+01:00"))
    assert not same(given_one, sub_statement())


def test_context_agents_and_groups_are_compared_as_agents() -> None:
    entry = {"objectType": "contextAgent", "agent": RECRUIT, "relevantTypes": ["https://x.example/officer"]}
    plain = changed("context/contextAgents", [entry])
    spelt = changed("context/contextAgents", [{**entry, "agent": {**RECRUIT, "objectType": "Agent"}}])
    assert same(plain, spelt)
    assert not same(plain, changed("context/contextAgents", [{**entry, "agent": RATER}]))
    group = {"objectType": "contextGroup", "group": TEAM}
    turned = {"objectType": "contextGroup", "group": {**TEAM, "member": [RATER, RECRUIT]}}
    assert same(changed("context/contextGroups", [group]), changed("context/contextGroups", [turned]))


def test_the_header_of_a_signature_is_no_part_of_what_was_signed() -> None:
    signature = {
        "usageType": "http://adlnet.gov/expapi/attachments/signature",
        "display": {"en": "Signature"},
        "contentType": "application/octet-stream",
        "length": 9,
        "sha2": "c" * 64,
    }
    assert same(STATEMENT, changed("attachments", [*STATEMENT["attachments"], signature]))
    assert same(changed("attachments", ...), changed("attachments", [signature]))


def test_a_huge_integer_is_compared_exactly() -> None:
    huge = 10**6000
    assert same(changed("result/extensions", {"x:y": huge}), changed("result/extensions", {"x:y": huge}))
    assert not same(
        changed("result/extensions", {"x:y": huge}), changed("result/extensions", {"x:y": huge + 1})
    )


@pytest.mark.parametrize(("a", "b"), [(b"1e2", b"100"), (b"0.10", b"1e-1"), (b"-0", b"0")])
def test_numbers_are_compared_by_value_however_they_are_written(a: bytes, b: bytes) -> None:
    assert same(changed("result/score/raw", parse(a)), changed("result/score/raw", parse(b)))


numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)


@settings(deadline=None)
@given(values)
def test_whatever_an_extension_holds_a_statement_means_the_same_as_its_copy(value: Any) -> None:
    assert same(
        changed("context/extensions", {"x:y": value}), changed("context/extensions", {"x:y": deepcopy(value)})
    )


@settings(deadline=None)
@given(st.permutations([{"mbox": f"mailto:{name}@academy.example"} for name in "abcd"]))
def test_the_order_of_members_never_counts(members: list[dict[str, str]]) -> None:
    usual = changed("actor", {"objectType": "Group", "member": sorted(members, key=str)})
    assert same(usual, changed("actor", {"objectType": "Group", "member": members}))
