from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lrs.competency.evidence import Flag, SubjectType, Tier
from lrs.plugin import Alignment, Evidence, Outcome, StatementView
from lrs.plugin.testing import statement
from lrs.plugin.vocabulary import (
    COMPETENCY_SCORES,
    NOT_OBSERVED,
    NOT_RESPONDING,
    OFFICER,
    OFFICER_ROLE,
    RATER_ROLE,
    competency_iri,
    indicator_iri,
)

Align = Callable[..., Alignment]
CATCHES = indicator_iri("juggling", "catches")
THROWS = indicator_iri("juggling", "throws")
WHOLE = competency_iri("juggling")
FIVE = {"score": {"raw": 5, "min": 1, "max": 7}}
OFFICER_1 = {"mbox": "mailto:one@academy.example"}
RATER = {"mbox": "mailto:rater@academy.example"}
GROUP = {"objectType": "Group", "mbox": "mailto:unit@academy.example"}


def view(**parts: Any) -> StatementView:
    return StatementView(statement(**{"object": CATCHES, "result": FIVE, **parts}))


def only(alignment: Alignment, seen: StatementView) -> Evidence:
    (found,) = alignment.recognise(seen)
    return found


def miss(alignment: Alignment, seen: StatementView) -> tuple[str, ...]:
    """Why its only rule does not match; and it does not."""
    assert alignment.recognise(seen) == ()
    (outcome,) = alignment.explain(seen)
    assert (outcome.matched, outcome.evidence) == (False, ())
    return outcome.reasons


# What it speaks to


def around(**roles: str) -> dict[str, Any]:
    return {"contextActivities": {role: [{"id": id_}] for role, id_ in roles.items()}}


@pytest.mark.parametrize(
    ("object_id", "roles", "indicator"),
    [
        (CATCHES, {}, "catches"),
        (WHOLE, {}, None),
        (CATCHES, {"category": THROWS}, "catches"),
        ("https://a.example/1", {"category": THROWS}, "throws"),
        ("https://a.example/1", {"grouping": THROWS}, "throws"),
        ("https://a.example/1", {"parent": THROWS}, "throws"),
        ("https://a.example/1", {"category": CATCHES, "parent": THROWS}, "catches"),
        ("https://a.example/1", {"category": "https://a.example/2", "grouping": THROWS}, "throws"),
        (CATCHES.replace("https", "http"), {}, "catches"),
    ],
)
def test_the_object_says_what_it_speaks_to_or_else_the_context(
    align: Align, object_id: str, roles: dict[str, str], indicator: str | None
) -> None:
    assert only(align(), view(object=object_id, context=around(**roles))).indicator == indicator


def test_several_indicators_of_one_role_each_get_evidence_and_the_whole_none_beside_them(
    align: Align,
) -> None:
    context = {
        "contextActivities": {"category": [{"id": THROWS}, {"id": WHOLE}, {"id": CATCHES}, {"id": THROWS}]}
    }
    found = align().recognise(view(object="https://a.example/1", context=context))
    assert [evidence.indicator for evidence in found] == ["catches", "throws"]


def test_nothing_of_ours_in_it_is_a_miss_that_says_what_would_be(align: Align) -> None:
    (reason,) = miss(align(), view(object="https://a.example/1", context=around(other=CATCHES)))
    assert reason.startswith("nothing in it speaks to juggling")
    assert WHOLE in reason


def test_an_indicator_that_the_rubric_has_not_is_named_with_those_it_has(align: Align) -> None:
    (reason,) = miss(align(), view(object=indicator_iri("juggling", "catchs")))
    assert reason == "the rubric of juggling has no indicator 'catchs'; it has catches, throws"


@pytest.mark.parametrize(
    ("object_id", "indicator"),
    [
        ("https://a.example/items/1", "catches"),
        ("https://a.example/items/12", "throws"),
        ("https://a.example/items/far/9", "catches"),
        ("https://a.example/whole", None),
    ],
)
def test_an_activity_may_be_listed_and_the_longest_beginning_wins(
    align: Align, object_id: str, indicator: str | None
) -> None:
    activities = {
        "https://a.example/items/*": "throws",
        "https://a.example/items/far/*": "catches",
        "https://a.example/items/1": "catches",
        "https://a.example/whole": "juggling",
    }
    assert only(align(file={"activities": activities}), view(object=object_id)).indicator == indicator


