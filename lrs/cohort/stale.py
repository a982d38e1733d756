"""Question 8: whose evidence goes stale, or loses the mass that a verdict needs, in the next days?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.assessed import Assessed
from lrs.cohort.roster import Member, who
from lrs.competency.assessment import Assessment
from lrs.competency.estimate import Verdict, margins, rounded
from lrs.xapi.timestamps import LAST_US, format_us

WITHIN_DAYS = 30.0
_DAY_US = 86_400_000_000

NOTES = (
    "What is said here comes true only if no new evidence is recorded: one rated encounter moves it.",
    "Stale: the newest scored evidence reaches the policy's stale_after_days. Mass: the evidence mass, which halves "
    "every half_life_days, falls below min_mass, and the verdict becomes insufficient.",
    "Old evidence widens the margin. It never lowers the score, and says nothing against the officer.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One officer on one competency."""

    officer: Mapping[str, Any]
    competency: str
    verdict: Verdict
    """The one of now."""
    newest_us: int | None
    as_of_us: int
    days_until_stale: float | None
    """None: there is no scored evidence, or it is stale already."""
    days_until_mass_gate: float | None
    """None: the mass is too little already."""

    @property
    def days(self) -> float | None:
        """Days until the first of the two; None when there is neither."""
        known = [day for day in (self.days_until_stale, self.days_until_mass_gate) if day is not None]
        return min(known, default=None)

    @property
    def first(self) -> str | None:
        """Which comes first: `mass` or `stale`."""
        if self.days is None:
            return None
        return "stale" if self.days == self.days_until_stale else "mass"

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            **self.officer,
            "competency": self.competency,
            "verdict": self.verdict.value,
            "newest": None if self.newest_us is None else format_us(self.newest_us),
            "first": self.first,
            "days": rounded(self.days),
            "on": None
            if self.days is None
            else format_us(min(LAST_US, self.as_of_us + round(self.days * _DAY_US))),
            "days_until_stale": rounded(self.days_until_stale),
            "days_until_mass_gate": rounded(self.days_until_mass_gate),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """The answer: soonest first."""

    within_days: float
    lines: tuple[Line, ...]
    already_stale: int
    """Pairs of an officer and a competency whose evidence is stale now."""
    already_too_little: int
    """Pairs with scored evidence that is not stale, and has too little mass now."""
    unknown: int
    """Pairs of which the model has no estimate: nothing is said of them."""

    @property
    def notes(self) -> Sequence[str]:
        """How to read it."""
        return NOTES

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "within_days": rounded(self.within_days),
            "already_stale": self.already_stale,
            "already_too_little": self.already_too_little,
            "without_estimate": self.unknown,
            "lines": [line.as_dict() for line in self.lines],
        }

    def table(self) -> Table:
        """A line for each."""
        titles = (
            *("officer", "name", "unit", "phase", "trainer", "competency", "verdict", "newest"),
            *("first", "days", "on", "days_until_stale", "days_until_mass_gate"),
        )
        return Table(titles, tuple(tuple(line.as_dict().values()) for line in self.lines))


def stale(
    cohort: Iterable[Assessed], members: Mapping[str, Member], *, within_days: float = WITHIN_DAYS
) -> Stale:
    """Who goes stale or loses the mass gate within so many days, soonest first. Unscored rubrics are passed over."""
    lines: list[Line] = []
    already_stale = already_too_little = unknown = 0
    for officer in cohort:
        for one in officer.assessments:
            if not one.rubric.scored:
                continue
            line = _line(who(officer.subject, members), one)
            if line is None:
                unknown += 1
                continue
            if line.verdict is Verdict.STALE:
                already_stale += 1
            elif line.days_until_mass_gate is None and line.newest_us is not None:
                already_too_little += 1
            if line.days is not None and line.days <= within_days:
                lines.append(line)
    lines.sort(key=lambda line: (line.days, line.officer["officer"], line.competency))
    return Stale(
        within_days=within_days,
        lines=tuple(lines),
        already_stale=already_stale,
        already_too_little=already_too_little,
        unknown=unknown,
    )


def _line(officer: Mapping[str, Any], assessment: Assessment) -> Line | None:
    estimate, policy = assessment.estimate, assessment.policy
    distance = margins(estimate, half_life_days=policy.half_life_days, decide_at=policy.decide_at)
    if distance is None:
        return None
    return Line(
        officer=officer,
        competency=assessment.rubric.competency,
        verdict=estimate.verdict,
        newest_us=estimate.newest_us,
        as_of_us=assessment.as_of_us,
        days_until_stale=distance.days_until_stale,
        # What is stale has lost its verdict; that its mass has yet to go is no news.
        days_until_mass_gate=None if estimate.verdict is Verdict.STALE else distance.days_until_mass_gate,
    )
