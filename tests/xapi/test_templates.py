from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lrs.plugin.shapes import standard_shapes
from lrs.xapi.templates import Template, standard_templates, template_of, templates_of
from tests.xapi.page_examples import R, examples

GUESTS = Path(__file__).parents[1] / "plugins"
SHAPE_RULES = {rule["id"] for shape in standard_shapes().values() for rule in shape.rules}
SHAPE_EXAMPLES = [
    file
    for file in sorted((GUESTS / "examples").glob("*.json"))
    if any(
        piece["rule"] in SHAPE_RULES
        for piece in json.loads((GUESTS / "golden" / file.name).read_text("utf-8"))
    )
]
MODE = f"{R}extensions/mode"
KIND = f"{R}extensions/assessment-type"
ID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"


def statement(**parts: Any) -> dict[str, Any]:
    return {
        "actor": {"mbox": "mailto:a@example.com"},
        "verb": {"id": "https://x.example/did"},
        "object": {"id": "https://x.example/thing", "definition": {"type": "https://x.example/types/thing"}},
        **parts,
    }


def template(*rules: dict[str, Any], **parts: Any) -> Template:
    return template_of({"id": "https://x.example/t", **parts, **({"rules": rules} if rules else {})})


def scored(*values: Any) -> dict[str, Any]:
    return statement(result={"extensions": {"https://x.example/e": list(values)}})


PLACE = "$.result.extensions['https://x.example/e'][*]"


# Determining properties


def test_a_template_without_verb_or_rules_matches_everything() -> None:
    assert template().misses(statement()) == ()
    assert template().verb is None


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("verb", "https://x.example/other", '$.verb.id is "https://x.example/did"; it must be "https://x.ex'),
        ("objectActivityType", "https://x.example/other", "$.object.definition.type is "),
        (
            "contextParentActivityType",
            ["https://x.example/p"],
            "parent[*].definition.type is absent; it must",
        ),
        ("contextGroupingActivityType", ["https://x.example/p"], "grouping[*].definition.type is absent"),
        ("contextCategoryActivityType", ["https://x.example/p"], "category[*].definition.type is absent"),
        ("contextOtherActivityType", ["https://x.example/p"], "other[*].definition.type is absent"),
        ("attachmentUsageType", ["https://x.example/p"], "$.attachments[*].usageType is absent"),
    ],
)
def test_a_determining_property_that_is_not_there_is_named(name: str, value: Any, reason: str) -> None:
    one = template(**{name: value})
    [miss] = one.misses(statement())
    assert reason in miss
    assert not one.is_meant(statement())


def test_all_values_of_a_determining_property_must_be_there_and_others_may() -> None:
    types = ["https://x.example/a", "https://x.example/b"]
    activities = [
        {"id": f"{kind}/1", "definition": {"type": kind}} for kind in [*types, "https://x.example/c"]
    ]
    one = template(contextCategoryActivityType=types)
    assert one.misses(statement(context={"contextActivities": {"category": activities}})) == ()
    [miss] = one.misses(statement(context={"contextActivities": {"category": activities[1:]}}))
    assert miss.endswith(
        'is "https://x.example/b" and "https://x.example/c"; it must have "https://x.example/a"'
    )


def test_a_context_activity_that_stands_alone_is_read_as_an_array_of_one() -> None:
    context = {
        "contextActivities": {
            "parent": {"id": "https://x.example/1", "definition": {"type": "https://x.example/p"}}
        }
    }
    one = template(contextParentActivityType=["https://x.example/p"])
    assert one.misses(statement(context=context)) == ()
    inner = {"objectType": "SubStatement", **statement(context=context)}
    path = "$.object.context.contextActivities.parent[0].id"
    assert template({"location": path, "presence": "included"}).misses(statement(object=inner)) == ()


# Rules


def test_included_asks_for_a_value() -> None:
    one = template({"location": "$.result.score", "presence": "included"})
    assert one.misses(statement(result={"score": {"raw": 1}})) == ()
    assert one.misses(statement()) == ("$.result.score is absent; it must be there",)
    assert one.is_meant(statement())


def test_included_takes_null_for_a_value() -> None:
    assert template({"location": PLACE, "presence": "included"}).misses(scored(None)) == ()


