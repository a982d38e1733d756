from __future__ import annotations

import math

import pytest

from lrs.competency.decayed_beta import age_days, decay
from lrs.competency.encounters import Vote
from lrs.competency.estimate import Estimate, Verdict, margins, rounded
from lrs.competency.estimating import estimate
from lrs.competency.evidence import Tier
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric

DAY_US = 86_400_000_000


def vote(rating: float, *, age: float = 0, number: int = 0, raters: int = 3, tier: Tier = Tier.FIELD) -> Vote:
    """A vote on fto-7, `age` days before instant 0."""
    return Vote(f"rater-{number % raters}", f"shift-{number}", tier, (rating - 1) / 6, -round(age * DAY_US))


def votes(times: int, rating: float, **other: float) -> list[Vote]:
    return [vote(rating, number=number, **other) for number in range(times)]  # type: ignore[arg-type]


def weigh(rubric: Rubric, items: list[Vote], policy: Policy | None = None, days: float = 0) -> Estimate:
    assert rubric.cut is not None
    return estimate(items, policy or Policy(), rubric.cut, round(days * DAY_US))


THREE = [vote(5, age=0, number=0), vote(4, age=30, number=1), vote(6, age=60, number=2)]


def test_three_ratings_of_three_ages_come_to_the_published_digits(rubric: Rubric) -> None:
    found = weigh(rubric, THREE)
    assert found.mass == 1.75
    assert f"{found.score:.6f}" == "0.642857"
    assert f"{found.posterior_mean:.6f}" == "0.566667"
    assert [f"{bound:.4f}" for bound in found.interval] == ["0.1753", "0.9140"]
    assert f"{found.confidence:.6f}" == "0.133333"


def test_the_same_half_a_year_later_come_to_the_published_digits(rubric: Rubric) -> None:
    found = weigh(rubric, THREE, days=180)
    assert f"{found.mass:.6f}" == "0.027344"
    assert f"{found.score:.6f}" == "0.642857"
    assert f"{found.posterior_mean:.6f}" == "0.501927"
    assert [f"{bound:.4f}" for bound in found.interval] == ["0.0522", "0.9494"]


@pytest.mark.parametrize(
    ("times", "rating", "probability", "verdict"),
    [
        (8, 5, "0.920", Verdict.AT_STANDARD),
        (8, 4, "0.698", Verdict.UNDETERMINED),
        (20, 4, "0.782", Verdict.UNDETERMINED),
        (40, 4, "0.86", Verdict.AT_STANDARD),
        (8, 3, "0.354", Verdict.UNDETERMINED),
        (8, 2, "0.094", Verdict.BELOW_STANDARD),
    ],
)
def test_the_probability_of_the_cut_comes_to_the_published_digits(
    rubric: Rubric, times: int, rating: float, probability: str, verdict: Verdict
) -> None:
    found = weigh(rubric, votes(times, rating))
    assert f"{found.probability:.{len(probability) - 2}f}" == probability
    assert found.verdict is verdict


def test_without_evidence_nothing_is_known(rubric: Rubric) -> None:
    found = weigh(rubric, [])
    assert (found.e, found.mass, found.score, found.newest_us) == (0, 0, None, None)
    assert found.posterior_mean == 0.5
    assert found.interval == pytest.approx((0.05, 0.95))
    assert found.verdict is Verdict.INSUFFICIENT
    assert len(found.reasons) == 3


def test_a_weight_halves_with_every_half_life() -> None:
    assert [decay(days, 30) for days in (0, 30, 60, 180)] == [1, 0.5, 0.25, 1 / 64]


def test_what_is_observed_after_the_instant_is_new() -> None:
    assert age_days(5 * DAY_US, 3 * DAY_US) == 0
    assert age_days(3 * DAY_US, 5 * DAY_US) == 2


def test_votes_of_several_tiers_are_weighed_by_their_tier(rubric: Rubric) -> None:
    tiers = (Tier.FIELD, Tier.ROLE_PLAY, Tier.VR_AUTOMATIC, Tier.QUIZ)
    found = weigh(rubric, [vote(7, number=n, tier=tier) for n, tier in enumerate(tiers)])
    assert found.mass == pytest.approx(2.2)
    assert [(one.tier, rounded(one.mass)) for one in found.tiers] == list(
        zip(tiers, (1.0, 0.6, 0.4, 0.2), strict=True)
    )


def test_a_tier_that_is_never_scored_is_shown_by_itself(rubric: Rubric) -> None:
    found = weigh(rubric, [vote(7, tier=Tier.SELF_REPORT, age=30)])
    (tier,) = found.tiers
    assert (tier.votes, tier.raters, tier.weight, tier.mass, tier.ratio) == (1, 1, 0, 0, 1)
    assert found.counts.encounters == 0


