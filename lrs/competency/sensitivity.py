"""How a verdict hangs on the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lrs.competency.assessment import Assessment
from lrs.competency.estimate import Verdict, rounded
from lrs.competency.evidence import Tier
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
    probability: float | None
    """None when the model has no answer."""
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
    """The verdict again under ±50 % of each number, one at a time. A weight may leave [0, 1] here.

    Where nothing is scored there is nothing to try.
    """
    changes = _changes(assessment) if assessment.rubric.scored else ()
    variants = tuple(_variant(assessment, *change) for change in changes)
    return Sensitivity(assessment.estimate.verdict, variants)


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
    found = assessment.again(policy)
    return Variant(
        parameter=parameter,
        factor=factor,
        value=value,
        mass=found.mass,
        score=found.score,
        probability=found.probability if found.known else None,
        verdict=found.verdict,
    )