def test_included_asks_a_selector_for_a_value_in_each_place() -> None:
    one = template({"location": PLACE, "selector": "$.a", "presence": "included"})
    assert one.misses(scored({"a": 1}, {"a": 2})) == ()
    assert one.misses(scored({"a": 1}, {"b": 2})) == (
        f"{PLACE} › $.a is absent from one of 2; it must be in each",
    )
    assert one.misses(scored({"b": 2})) == (f"{PLACE} › $.a is absent; it must be there",)


def test_excluded_takes_no_value_and_asks_nothing_further() -> None:
    one = template({"location": PLACE, "presence": "excluded", "any": [1], "all": [1]})
    assert one.misses(scored()) == ()
    assert one.misses(scored(1)) == (f"{PLACE} is 1; it must be absent",)


def test_excluded_takes_places_in_which_a_selector_finds_nothing() -> None:
    one = template({"location": PLACE, "selector": "$.a", "presence": "excluded"})
    assert one.misses(scored({"b": 1})) == ()
    assert one.misses(scored({"a": 1})) != ()


def test_any_asks_for_one_of_its_values_even_where_there_is_none() -> None:
    one = template({"location": PLACE, "any": [1, 2]})
    assert one.misses(scored(9, 2)) == ()
    assert one.misses(scored(9)) == (f"{PLACE} is 9; it must be 1 or 2",)
    assert one.misses(scored(8, 9)) == (f"{PLACE} is 8 and 9; it must have 1 or 2",)
    assert one.misses(scored()) == (f"{PLACE} is absent; it must be 1 or 2",)


def test_all_takes_only_its_values() -> None:
    one = template({"location": PLACE, "all": [1, 2]})
    assert one.misses(scored()) == ()
    assert one.misses(scored(1, 2, 1)) == ()
    assert one.misses(scored(1, 3)) == (f"{PLACE} is 3; only 1 or 2 may be there",)


def test_all_takes_no_place_in_which_a_selector_finds_nothing() -> None:
    one = template({"location": PLACE, "selector": "$.a", "all": [1]})
    assert one.misses(scored({"a": 1})) == ()
    assert one.misses(scored({"a": 1}, {})) != ()


def test_none_takes_everything_but_its_values() -> None:
    one = template({"location": PLACE, "none": [1, 2]})
    assert one.misses(scored()) == ()
    assert one.misses(scored(3)) == ()
    assert one.misses(scored(3, 2)) == (f"{PLACE} is 2; it must not be",)


def test_included_with_none_asks_for_another_value() -> None:
    one = template({"location": PLACE, "presence": "included", "none": [1]})
    assert one.misses(scored(2)) == ()
    assert one.misses(scored(1)) != ()
    assert one.misses(scored()) != ()


def test_included_says_what_would_be_right() -> None:
    one = template({"location": PLACE, "presence": "included", "all": [1]})
    assert one.misses(scored()) == (f"{PLACE} is absent; it must be 1",)


@pytest.mark.parametrize("name", ["any", "all", "none"])
def test_recommended_asks_only_of_what_is_there(name: str) -> None:
    one = template({"location": PLACE, "presence": "recommended", name: [1]})
    wrong = 1 if name == "none" else 2
    assert one.misses(scored()) == ()
    assert one.misses(scored(3 - wrong)) == ()
    assert one.misses(scored(wrong)) != ()
    selected = template({"location": PLACE, "selector": "$.a", "presence": "recommended", name: [1]})
    assert selected.misses(scored({"b": 1})) == ()
    assert selected.misses(scored({"a": wrong})) != ()


def test_what_is_recommended_and_absent_is_a_remark() -> None:
    one = template({"location": "$.timestamp", "presence": "recommended"})
    assert one.misses(statement()) == ()
    assert one.remarks(statement()) == ("$.timestamp is absent; it is recommended",)
    assert one.remarks(statement(timestamp="2026-11-02T09:00:00Z")) == ()


def test_a_selector_is_recommended_only_for_what_is_there() -> None:
    one = template({"location": "$.result.score", "selector": "$.min", "presence": "recommended"})
    assert one.remarks(statement()) == ()
    assert one.remarks(statement(result={"score": {"raw": 1}})) != ()
    assert one.remarks(statement(result={"score": {"raw": 1, "min": 0}})) == ()


