"""Laws that hold for whatever evidence there is."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.competency.assessment import assess, recorded_by
from lrs.competency.encounters import Rated, Vote, collapse
from lrs.competency.estimate import Estimate, Verdict
from lrs.competency.estimating import estimate, standard_models
from lrs.competency.evidence import Flag, RecordedEvidence, Tier
from lrs.competency.explanation import explain
from lrs.competency.models import Aggregate, Model
from lrs.competency.policy import NEVER_SCORED, Policy
from lrs.competency.profile import build_profile
from lrs.competency.rubric import Cut, Rubric

Make = Callable[..., RecordedEvidence]
DAY_US = 86_400_000_000

SCORED = [tier for tier in Tier if tier not in NEVER_SCORED]
RATERS = [f"mailto:rater-{n}@academy.example" for n in range(3)]
FLAGS = st.sampled_from([(), (), (), (Flag.NOT_OBSERVED,), (Flag.NOT_RESPONDING,)])


def pieces(tiers: list[Tier], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Arguments for pieces of evidence: several raters and encounters, some ratings off the scale."""
    parts: dict[str, st.SearchStrategy[Any]] = {
        "rating": st.none() | st.floats(0, 8) | st.sampled_from([1.0, 3.5, 4.0, 7.0]),
        "age": st.floats(-5, 400),
        "rater": st.sampled_from(RATERS),
        "encounter": st.sampled_from(["monday", "tuesday", "friday"]),
        "tier": st.sampled_from(tiers),
        "indicator": st.sampled_from([None, "offers-choices", "lets-others-finish", "smiles"]),
        "flags": FLAGS,
        "number": st.integers(0, 20),
    }
    return st.lists(st.fixed_dictionaries({**parts, **fixed}), max_size=12)


@given(items=pieces(list(Tier)), seed=st.integers())
def test_the_order_of_evidence_never_changes_a_byte(
    items: list[dict[str, Any]],
    seed: int,
    evidence: Make,
    subject: str,
    rubric: Rubric,
    policy: Policy,
    now_us: int,
) -> None:
    def printed(records: list[RecordedEvidence]) -> str:
        profile = build_profile(subject, records, {"communication": rubric}, policy, now_us, {})
        explanation = explain(subject, records, rubric, policy, now_us, {})
        return json.dumps([profile.as_dict(), explanation.as_dict()], sort_keys=True, allow_nan=False)

    records = [evidence(**item) for item in items]
    shuffled = records[:]
    random.Random(seed).shuffle(shuffled)
    assert printed(shuffled) == printed(records)


