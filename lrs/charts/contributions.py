"""What each encounter adds to a score that is a weighted mean.

E / M = cut + Σ w·(s − cut) / M: each encounter moves the score away from the cut by its weight's share of its
distance from the cut. The shares add up to the score exactly, whatever the order; a vote that says what the cut says
moves nothing, and weighs all the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.charts.words import TIERS, rater_labels

MOST = 25
"""Encounters by themselves: those that weigh most. All others are one."""
_EXACT = 2e-5
"""Weights and scores leave with 6 decimals; a score farther than this from Σ w·s / Σ w is another model's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One encounter, or the sum of the rest."""

    observed: str
    """Timestamp of its newest vote; empty of the sum of the rest."""
    encounters: int
    raters: tuple[str, ...]
    tiers: tuple[str, ...]
    s: float
    """Weighted mean of its votes, in [0, 1]."""
    weight: float
    moves: float
    """What it adds to the score."""


def contributions(explanation: Mapping[str, Any]) -> list[Step]:
    """Those of `Explanation.as_dict()`, in order of observation; of more than `MOST`, first the sum of the rest."""
    return _most(_by_encounter(explanation))


def refused_why(explanation: Mapping[str, Any]) -> str:
    """Why the score cannot be taken apart by encounter; empty when it can."""
    if not explanation["scored"]:
        return "this competency is recorded and not scored: there is no score to take apart"
    votes, found = explanation["votes"], explanation["estimate"]
    mass = math.fsum(vote["weight"] for vote in votes)
    if not votes:
        return "there is no scored evidence"
    if mass <= 0:
        return "the scored evidence is so old that nothing of its weight is left"
    mean = math.fsum(vote["to_e"] for vote in votes) / mass
    if found["score"] is None or abs(mean - found["score"]) > _EXACT + len(votes) * 1e-6 / mass:
        return (
            f"the score is made by the model {explanation['model']['id']} and is no weighted mean of the votes, "
            "so that no share of it belongs to an encounter"
        )
    return ""


def _by_encounter(explanation: Mapping[str, Any]) -> list[Step]:
    """One for each encounter, in order of observation."""
    by_encounter: dict[str, list[Mapping[str, Any]]] = {}
    for vote in explanation["votes"]:
        by_encounter.setdefault(vote["encounter"], []).append(vote)
    cut = explanation["estimate"]["cut"]
    mass = math.fsum(vote["weight"] for vote in explanation["votes"])
    names = rater_labels(vote["rater"] for vote in explanation["votes"])
    found = [
        (encounter, _step(votes, names, cut=cut, mass=mass)) for encounter, votes in by_encounter.items()
    ]
    return [step for _, step in sorted(found, key=lambda one: (one[1].observed, one[0]))]


def _step(votes: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, cut: float, mass: float) -> Step:
    weight = math.fsum(vote["weight"] for vote in votes)
    to_e = math.fsum(vote["weight"] * vote["s"] for vote in votes)
    return Step(
        observed=max(vote["observed"] for vote in votes),
        encounters=1,
        raters=tuple(sorted({names[vote["rater"]] for vote in votes})),
        tiers=tuple(tier for tier in TIERS if any(vote["tier"] == tier for vote in votes)),
        s=to_e / weight if weight > 0 else math.fsum(vote["s"] for vote in votes) / len(votes),
        weight=weight,
        moves=math.fsum(vote["weight"] * (vote["s"] - cut) for vote in votes) / mass,
    )


def _most(steps: Sequence[Step]) -> list[Step]:
    """Those that weigh most; before them, as one, all others."""
    if len(steps) <= MOST:
        return list(steps)
    heavy = set(sorted(range(len(steps)), key=lambda n: (-steps[n].weight, -n))[: MOST - 1])
    light = [step for number, step in enumerate(steps) if number not in heavy]
    weight = math.fsum(step.weight for step in light)
    others = Step(
        observed="",
        encounters=len(light),
        raters=tuple(sorted({rater for step in light for rater in step.raters})),
        tiers=tuple(tier for tier in TIERS if any(tier in step.tiers for step in light)),
        s=math.fsum(step.weight * step.s for step in light) / weight if weight > 0 else 0.0,
        weight=weight,
        moves=math.fsum(step.moves for step in light),
    )
    return [others, *(step for number, step in enumerate(steps) if number in heavy)]