def test_values_are_equal_as_json_values() -> None:
    def takes(value: Any, other: Any) -> bool:
        return template({"location": PLACE, "any": [value]}).misses(scored(other)) == ()

    assert takes(1, 1.0)
    assert takes({"a": 1, "b": [2]}, {"b": [2.0], "a": 1})
    assert not takes(1, True)
    assert not takes(False, 0)
    assert not takes([True], [1])
    assert not takes("1", 1)
    assert not takes([1, 2], [2, 1])
    assert takes(None, None)


def test_every_reason_is_told() -> None:
    one = template(
        {"location": "$.timestamp", "presence": "included"},
        {"location": "$.result", "presence": "included"},
        verb="https://x.example/other",
    )
    assert len(one.misses(statement())) == 3


# StatementRefs

REFERRING = {
    "templates": [
        {"id": "https://x.example/first", "verb": "https://x.example/did"},
        {"id": "https://x.example/about", "objectStatementRefTemplate": ["https://x.example/first"]},
        {"id": "https://x.example/after", "contextStatementRefTemplate": ["https://x.example/first"]},
        {"id": "https://x.example/chain", "objectStatementRefTemplate": ["https://x.example/chain"]},
    ]
}
REF = {"objectType": "StatementRef", "id": ID.upper()}


def found(other: dict[str, Any]) -> Callable[[str], dict[str, Any] | None]:
    return {ID: other}.get


@pytest.mark.parametrize(
    ("name", "parts"), [("about", {"object": REF}), ("after", {"context": {"statement": REF}})]
)
def test_a_reference_leads_to_a_statement_of_the_template(name: str, parts: dict[str, Any]) -> None:
    one = templates_of(REFERRING)[f"https://x.example/{name}"]
    assert one.misses(statement(**parts), found(statement())) == ()
    other = statement(verb={"id": "https://x.example/else"})
    [miss] = one.misses(statement(**parts), found(other))
    assert f'refers to {ID}, which matches none of "https://x.example/first"' in miss


def test_a_reference_to_what_cannot_be_had_is_not_held_against_a_statement() -> None:
    one = templates_of(REFERRING)["https://x.example/about"]
    assert one.misses(statement(object=REF)) == ()
    assert one.misses(statement(object=REF), lambda _: None) == ()


def test_a_reference_must_be_one() -> None:
    [miss] = templates_of(REFERRING)["https://x.example/about"].misses(statement())
    assert "$.object is no StatementRef" in miss
    [miss] = templates_of(REFERRING)["https://x.example/after"].misses(statement())
    assert "$.context.statement is absent" in miss


def test_statements_that_refer_to_one_another_come_to_an_end() -> None:
    one = templates_of(REFERRING)["https://x.example/chain"]
    assert one.misses(statement(object=REF), found(statement(object=REF))) == ()