def test_a_listed_activity_may_speak_to_several_indicators(align: Align) -> None:
    alignment = align(file={"activities": {"https://a.example/1": ["throws", "catches"]}})
    assert [e.indicator for e in alignment.recognise(view(object="https://a.example/1"))] == [
        "catches",
        "throws",
    ]


def test_an_agencys_own_activities_are_added_and_win(align: Align) -> None:
    alignment = align(
        file={"activities": {"https://a.example/1": "throws", "https://a.example/2": "throws"}},
        config={"activities": {"https://a.example/1": "catches"}},
    )
    assert only(alignment, view(object="https://a.example/1")).indicator == "catches"
    assert only(alignment, view(object="https://a.example/2")).indicator == "throws"


def test_a_rule_may_fix_the_indicator(align: Align) -> None:
    assert only(align(indicators=["throws"]), view(object="https://a.example/1")).indicator == "throws"


# Scores per competency


def scores(**sent: Any) -> dict[str, Any]:
    return {"extensions": {COMPETENCY_SCORES: {key.replace("__", "/"): value for key, value in sent.items()}}}


def test_scores_per_competency_give_evidence_each_in_a_fixed_order(align: Align) -> None:
    result = scores(juggling__throws=0.25, other=1, juggling__catches=1, juggling=0.5)
    found = align(rating=["competency-scores"]).recognise(view(object="https://a.example/1", result=result))
    assert [(e.indicator, e.rating, e.scale) for e in found] == [
        (None, 0.5, "unit"),
        ("catches", 1.0, "unit"),
        ("throws", 0.25, "unit"),
    ]


def test_scores_per_competency_go_before_the_one_score(align: Align) -> None:
    result = {**FIVE, **scores(juggling=0.5)}
    assert only(align(rating=["competency-scores", "score"]), view(result=result)).rating == 0.5


def test_without_a_score_for_this_competency_the_one_score_is_taken_where_the_object_speaks_to_it(
    align: Align,
) -> None:
    alignment = align(rating=["competency-scores", "score"])
    assert only(alignment, view(result={**FIVE, **scores(other=0.5)})).rating == 5.0
    assert alignment.recognise(view(object="https://a.example/1", result={**FIVE, **scores(other=0.5)})) == ()


@pytest.mark.parametrize("value", [1.1, -0.1, "0.5", None, True, float("nan")])
def test_a_competency_score_outside_of_nought_to_one_is_a_miss(align: Align, value: object) -> None:
    (reason,) = miss(align(rating=["competency-scores"]), view(result=scores(juggling__throws=value)))
    assert reason == f"competency-scores gives juggling/throws as {value!r}; it must be a number in 0…1"


def test_a_score_for_an_unknown_indicator_is_left_out_and_remarked_on(align: Align) -> None:
    alignment = align(rating=["competency-scores"])
    seen = view(result=scores(juggling=0.5, juggling__thows=0.5))
    assert only(alignment, seen).indicator is None
    (outcome,) = alignment.explain(seen)
    assert outcome.reasons == (
        "competency-scores names 'juggling/thows', which the rubric has not; it is left out",
    )


# Who


def named(*roles: tuple[dict[str, Any], str]) -> dict[str, Any]:
    return {
        "contextAgents": [
            {"objectType": "contextAgent", "agent": agent, "relevantTypes": [role]} for agent, role in roles
        ]
    }


@pytest.mark.parametrize(
    ("actor", "context"),
    [
        (OFFICER_1, {"instructor": RATER}),
        (OFFICER_1, named((RATER, RATER_ROLE))),
        (OFFICER_1, {**named((OFFICER_1, OFFICER_ROLE)), "instructor": RATER}),
        (RATER, named((OFFICER_1, OFFICER_ROLE))),
        (RATER, {"extensions": {OFFICER: OFFICER_1}}),
        (RATER, {**named((OFFICER_1, OFFICER_ROLE)), "extensions": {OFFICER: OFFICER_1}}),
    ],
)
def test_officer_and_rater_are_found_whichever_of_them_is_the_actor(
    align: Align, actor: dict[str, Any], context: dict[str, Any]
) -> None:
    found = only(align(rater="person", tier="field"), view(actor=actor, context=context))
    assert (found.subject, found.rater) == ("mailto:one@academy.example", "mailto:rater@academy.example")
    assert found.subject_type is SubjectType.OFFICER


