"""How many of the four stages were done: the one thing of problem solving that data cannot say."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lrs_problem_solving
from lrs.plugin import Evidence, StatementView, Tier
from lrs.plugin.testing import explain, recognise
from lrs_problem_solving.stages import COMPLETENESS, EXTENSION, STAGES, stages_done
from tests.plugins.guests import ASSESSMENT_TYPE, MODE, R, field_example

SCORES = f"{R}/extensions/competency-scores"
GUEST = lrs_problem_solving.plugin


def project(**extensions: Any) -> dict[str, Any]:
    """The closing of a project whose result has just these extensions: `stages`, `scores`."""
    seen = field_example("sara-project")
    sent = {EXTENSION: extensions.get("stages"), SCORES: extensions.get("scores")}
    seen["result"] = {"extensions": {key: value for key, value in sent.items() if value is not None}}
    return seen


def completeness(seen: dict[str, Any]) -> list[Evidence]:
    return [found for found in recognise(GUEST, seen) if found.indicator == COMPLETENESS]


@given(st.sets(st.sampled_from(STAGES)))
def test_it_is_the_share_of_the_four_that_are_listed(done: set[str]) -> None:
    (found,) = completeness(project(stages=sorted(done)))
    assert (found.rating, found.scale) == (len(done) / 4, "unit")


@pytest.mark.parametrize(
    ("stages", "rating"),
    [
        (["Scanning", "Analysis", "Response", "Assessment"], 1.0),
        (["scan", "scan", " SCAN "], 0.25),
        (["analyze", "respond", "celebrate", 7, None], 0.5),
    ],
)
def test_other_spellings_are_understood_and_unknown_names_left_out(stages: list[Any], rating: float) -> None:
    (found,) = completeness(project(stages=stages))
    assert found.rating == rating


def test_of_scores_for_all_four_those_above_nought_were_done() -> None:
    scores = dict(zip((f"problem_solving/{stage}" for stage in STAGES), (0.9, 0, 0.1, 0.0), strict=True))
    (found,) = completeness(project(scores=scores))
    assert found.rating == 0.5


def test_a_stage_without_a_score_is_missing_and_not_left_out() -> None:
    assert completeness(project(scores={"problem_solving/scan": 0.9, "problem_solving/respond": 0.4})) == []


@pytest.mark.parametrize("wrong", [True, "0.5", None])
def test_what_is_no_number_is_no_score(wrong: Any) -> None:
    scores: dict[str, Any] = dict.fromkeys((f"problem_solving/{stage}" for stage in STAGES), 0.5)
    scores["problem_solving/assess"] = wrong
    assert stages_done(StatementView(project(scores=scores))) is None


def test_a_list_goes_before_the_scores() -> None:
    scores = dict.fromkeys((f"problem_solving/{stage}" for stage in STAGES), 0.5)
    (found,) = completeness(project(stages=["scan"], scores=scores))
    assert found.rating == 0.25


def test_it_is_in_the_same_encounter_by_the_same_rater_in_the_same_tier_as_the_quality() -> None:
    seen = field_example("sara-project")
    del seen["context"]["registration"]
    votes = {(found.encounter, found.rater, found.tier) for found in recognise(GUEST, seen)}
    assert votes == {
        (f"2026-03-27|{seen['object']['id']}", "account:S-0002@https://academy.example", Tier.FIELD)
    }


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("context", MODE, "guided"),
        ("context", ASSESSMENT_TYPE, "rehearsal"),
    ],
)
def test_where_the_alignment_takes_nothing_the_stages_do_not_count_either(
    where: str, key: str, value: str
) -> None:
    seen = project(stages=list(STAGES))
    seen[where]["extensions"][key] = value
    assert recognise(GUEST, seen) == []


def test_without_a_rater_they_do_not_count() -> None:
    seen = project(stages=list(STAGES))
    del seen["context"]["contextAgents"]
    assert recognise(GUEST, seen) == []


def test_what_officers_say_of_their_own_project_is_a_self_report() -> None:
    seen = project(stages=list(STAGES))
    seen["actor"] = seen["context"].pop("contextAgents")[0]["agent"]
    seen["context"]["extensions"][ASSESSMENT_TYPE] = "self-report"
    assert {found.tier for found in recognise(GUEST, seen)} == {Tier.SELF_REPORT}


def test_a_test_of_knowledge_shows_nothing_of_what_was_done() -> None:
    seen = project(stages=list(STAGES))
    seen["verb"] = {"id": "http://adlnet.gov/expapi/verbs/completed"}
    seen["object"]["definition"]["type"] = "http://adlnet.gov/expapi/activities/course"
    seen["context"] = {"registration": seen["context"]["registration"]}
    assert recognise(GUEST, seen) == []
    reasons = [each for outcome in explain(GUEST, seen) for each in outcome.reasons]
    assert "it is a test of knowledge, which shows nothing of what was done" in reasons


def test_what_was_not_observed_has_no_count() -> None:
    seen = project(stages=list(STAGES))
    seen["result"]["response"] = "N.O."
    assert completeness(seen) == []


def test_a_completeness_that_is_rated_is_not_counted_again() -> None:
    scores = {"problem_solving/stage-completeness": 0.75}
    (found,) = completeness(project(stages=["scan"], scores=scores))
    assert (found.rating, found.rule) == (0.75, "sara-project")


def test_it_is_told_why_there_is_none() -> None:
    seen = field_example("sara-stage")
    (outcome,) = (each for each in explain(GUEST, seen) if each.rule == "problem_solving-stages")
    assert not outcome.matched
    assert "it does not say which stages were done" in outcome.reasons[0]


def test_it_is_told_how_many_there_are() -> None:
    (outcome,) = (
        each
        for each in explain(GUEST, field_example("sara-project"))
        if each.rule == "problem_solving-stages"
    )
    assert (outcome.matched, outcome.reasons) == (True, ("3 of 4 stages",))


def test_the_statement_is_left_as_it_was_and_the_answer_is_the_same_again() -> None:
    seen = field_example("sara-project")
    before = copy.deepcopy(seen)
    assert recognise(GUEST, seen) == recognise(GUEST, seen)
    assert seen == before