# Profiles


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"location": "$.a[?(@.b)]", "presence": "included"}, "rule 1: The path '$.a[?(@.b)]' is wrong"),
        ({"location": "$.a", "selector": "$[", "presence": "included"}, "rule 1: The path '$['"),
        ({"location": "$.a"}, "rule 1 asks nothing"),
        ({"location": "$.a", "presence": "optional"}, 'rule 1 has the presence "optional"'),
        ({"presence": "included"}, "rule 1 has no location"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_by_name(rule: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=r"https://x\.example/t") as refused:
        templates_of({"templates": [{"id": "https://x.example/t", "rules": [rule]}]})
    assert reason in str(refused.value)


def test_two_templates_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        templates_of({"templates": [{"id": "https://x.example/t"}, {"id": "https://x.example/t"}]})


def test_a_template_is_called_by_its_label_else_by_the_end_of_its_id() -> None:
    assert template(prefLabel={"de": "Erste", "en": "First"}).name == "First"
    assert template(prefLabel={"de": "Erste"}).name == "Erste"
    assert template().name == "t"
    assert not template().deprecated
    assert template(deprecated=True).deprecated


def test_a_profile_without_templates_has_none() -> None:
    assert templates_of({}) == {}


# Our own


@pytest.mark.parametrize("name", examples())
def test_an_example_of_the_vendors_page_matches_its_template_without_a_remark(name: str) -> None:
    example = examples()[name]
    one = standard_templates()[example.template]
    assert one.misses(example.statement) == ()
    assert one.remarks(example.statement) == ()


@pytest.mark.parametrize("name", examples())
def test_an_example_follows_every_template_that_is_meant_by_it(name: str) -> None:
    sent = examples()[name].statement
    meant = [one for one in standard_templates().values() if one.is_meant(sent)]
    assert {one.id: one.misses(sent) for one in meant} == {one.id: () for one in meant}


@pytest.mark.parametrize("file", SHAPE_EXAMPLES, ids=lambda file: file.stem)
def test_an_example_of_a_shape_matches_a_template_or_wants_nothing_but_its_mark(file: Path) -> None:
    sent = json.loads(file.read_text("utf-8"))
    mark = "$.context.contextActivities.category[*].definition.type is absent"
    assert any(
        all(miss.startswith(mark) for miss in one.misses(sent)) for one in standard_templates().values()
    )


def test_every_template_is_matched_by_an_example() -> None:
    sent = [example.statement for example in examples().values()]
    sent += [json.loads(file.read_text("utf-8")) for file in SHAPE_EXAMPLES]
    unmatched = {id_ for id_, one in standard_templates().items() if all(one.misses(each) for each in sent)}
    assert unmatched == set()


def _without(*path: str) -> Callable[[dict[str, Any]], None]:
    def change(sent: Any) -> None:
        for step in path[:-1]:
            sent = sent[step]
        del sent[path[-1]]

    return change


def _with(value: Any, *path: str) -> Callable[[dict[str, Any]], None]:
    def change(sent: Any) -> None:
        for step in path[:-1]:
            sent = sent.setdefault(step, {})
        sent[path[-1]] = value

    return change


REFUSED = [
    ("vr-scenario", _with("guided", "context", "extensions", MODE), '\'] is "guided"; only "graded"'),
    ("vr-scenario", _without("context", "extensions", MODE), 'is absent; it must be "graded"'),
    ("vr-scenario", _without("result"), "competency-scores'] | $.result.score['raw','scaled'] is absent"),
    ("vr-scenario", _with("role-play", "context", "extensions", KIND), 'is "role-play"; it must be absent'),
    ("vr-score", _without("object", "definition"), "$.object.definition.type is absent"),
    ("vr-choice", _with("likert", "object", "definition", "interactionType"), 'is "likert"; only "choice"'),
    ("vr-choice", _without("context", "contextActivities", "parent"), "parent[*].definition.type is absent"),
    ("ride-along", _without("context", "instructor"), "$.context.instructor | "),
    ("ride-along", _without("result"), "$.result.score['raw','scaled'] | $.result.response"),
    ("ride-along", _with("guided", "context", "extensions", MODE), '"guided"; it must not be'),
    ("ride-along", _with("self-report", "context", "extensions", KIND), '"self-report"; only "field-obs'),
    ("ride-along", _with("Group", "actor", "objectType"), '$.actor.objectType is "Group"; it must not be'),
    ("form-item", _with("survey", "context", "extensions", KIND), 'only "field-observation" may be there'),
    ("role-play", _without("context", "extensions", KIND), 'is absent; it must be "role-play"'),
    (
        "supervisor-evaluation",
        _without("context", "contextAgents"),
        "$.context.contextAgents[*].agent is absent",
    ),
    ("self-report", _with({"mbox": "mailto:a@x.example"}, "context", "instructor"), "it must be absent"),
    ("e-learning", _with(False, "result", "success"), "$.result.success is false; only true may be there"),
    ("e-learning", _with("x:y", "object", "definition", "type"), '$.object.definition.type is "x:y"; only'),
    ("quiz-answer", _without("result", "success"), "$.result.success | "),
    ("survey", _with("Agent", "actor", "objectType"), '$.actor.objectType is "Agent"; only "Group"'),
    ("survey", _without("actor", "account"), "$.actor['account','mbox','mbox_sha1sum','openid'] is absent"),
    (
        "stakeholder-feedback",
        _without("context", "contextActivities"),
        "category[*].definition.type is absent",
    ),
    ("mentoring", _without("result", "duration"), "$.result.duration is absent"),
]


@pytest.mark.parametrize(
    ("name", "change", "reason"), REFUSED, ids=[f"{one[0]}-{n}" for n, one in enumerate(REFUSED)]
)
def test_what_a_template_refuses_it_refuses_for_a_stated_reason(
    name: str, change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    example = examples()[name]
    sent = example.statement
    change(sent)
    misses = standard_templates()[example.template].misses(sent)
    assert any(reason in miss for miss in misses), misses


def test_the_vendors_page_has_an_example_of_every_standard_shape() -> None:
    assert {example.shape for example in examples().values()} >= set(standard_shapes())