@pytest.mark.parametrize(
    ("actor", "context", "words"),
    [
        (OFFICER_1, {}, "nobody but the actor is named"),
        (OFFICER_1, {"instructor": OFFICER_1}, "rater and officer are the same person"),
        (OFFICER_1, {"instructor": GROUP}, "the rater is a Group"),
        (GROUP, {}, "the officer is a Group"),
        (GROUP, named((OFFICER_1, OFFICER_ROLE)), "the rater is a Group"),
        (RATER, named((OFFICER_1, OFFICER_ROLE), (RATER, OFFICER_ROLE)), "names 2 agents as officer"),
        (RATER, {"extensions": {OFFICER: "R-1"}}, "the officer has no identifier"),
        (RATER, {"extensions": {OFFICER: GROUP}}, "the officer is a Group"),
        (OFFICER_1, named((RATER, RATER_ROLE), (GROUP, RATER_ROLE)), "the rater is a Group"),
    ],
)
def test_a_rating_whose_people_are_unclear_is_a_miss(
    align: Align, actor: dict[str, Any], context: dict[str, Any], words: str
) -> None:
    (reason,) = miss(align(rater="person", tier="field"), view(actor=actor, context=context))
    assert words in reason


def test_an_automatic_score_is_rated_by_the_system_that_sent_it_even_beside_an_instructor(
    align: Align,
) -> None:
    seen = view(
        actor=OFFICER_1, context={"instructor": RATER}, authority={"mbox": "mailto:vr@vendor.example"}
    )
    assert only(align(rater="system"), seen).rater == "system:mailto:vr@vendor.example"


def test_a_self_report_is_of_the_actor_by_the_actor(align: Align) -> None:
    alignment = align(rater="self", tier="self_report", subject="actor")
    seen = view(actor=OFFICER_1, context={"extensions": {OFFICER: RATER}})
    found = only(alignment, seen)
    assert found.subject == found.rater == "mailto:one@academy.example"
    assert alignment.explain(seen)[0].reasons == ("self report is shown, never scored",)


def test_what_speaks_of_a_unit_has_the_group_as_its_subject(align: Align) -> None:
    found = only(align(subject="unit", tier="survey"), view(actor=GROUP))
    assert (found.subject, found.subject_type) == ("mailto:unit@academy.example", SubjectType.UNIT)


@pytest.mark.parametrize(
    ("actor", "words"),
    [(OFFICER_1, "the actor is an Agent"), ({"objectType": "Group", "member": [OFFICER_1]}, "no identifier")],
)
def test_what_speaks_of_a_unit_is_never_evidence_on_one_officer(
    align: Align, actor: dict[str, Any], words: str
) -> None:
    (reason,) = miss(align(subject="unit", tier="survey"), view(actor=actor))
    assert words in reason


# N.O. and NRT


@pytest.mark.parametrize(
    "result",
    [
        {"response": "N.O."},
        {"extensions": {NOT_OBSERVED: True}},
        {"score": {"raw": 0, "min": 0, "max": 7}, "response": "not observed"},
    ],
)
def test_not_observed_is_missing_and_never_nought(align: Align, result: dict[str, Any]) -> None:
    alignment = align(rater="person", tier="field", rating=["score", "response"])
    found = only(alignment, view(result=result, context={"instructor": RATER}))
    assert (found.rating, found.scale, found.flags) == (None, "fto-7", (Flag.NOT_OBSERVED,))


def test_not_responding_stands_beside_the_number(align: Align) -> None:
    alignment = align(rater="person", tier="field")
    result = {**FIVE, "extensions": {NOT_RESPONDING: True}}
    found = only(alignment, view(result=result, context={"instructor": RATER}))
    assert (found.rating, found.flags) == (5.0, (Flag.NOT_RESPONDING,))


def test_not_responding_may_stand_alone(align: Align) -> None:
    found = only(
        align(rater="person", tier="field"), view(result={"response": "NRT"}, context={"instructor": RATER})
    )
    assert (found.rating, found.flags) == (None, (Flag.NOT_RESPONDING,))


