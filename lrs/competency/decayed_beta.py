"""The default model, `decayed_beta`: votes, weighed by tier and age, make a Beta distribution held to a cut.

A union expert can redo it by hand: it has no fitted parameters, ranks nobody, and errs to `undetermined`.
`docs/explanation/scoring.md` is the same with pencil and calculator.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from lrs.competency.encounters import Vote, collapse, mean
from lrs.competency.estimate import Agreement, Counts, Estimate, Gate, TierSummary, Verdict
from lrs.competency.evidence import Tier
from lrs.competency.policy import Policy
from lrs.competency.rubric import Cut

__all__ = ["MODEL", "Estimate", "Policy", "Verdict", "Vote", "age_days", "collapse", "decay", "estimate"]

MODEL = "decayed_beta/1"
"""Id of the model. It changes whenever the same evidence could come to another number."""

_DAY_US = 86_400_000_000
_SLACK = 1e-9
"""4 of 7 has to count as 4 of 7 on whatever scale it was given: normalised, its last bit may differ."""


def age_days(observed_us: int, as_of_us: int) -> float:
    """Age in days at `as_of_us`; what was observed after it is 0 days old. Both in microseconds."""
    return max(0, as_of_us - observed_us) / _DAY_US


def decay(age: float, half_life_days: float) -> float:
    """What is left, in [0, 1], of a weight after `age` days: it halves every half-life."""
    return math.pow(2.0, -age / half_life_days)


def estimate(votes: Iterable[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Estimate:
    """The votes on one competency, weighed as of an instant (microseconds) and held against the cut.

    `policy` is the one in force for the competency (`Policy.for_competency`). The order of the votes changes
    no bit of the answer: every sum is exactly rounded.
    """
    everything = list(votes)
    scored = [vote for vote in everything if policy.tiers.get(vote.tier, 0.0) > 0]
    weights = [_weight(vote, policy, as_of_us) for vote in scored]
    mass = math.fsum(weights)
    e = math.fsum(w * vote.s for w, vote in zip(weights, scored, strict=True))
    low, high, probability = _beta(1 + e, 1 + mass - e, policy.interval, cut.s)
    newest_us = max((vote.observed_us for vote in scored), default=None)
    raters = len({vote.rater for vote in scored})
    gates = _gates(mass, raters, None if newest_us is None else age_days(newest_us, as_of_us), policy)
    return Estimate(
        e=e,
        mass=mass,
        score=e / mass if mass > 0 else None,
        posterior_mean=(1 + e) / (2 + mass),
        interval=(low, high),
        interval_level=policy.interval,
        cut=cut.s,
        probability=probability,
        confidence=(2 * e - mass) / (mass + 2),
        raters=raters,
        newest_us=newest_us,
        gates=gates,
        verdict=_verdict(gates, probability, policy.decide_at),
        counts=_counts(scored, cut, raters),
        agreement=_agreement(scored),
        tiers=_tiers(everything, policy, as_of_us),
    )


def _weight(vote: Vote, policy: Policy, as_of_us: int) -> float:
    return policy.tiers[vote.tier] * decay(age_days(vote.observed_us, as_of_us), policy.half_life_days)


def _beta(a: float, b: float, level: float, cut: float) -> tuple[float, float, float]:
    """Bounds of the central interval of Beta(a, b) that holds `level`, and its probability from `cut` on."""
    from scipy.special import betaincc, betaincinv

    tail = (1 - level) / 2
    return float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail)), float(betaincc(a, b, cut))


def _gates(mass: float, raters: int, newest_days: float | None, policy: Policy) -> tuple[Gate, ...]:
    fresh = newest_days is not None and newest_days < policy.stale_after_days
    age = "there is none" if newest_days is None else f"the newest is {newest_days:.1f} days old"
    return (
        Gate(
            "mass",
            mass,
            policy.min_mass,
            mass >= policy.min_mass,
            f"evidence mass {mass:.6f}; {policy.min_mass:g} or more is needed",
        ),
        Gate(
            "raters",
            raters,
            policy.min_raters,
            raters >= policy.min_raters,
            f"{raters} {'rater' if raters == 1 else 'raters'}; {policy.min_raters} or more are needed",
        ),
        Gate(
            "newest",
            newest_days,
            policy.stale_after_days,
            fresh,
            f"evidence less than {policy.stale_after_days:g} days old is needed; {age}",
        ),
    )


def _verdict(gates: Sequence[Gate], probability: float, decide_at: float) -> Verdict:
    mass, raters, newest = gates
    # First: what is that old has lost its mass as well, and it is its age that has to be said.
    if newest.found is not None and not newest.met:
        return Verdict.STALE
    if not (mass.met and raters.met and newest.met):
        return Verdict.INSUFFICIENT
    if probability >= decide_at:
        return Verdict.AT_STANDARD
    return Verdict.BELOW_STANDARD if probability <= 1 - decide_at else Verdict.UNDETERMINED


def _counts(scored: Sequence[Vote], cut: Cut, raters: int) -> Counts:
    encounters: dict[str, list[float]] = {}
    for vote in scored:
        encounters.setdefault(vote.encounter, []).append(vote.s)
    bar = cut.anchor_s - _SLACK
    at_or_above = sum(mean(values) >= bar for values in encounters.values())
    return Counts(len(encounters), at_or_above, cut.anchor, cut.scale.name, raters)


def _agreement(scored: Sequence[Vote]) -> Agreement | None:
    raters: dict[str, list[float]] = {}
    for vote in scored:
        raters.setdefault(vote.rater, []).append(vote.s)
    if len(raters) < 2:
        return None
    means = [mean(values) for values in raters.values()]
    return Agreement(min(means), max(means))


def _tiers(votes: Sequence[Vote], policy: Policy, as_of_us: int) -> tuple[TierSummary, ...]:
    by_tier: dict[Tier, list[Vote]] = {}
    for vote in votes:
        by_tier.setdefault(vote.tier, []).append(vote)
    return tuple(_tier(tier, by_tier[tier], policy, as_of_us) for tier in Tier if tier in by_tier)


def _tier(tier: Tier, votes: Sequence[Vote], policy: Policy, as_of_us: int) -> TierSummary:
    weight = policy.tiers.get(tier, 0.0)
    decays = [decay(age_days(vote.observed_us, as_of_us), policy.half_life_days) for vote in votes]
    left = math.fsum(decays)
    seen = math.fsum(d * vote.s for d, vote in zip(decays, votes, strict=True))
    return TierSummary(
        tier=tier,
        weight=weight,
        votes=len(votes),
        raters=len({vote.rater for vote in votes}),
        mass=math.fsum(weight * d for d in decays),
        ratio=seen / left if left > 0 else None,
        newest_us=max(vote.observed_us for vote in votes),
    )
