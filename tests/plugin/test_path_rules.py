"""Rules that look at paths: conditions, people, encounters; and what was merely completed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lrs.competency.evidence import Flag, SubjectType
from lrs.errors import PluginError
from lrs.plugin import Alignment, Evidence, Rubric, StatementView
from lrs.plugin.testing import statement
from lrs.plugin.vocabulary import indicator_iri
from lrs.xapi.templates import standard_templates
from tests.plugin.fakes import JUGGLING, RATED

Align = Callable[..., Alignment]
CATCHES = indicator_iri("juggling", "catches")
FIVE = {"score": {"raw": 5, "min": 1, "max": 7}}
SHIFT = "https://v.example/shift"
PATH = f"$.context.extensions['{SHIFT}']"
HOME = "https://hr.academy.example"


def view(**parts: Any) -> StatementView:
    return StatementView(statement(**{"object": CATCHES, "result": FIVE, **parts}))


def shift(value: Any) -> StatementView:
    return view(context={"extensions": {SHIFT: value}})


def only(alignment: Alignment, seen: StatementView) -> Evidence:
    (found,) = alignment.recognise(seen)
    (outcome,) = alignment.explain(seen)
    assert (outcome.matched, outcome.evidence) == (True, (found,))
    return found


def miss(alignment: Alignment, seen: StatementView) -> str:
    """The one reason why its only rule does not match; and it does not."""
    assert alignment.recognise(seen) == ()
    (outcome,) = alignment.explain(seen)
    assert (outcome.matched, outcome.evidence) == (False, ())
    (reason,) = outcome.reasons
    return reason


def problems(align: Align, **parts: Any) -> dict[str, str]:
    with pytest.raises(PluginError) as caught:
        align(**parts)
    return {detail.path: detail.expected for detail in caught.value.details}


# Conditions


def at(path: str = PATH, **parts: Any) -> dict[str, Any]:
    return {"when": [{"the": "path", "path": path, **parts}]}


@pytest.mark.parametrize(
    ("when", "right", "wrong", "reason"),
    [
        (at(**{"is": ["Day", 3]}), " DAY ", "night", f"{PATH} is 'night'; only 'Day' or '3' count"),
        (at(**{"is": [True]}), True, False, f"{PATH} is 'false'; only 'true' counts"),
        (at(**{"is": ["day*"]}), "Day 2", "night", f"{PATH} is 'night'; only 'day*' counts"),
        (at(is_not=["night"]), "day", "Night", f"{PATH} is 'night'; that does not count here"),
        (at(at_least=3), 3, 2.5, f"{PATH} is '2.5'; it must be a number, at least 3"),
        (at(at_most=3), 3.0, 4, f"{PATH} is '4'; it must be a number, at most 3"),
        (at(at_least=1, at_most=3), 2, "2", f"{PATH} is '2'; it must be a number, at least 1 and at most 3"),
        (at(at_least=0), 0, True, f"{PATH} is 'true'; it must be a number, at least 0"),
        (
            at(matches="S-[0-9]+"),
            "S-17",
            "S-17x",
            f"{PATH} is 'S-17x'; it must be text that matches S-[0-9]+",
        ),
        (at(matches="a|b"), "b", "ab", f"{PATH} is 'ab'; it must be text that matches a|b"),
        (at(matches="1"), "1", 1, f"{PATH} is '1'; it must be text that matches 1"),
        (at(**{"is": ["b"]}), ["a", "b"], ["a", "c"], f"{PATH} is 'a' or 'c'; only 'b' counts"),
    ],
)
def test_a_condition_on_a_path_lets_through_what_it_means_and_says_why_it_stops_the_rest(
    align: Align, when: dict[str, Any], right: Any, wrong: Any, reason: str
) -> None:
    alignment = align(**when)
    assert only(alignment, shift(right)).rule == "own"
    assert miss(alignment, shift(wrong)) == reason


@pytest.mark.parametrize(
    "condition", [{"is": ["a"]}, {"is_not": ["b"]}, {"at_least": 1}, {"at_most": 1}, {"matches": "a"}]
)
def test_nothing_at_a_path_is_a_miss_unless_it_may_be_absent(align: Align, condition: dict[str, Any]) -> None:
    assert miss(align(**at(**condition)), view()).startswith(f"{PATH} is absent; ")
    assert only(align(**at(**condition, or_absent=True)), view()).rule == "own"


def test_a_path_may_have_to_lead_to_nothing(align: Align) -> None:
    alignment = align(**at(is_absent=True))
    assert only(alignment, view()).rule == "own"
    assert miss(alignment, shift("x")) == f"{PATH} is 'x'; it must be absent here"


def test_one_of_several_values_that_a_path_finds_is_enough(align: Align) -> None:
    alignment = align(**at("$.context.contextActivities.other[*].id", matches="https://v\\.example/.*"))
    others = [{"id": "https://a.example/1"}, {"id": "https://v.example/1"}]
    assert only(alignment, view(context={"contextActivities": {"other": others}})).rule == "own"


def test_a_pattern_takes_no_longer_for_a_text_that_was_made_to_hold_it_up(align: Align) -> None:
    alignment = align(**at(matches="(a+)+"))
    assert miss(alignment, shift("a" * 9_000 + "!")).endswith("it must be text that matches (a+)+")


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ({"path": "$.result[?(@.x)]", "is": ["a"]}, "path"),
        ({"path": "$.", "is": ["a"]}, "path"),
        ({"path": "$.a", "matches": "(a"}, "matches"),
        ({"path": "$.a", "matches": "a)|(b"}, "matches"),
        ({"path": "$.a", "matches": "(?=a)"}, "matches"),
    ],
)
def test_a_path_or_pattern_that_is_none_is_refused_with_its_place(
    align: Align, condition: dict[str, Any], place: str
) -> None:
    found = problems(align, when=[{"the": "platform", "is": ["VR"]}, {"the": "path", **condition}])
    assert set(found) == {f"/rules/0/when/1/{place}"}


@pytest.mark.parametrize(
    "condition",
    [
        {"the": "path", "is": ["a"]},
        {"the": "path", "path": "$.a"},
        {"the": "path", "path": "$.a", "is": ["a"], "matches": "a"},
        {"the": "path", "path": "$.a", "at_least": "3"},
        {"the": "platform", "matches": "a"},
        {"the": "platform", "at_least": 1},
        {"the": "platform", "path": "$.a", "is": ["a"]},
        {"the": "template", "is_absent": True},
        {"the": "template", "is": [7]},
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(align: Align, condition: dict[str, Any]) -> None:
    assert all(path.startswith("/rules/0/when/0") for path in problems(align, when=[condition]))


# Templates


@pytest.fixture
def template() -> str:
    """Id of a template of our own profile for the verb `rated`."""
    return next(each.id for each in standard_templates().values() if each.verb == RATED)


def test_a_template_of_our_own_profile_can_be_asked_for(align: Align, template: str) -> None:
    alignment = align(when=[{"the": "template", "is": [template]}])
    assert alignment.recognise(view()) == ()
    (outcome,) = alignment.explain(view())
    assert outcome.reasons[0].startswith(f"it does not match the template {template}: ")
    assert only(align(when=[{"the": "template", "is_not": [template]}]), view()).rule == "own"


def test_a_template_of_another_verb_is_refused_for_no_statement_could_match(align: Align) -> None:
    other = next(each.id for each in standard_templates().values() if each.verb not in (None, RATED))
    found = problems(align, when=[{"the": "template", "is": [other]}])
    assert "a template of a verb of the rule" in found["/rules/0/when/0/is/0"]


def test_a_template_that_nobody_knows_is_refused_with_the_nearest(align: Align, template: str) -> None:
    found = problems(align, when=[{"the": "template", "is": [template + "s"]}])
    assert f'(did you mean "{template}"?)' in found["/rules/0/when/0/is/0"]


# People


@pytest.mark.parametrize(
    ("value", "stated", "key"),
    [
        ({"mbox": "mailto:x@A.example"}, {}, "mailto:x@a.example"),
        ({"objectType": "Agent", "account": {"homePage": HOME, "name": "7"}}, {}, f"account:7@{HOME}"),
        ("mailto:x@A.example", {}, "mailto:x@a.example"),
        (f"account:7@{HOME}", {}, f"account:7@{HOME}"),
        (" O-17 ", {"home_page": HOME}, f"account:O-17@{HOME}"),
        (17, {"home_page": HOME}, f"account:17@{HOME}"),
        ("a@b", {"home_page": HOME}, f"account:a%40b@{HOME}"),
    ],
)
@pytest.mark.parametrize("who", ["subject", "rater"])
def test_a_person_may_stand_at_a_path(
    align: Align, who: str, value: Any, stated: dict[str, str], key: str
) -> None:
    rule = {"rater": "system", who: {"path": PATH, **stated}}
    assert getattr(only(align(**rule), shift(value)), who) == key


@pytest.mark.parametrize(
    ("value", "stated", "words"),
    [
        ({"objectType": "Group", "mbox": "mailto:x@a.example"}, {}, "must be one Agent"),
        ({"name": "X"}, {}, "neither an agent with an identifier nor an agent key"),
        ({"mbox": 7}, {}, "neither an agent"),
        ({"mbox": "x"}, {}, "neither an agent"),
        ("O-17", {}, "nor an agent key"),
        ("", {"home_page": HOME}, "nor an account's name"),
        (True, {"home_page": HOME}, "nor an account's name"),
        (None, {"home_page": HOME}, "nor an account's name"),
        (["O-17"], {"home_page": HOME}, "nor an account's name"),
    ],
)
@pytest.mark.parametrize("who", ["subject", "rater"])
def test_what_is_no_person_at_a_path_is_a_miss(
    align: Align, who: str, value: Any, stated: dict[str, str], words: str
) -> None:
    rule = {"rater": "system", who: {"path": PATH, **stated}}
    assert words in miss(align(**rule), shift(value))


def test_nobody_at_a_path_is_a_miss_and_so_are_two(align: Align) -> None:
    alignment = align(subject={"path": f"{PATH}[*]", "home_page": HOME})
    assert miss(alignment, view()) == f"the officer is to stand at {PATH}[*], and there is nothing"
    assert miss(alignment, shift(["1", "2"])) == f"{PATH}[*] leads to 2 agents as officer; it must be one"
    assert only(alignment, shift(["1", "1"])).subject == f"account:1@{HOME}"


def test_a_rater_at_a_path_is_never_the_officer(align: Align) -> None:
    alignment = align(rater={"path": PATH}, tier="field")
    assert "are the same person" in miss(alignment, shift("account:officer-1@https://academy.example"))


def test_a_rater_at_a_path_may_say_that_it_was_not_observed(align: Align) -> None:
    alignment = align(rater={"path": PATH}, tier="field", rating=["score", "response"])
    seen = view(context={"extensions": {SHIFT: "mailto:r@a.example"}}, result={"response": "N.O."})
    assert only(alignment, seen).flags == (Flag.NOT_OBSERVED,)


def test_a_unit_may_stand_at_a_path(align: Align) -> None:
    alignment = align(subject={"path": "$.context.team", "is": "unit"}, tier="context")
    unit = {"objectType": "Group", "mbox": "mailto:unit@a.example"}
    found = only(alignment, view(context={"team": unit}))
    assert (found.subject, found.subject_type) == ("mailto:unit@a.example", SubjectType.UNIT)
    assert "must be one Group" in miss(alignment, view(context={"team": {"mbox": "mailto:x@a.example"}}))


@pytest.mark.parametrize(
    "rule",
    [
        {"subject": {"path": PATH}, "tier": "survey"},
        {"subject": {"path": PATH, "is": "unit"}, "tier": "field"},
        {"subject": {"path": PATH, "is": "unit"}, "tier": "survey", "rater": "self"},
        {"subject": {"home_page": HOME}},
        {"rater": {"path": PATH, "is": "unit"}},
        {"subject": "unit", "tier": "survey", "rater": "self"},
    ],
)
def test_people_that_make_no_sense_are_refused(align: Align, rule: dict[str, Any]) -> None:
    assert all(path.startswith("/rules/0") for path in problems(align, **rule))


def test_a_path_to_people_that_is_none_is_refused_with_its_place(align: Align) -> None:
    found = problems(
        align,
        subject={"path": "$."},
        rater={"path": "$["},
        encounter={"path": "$.a."},
        rating=[{"path": "x y"}],
    )
    assert set(found) == {f"/rules/0/{place}/path" for place in ("subject", "rater", "encounter", "rating/0")}
    assert all(expected.startswith("a JSONPath: ") for expected in found.values())


# Encounters


@pytest.mark.parametrize(("value", "name"), [(" Shift 9 ", "Shift 9"), (9, "9"), (9.5, "9.5")])
def test_the_encounter_may_stand_at_a_path(align: Align, value: Any, name: str) -> None:
    assert only(align(encounter={"path": PATH}), shift(value)).encounter == name


@pytest.mark.parametrize(
    ("value", "words"), [("", "no name"), (None, "no name"), (True, "no name"), ({"id": 1}, "no name")]
)
def test_an_encounter_without_a_name_is_a_miss_even_where_the_usual_would_do(
    align: Align, value: Any, words: str
) -> None:
    alignment = align(encounter={"path": PATH, "or_default": True})
    assert miss(alignment, shift(value)) == (
        f"the encounter is to stand at {PATH} as text or a number, and there is {words}"
    )


def test_without_an_encounter_at_its_path_a_statement_does_not_count_unless_the_usual_will_do(
    align: Align,
) -> None:
    assert miss(align(encounter={"path": PATH}), view()).endswith("and there is nothing")
    seen = view(timestamp="2026-01-15T20:30:00Z")
    assert only(align(encounter={"path": PATH, "or_default": True}), seen).encounter == seen.encounter


# Ratings at a path, and none at all


def test_a_rating_may_stand_at_a_path(align: Align) -> None:
    found = only(align(rating=[{"path": PATH}]), shift(6))
    assert (found.rating, found.scale) == (6.0, "fto-7")
    assert PATH in miss(align(rating=[{"path": PATH}]), view())


def test_what_was_completed_is_evidence_without_a_rating(align: Align) -> None:
    alignment = align(rating=["completion"])
    seen = view(result={"completion": True, **FIVE})
    found = only(alignment, seen)
    assert (found.rating, found.scale, found.flags) == (None, "fto-7", (Flag.COMPLETED,))
    (outcome,) = alignment.explain(seen)
    assert outcome.reasons == ("it was completed; how well is not said, and nothing is rated",)


@pytest.mark.parametrize("result", [{}, {"completion": False}, FIVE])
def test_what_was_not_completed_is_none(align: Align, result: dict[str, Any]) -> None:
    assert "complet" in miss(align(rating=["completion"]), view(result=result))


def test_a_rating_goes_before_completion(align: Align) -> None:
    alignment = align(rating=["score", "completion"])
    found = only(alignment, view(result={**FIVE, "completion": True}))
    assert (found.rating, found.flags) == (5.0, ())
    assert only(alignment, view(result={"completion": True})).flags == (Flag.COMPLETED,)


def test_what_was_not_observed_was_not_completed(align: Align) -> None:
    alignment = align(rater={"path": PATH}, tier="field", rating=["response", "completion"])
    seen = view(
        context={"extensions": {SHIFT: "mailto:r@a.example"}}, result={"response": "N.O.", "completion": True}
    )
    assert only(alignment, seen).flags == (Flag.NOT_OBSERVED,)


# What the rubric allows

OF_UNITS = {**JUGGLING, "subject": "unit", "scales": ["hours"], "scored": False}
RULE = {"id": "own", "verbs": [RATED], "tier": "context", "scale": "hours"}


def of_units(**rule: Any) -> Alignment:
    rubric = Rubric.from_dict({name: value for name, value in OF_UNITS.items() if name != "cut"})
    entry = {**RULE, "subject": "unit", "rater": "system", "rating": ["duration"], **rule}
    return Alignment.from_dict({"competency": "juggling", "version": "1", "rules": [entry]}, rubric)


def test_the_hours_of_a_unit_are_evidence_in_the_tier_context() -> None:
    unit = {"objectType": "Group", "mbox": "mailto:unit@a.example"}
    found = only(of_units(), view(actor=unit, result={"duration": "PT1H30M"}))
    assert (found.rating, found.scale, found.subject_type) == (1.5, "hours", SubjectType.UNIT)


@pytest.mark.parametrize("subject", ["officer", "actor", {"path": PATH}])
def test_a_rubric_of_units_takes_no_rule_on_officers(subject: Any) -> None:
    with pytest.raises(PluginError) as caught:
        of_units(subject=subject)
    assert [detail.path for detail in caught.value.details] == ["/rules/0/subject"]


def test_a_rubric_of_units_takes_no_shape_on_officers() -> None:
    rubric = Rubric.from_dict({**JUGGLING, "subject": "unit"})
    file = {"competency": "juggling", "version": "1", "shapes": ["ride-along", "survey"]}
    with pytest.raises(PluginError) as caught:
        Alignment.from_dict(file, rubric)
    assert [detail.path for detail in caught.value.details] == ["/shapes/0"]


def test_durations_need_the_scale_of_hours(align: Align) -> None:
    assert set(problems(align, rating=["score", "duration"])) == {"/rules/0/rating/1"}