def test_to_a_question_no_is_an_answer(align: Align) -> None:
    result = {"response": "no", "success": True}
    found = only(align(rater="system", rating=["success"]), view(result=result))
    assert (found.rating, found.flags) == (1.0, ())


# Conditions

KEY = "https://a.example/extensions/weather"


def condition(the: str, **parts: Any) -> dict[str, Any]:
    return {"when": [{"the": the, **parts}]}


TYPE = "http://adlnet.gov/expapi/activities/course"


@pytest.mark.parametrize(
    ("when", "right", "wrong", "reason"),
    [
        (
            condition("context-extension", key=KEY, **{"is": ["Fair", 3]}),
            {"context": {"extensions": {KEY: " fair "}}},
            {"context": {"extensions": {KEY: "Foul"}}},
            "weather is 'foul'; only 'Fair' or '3' count",
        ),
        (
            condition("context-extension", key=KEY, **{"is": ["fair"]}),
            {"context": {"extensions": {KEY: ["foul", "fair"]}}},
            {},
            "weather is absent; only 'fair' counts",
        ),
        (
            condition("context-extension", key=KEY, **{"is": ["fair"]}, or_absent=True),
            {},
            {"context": {"extensions": {KEY: {"sky": "fair"}}}},
            "weather is 'an object'; only 'fair' counts",
        ),
        (
            condition("result-extension", key=KEY, is_absent=True),
            {"result": FIVE},
            {"result": {**FIVE, "extensions": {KEY: None}}},
            "weather is 'null'; it must be absent here",
        ),
        (
            condition("result-extension", key=KEY, is_not=[True]),
            {"result": {**FIVE, "extensions": {KEY: False}}},
            {"result": {**FIVE, "extensions": {KEY: True}}},
            "weather is 'true'; that does not count here",
        ),
        (
            condition("result-extension", key=KEY, is_not=["foul"]),
            {"result": {**FIVE, "extensions": {KEY: []}}},
            {"result": FIVE},
            "weather is absent; it must be there",
        ),
        (
            condition("object-id", **{"is": ["https://w3id.org/*"]}),
            {"object": CATCHES},
            {"object": "https://a.example/1", "context": around(parent=CATCHES)},
            "object id is 'https://a.example/1'; only 'https://w3id.org/*' counts",
        ),
        (
            condition("object-type", **{"is": [TYPE]}),
            {"object": {"id": CATCHES, "definition": {"type": TYPE.replace("http:", "https:")}}},
            {"object": {"id": CATCHES, "definition": {"type": "https://a.example/course"}}},
            "object type is 'https://a.example/course'; only 'course' counts",
        ),
        (
            condition("interaction-type", **{"is": ["likert"]}),
            {"object": {"id": CATCHES, "definition": {"interactionType": "likert"}}},
            {},
            "interaction type is absent; only 'likert' counts",
        ),
        (
            condition("actor-type", **{"is": ["Agent"]}),
            {"actor": OFFICER_1},
            {"actor": GROUP},
            "actor type is 'Group'; only 'Agent' counts",
        ),
        (
            condition("category", **{"is": ["https://a.example/cat"]}),
            {"context": around(category="https://a.example/cat")},
            {"context": around(parent="https://a.example/cat")},
            "category is absent; only 'cat' counts",
        ),
        (
            condition("grouping", **{"is": ["https://a.example/g"]}),
            {"context": around(grouping="https://a.example/g")},
            {},
            "grouping is absent; only 'g' counts",
        ),
        (
            condition("parent", **{"is": ["https://a.example/p"]}),
            {"context": around(parent="https://a.example/p")},
            {},
            "parent is absent; only 'p' counts",
        ),
        (
            condition("other", **{"is": ["https://a.example/o"]}),
            {"context": around(other="https://a.example/o")},
            {},
            "other is absent; only 'o' counts",
        ),
        (
            condition("context-type", is_not=[TYPE], or_absent=True),
            {},
            {
                "context": {
                    "contextActivities": {
                        "parent": [{"id": "https://a.example", "definition": {"type": TYPE}}]
                    }
                }
            },
            f"context type is '{TYPE}'; that does not count here",
        ),
        (
            condition("authority", **{"is": ["mailto:vr@vendor.example"]}),
            {"authority": {"mbox": "mailto:vr@vendor.example"}},
            {"authority": None},
            "authority is absent; only 'mailto:vr@vendor.example' counts",
        ),
        (
            condition("platform", **{"is": ["VR"]}),
            {"context": {"platform": "VR"}},
            {"context": {"platform": "PC"}},
            "platform is 'PC'; only 'VR' counts",
        ),
    ],
)
def test_a_condition_lets_through_what_it_means_and_says_why_it_stops_the_rest(
    align: Align, when: dict[str, Any], right: dict[str, Any], wrong: dict[str, Any], reason: str
) -> None:
    alignment = align(**when)
    assert only(alignment, view(**right)).rule == "own"
    if when["when"][0]["the"] == "actor-type":  # and then the officer is a Group as well
        assert miss(alignment, view(**wrong))[0] == reason
    else:
        assert miss(alignment, view(**wrong)) == (reason,)


