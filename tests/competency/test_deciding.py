from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.competency.assessment import assess, recorded_by
from lrs.competency.deciding import MOST, Prospect, prospects
from lrs.competency.estimate import Verdict
from lrs.competency.evidence import RecordedEvidence, Tier
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric

Make = Callable[..., RecordedEvidence]
Shifts = Callable[..., list[RecordedEvidence]]
DECIDED = (Verdict.AT_STANDARD, Verdict.BELOW_STANDARD)


@pytest.fixture
def look(rubric: Rubric, now_us: int) -> Callable[..., dict[str, Prospect]]:
    """What would decide the verdict on some evidence, by what is assumed of it."""

    def found(evidence: list[RecordedEvidence], policy: Policy | None = None) -> dict[str, Prospect]:
        one = assess(recorded_by(evidence, now_us), rubric, policy or Policy(), now_us)
        return {prospect.rated: prospect for prospect in prospects(one)}

    return found


def test_two_more_encounters_by_another_rater(look: Any, shifts: Shifts) -> None:
    policy = Policy(min_raters=3)
    found = look(shifts([6, 6], raters=1), policy)["mean_so_far"]
    assert (found.encounters, found.new_raters, found.verdict) == (2, 2, Verdict.AT_STANDARD)
    assert found.text == (
        "2 more rated encounters of today in the tier field, by 2 other raters, "
        "each rated like the mean so far (s 0.833333), would make it at_standard."
    )


def test_what_is_missing_may_be_one_rater_alone(look: Any, shifts: Shifts) -> None:
    found = look(shifts([6] * 5, raters=1))["mean_so_far"]
    assert (found.encounters, found.new_raters) == (1, 1)
    assert found.text.startswith(
        "1 more rated encounter of today in the tier field, by another rater, rated "
    )


def test_where_raters_are_enough_anybody_may_rate(look: Any, shifts: Shifts) -> None:
    found = look(shifts([6, 6]))["mean_so_far"]
    assert (found.encounters, found.new_raters) == (1, 0)
    assert "rater" not in found.text.replace("rated", "")


def test_more_encounters_than_new_raters_say_how_many_of_them(look: Any, shifts: Shifts) -> None:
    found = look(shifts([4] * 8, raters=1))["acceptable"]
    assert found.encounters > found.new_raters == 1
    assert "1 or more of them by another rater, each rated at the acceptable anchor (s 0.5)" in found.text


def test_without_evidence_only_the_acceptable_anchor_is_assumed(look: Any) -> None:
    found = look([])
    assert set(found) == {"acceptable"}
    # 20 times 4 is .782, 40 times 4 is .86: the least lies between.
    assert 20 < found["acceptable"].encounters < 40
    assert found["acceptable"].new_raters == 2


def test_what_points_below_is_said_as_it_is(look: Any, shifts: Shifts) -> None:
    found = look(shifts([2, 2]))["mean_so_far"]
    assert found.verdict is Verdict.BELOW_STANDARD
    assert found.text.endswith("would make it below_standard.")


def test_where_nothing_would_decide_it_says_so(look: Any, shifts: Shifts) -> None:
    found = look(shifts([3.5] * 10))["mean_so_far"]
    assert (found.encounters, found.verdict, found.probability) == (None, None, None)
    assert found.text == (
        f"Not even {MOST} more encounters of today in the tier field, "
        "rated like the mean so far (s 0.416667), would decide it."
    )


@pytest.mark.parametrize("ratings", [[6] * 8, [1] * 8])
def test_a_decided_verdict_needs_nothing(look: Any, shifts: Shifts, ratings: list[float]) -> None:
    assert look(shifts(ratings)) == {}


def test_stale_evidence_needs_new(look: Any, shifts: Shifts) -> None:
    found = look(shifts([6] * 8, ages=[200] * 8))["mean_so_far"]
    assert found.encounters == 3


def test_where_the_field_weighs_nothing_the_heaviest_tier_is_assumed(look: Any, evidence: Make) -> None:
    policy = Policy(tiers={Tier.FIELD: 0, Tier.QUIZ: 0.2, Tier.ROLE_PLAY: 0.6})
    found = look([evidence(6, tier=Tier.ROLE_PLAY)], policy)["mean_so_far"]
    assert found.tier is Tier.ROLE_PLAY


def test_where_nothing_weighs_anything_there_is_no_prospect(look: Any, evidence: Make) -> None:
    assert look([evidence(6)], Policy(tiers={})) == {}


@given(
    ratings=st.lists(st.integers(1, 7), max_size=8),
    raters=st.integers(1, 3),
    age=st.integers(0, 250),
)
def test_the_number_is_enough_and_one_less_is_not(
    ratings: list[int],
    raters: int,
    age: int,
    shifts: Shifts,
    evidence: Make,
    rubric: Rubric,
    now_us: int,
) -> None:
    """Seen as real evidence, by raters who are new, so many encounters decide and fewer do not."""

    def verdict(records: list[RecordedEvidence]) -> Verdict:
        return assess(recorded_by(records, now_us), rubric, Policy(), now_us).estimate.verdict

    so_far = shifts([float(rating) for rating in ratings], ages=[float(age)] * len(ratings), raters=raters)
    one = assess(recorded_by(so_far, now_us), rubric, Policy(), now_us)
    for found in prospects(one):
        if found.encounters is not None:
            known = so_far[0].evidence.rater if so_far else "mailto:new-1@academy.example"
            more = [
                evidence(
                    1 + 6 * found.s,
                    number=100 + n,
                    rater=f"mailto:new-{n}@academy.example" if n < found.new_raters else known,
                )
                for n in range(found.encounters)
            ]
            assert verdict(so_far + more) is found.verdict
            assert verdict(so_far + more[:-1]) not in DECIDED
    assert (not list(prospects(one))) == (one.estimate.verdict in DECIDED)


def test_a_prospect_is_ready_for_json(look: Any, shifts: Shifts) -> None:
    assert look(shifts([6, 6]))["acceptable"].as_dict() == {
        "rated": "acceptable",
        "s": 0.5,
        "tier": "field",
        "most": 200,
        "encounters": 1,
        "new_raters": 0,
        "verdict": "at_standard",
        "probability_at_or_above_cut": 0.843746,
        "text": "1 more rated encounter of today in the tier field, rated at the acceptable anchor (s 0.5), "
        "would make it at_standard.",
    }
