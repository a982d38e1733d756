"""The formulae of the model with their numbers filled in, for a reader with a calculator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lrs.competency.assessment import Assessment
from lrs.competency.decayed_beta import age_days, decay
from lrs.competency.estimate import PLACES

_MOST_TERMS = 12
"""A sum of more terms than this is not written out: its terms stand beside the votes."""


def number(value: float) -> str:
    """At most `PLACES` decimals, without the zeros at their end, e.g. `1.125` and `3`."""
    return f"{round(value, PLACES) + 0.0:.{PLACES}f}".rstrip("0").rstrip(".")


def formulae(assessment: Assessment) -> list[dict[str, Any]]:
    """Each step: what is computed, its formula, and the same with the numbers of this assessment."""
    found, policy = assessment.estimate, assessment.policy
    e, m = found.e, found.mass
    a, b = 1 + e, 1 + m - e
    low, high = found.interval
    tail = (1 - found.interval_level) / 2
    weights, shares = _terms(assessment)
    score = "there is no scored evidence" if found.score is None else f"{_n(e)} / {_n(m)} = {_n(found.score)}"
    rows = (
        ("w", "tier weight · 2^(-age_days / half_life_days)", _half_life(policy.half_life_days)),
        ("E", "Σ w·s", _sum(shares, e)),
        ("M", "Σ w", _sum(weights, m)),
        ("score", "E / M", score),
        ("posterior", "Beta(1 + E, 1 + M - E)", f"Beta({_n(a)}, {_n(b)})"),
        ("posterior_mean", "(1 + E) / (2 + M)", f"{_n(a)} / {_n(2 + m)} = {_n(found.posterior_mean)}"),
        (
            "interval",
            f"quantiles {_n(tail)} and {_n(1 - tail)} of the posterior",
            f"{_n(low)} to {_n(high)}",
        ),
        ("cut", "the cut's rating, normalised", _cut(assessment)),
        ("probability", "P(θ ≥ cut) of the posterior", _n(found.probability)),
        (
            "confidence",
            "(2E - M) / (M + 2)",
            f"({_n(2 * e)} - {_n(m)}) / {_n(m + 2)} = {_n(found.confidence)}",
        ),
        ("gates", _gates(assessment), "met" if not found.reasons else "not met: " + "; ".join(found.reasons)),
        ("verdict", _rule(policy.decide_at), found.verdict.value),
    )
    return [{"name": name, "formula": formula, "filled": filled} for name, formula, filled in rows]


def _n(value: float) -> str:
    return number(value)


def _half_life(days: float) -> str:
    return f"half_life_days = {days:g}; the weight of each vote stands beside it"


def _terms(assessment: Assessment) -> tuple[list[float], list[float]]:
    weights, shares = [], []
    for vote in assessment.votes:
        tier_weight = assessment.weight_of(vote.tier)
        if tier_weight > 0:
            age = age_days(vote.observed_us, assessment.as_of_us)
            weights.append(tier_weight * decay(age, assessment.policy.half_life_days))
            shares.append(weights[-1] * vote.s)
    return weights, shares


def _sum(terms: Sequence[float], total: float) -> str:
    if not terms:
        return "0, there is no scored evidence"
    if len(terms) > _MOST_TERMS:
        return f"{_n(total)}, the sum over {len(terms)} votes"
    # What is shown is rounded term by term; where that shows in the sum, it is not said to be equal.
    equal = "=" if round(sum(round(term, PLACES) for term in terms), PLACES) == round(total, PLACES) else "≈"
    return f"{' + '.join(map(_n, terms))} {equal} {_n(total)}"


def _cut(assessment: Assessment) -> str:
    cut = assessment.rubric.cut
    return f"{cut.rating:g} on {cut.scale.name} = {_n(cut.s)}"


def _gates(assessment: Assessment) -> str:
    policy = assessment.policy
    return (
        f"M ≥ {policy.min_mass:g}, {policy.min_raters} or more raters, "
        f"newest less than {policy.stale_after_days:g} days old"
    )


def _rule(decide_at: float) -> str:
    return (
        f"at_standard if P ≥ {_n(decide_at)}, below_standard if P ≤ {_n(1 - decide_at)}, else undetermined; "
        "stale or insufficient if a gate is not met"
    )