def test_every_reason_is_named_and_not_the_first_only(align: Align) -> None:
    alignment = align(**condition("platform", **{"is": ["VR"]}), rater="person")
    reasons = miss(alignment, view(object="https://a.example/1", result={}))
    assert [reason.split()[0] for reason in reasons] == ["platform", "nobody", "nothing"]


# Rules, shapes, aliases

OWN = {
    "verbs": ["http://id.tincanapi.com/verb/rated"],
    "rater": "system",
    "tier": "quiz",
    "rating": ["score"],
    "scale": "fto-7",
}


def test_only_the_first_rule_that_matches_counts(align: Align) -> None:
    alignment = align(file={"rules": [{"id": "first", **OWN}, {"id": "second", **OWN}]})
    assert only(alignment, view()).rule == "first"
    first, second = alignment.explain(view())
    assert (first.rule, first.matched) == ("first", True)
    assert second == Outcome(
        "second",
        matched=False,
        reasons=("the rule first has recognised it already; a statement counts once",),
    )


def test_rules_of_ones_own_go_before_the_shapes(align: Align) -> None:
    alignment = align(file={"shapes": ["ride-along"]})
    seen = view(context={"instructor": RATER})
    assert only(alignment, seen).rule == "own"
    assert (
        only(align(file={"shapes": ["ride-along"]}, verbs=["https://a.example/x"]), seen).rule == "ride-along"
    )


def test_a_shape_can_be_turned_off(align: Align) -> None:
    file = {"shapes": ["ride-along", "survey"]}
    alignment = align(file=file, verbs=["https://a.example/x"], config={"shapes_off": ["ride-along"]})
    assert [rule.id for rule in alignment.rules] == ["own", "survey", "survey-answer"]


def test_near_misses_come_before_far_ones(align: Align) -> None:
    far = {
        "id": "far",
        **OWN,
        "when": [{"the": "platform", "is": ["VR"]}, {"the": "category", "is": ["https://a.example"]}],
    }
    near = {"id": "near", **OWN, "when": [{"the": "platform", "is": ["VR"]}]}
    outcomes = align(file={"rules": [far, near]}).explain(view())
    assert [(outcome.rule, len(outcome.reasons)) for outcome in outcomes] == [("near", 1), ("far", 2)]


def test_a_verb_that_no_rule_names_is_explained(align: Align) -> None:
    (reason,) = miss(align(), view(verb="https://vr.example/verbs/gazed"))
    assert reason == "no rule is for the verb https://vr.example/verbs/gazed; there are rules for rated"


def test_an_alignment_may_name_what_its_vendors_send_instead(align: Align) -> None:
    right = "http://id.tincanapi.com/verb/rated"
    alignment = align(
        file={"aliases": {right: ["https://vendor.example/rated"], KEY: ["https://vendor.example/weather"]}},
        **condition("context-extension", key=KEY, **{"is": ["fair"]}),
    )
    seen = view(
        verb="https://vendor.example/rated",
        context={"extensions": {"https://vendor.example/weather": "fair"}},
    )
    assert only(alignment, seen).rule == "own"


def test_evidence_carries_tier_rule_encounter_and_instant(align: Align) -> None:
    found = only(align(), view(timestamp="1970-01-01T00:00:01Z"))
    assert (found.tier, found.rule, found.observed_us) == (Tier.QUIZ, "own", 1_000_000)
    assert found.encounter == f"1970-01-01|{CATCHES}"
