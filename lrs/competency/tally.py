"""The tally of a competency that is not scored: how often, how much, by whom, when last."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.competency.evidence import Flag, RecordedEvidence
from lrs.xapi.timestamps import format_us

_PLACES = 6


@dataclass(frozen=True, slots=True)
class Amount:
    """The ratings on one scale, as they were given: hours, answers."""

    scale: str
    ratings: int
    total: float
    """Their sum, in units of the scale."""

    @property
    def mean(self) -> float:
        """Plain mean of the ratings, in units of the scale."""
        return self.total / self.ratings

    @property
    def text(self) -> str:
        """E.g. `hours: 7.5 in all, 2.5 on average of 3`."""
        return f"{self.scale}: {self.total:g} in all, {self.mean:.4g} on average of {self.ratings}"

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "scale": self.scale,
            "ratings": self.ratings,
            "total": round(self.total, _PLACES) + 0.0,
            "mean": round(self.mean, _PLACES) + 0.0,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Plain counts of evidence that says that something was done, or how much, and not how well."""

    encounters: int
    completed: int
    """Encounters in which it was said to be completed."""
    raters: int
    newest_us: int | None
    """When the newest piece was observed; microseconds since the epoch."""
    amounts: tuple[Amount, ...]
    """In order of scale."""

    @property
    def text(self) -> str:
        """E.g. `completed 3 times, last on 2026-11-23; hours: 7.5 in all, 2.5 on average of 3`."""
        if self.newest_us is None:
            return "nothing recorded"
        word, times = ("completed", self.completed) if self.completed else ("recorded", self.encounters)
        last = format_us(self.newest_us)[:10]
        often = "once, on" if times == 1 else f"{times} times, last on"
        return "; ".join([f"{word} {often} {last}", *(amount.text for amount in self.amounts)])

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: the members of plain counts, null where nothing is held against an anchor, and its own."""
        return {
            "encounters": self.encounters,
            "at_or_above": None,
            "anchor": None,
            "scale": None,
            "raters": self.raters,
            "text": self.text,
            "completed": self.completed,
            "newest": None if self.newest_us is None else format_us(self.newest_us),
            "amounts": [amount.as_dict() for amount in self.amounts],
        }


def tally(records: Sequence[RecordedEvidence], rated: Iterable[RecordedEvidence]) -> Tally:
    """The tally of one competency: of the pieces in `records`, each rated or completed, those `rated` added up."""
    given: dict[str, list[float]] = {}
    for record in rated:
        given.setdefault(record.evidence.scale, []).append(record.evidence.rating or 0.0)
    pieces = [record.evidence for record in records]
    return Tally(
        encounters=len({piece.encounter for piece in pieces}),
        completed=len({piece.encounter for piece in pieces if Flag.COMPLETED in piece.flags}),
        raters=len({piece.rater for piece in pieces}),
        newest_us=max((piece.observed_us for piece in pieces), default=None),
        amounts=tuple(
            Amount(scale, len(ratings), math.fsum(ratings)) for scale, ratings in sorted(given.items())
        ),
    )
