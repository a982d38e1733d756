"""From votes to an estimate: what the core adds to a model's answer, and what it never leaves to a model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from lrs.competency.decayed_beta import SLACK, DecayedBeta, age_days, decay
from lrs.competency.encounters import Vote, mean
from lrs.competency.estimate import Agreement, Counts, Estimate, TierSummary, Verdict
from lrs.competency.evidence import Tier
from lrs.competency.gates import gates_of, verdict_of
from lrs.competency.models import NOTHING_KNOWN, Model, ask, chosen
from lrs.competency.policy import Policy
from lrs.competency.rubric import Cut
from lrs.competency.tally import Tally


def standard_models() -> Mapping[str, Model]:
    """The models that come with Rapport, by id."""
    model = DecayedBeta()
    return MappingProxyType({model.id: model})


def estimate(
    votes: Iterable[Vote],
    policy: Policy,
    cut: Cut,
    as_of_us: int,
    *,
    models: Mapping[str, Model] | None = None,
) -> Estimate:
    """The votes on one competency, weighed as of an instant (microseconds) and held against the cut.

    Args:
        votes: oldest first, as `collapse` has them, of every tier.
        policy: the one in force for the competency (`Policy.for_rubric`); it names the model.
        cut: of the rubric.
        as_of_us: the instant.
        models: those that there are, by id; None: `standard_models`.

    Raises `ConfigError` when the policy names a model that there is not. A model that fails makes the verdict
    `insufficient`, and `Estimate.failure` says why.
    """
    everything = list(votes)
    model = chosen(policy, standard_models() if models is None else models)
    scored = tuple(vote for vote in everything if policy.tiers.get(vote.tier, 0.0) > 0)
    decays = _decays(everything, policy, as_of_us)
    tiers = _tiers(everything, decays, policy)
    weights = [policy.tiers[vote.tier] * decays[vote.observed_us] for vote in scored]
    mass = math.fsum(weights)
    newest_us = max((tier.newest_us for tier in tiers if tier.weight > 0), default=None)
    raters = _means(scored)
    newest_days = None if newest_us is None else age_days(newest_us, as_of_us)
    gates = gates_of(mass, len(raters), newest_days, policy)
    found, failure = ask(model, scored, policy, cut, as_of_us)
    return Estimate(
        e=math.fsum(w * vote.s for w, vote in zip(weights, scored, strict=True)),
        mass=mass,
        score=found.score,
        posterior_mean=found.posterior_mean,
        interval=found.interval,
        interval_level=policy.interval,
        cut=cut.s,
        probability=found.probability,
        confidence=2 * found.posterior_mean - 1,
        raters=len(raters),
        newest_us=newest_us,
        gates=gates,
        verdict=_verdict(verdict_of(gates, found.probability, policy.decide_at), failure),
        counts=_counts(scored, cut, len(raters)),
        agreement=Agreement(min(raters.values()), max(raters.values())) if len(raters) > 1 else None,
        tiers=tiers,
        failure=failure,
    )


def not_scored(votes: Sequence[Vote], tally: Tally, policy: Policy, as_of_us: int) -> Estimate:
    """What stands in the place of an estimate where the rubric is not scored: the tally, and the tiers."""
    unweighed = Policy(tiers={})
    return Estimate(
        e=0.0,
        mass=0.0,
        score=None,
        posterior_mean=NOTHING_KNOWN.posterior_mean,
        interval=NOTHING_KNOWN.interval,
        interval_level=policy.interval,
        cut=None,
        probability=NOTHING_KNOWN.probability,
        confidence=0.0,
        raters=tally.raters,
        newest_us=tally.newest_us,
        gates=(),
        verdict=Verdict.NOT_SCORED,
        counts=tally,
        agreement=None,
        # s on a scale of amounts says nothing of how well.
        tiers=tuple(
            replace(t, ratio=None) for t in _tiers(votes, _decays(votes, policy, as_of_us), unweighed)
        ),
    )


def _verdict(verdict: Verdict, failure: str | None) -> Verdict:
    return verdict if failure is None or verdict is Verdict.STALE else Verdict.INSUFFICIENT


def _decays(votes: Iterable[Vote], policy: Policy, as_of_us: int) -> dict[int, float]:
    """What is left of a weight of 1, by when it was observed."""
    half_life = policy.half_life_days
    return {at: decay(age_days(at, as_of_us), half_life) for at in {vote.observed_us for vote in votes}}


def _means(scored: Iterable[Vote]) -> dict[str, float]:
    """The plain mean of each rater's votes."""
    raters: dict[str, list[float]] = {}
    for vote in scored:
        raters.setdefault(vote.rater, []).append(vote.s)
    return {rater: mean(values) for rater, values in raters.items()}


def _counts(scored: Iterable[Vote], cut: Cut, raters: int) -> Counts:
    encounters: dict[str, list[float]] = {}
    for vote in scored:
        encounters.setdefault(vote.encounter, []).append(vote.s)
    bar = cut.anchor_s - SLACK
    at_or_above = sum(mean(values) >= bar for values in encounters.values())
    return Counts(len(encounters), at_or_above, cut.anchor, cut.scale.name, raters)


def _tiers(votes: Iterable[Vote], decays: Mapping[int, float], policy: Policy) -> tuple[TierSummary, ...]:
    by_tier: dict[Tier, list[Vote]] = {}
    for vote in votes:
        by_tier.setdefault(vote.tier, []).append(vote)
    return tuple(_tier(tier, by_tier[tier], decays, policy) for tier in Tier if tier in by_tier)


def _tier(tier: Tier, votes: Sequence[Vote], decays: Mapping[int, float], policy: Policy) -> TierSummary:
    weight = policy.tiers.get(tier, 0.0)
    own = [decays[vote.observed_us] for vote in votes]
    left = math.fsum(own)
    seen = math.fsum(d * vote.s for d, vote in zip(own, votes, strict=True))
    return TierSummary(
        tier=tier,
        weight=weight,
        votes=len(votes),
        raters=len({vote.rater for vote in votes}),
        mass=math.fsum(weight * d for d in own),
        ratio=seen / left if left > 0 else None,
        newest_us=max(vote.observed_us for vote in votes),
    )
