"""Question 1: which evidence is missing? A grid of recruits and indicators, empty cells marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.assessed import Assessed
from lrs.cohort.roster import Member, who
from lrs.competency.assessment import Assessment
from lrs.competency.coverage import coverage
from lrs.competency.rubric import Rubric
from lrs.xapi.timestamps import format_us

NOTES = (
    "An empty cell says that nothing scored is recorded, and nothing of how well the officer does it.",
    "Not observed (N.O.) is missing, never 0: a cell with N.O. alone is empty.",
    "Evidence on a competency as a whole covers none of its indicators; it is counted beside them.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What there is of one officer on one indicator."""

    competency: str
    indicator: str
    scored: int
    """Pieces of evidence that are scored."""
    shown: int
    """Pieces with a rating that are shown and never scored, such as self-report."""
    completed: int
    """Of a rubric that is not scored: pieces that say that it was done."""
    not_observed: int
    newest_us: int | None
    """When the newest scored, or completed, was observed."""
    empty: bool

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "competency": self.competency,
            "indicator": self.indicator,
            "scored": self.scored,
            "shown": self.shown,
            "completed": self.completed,
            "not_observed": self.not_observed,
            "newest": None if self.newest_us is None else format_us(self.newest_us),
            "empty": self.empty,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One officer: a cell for every indicator that was asked for, in that order."""

    officer: Mapping[str, Any]
    """As `lrs.cohort.roster.who` writes it."""
    cells: tuple[Cell, ...]
    whole: Mapping[str, int]
    """By competency: scored, or completed, pieces of evidence on the competency as a whole."""

    @property
    def empty(self) -> int:
        """How many cells are empty."""
        return sum(cell.empty for cell in self.cells)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            **self.officer,
            "empty": self.empty,
            "whole": dict(self.whole),
            "cells": [cell.as_dict() for cell in self.cells],
        }


@dataclass(frozen=True, slots=True)
class Gaps:
    """The grid."""

    indicators: tuple[tuple[str, str, str], ...]
    """The columns: competency, indicator, its name."""
    rows: tuple[Row, ...]
    looked_at: int
    """How many officers were looked at, those without an empty cell included."""

    @property
    def notes(self) -> Sequence[str]:
        """How to read it."""
        return NOTES

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "officers_looked_at": self.looked_at,
            "indicators": [
                {
                    "competency": competency,
                    "indicator": indicator,
                    "name": name,
                    "officers_empty": sum(row.cells[place].empty for row in self.rows),
                }
                for place, (competency, indicator, name) in enumerate(self.indicators)
            ],
            "officers": [row.as_dict() for row in self.rows],
        }

    def table(self) -> Table:
        """A line for every cell."""
        titles = (*_WHO, "competency", "indicator", *_CELL)
        return Table(
            titles,
            tuple(
                (*(row.officer[name] for name in _WHO), *cell.as_dict().values())
                for row in self.rows
                for cell in row.cells
            ),
        )


_WHO = ("officer", "name", "unit", "phase", "trainer")
_CELL = ("scored", "shown", "completed", "not_observed", "newest", "empty")


def gaps(
    cohort: Iterable[Assessed],
    members: Mapping[str, Member],
    rubrics: Mapping[str, Rubric],
    *,
    indicator: str | None = None,
    lacking: bool = False,
) -> Gaps:
    """The grid of officers, in the order given, and the indicators of the rubrics they were assessed on.

    Args:
        cohort: officers, each assessed on every one of `rubrics`, in their order.
        members: the roster, by agent key.
        rubrics: by competency; those that were asked for.
        indicator: this one only.
        lacking: leave officers out of whom no cell is empty.
    """
    columns = tuple(
        (name, one.id, one.name)
        for name, rubric in rubrics.items()
        for one in rubric.indicators
        if indicator in (None, one.id)
    )
    looked_at, rows = 0, []
    for officer in cohort:
        looked_at += 1
        row = _row(officer, members, indicator)
        if row.empty or not lacking:
            rows.append(row)
    return Gaps(columns, tuple(rows), looked_at)


def _row(officer: Assessed, members: Mapping[str, Member], indicator: str | None) -> Row:
    return Row(
        officer=who(officer.subject, members),
        cells=tuple(
            cell for one in officer.assessments for cell in _cells(one) if indicator in (None, cell.indicator)
        ),
        whole={one.rubric.competency: _whole(one) for one in officer.assessments},
    )


def _whole(assessment: Assessment) -> int:
    weighed = [
        one.record
        for one in assessment.rated
        if not assessment.rubric.scored or assessment.weight_of(one.record.evidence.tier) > 0
    ]
    return sum(record.evidence.indicator is None for record in (*weighed, *assessment.completed))


def _cells(assessment: Assessment) -> Iterator[Cell]:
    scored = assessment.rubric.scored
    for one in coverage(assessment):
        yield Cell(
            competency=assessment.rubric.competency,
            indicator=one.indicator.id,
            scored=one.evidence if scored else 0,
            shown=one.shown,
            completed=0 if scored else one.evidence,
            not_observed=one.not_observed,
            newest_us=one.newest_us,
            empty=one.gap,
        )