def test_a_rater_of_a_tier_that_is_never_scored_is_no_second_rater(rubric: Rubric) -> None:
    items = [*votes(8, 5, raters=1), vote(7, tier=Tier.SELF_REPORT)._replace(rater="the officer")]
    found = weigh(rubric, items)
    assert found.raters == 1
    assert found.verdict is Verdict.INSUFFICIENT


def test_a_new_self_report_does_not_make_old_evidence_fresh(rubric: Rubric) -> None:
    items = [*votes(8, 5, age=200), vote(7, tier=Tier.SELF_REPORT, age=0)]
    assert weigh(rubric, items).verdict is Verdict.STALE


@pytest.mark.parametrize(("times", "verdict"), [(2, Verdict.INSUFFICIENT), (3, Verdict.AT_STANDARD)])
def test_the_mass_gate_opens_at_three(rubric: Rubric, times: int, verdict: Verdict) -> None:
    assert weigh(rubric, votes(times, 7)).verdict is verdict


@pytest.mark.parametrize(("raters", "verdict"), [(1, Verdict.INSUFFICIENT), (2, Verdict.AT_STANDARD)])
def test_the_gate_of_raters_opens_at_two(rubric: Rubric, raters: int, verdict: Verdict) -> None:
    assert weigh(rubric, votes(8, 6, raters=raters)).verdict is verdict


@pytest.mark.parametrize(("age", "verdict"), [(179.99, Verdict.AT_STANDARD), (180, Verdict.STALE)])
def test_evidence_is_stale_from_a_hundred_and_eighty_days_on(
    rubric: Rubric, age: float, verdict: Verdict
) -> None:
    tenured = Policy(half_life_days=365)
    assert weigh(rubric, votes(8, 6, age=age), tenured).verdict is verdict


def test_each_closed_gate_says_what_it_found_and_needs(rubric: Rubric) -> None:
    found = weigh(rubric, votes(2, 5, raters=1))
    assert found.reasons == (
        "evidence mass 2.000000; 3 or more is needed",
        "1 rater; 2 or more are needed",
    )


def test_the_boundary_of_a_decision_is_inside_of_it(rubric: Rubric) -> None:
    p = weigh(rubric, votes(8, 5)).probability
    assert weigh(rubric, votes(8, 5), Policy(decide_at=p)).verdict is Verdict.AT_STANDARD
    just_above = Policy(decide_at=math.nextafter(p, 1))
    assert weigh(rubric, votes(8, 5), just_above).verdict is Verdict.UNDETERMINED


def test_the_plain_counts_are_of_encounters_and_without_weights(rubric: Rubric) -> None:
    ratings = (5, 4, 6, 4, 4, 7, 5, 3, 2)
    found = weigh(rubric, [vote(r, number=n, age=10 * n) for n, r in enumerate(ratings)])
    assert found.counts.text == "7 of 9 encounters at or above 4 (fto-7), 3 raters"


def test_an_encounter_with_two_raters_counts_once_by_its_mean(rubric: Rubric) -> None:
    pair = [vote(rating, number=n)._replace(encounter="shift") for n, rating in enumerate((3, 5))]
    assert weigh(rubric, pair).counts.text == "1 of 1 encounter at or above 4 (fto-7), 2 raters"


def test_agreement_is_how_far_the_raters_are_apart(rubric: Rubric) -> None:
    found = weigh(rubric, [vote(2, number=0), vote(4, number=3), vote(6, number=1)])
    assert found.agreement is not None
    assert found.agreement.as_dict() == {
        "lowest_rater_mean": 0.333333,
        "highest_rater_mean": 0.833333,
        "spread": 0.5,
    }


def test_one_rater_cannot_agree_with_anybody(rubric: Rubric) -> None:
    assert weigh(rubric, votes(4, 5, raters=1)).agreement is None


def test_margins_say_when_the_mass_will_be_too_small_and_the_evidence_stale(rubric: Rubric) -> None:
    policy = Policy()
    found = weigh(rubric, votes(6, 5, age=0), policy)
    edge = margins(found, half_life_days=policy.half_life_days, decide_at=policy.decide_at)
    assert edge.days_until_mass_gate == pytest.approx(30)
    assert edge.days_until_stale == 180
    assert edge.probability_to_at_standard == pytest.approx(0.8 - found.probability)


def test_margins_of_no_evidence_have_no_dates(rubric: Rubric, policy: Policy) -> None:
    edge = margins(weigh(rubric, []), half_life_days=30, decide_at=0.8)
    assert (edge.days_until_mass_gate, edge.days_until_stale) == (None, None)


def test_evidence_so_old_that_nothing_is_left_of_it_breaks_nothing(rubric: Rubric) -> None:
    found = weigh(rubric, votes(3, 5, age=100_000), Policy(half_life_days=1))
    assert (found.mass, found.score, found.verdict) == (0, None, Verdict.STALE)
    assert found.tiers[0].ratio is None


def test_a_rounded_number_is_never_a_negative_zero() -> None:
    assert str(rounded(-1e-9)) == "0.0"
    assert rounded(None) is None
