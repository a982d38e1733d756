"""How a verdict hangs on the policy, and what would have to be seen for it to be decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lrs.competency.assessment import Assessment
from lrs.competency.decayed_beta import estimate
from lrs.competency.estimate import Verdict, rounded
from lrs.competency.evidence import Tier
from lrs.competency.formulae import number
from lrs.competency.policy import Policy

_FACTORS = (0.5, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The estimate, had one number of the policy been another."""

    parameter: str
    """`tiers.<tier>` or `half_life_days`."""
    factor: float
    value: float
    mass: float
    score: float | None
    probability: float
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "parameter": self.parameter,
            "factor": self.factor,
            "value": rounded(self.value),
            "mass": rounded(self.mass),
            "score": rounded(self.score),
            "probability_at_or_above_cut": rounded(self.probability),
            "verdict": self.verdict.value,
        }


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The verdict under ±50 % of the half-life and of the weight of each tier that has votes."""

    verdict: Verdict
    variants: tuple[Variant, ...]

    @property
    def holds(self) -> bool:
        """The verdict is the same under every variant."""
        return all(variant.verdict is self.verdict for variant in self.variants)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"verdict_holds": self.holds, "variants": [variant.as_dict() for variant in self.variants]}


def sensitivity(assessment: Assessment) -> Sensitivity:
    """The verdict again under ±50 % of each number, one at a time. A weight may leave [0, 1] here."""
    variants = tuple(_variant(assessment, *change) for change in _changes(assessment))
    return Sensitivity(assessment.estimate.verdict, variants)


def to_decide(assessment: Assessment) -> Iterator[str]:
    """What is missing, in sentences: the gates that fail and by how much, else the probability.

    It promises nothing: evidence that comes moves the probability, too. Nothing when the verdict is decided.
    """
    found, policy = assessment.estimate, assessment.policy
    mass, raters, newest = found.gates
    if not newest.met:
        yield f"Scored evidence that is less than {newest.needed:g} days old."
    if not mass.met:
        weights = ", ".join(f"{tier.value} {w:g}" for tier, w in policy.tiers.items() if w > 0)
        yield (
            f"{number(mass.needed - found.mass)} more evidence mass, to reach {mass.needed:g}. "
            f"A vote of today adds: {weights}."
        )
    if not raters.met:
        missing = policy.min_raters - found.raters
        yield f"{missing} more {'rater' if missing == 1 else 'raters'}, beside the {found.raters} so far."
    if found.verdict is Verdict.UNDETERMINED:
        p = found.probability
        yield (
            f"P(θ ≥ cut) is {number(p)}: {number(policy.decide_at - p)} more for at_standard, "
            f"{number(p - (1 - policy.decide_at))} less for below_standard."
        )


def _changes(assessment: Assessment) -> Iterator[tuple[str, float, float, Policy]]:
    policy = assessment.policy
    present = {vote.tier for vote in assessment.votes if assessment.weight_of(vote.tier) > 0}
    for tier in (tier for tier in Tier if tier in present):
        for factor in _FACTORS:
            value = policy.tiers[tier] * factor
            yield f"tiers.{tier}", factor, value, replace(policy, tiers={**policy.tiers, tier: value})
    for factor in _FACTORS:
        value = policy.half_life_days * factor
        yield "half_life_days", factor, value, replace(policy, half_life_days=value)


def _variant(assessment: Assessment, parameter: str, factor: float, value: float, policy: Policy) -> Variant:
    found = estimate(assessment.votes, policy, assessment.rubric.cut, assessment.as_of_us)
    return Variant(
        parameter=parameter,
        factor=factor,
        value=value,
        mass=found.mass,
        score=found.score,
        probability=found.probability,
        verdict=found.verdict,
    )
