"""The policy: the numbers an agency chooses for the model. They are policy and not science."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from lrs.competency.authoring import details_of, digest_of
from lrs.competency.evidence import Tier
from lrs.errors import ConfigError

_NUMBERS = ("half_life_days", "min_mass", "stale_after_days", "decide_at", "interval")

NEVER_SCORED = frozenset({Tier.SELF_REPORT, Tier.SURVEY, Tier.CONTEXT})
"""Tiers whose weight is 0 in every policy: they are shown beside the score and never averaged in."""


def _default_tiers() -> Mapping[Tier, float]:
    weights = dict.fromkeys(Tier, 0.0)
    weights |= {Tier.FIELD: 1.0, Tier.ROLE_PLAY: 0.6, Tier.VR_AUTOMATIC: 0.4, Tier.QUIZ: 0.2}
    return MappingProxyType(weights)


@dataclass(frozen=True)
class Policy:
    """Parameters of `decayed_beta`, defaults for field training; ranges in `schemas/scoring.json`.

    Raises `ValueError` for a tier of `NEVER_SCORED` with a weight.
    """

    tiers: Mapping[Tier, float] = field(default_factory=_default_tiers)
    """Weight in [0, 1] of a vote of each tier on the day it is given; 0 is shown and never scored."""
    half_life_days: float = 30.0
    min_mass: float = 3.0
    min_raters: int = 2
    stale_after_days: float = 180.0
    decide_at: float = 0.8
    """Probability in (0.5, 1) from which on a verdict is decided."""
    interval: float = 0.9
    """Probability in (0, 1) inside of the interval that is reported."""
    competencies: Mapping[str, Policy] = field(default_factory=dict)
    """What is in force for a competency that has a table of its own, complete, by competency id."""

    def __post_init__(self) -> None:
        if any(self.tiers.get(tier, 0.0) for tier in NEVER_SCORED):
            raise ValueError(f"{', '.join(sorted(NEVER_SCORED))} are never scored: their weight is 0")

    @classmethod
    def from_mapping(cls, table: Mapping[str, Any]) -> Policy:
        """The policy that table `[scoring]` describes; what it does not name keeps its default.

        Raises `ConfigError` with a `Detail` for everything that breaks `schemas/scoring.json`.
        """
        details = details_of("scoring.json", table)
        if details:
            raise ConfigError(f"The table [scoring] is not valid: {len(details)} to put right.", details)
        general = cls()._changed(table)
        own = {name: general._changed(changes) for name, changes in table.get("competencies", {}).items()}
        return replace(general, competencies=MappingProxyType(own))

    def for_competency(self, competency: str) -> Policy:
        """What is in force for this competency."""
        return self.competencies.get(competency, self)

    def as_dict(self) -> dict[str, Any]:
        """The policy as table `[scoring]`, in full; `from_mapping` of it is the same policy."""
        # float(): 30 and 30.0 are the same policy and have to have the same digest.
        table: dict[str, Any] = {name: float(getattr(self, name)) for name in _NUMBERS}
        table["min_raters"] = self.min_raters
        table["tiers"] = {tier.value: float(self.tiers.get(tier, 0.0)) for tier in Tier}
        if self.competencies:
            table["competencies"] = {name: own.as_dict() for name, own in sorted(self.competencies.items())}
        return table

    @cached_property
    def digest(self) -> str:
        """Lower-case hex SHA-256 of its canonical JSON."""
        return digest_of(self.as_dict())

    def _changed(self, changes: Mapping[str, Any]) -> Policy:
        numbers: dict[str, Any] = {name: float(changes[name]) for name in _NUMBERS if name in changes}
        if "min_raters" in changes:
            numbers["min_raters"] = int(changes["min_raters"])
        tiers = {Tier(name): float(weight) for name, weight in changes.get("tiers", {}).items()}
        return replace(self, tiers=MappingProxyType({**self.tiers, **tiers}), **numbers)
