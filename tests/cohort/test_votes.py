from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.cohort.votes import ballots, marks_on
from lrs.competency.evidence import Flag, SubjectType, Tier
from lrs.competency.rubric import Rubric
from lrs.errors import InvalidParameter
from tests.cohort.cohorts import DONE, RUBRIC, key, seen

FALLING = Rubric.from_dict(
    {
        **RUBRIC.as_dict(),
        "scales": [{"name": "school", "version": "1", "points": [[1, 1], [5, 0]]}],
        "cut": {"scale": "school", "rating": 3.5, "acceptable": 3},
    }
)
HALVES = Rubric.from_dict({**RUBRIC.as_dict(), "scales": ["unit"], "cut": {"scale": "unit", "rating": 0.5}})


def test_a_mark_is_the_steps_above_the_lowest_rating() -> None:
    (mark,) = marks_on([seen("R-1", 4, indicator="de-escalates", encounter="shift 1")], RUBRIC).marks
    assert (mark.officer, mark.rater, mark.encounter, mark.item) == (
        key("R-1"),
        key("T-1"),
        "shift 1",
        "de-escalates",
    )
    assert mark.value == 3


def test_on_a_scale_whose_best_is_1_more_is_still_better() -> None:
    best, worst = seen("R-1", 1, scale="school"), seen("R-2", 5, scale="school")
    assert [mark.value for mark in marks_on([worst, best], FALLING).marks] == [4, 0]


def test_only_the_tiers_that_are_asked_for_are_looked_at() -> None:
    evidence = [
        seen("R-1", 4, tier=tier) for tier in (Tier.FIELD, Tier.ROLE_PLAY, Tier.VR_AUTOMATIC, Tier.QUIZ)
    ]
    assert len(marks_on(evidence, RUBRIC).marks) == 2
    assert len(marks_on(evidence, RUBRIC, (Tier.FIELD,)).marks) == 1


@pytest.mark.parametrize(
    "left_out",
    [
        seen("R-1", None, flags=(Flag.NOT_OBSERVED,)),
        seen("R-1", 4, rater="R-1"),
        seen("R-1", 9),
        seen("R-1", 4, indicator="no-such-indicator"),
        seen("R-1", 4, competency="leadership"),
        seen("Unit East", 4, subject_type=SubjectType.UNIT),
    ],
)
def test_what_a_profile_would_not_score_is_no_mark(left_out) -> None:
    assert marks_on([left_out], RUBRIC).marks == ()


def test_ratings_on_other_scales_are_counted_and_left_out() -> None:
    found = marks_on([seen("R-1", 4), seen("R-1", 4, scale="likert-5")], RUBRIC)
    assert (len(found.marks), found.on_other_scales, found.scale.name, found.steps) == (1, 1, "fto-7", 6)


@pytest.mark.parametrize("rubric", [DONE, HALVES])
def test_raters_of_a_rubric_without_whole_steps_cannot_be_compared(rubric: Rubric) -> None:
    with pytest.raises(InvalidParameter, match="compare"):
        marks_on([], rubric)


def test_eight_marks_of_one_encounter_are_one_ballot() -> None:
    marks = marks_on([seen("R-1", rating, encounter="shift 1") for rating in (1, 2, 6)], RUBRIC).marks
    (ballot,) = ballots(marks)
    assert (ballot.officer, ballot.encounter, ballot.value) == (key("R-1"), "shift 1", 2)


def test_the_same_encounter_of_two_officers_is_two_ballots() -> None:
    marks = marks_on([seen("R-1", 1, encounter="shift 1"), seen("R-2", 7, encounter="shift 1")], RUBRIC).marks
    assert [ballot.value for ballot in ballots(marks)] == [0, 6]


@given(st.permutations([seen(f"R-{n % 2}", 1 + n, rater=f"T-{n % 3}", encounter="s") for n in range(6)]))
def test_the_order_of_evidence_changes_no_mark_and_no_ballot(evidence) -> None:
    expected = marks_on(sorted(evidence, key=lambda one: one.statement_id), RUBRIC)
    assert marks_on(evidence, RUBRIC) == expected
    assert ballots(reversed(expected.marks)) == ballots(expected.marks)


def test_a_rating_between_two_steps_is_a_mark() -> None:
    assert marks_on([seen("R-1", 4.5)], RUBRIC).marks[0].value == 3.5
