"""The policy: the model and its numbers, as an agency chooses them. They are policy and not science."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from lrs.competency.authoring import details_of, digest_of
from lrs.competency.evidence import Tier
from lrs.competency.rubric import Rubric
from lrs.errors import ConfigError, Detail

STANDARD_MODEL = "decayed_beta/1"
"""Id of the model that is asked unless an agency chooses another."""
_NUMBERS = ("half_life_days", "min_mass", "stale_after_days", "decide_at", "interval")

NEVER_SCORED = frozenset({Tier.SELF_REPORT, Tier.SURVEY, Tier.CONTEXT})
"""Tiers whose weight is 0 in every policy: they are shown beside the score and never averaged in."""


def _default_tiers() -> Mapping[Tier, float]:
    weights = dict.fromkeys(Tier, 0.0)
    weights |= {Tier.FIELD: 1.0, Tier.ROLE_PLAY: 0.6, Tier.VR_AUTOMATIC: 0.4, Tier.QUIZ: 0.2}
    return MappingProxyType(weights)


@dataclass(frozen=True)
class Policy:
    """What an agency chooses; the defaults suit field training, the ranges are in `schemas/scoring.json`.

    Raises `ValueError` for a tier of `NEVER_SCORED` with a weight.
    """

    model: str = STANDARD_MODEL
    """Id of the model that the votes are given to."""
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
    competencies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Tables `[scoring.competencies.ID]` by competency id: what the agency has different for one competency."""

    def __post_init__(self) -> None:
        if any(self.tiers.get(tier, 0.0) for tier in NEVER_SCORED):
            raise ValueError(f"{', '.join(sorted(NEVER_SCORED))} are never scored: their weight is 0")

    @classmethod
    def from_mapping(cls, table: Mapping[str, Any], models: Collection[str] | None = None) -> Policy:
        """The policy that table `[scoring]` describes; what it does not name keeps its default.

        Args:
            table: the table.
            models: ids of the models that there are; None: do not look whether those that it names exist.

        Raises `ConfigError` with a `Detail` for everything that breaks `schemas/scoring.json`, and for every
        model that there is not, naming those that there are.
        """
        details = details_of("scoring.json", table)
        if models is not None and not details:
            details = list(_unknown_models(table, models))
        if details:
            raise ConfigError(f"The table [scoring] is not valid: {len(details)} to put right.", details)
        own = {name: _normalised(changes) for name, changes in table.get("competencies", {}).items()}
        return replace(cls()._changed(table), competencies=MappingProxyType(own))

    def for_rubric(self, rubric: Rubric) -> Policy:
        """What is in force for the rubric's competency.

        Of two that say something of the same number, the later counts: the default, `[scoring]`, the rubric's
        own `scoring`, `[scoring.competencies.ID]`.
        """
        if not rubric.scoring:
            return self.for_competency(rubric.competency)
        known = self._in_force.get(rubric.digest)
        if known is None:
            known = self._general._changed(rubric.scoring)
            known = known._changed(self.competencies.get(rubric.competency, {}))
            self._in_force[rubric.digest] = known
        return known

    def for_competency(self, competency: str) -> Policy:
        """What is in force for a competency whose rubric has no `scoring` of its own."""
        changes = self.competencies.get(competency)
        if not changes:
            return self._general
        known = self._in_force.get(competency)
        if known is None:
            known = self._in_force[competency] = self._general._changed(changes)
        return known

    def as_dict(self) -> dict[str, Any]:
        """The policy as table `[scoring]`, in full; `from_mapping` of it is the same policy."""
        # float(): 30 and 30.0 are the same policy and have to have the same digest.
        table: dict[str, Any] = {"model": self.model}
        table |= {name: float(getattr(self, name)) for name in _NUMBERS}
        table["min_raters"] = self.min_raters
        table["tiers"] = {tier.value: float(self.tiers.get(tier, 0.0)) for tier in Tier}
        if self.competencies:
            table["competencies"] = {name: _plain(own) for name, own in sorted(self.competencies.items())}
        return table

    @cached_property
    def digest(self) -> str:
        """Lower-case hex SHA-256 of its canonical JSON: of the model's id and every number."""
        return digest_of(self.as_dict())

    @cached_property
    def _general(self) -> Policy:
        """Without what is different for one competency."""
        return replace(self, competencies={}) if self.competencies else self

    @cached_property
    def _in_force(self) -> dict[str, Policy]:
        """What is in force, by competency or, where the rubric has a say, by its digest: a cohort asks often."""
        return {}

    def _changed(self, changes: Mapping[str, Any]) -> Policy:
        new = dict(_normalised(changes))
        tiers = {Tier(name): weight for name, weight in new.pop("tiers", {}).items()}
        return replace(self, tiers=MappingProxyType({**self.tiers, **tiers}), **new)


def _normalised(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """A table in which 30 and 30.0 are the same number."""
    own: dict[str, Any] = {name: float(table[name]) for name in _NUMBERS if name in table}
    if "min_raters" in table:
        own["min_raters"] = int(table["min_raters"])
    if "model" in table:
        own["model"] = table["model"]
    if "tiers" in table:
        own["tiers"] = MappingProxyType({tier: float(weight) for tier, weight in table["tiers"].items()})
    return MappingProxyType(own)


def _plain(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in table.items()}


def _unknown_models(table: Mapping[str, Any], models: Collection[str]) -> Iterator[Detail]:
    places = {"": table}
    places |= {f"/competencies/{name}": own for name, own in table.get("competencies", {}).items()}
    for path, place in places.items():
        if "model" in place and place["model"] not in models:
            yield Detail(f"{path}/model", place["model"], f"one of {', '.join(sorted(models))}")