class LastOne:
    """A model that believes the last vote alone: the most that a model can hang on an order."""

    id = "last-one/1"

    def aggregate(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Aggregate:
        s = votes[-1].s if votes else 0.5
        return Aggregate(score=s, posterior_mean=s, interval=(0.0, 1.0), probability=s)


@given(items=pieces(list(Tier)), seed=st.integers())
def test_the_order_of_evidence_never_changes_a_byte_whatever_the_model(
    items: list[dict[str, Any]], seed: int, evidence: Make, subject: str, rubric: Rubric, now_us: int
) -> None:
    def printed(records: list[RecordedEvidence]) -> str:
        profile = build_profile(
            subject,
            records,
            {"communication": rubric},
            Policy(model="last-one/1"),
            now_us,
            {},
            models={"last-one/1": LastOne()},
        )
        return json.dumps(profile.as_dict(), sort_keys=True, allow_nan=False)

    records = [evidence(**item) for item in items]
    shuffled = records[:]
    random.Random(seed).shuffle(shuffled)
    assert printed(shuffled) == printed(records)


@given(items=pieces(list(Tier)), seed=st.integers())
def test_the_order_of_arrival_never_changes_what_a_later_profile_says(
    items: list[dict[str, Any]],
    seed: int,
    evidence: Make,
    subject: str,
    rubric: Rubric,
    policy: Policy,
    now_us: int,
) -> None:
    """The same statements, stored in another order at other instants within the day that is allowed."""

    def told(stored: list[int]) -> str:
        records = [evidence(**item, stored_us=us) for item, us in zip(items, stored, strict=True)]
        profile = build_profile(subject, records, {"communication": rubric}, policy, now_us, {})
        return json.dumps(profile.as_dict(), sort_keys=True, allow_nan=False)

    items = [{**item, "age": abs(item["age"])} for item in items]
    instants = [now_us - n for n in range(len(items))]
    shuffled = instants[:]
    random.Random(seed).shuffle(shuffled)
    assert told(shuffled) == told(instants)


@given(
    items=pieces(SCORED, rating=st.floats(1, 7), age=st.floats(0, 170), flags=st.just(())),
    rating=st.floats(1, 7),
    age=st.floats(180, 2000),
    times=st.integers(1, 5),
)
def test_stale_evidence_lowers_no_score_unless_it_is_worse_and_then_by_no_more_than_its_share(
    items: list[dict[str, Any]],
    rating: float,
    age: float,
    times: int,
    evidence: Make,
    rubric: Rubric,
    policy: Policy,
    now_us: int,
) -> None:
    def found(records: list[RecordedEvidence]) -> Estimate:
        return assess(recorded_by(records, now_us), rubric, policy, now_us).estimate

    records = [evidence(**{**item, "indicator": None}) for item in items]
    old = [
        evidence(rating, age=age, number=100 + n, rater=RATERS[0], encounter=f"old-{n}") for n in range(times)
    ]
    before, after = found(records), found(records + old)
    assert after.mass >= before.mass
    if before.score is None or after.score is None:
        return
    s = rubric.scales["fto-7"].normalise(rating)
    if s >= before.score:
        assert after.score >= before.score - 1e-9
    share = (after.mass - before.mass) / after.mass
    assert after.score >= before.score - share * max(0, before.score - s) - 1e-9
    # The newest decides whether there is a verdict at all: what is old cannot make it stale.
    assert after.verdict is not Verdict.STALE


@given(
    ratings=st.lists(st.integers(1, 7), min_size=1, max_size=6),
    more=st.lists(st.integers(1, 7), min_size=1, max_size=6),
    ages=st.lists(st.floats(0, 100), min_size=12, max_size=12),
)
def test_more_ratings_of_one_encounter_by_one_rater_are_still_one_vote(
    ratings: list[int],
    more: list[int],
    ages: list[float],
    evidence: Make,
    rubric: Rubric,
    policy: Policy,
    now_us: int,
) -> None:
    def found(given_ratings: list[int]) -> Estimate:
        records = [
            evidence(rating, number=n, encounter="shift", age=max(ages) if n else min(ages))
            for n, rating in enumerate(given_ratings)
        ]
        return assess(recorded_by(records, now_us), rubric, policy, now_us).estimate

    one, both = found(ratings), found(ratings + more)
    assert both.mass == one.mass <= 1
    assert both.counts == replace(one.counts, at_or_above=both.counts.at_or_above)


@given(items=pieces(list(Tier)), seed=st.integers())
def test_the_order_in_which_models_are_known_never_changes_a_byte(
    items: list[dict[str, Any]], seed: int, evidence: Make, subject: str, rubric: Rubric, now_us: int
) -> None:
    known: list[Model] = [*standard_models().values(), LastOne()]
    random.Random(seed).shuffle(known)

    def printed(models: list[Model]) -> str:
        by_id = {model.id: model for model in models}
        records = [evidence(**item) for item in items]
        profile = build_profile(
            subject, records, {"communication": rubric}, Policy(), now_us, {}, models=by_id
        )
        return json.dumps(profile.as_dict(), sort_keys=True, allow_nan=False)

    assert printed(known) == printed(known[::-1]) == printed(list(standard_models().values()))


@given(items=pieces(SCORED, rating=st.floats(1, 7), age=st.floats(0, 400)), seed=st.integers())
def test_the_order_of_ratings_and_votes_never_changes_a_bit(
    items: list[dict[str, Any]], seed: int, evidence: Make, rubric: Rubric, policy: Policy, now_us: int
) -> None:
    rated = [Rated(evidence(**item), rubric.scales["fto-7"].normalise(item["rating"])) for item in items]
    votes = collapse(rated)
    random.Random(seed).shuffle(rated)
    assert [vote.s for vote in collapse(rated)] == [vote.s for vote in votes]
    shuffled = list(votes)
    random.Random(seed).shuffle(shuffled)
    assert estimate(shuffled, policy, rubric.cut, now_us) == estimate(votes, policy, rubric.cut, now_us)


@given(items=pieces(SCORED), unscored=pieces(sorted(NEVER_SCORED)))
def test_what_is_never_scored_never_changes_the_estimate(
    items: list[dict[str, Any]],
    unscored: list[dict[str, Any]],
    evidence: Make,
    subject: str,
    rubric: Rubric,
    policy: Policy,
    now_us: int,
) -> None:
    def told(records: list[RecordedEvidence]) -> list[Any]:
        profile = build_profile(subject, records, {"communication": rubric}, policy, now_us, {})
        (found,) = profile.as_dict()["competencies"]
        parts = ("estimate", "verdict", "gates", "counts", "margins", "agreement", "gaps")
        return [found[part] for part in parts]

    records = [evidence(**item) for item in items]
    assert told(records + [evidence(**item) for item in unscored]) == told(records)


@given(
    items=pieces(SCORED, rating=st.floats(1, 7), age=st.floats(0, 400), flags=st.just(())),
    days=st.floats(0, 2000),
)
def test_old_evidence_widens_the_interval_and_never_moves_the_score(
    items: list[dict[str, Any]], days: float, evidence: Make, rubric: Rubric, policy: Policy, now_us: int
) -> None:
    rated = [
        Rated(record, rubric.scales["fto-7"].normalise(item["rating"]))
        for item, record in ((item, evidence(**item)) for item in items)
    ]
    votes = collapse(rated)
    now = estimate(votes, policy, rubric.cut, now_us)
    later = estimate(votes, policy, rubric.cut, now_us + round(days * DAY_US))
    assert later.mass <= now.mass
    if now.score is not None:
        assert later.score == pytest.approx(now.score, rel=1e-9, abs=1e-12)


@given(rating=st.floats(1, 7), times=st.integers(2, 30), days=st.floats(1, 400))
def test_the_interval_of_even_evidence_widens_with_age(
    rating: float, times: int, days: float, evidence: Make, rubric: Rubric, policy: Policy, now_us: int
) -> None:
    s = rubric.scales["fto-7"].normalise(rating)
    votes = collapse(Rated(evidence(rating, number=n), s) for n in range(times))
    now = estimate(votes, policy, rubric.cut, now_us)
    later = estimate(votes, policy, rubric.cut, now_us + round(days * DAY_US))
    assert later.interval[1] - later.interval[0] > now.interval[1] - now.interval[0]


@given(ratings=st.lists(st.integers(1, 7), min_size=1, max_size=6), copies=st.integers(2, 5))
def test_more_items_of_the_same_mean_in_one_encounter_never_change_the_estimate(
    ratings: list[int],
    copies: int,
    evidence: Make,
    subject: str,
    rubric: Rubric,
    policy: Policy,
    now_us: int,
) -> None:
    def told(given_ratings: list[int]) -> Any:
        records = [evidence(rating, number=n, encounter="shift") for n, rating in enumerate(given_ratings)]
        profile = build_profile(subject, records, {"communication": rubric}, policy, now_us, {})
        return profile.as_dict()["competencies"][0]["estimate"]

    assert told(ratings * copies) == told(ratings)
    assert told(ratings)["mass"] == 1


@given(items=pieces(SCORED))
def test_e_and_the_score_stay_inside_of_their_bounds(
    items: list[dict[str, Any]], evidence: Make, subject: str, rubric: Rubric, policy: Policy, now_us: int
) -> None:
    records = [evidence(**item) for item in items]
    found = explain(subject, records, rubric, policy, now_us, {}).assessment.estimate
    low, high = found.interval
    assert 0 <= found.e <= found.mass
    assert found.score is None or 0 <= found.score <= 1
    assert 0 <= low < found.posterior_mean < high <= 1
    assert -1 <= found.confidence <= 1
    assert 0 <= found.probability <= 1


@given(items=pieces(SCORED, rating=st.floats(1, 6), flags=st.just(()), indicator=st.none()))
def test_a_better_rating_never_lowers_the_probability(
    items: list[dict[str, Any]], evidence: Make, subject: str, rubric: Rubric, policy: Policy, now_us: int
) -> None:
    def probability(records: list[RecordedEvidence]) -> float:
        return explain(subject, records, rubric, policy, now_us, {}).assessment.estimate.probability

    records = [evidence(**item) for item in items]
    if records:
        first = records[0]
        better = first._replace(evidence=first.evidence._replace(rating=(first.evidence.rating or 0) + 1))
        assert probability([better, *records[1:]]) >= probability(records) - 1e-12


@given(items=pieces(list(Tier)))
def test_every_piece_of_evidence_is_accounted_for(
    items: list[dict[str, Any]], evidence: Make, subject: str, rubric: Rubric, policy: Policy, now_us: int
) -> None:
    found = explain(subject, [evidence(**item) for item in items], rubric, policy, now_us, {}).as_dict()
    in_votes = sum(len(vote["ratings"]) for vote in [*found["votes"], *found["shown"]])
    assert in_votes + len(found["left_out"]) == len(items)


@given(items=pieces(SCORED, rating=st.floats(1, 7), flags=st.just(()), indicator=st.none()))
def test_the_tiers_by_themselves_add_up_to_the_mass(
    items: list[dict[str, Any]], evidence: Make, subject: str, rubric: Rubric, policy: Policy, now_us: int
) -> None:
    records = [evidence(**item) for item in items]
    found = explain(subject, records, rubric, policy, now_us, {}).assessment.estimate
    assert math.fsum(tier.mass for tier in found.tiers) == pytest.approx(found.mass)
