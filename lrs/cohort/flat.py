"""Question 7: who shows no change over their newest encounters while below the standard, or was flagged NRT again?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.assessed import Assessed, Encounter, encounters_of
from lrs.cohort.intervals import LEVEL, Measured, slope_of
from lrs.cohort.ratings import points_per_s, rating_of
from lrs.cohort.roster import Member, who
from lrs.competency.assessment import Assessment
from lrs.competency.encounters import mean
from lrs.competency.estimate import rounded
from lrs.competency.evidence import Flag, RecordedEvidence
from lrs.competency.rubric import Cut
from lrs.xapi.timestamps import format_us

ENCOUNTERS = 8
"""How many of the newest encounters are looked at, unless another number is asked for."""
MIN_ENCOUNTERS = 4
NRT_TIMES = 3
METHOD = "least-squares slope over the order of the encounters, Student's interval"

NOTES = (
    "Flat means that no change is shown: the interval of the slope has 0 in it. A change as large as its ends may be "
    "there all the same.",
    "Below means that the plain mean of these encounters lies below the rubric's cut. The verdict of the profile, "
    "which weighs tier and age, stands beside it and may be undetermined.",
    "Encounters of several raters and tiers are compared: a change of rater can look like a change, or hide one.",
    "NRT is what a rater said. Several flags in one encounter count once.",
    "Neither says why. Both are occasions to look at the record, and at the training.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """One officer on one competency: no change shown, and below the cut."""

    officer: Mapping[str, Any]
    assessment: Assessment
    cut: Cut
    seen: tuple[Encounter, ...]
    """The newest encounters, oldest first."""
    slope: Measured
    """Of s, per encounter."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready. `change` is that from the first of these encounters to the last, along the slope."""
        scale = self.cut.scale
        factor = points_per_s(scale)
        steps = len(self.seen) - 1
        middle = mean(one.s for one in self.seen)
        return {
            **self.officer,
            "competency": self.assessment.rubric.competency,
            "encounters": len(self.seen),
            "first": format_us(self.seen[0].observed_us),
            "last": format_us(self.seen[-1].observed_us),
            "raters": len({rater for one in self.seen for rater in one.raters}),
            "mean": {"s": rounded(middle), "rating": rounded(rating_of(scale, middle)), "scale": scale.name},
            "cut": rounded(self.cut.s),
            "slope_per_encounter": self.slope.as_dict(),
            "change": self.slope.scaled(steps).as_dict(),
            "change_points": None if factor is None else self.slope.scaled(steps * factor).as_dict(),
            "verdict": self.assessment.estimate.verdict.value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """One officer, flagged as not responding to training on one item in several encounters."""

    officer: Mapping[str, Any]
    competency: str
    indicator: str | None
    """None: flagged on the competency as a whole."""
    records: tuple[RecordedEvidence, ...]

    @property
    def encounters(self) -> int:
        """In how many encounters."""
        return len({record.evidence.encounter for record in self.records})

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            **self.officer,
            "competency": self.competency,
            "indicator": self.indicator,
            "encounters": self.encounters,
            "raters": len({record.evidence.rater for record in self.records}),
            "first": format_us(min(record.evidence.observed_us for record in self.records)),
            "last": format_us(max(record.evidence.observed_us for record in self.records)),
            "statements": sorted({record.statement_id for record in self.records}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatAnswer:
    """The answer."""

    encounters: int
    nrt_times: int
    flat: tuple[Flat, ...]
    flagged: tuple[Flagged, ...]
    looked_at: int
    """Pairs of an officer and a competency with enough encounters."""
    too_few: int
    """Pairs with some scored encounters, and fewer than are needed: nothing is said of them."""

    @property
    def notes(self) -> Sequence[str]:
        """How to read it."""
        return NOTES

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "encounters": self.encounters,
            "nrt_times": self.nrt_times,
            "method": METHOD,
            "interval_level": LEVEL,
            "looked_at": self.looked_at,
            "too_few_encounters": self.too_few,
            "flat": [one.as_dict() for one in self.flat],
            "not_responding": [one.as_dict() for one in self.flagged],
        }

    def table(self) -> Table:
        """A line for everybody who is flat or flagged."""
        titles = (
            *("officer", "name", "unit", "phase", "trainer", "competency", "indicator", "why"),
            *("encounters", "raters", "first", "last", "mean_s", "change_low", "change_high", "verdict"),
        )
        return Table(titles, (*map(_flat_line, self.flat), *map(_flagged_line, self.flagged)))


def flat(
    cohort: Iterable[Assessed],
    members: Mapping[str, Member],
    *,
    encounters: int = ENCOUNTERS,
    nrt_times: int = NRT_TIMES,
) -> FlatAnswer:
    """Who is flat below the cut, and who was flagged NRT on one item in `nrt_times` encounters or more.

    `encounters`: how many of the newest scored encounters are looked at, at least `MIN_ENCOUNTERS`; officers with
    fewer are counted and not judged.
    """
    wanted = max(MIN_ENCOUNTERS, encounters)
    lines: list[Flat] = []
    flagged: list[Flagged] = []
    looked_at = too_few = 0
    for officer in cohort:
        named = who(officer.subject, members)
        for one in officer.assessments:
            seen = encounters_of(one.scored)
            if len(seen) >= wanted:
                looked_at += 1
                lines += _if_flat(named, one, tuple(seen[-wanted:]))
            elif seen:
                too_few += 1
            flagged += _flagged(named, one, nrt_times)
    return FlatAnswer(
        encounters=wanted,
        nrt_times=nrt_times,
        flat=tuple(lines),
        flagged=tuple(flagged),
        looked_at=looked_at,
        too_few=too_few,
    )


def _if_flat(
    officer: Mapping[str, Any], assessment: Assessment, seen: tuple[Encounter, ...]
) -> Iterator[Flat]:
    cut = assessment.rubric.cut
    slope = slope_of([one.s for one in seen])
    low, high = slope.interval or (slope.value, slope.value)
    if cut is not None and low <= 0 <= high and mean(one.s for one in seen) < cut.s:
        yield Flat(officer=officer, assessment=assessment, cut=cut, seen=seen, slope=slope)


def _flagged(officer: Mapping[str, Any], assessment: Assessment, times: int) -> Iterator[Flagged]:
    by_item: dict[str | None, list[RecordedEvidence]] = {}
    for record in assessment.records:
        if Flag.NOT_RESPONDING in record.evidence.flags:
            by_item.setdefault(record.evidence.indicator, []).append(record)
    for indicator in sorted(by_item, key=lambda item: item or ""):
        one = Flagged(
            officer=officer,
            competency=assessment.rubric.competency,
            indicator=indicator,
            records=tuple(by_item[indicator]),
        )
        if one.encounters >= times:
            yield one


def _flat_line(one: Flat) -> tuple[Any, ...]:
    line = one.as_dict()
    low, high = line["change"]["interval"] or (None, None)
    return (
        *one.officer.values(),
        *(line["competency"], None, "flat", line["encounters"], line["raters"], line["first"], line["last"]),
        *(line["mean"]["s"], low, high, line["verdict"]),
    )


def _flagged_line(one: Flagged) -> tuple[Any, ...]:
    line = one.as_dict()
    return (
        *one.officer.values(),
        *(line["competency"], line["indicator"], "not responding", line["encounters"], line["raters"]),
        *(line["first"], line["last"], None, None, None, None),
    )
