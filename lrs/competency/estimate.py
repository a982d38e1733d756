"""What there is to say of one competency: an estimate with its margins, gates and counts, and how it is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, overload

from lrs.competency.evidence import Tier
from lrs.competency.tally import Tally
from lrs.xapi.timestamps import format_us

PLACES = 6
"""Decimals of every computed number that leaves. Nothing is rounded before."""


class Verdict(StrEnum):
    """What the recorded evidence says against the rubric's cut. Never a decision about a person."""

    AT_STANDARD = "at_standard"  # P(θ ≥ cut) ≥ decide_at
    BELOW_STANDARD = "below_standard"  # P(θ ≥ cut) ≤ 1 - decide_at
    UNDETERMINED = "undetermined"  # enough evidence, and it does not decide
    INSUFFICIENT = "insufficient"  # too little evidence, or too few raters
    STALE = "stale"  # the newest scored evidence is too old
    NOT_SCORED = "not_scored"  # the rubric is one of what was done, and not of how well


@overload
def rounded(value: float) -> float: ...
@overload
def rounded(value: None) -> None: ...
def rounded(value: float | None) -> float | None:
    """The value as it leaves: `PLACES` decimals, and never a negative zero."""
    return None if value is None else round(value, PLACES) + 0.0


def number(value: float) -> str:
    """At most `PLACES` decimals, without the zeros at their end, e.g. `1.125` and `3`."""
    return f"{round(value, PLACES) + 0.0:.{PLACES}f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition that has to hold before any verdict is decided."""

    name: str
    """`mass`, `raters` or `newest`."""
    found: float | None
    """Evidence mass, number of raters, or age of the newest in days (None: there is none)."""
    needed: float
    met: bool
    reason: str
    """The condition with its numbers filled in."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "gate": self.name,
            "found": rounded(self.found),
            "needed": rounded(self.needed),
            "met": self.met,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Counts:
    """Plain counts of the scored encounters, without any weight."""

    encounters: int
    at_or_above: int
    """Encounters whose votes have a plain mean at or above the acceptable anchor."""
    anchor: float
    """The acceptable anchor, a rating on `scale`."""
    scale: str
    raters: int

    @property
    def text(self) -> str:
        """E.g. `7 of 9 encounters at or above 4 (fto-7), 3 raters`."""
        encounters = "encounter" if self.encounters == 1 else "encounters"
        raters = "rater" if self.raters == 1 else "raters"
        return (
            f"{self.at_or_above} of {self.encounters} {encounters} at or above {self.anchor:g} "
            f"({self.scale}), {self.raters} {raters}"
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "encounters": self.encounters,
            "at_or_above": self.at_or_above,
            "anchor": self.anchor,
            "scale": self.scale,
            "raters": self.raters,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class TierSummary:
    """One tier by itself: what is known, shown and done is never told by one number alone."""

    tier: Tier
    weight: float
    """0: shown and never scored."""
    votes: int
    raters: int
    mass: float
    """Share of this tier in the evidence mass M."""
    ratio: float | None
    """Mean of its votes, weighted by age alone, in [0, 1]; None when they are so old that nothing is left, and
    where nothing is scored."""
    newest_us: int

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "tier": self.tier.value,
            "scored": self.weight > 0,
            "weight": rounded(self.weight),
            "votes": self.votes,
            "raters": self.raters,
            "mass": rounded(self.mass),
            "ratio": rounded(self.ratio),
            "newest": format_us(self.newest_us),
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far apart the raters are: the plain means of the most severe and the most lenient, in [0, 1]."""

    lowest: float
    highest: float

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "lowest_rater_mean": rounded(self.lowest),
            "highest_rater_mean": rounded(self.highest),
            "spread": rounded(self.highest - self.lowest),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The evidence on one competency of one subject, weighed. Numbers in [0, 1] unless they say otherwise.

    Where there is no estimate (`known` is false), score, posterior mean, interval and probability are those of
    `lrs.competency.models.NOTHING_KNOWN`, and they are not shown.
    """

    e: float
    """E = Σ w·s, from 0 to `mass`."""
    mass: float
    """M = Σ w, the evidence mass."""
    score: float | None
    """What the model makes of it, by `decayed_beta` E / M; None without scored evidence."""
    posterior_mean: float
    """By `decayed_beta` the mean of Beta(1 + E, 1 + M - E)."""
    interval: tuple[float, float]
    """Central interval of that distribution."""
    interval_level: float
    cut: float | None
    """The rubric's cut; None when it is not scored."""
    probability: float
    """P(θ ≥ cut)."""
    confidence: float
    """Twice the posterior mean less 1, in [-1, 1], which is (2E - M) / (M + 2) by `decayed_beta`: `confidence` of
    xAPI's verb `asserted`."""
    raters: int
    newest_us: int | None
    """When the newest scored evidence was observed; microseconds since the epoch."""
    gates: tuple[Gate, ...]
    """`mass`, `raters` and `newest`; none when it is not scored."""
    verdict: Verdict
    counts: Counts | Tally
    """The plain counts; of a competency that is not scored the tally."""
    agreement: Agreement | None
    """None with fewer than two raters."""
    tiers: tuple[TierSummary, ...]
    """In the order of `Tier`, only those with votes."""
    failure: str | None = None
    """Why the model has no answer; then the verdict is `insufficient`, or `stale` if it is, and never another."""

    @property
    def known(self) -> bool:
        """There is an estimate: the competency is scored, and the model had an answer."""
        return self.failure is None and self.verdict is not Verdict.NOT_SCORED

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why no verdict is decided: the gates that are not met, and that the model has no answer."""
        closed = tuple(gate.reason for gate in self.gates if not gate.met)
        return closed if self.failure is None else (*closed, self.failure)

    def as_dict(self) -> dict[str, Any]:
        """The numbers, JSON-ready, each rounded to `PLACES`. Gates, counts and tiers write themselves.

        What is not known is null; E, M and raters are, too, when the competency is not scored.
        """
        scored = self.verdict is not Verdict.NOT_SCORED
        known = self.known
        return {
            "e": rounded(self.e if scored else None),
            "mass": rounded(self.mass if scored else None),
            "score": rounded(self.score),
            "posterior_mean": rounded(self.posterior_mean if known else None),
            "interval": [rounded(bound) for bound in self.interval] if known else None,
            "interval_level": rounded(self.interval_level if known else None),
            "cut": rounded(self.cut),
            "probability_at_or_above_cut": rounded(self.probability if known else None),
            "confidence": rounded(self.confidence if known else None),
            "raters": self.raters,
            "newest": None if self.newest_us is None else format_us(self.newest_us),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """How far the estimate is from where its verdict would turn, if no new evidence came."""

    interval_width: float
    probability_to_at_standard: float
    """`decide_at` - P: above 0, what is missing; 0 or less, it is reached."""
    probability_to_below_standard: float
    """P - (1 - `decide_at`): above 0, what it is away; 0 or less, it is reached."""
    days_until_mass_gate: float | None
    """Days until M, which halves every half-life, falls below `min_mass`; None when it is below already."""
    days_until_stale: float | None
    """Days until the newest evidence is stale; None when it is already, or there is none."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {name: rounded(getattr(self, name)) for name in self.__slots__}


def margins(estimate: Estimate, *, half_life_days: float, decide_at: float) -> Margins | None:
    """The margins of an estimate under the policy that it was made with; None where there is no estimate."""
    if not estimate.known:
        return None
    mass, _, newest = estimate.gates
    low, high = estimate.interval
    return Margins(
        interval_width=high - low,
        probability_to_at_standard=decide_at - estimate.probability,
        probability_to_below_standard=estimate.probability - (1 - decide_at),
        days_until_mass_gate=half_life_days * math.log2(estimate.mass / mass.needed) if mass.met else None,
        days_until_stale=newest.needed - newest.found if newest.met and newest.found is not None else None,
    )
