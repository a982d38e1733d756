"""Question 10: which scenarios or vendors send data that cannot be used, and why not?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.refused import Refused
from lrs.competency.estimate import rounded
from lrs.xapi.timestamps import format_us

SAMPLE = 20
"""Unrecognised statements of each line that are asked why not: the oldest."""
REASONS = 5
"""Reasons that are told of each line, the most frequent."""

NOTES = (
    "Unrecognised is no fault by itself: raw telemetry is sent to be kept, and is never scored.",
    "Refused counts requests with statements that were not valid, malformed, too large, of a wrong version or in "
    "conflict with what is stored. Nothing of what they brought is kept: only how often on which day, whose key, where "
    "it was wrong and what would be right. Days are counted whole, in UTC. A request without a valid key, or without "
    "the right to post, is not counted.",
    "A vendor that sends a refused request again is counted again; what was put right is not taken off.",
    "Recognised is what the plugins that are loaded now make of the statement. Quarantined is where a plugin failed "
    "when it was stored and nothing was mended since.",
    "Voided statements are counted and not looked at further.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one statement came to."""

    authority: str
    """Agent key of the vendor; empty when nobody is named."""
    platform: str
    """`context.platform`; empty when it is not said."""
    activity: str
    """The scenario: its first parent activity, else its object; empty when that is no activity."""
    voided: bool = False
    recognised: bool = False
    quarantined: bool = False
    future: bool = False
    """It is dated more than a day after it was stored."""
    evidence: int = 0
    """Pieces of evidence in it."""
    not_observed: int = 0
    """Pieces that are N.O."""
    unusable: tuple[str, ...] = ()
    """For each piece that cannot be scored, why not."""
    why_not: str | None = None
    """Of those in the sample that are not recognised: the nearest miss."""


@dataclass(slots=True)
class _Sum:
    counts: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    unusable: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One vendor, platform and scenario."""

    authority: str
    platform: str
    activity: str
    counts: Mapping[str, int]
    reasons: tuple[tuple[str, int], ...]
    """Why not, and how often in the sample; most frequent first."""
    sampled: int
    unusable_reasons: tuple[tuple[str, int], ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready. `not_observed_share` of the pieces of evidence; None without any."""
        evidence = self.counts["evidence"]
        share = None if not evidence else rounded(self.counts["not_observed"] / evidence)
        return {
            "authority": self.authority,
            "platform": self.platform,
            "activity": self.activity,
            **{name: self.counts[name] for name in COUNTS},
            "not_observed_share": share,
            "why_not": {
                "sampled": self.sampled,
                "reasons": [{"reason": reason, "times": times} for reason, times in self.reasons],
            },
            "why_unusable": [{"reason": reason, "times": times} for reason, times in self.unusable_reasons],
        }


COUNTS = (
    "statements",
    "voided",
    "recognised",
    "unrecognised",
    "quarantined",
    "future",
    "evidence",
    "unusable",
    "not_observed",
)
"""Statements up to `future`, pieces of evidence from there on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Which statements were looked at."""

    since_us: int
    """Stored later than this."""
    until_us: int
    """Stored at or before this."""
    through_us: int
    """The last that was looked at; with `complete`, the same as `until_us`."""
    complete: bool
    """Every statement of the period was looked at; else go on from `through_us`."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "since": format_us(self.since_us),
            "until": format_us(self.until_us),
            "through": format_us(self.through_us),
            "complete": self.complete,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The answer: most unrecognised, quarantined and unusable first."""

    covered: Covered
    lines: tuple[Line, ...]
    more_lines: int
    """Lines with fewer that were left off."""
    totals: Mapping[str, int]
    refused: Refused

    @property
    def notes(self) -> Sequence[str]:
        """How to read it."""
        return NOTES

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "covered": self.covered.as_dict(),
            "sample": SAMPLE,
            "totals": {name: self.totals[name] for name in COUNTS},
            "lines": [line.as_dict() for line in self.lines],
            "more_lines": self.more_lines,
            "refused": self.refused.as_dict(),
        }

    def table(self) -> Table:
        """A line for each; of the reasons the most frequent."""
        titles = ("authority", "platform", "activity", *COUNTS, "not_observed_share", "sampled", "why_not")
        return Table(
            titles,
            tuple(
                (
                    *(line.as_dict()[name] for name in titles[:-2]),
                    line.sampled,
                    line.reasons[0][0] if line.reasons else None,
                )
                for line in self.lines
            ),
        )


class Tally:
    """Adds up what statements came to, one after the other: memory grows with the lines, not the statements."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str, str], _Sum] = {}

    @property
    def lines(self) -> int:
        """How many there are."""
        return len(self._sums)

    def sampled(self, authority: str, platform: str, activity: str) -> int:
        """How many unrecognised statements of that line have said why not so far."""
        found = self._sums.get((authority, platform, activity))
        return 0 if found is None else found.misses.total()

    def add(self, look: Look) -> None:
        """Count one statement."""
        one = self._sums.setdefault((look.authority, look.platform, look.activity), _Sum())
        one.counts["statements"] += 1
        if look.voided:
            one.counts["voided"] += 1
            return
        one.counts["recognised" if look.recognised else "unrecognised"] += 1
        one.counts["quarantined"] += look.quarantined
        one.counts["future"] += look.future
        one.counts["evidence"] += look.evidence
        one.counts["not_observed"] += look.not_observed
        one.counts["unusable"] += len(look.unusable)
        one.unusable.update(look.unusable)
        if look.why_not is not None:
            one.misses[look.why_not] += 1

    def answer(self, covered: Covered, refused: Refused, *, limit: int) -> Quality:
        """The answer, at most `limit` lines of it; beside it what was refused."""
        lines = sorted(
            (_line(key, one) for key, one in self._sums.items()),
            key=lambda line: (-_bad(line.counts), line.authority, line.platform, line.activity),
        )
        totals: Counter[str] = Counter()
        for one in self._sums.values():
            totals.update(one.counts)
        return Quality(
            covered=covered,
            lines=tuple(lines[:limit]),
            more_lines=max(0, len(lines) - limit),
            totals=totals,
            refused=refused,
        )


def quality(looks: Iterable[Look], covered: Covered, refused: Refused, *, limit: int = 100) -> Quality:
    """What statements came to, by vendor, platform and scenario."""
    tally = Tally()
    for look in looks:
        tally.add(look)
    return tally.answer(covered, refused, limit=limit)


def _line(key: tuple[str, str, str], one: _Sum) -> Line:
    authority, platform, activity = key
    return Line(
        authority=authority,
        platform=platform,
        activity=activity,
        counts=one.counts,
        reasons=_most(one.misses),
        sampled=one.misses.total(),
        unusable_reasons=_most(one.unusable),
    )


def _most(reasons: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))[:REASONS])


def _bad(counts: Mapping[str, int]) -> int:
    return counts["unrecognised"] + counts["quarantined"] + counts["unusable"] + counts["future"]
