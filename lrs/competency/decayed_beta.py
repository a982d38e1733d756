"""The default model, `decayed_beta`: votes, weighed by tier and age, make a Beta distribution held to a cut.

A union expert can redo it by hand: it has no fitted parameters, ranks nobody, and errs to `undetermined`.
`docs/explanation/scoring.md` is the same with pencil and calculator.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from lrs.competency.encounters import Vote
from lrs.competency.estimate import number
from lrs.competency.models import Aggregate, Step
from lrs.competency.policy import STANDARD_MODEL, Policy
from lrs.competency.rubric import Cut

MODEL = STANDARD_MODEL
"""Id of the model. It changes whenever the same evidence could come to another number."""

_DAY_US = 86_400_000_000
SLACK = 1e-9
"""4 of 7 has to count as 4 of 7 on whatever scale it was given: normalised, its last bit may differ."""


def age_days(observed_us: int, as_of_us: int) -> float:
    """Age in days at `as_of_us`; what was observed after it is 0 days old. Both in microseconds."""
    return (as_of_us - observed_us) / _DAY_US if as_of_us > observed_us else 0.0


def decay(age: float, half_life_days: float) -> float:
    """What is left, in [0, 1], of a weight after `age` days: it halves every half-life."""
    return math.pow(2.0, -age / half_life_days)


def vote_weight(vote: Vote, policy: Policy, as_of_us: int) -> float:
    """What a vote weighs at an instant (microseconds): the weight of its tier, decayed by its age."""
    tier_weight = policy.tiers.get(vote.tier, 0.0)
    return tier_weight * decay(age_days(vote.observed_us, as_of_us), policy.half_life_days)


def beta(a: Any, b: Any, tail: float, cut: float) -> tuple[Any, Any, Any]:
    """Quantiles `tail` and 1 - `tail` of Beta(a, b), and its probability from `cut` on; of numbers or arrays."""
    from scipy.special import betaincc, betaincinv

    return betaincinv(a, b, tail), betaincinv(a, b, 1 - tail), betaincc(a, b, cut)


class DecayedBeta:
    """The model, as a plugin would bring it."""

    id = MODEL

    def aggregate(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Aggregate:
        """See `Model.aggregate`. The order of the votes changes no bit: every sum is exactly rounded."""
        e, mass = sums(votes, policy, as_of_us)
        low, high, probability = beta(1 + e, 1 + mass - e, (1 - policy.interval) / 2, cut.s)
        return Aggregate(
            score=e / mass if mass > 0 else None,
            posterior_mean=(1 + e) / (2 + mass),
            interval=(float(low), float(high)),
            probability=float(probability),
        )

    def working(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Iterator[Step]:
        """Each step with its numbers."""
        e, mass = sums(votes, policy, as_of_us)
        found = self.aggregate(votes, policy, cut, as_of_us)
        tail = (1 - policy.interval) / 2
        (low, high), mean = found.interval, found.posterior_mean
        a, b = number(1 + e), number(1 + mass - e)
        score = "there is no scored evidence"
        if found.score is not None:
            score = f"{number(e)} / {number(mass)} = {number(found.score)}"
        yield Step("score", "E / M", score)
        yield Step("posterior", "Beta(1 + E, 1 + M - E)", f"Beta({a}, {b})")
        yield Step("posterior_mean", "(1 + E) / (2 + M)", f"{a} / {number(2 + mass)} = {number(mean)}")
        quantiles = f"quantiles {number(tail)} and {number(1 - tail)} of the posterior"
        yield Step("interval", quantiles, f"{number(low)} to {number(high)}")
        yield Step("probability", "P(θ ≥ cut) of the posterior", number(found.probability))
        filled = f"({number(2 * e)} - {number(mass)}) / {number(mass + 2)} = {number(2 * mean - 1)}"
        yield Step("confidence", "(2E - M) / (M + 2)", filled)


def sums(votes: Sequence[Vote], policy: Policy, as_of_us: int) -> tuple[float, float]:
    """E = Σ w·s and M = Σ w, the evidence mass, each exactly rounded."""
    weights = [vote_weight(vote, policy, as_of_us) for vote in votes]
    e = math.fsum(w * vote.s for w, vote in zip(weights, votes, strict=True))
    return e, math.fsum(weights)
