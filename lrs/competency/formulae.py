"""The formulae of the model with their numbers filled in, for a reader with a calculator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lrs.competency.assessment import Assessment
from lrs.competency.decayed_beta import vote_weight
from lrs.competency.estimate import PLACES, number
from lrs.competency.models import working
from lrs.competency.rubric import Cut

_MOST_TERMS = 12
"""A sum of more terms than this is not written out: its terms stand beside the votes."""


def formulae(assessment: Assessment) -> list[dict[str, Any]]:
    """Each step: what is computed, its formula, and the same with the numbers of this assessment.

    The steps between the evidence mass and the gates are the model's own; one that does not show its working has
    its answer there. None of a competency that is not scored.
    """
    found, policy = assessment.estimate, assessment.policy
    if assessment.rubric.cut is None:
        return []
    weights, shares = _terms(assessment)
    rows = (
        ("w", "tier weight · 2^(-age_days / half_life_days)", _half_life(policy.half_life_days)),
        ("E", "Σ w·s", _sum(shares, found.e)),
        ("M", "Σ w", _sum(weights, found.mass)),
        ("cut", "the cut's rating, normalised", _cut(assessment.rubric.cut)),
        *_of_the_model(assessment, assessment.rubric.cut),
        ("gates", _gates(assessment), "met" if not found.reasons else "not met: " + "; ".join(found.reasons)),
        ("verdict", _rule(policy.decide_at), found.verdict.value),
    )
    return [{"name": name, "formula": formula, "filled": filled} for name, formula, filled in rows]


def _of_the_model(assessment: Assessment, cut: Cut) -> Iterator[tuple[str, str, str]]:
    found, policy = assessment.estimate, assessment.policy
    if not found.known:
        return
    steps, failure = working(assessment.model, assessment.scored, policy, cut, assessment.as_of_us)
    if steps:
        yield from ((step.name, step.formula, step.filled) for step in steps)
        return
    by = f"by the model {policy.model}, which does not show its working"
    if failure is not None:
        by = f"by the model {policy.model}; its working is not shown: {failure}"
    low, high = found.interval
    yield "score", by, "there is no scored evidence" if found.score is None else number(found.score)
    yield "posterior_mean", by, number(found.posterior_mean)
    yield "interval", by, f"{number(low)} to {number(high)}"
    yield "probability", by, number(found.probability)
    yield "confidence", "2 · posterior_mean - 1", number(found.confidence)


def _half_life(days: float) -> str:
    return f"half_life_days = {days:g}; the weight of each vote stands beside it"


def _terms(assessment: Assessment) -> tuple[list[float], list[float]]:
    weights = [vote_weight(vote, assessment.policy, assessment.as_of_us) for vote in assessment.scored]
    return weights, [w * vote.s for w, vote in zip(weights, assessment.scored, strict=True)]


def _sum(terms: Sequence[float], total: float) -> str:
    if not terms:
        return "0, there is no scored evidence"
    if len(terms) > _MOST_TERMS:
        return f"{number(total)}, the sum over {len(terms)} votes"
    # What is shown is rounded term by term; where that shows in the sum, it is not said to be equal.
    equal = "=" if round(sum(round(term, PLACES) for term in terms), PLACES) == round(total, PLACES) else "≈"
    return f"{' + '.join(map(number, terms))} {equal} {number(total)}"


def _cut(cut: Cut) -> str:
    return f"{cut.rating:g} on {cut.scale.name} = {number(cut.s)}"


def _gates(assessment: Assessment) -> str:
    policy = assessment.policy
    return (
        f"M ≥ {policy.min_mass:g}, {policy.min_raters} or more raters, "
        f"newest less than {policy.stale_after_days:g} days old"
    )


def _rule(decide_at: float) -> str:
    return (
        f"at_standard if P ≥ {number(decide_at)}, below_standard if P ≤ {number(1 - decide_at)}, else undetermined; "
        "stale or insufficient if a gate is not met"
    )
