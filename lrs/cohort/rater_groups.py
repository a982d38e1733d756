"""Rater × group: whether a rater differs from other raters more on the officers of one group than on the rest."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.differences import Difference, bounded, difference, on_same_officers
from lrs.cohort.groups import Groups
from lrs.cohort.suppression import MINIMUM, suppressed
from lrs.cohort.votes import Ballot
from lrs.competency.encounters import mean
from lrs.competency.estimate import rounded

ABOUT = (
    "A screening figure, not a finding of discrimination. Each number is how much a rater's ratings of the officers of "
    "one group differ from those that other raters gave the same officers; with few officers it says little, and among "
    "many raters and groups some stand out by chance."
)
"""What the figures are, said with every one of them."""
INTERVAL = 0.95
"""Probability inside of the intervals."""
_WITHOUT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterGroup:
    """One rater and one group. Suppressed: too few officers, or it would give away another cell."""

    rater: str
    group: str
    suppressed: bool
    officers: int | None = None
    """Officers of the group whom this rater and another have rated; None when suppressed."""
    difference: Difference | None = None
    """Mean difference from other raters on these officers, in rating points; below 0 is more severe."""
    beside_rest: float | None = None
    """That, less the same of the rater's other officers: the effect of rater × group. None: there are none."""
    beside_rest_interval: tuple[float, float] | None = None
    """Welch's; None where a spread cannot be estimated."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rater": self.rater,
            "group": self.group,
            "suppressed": self.suppressed,
            "officers": self.officers,
            "difference": None if self.difference is None else self.difference.as_dict(),
            "beside_rest": rounded(self.beside_rest),
            "beside_rest_interval": None
            if self.beside_rest_interval is None
            else [rounded(bound) for bound in self.beside_rest_interval],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterGroupEffect:
    """One attribute by itself."""

    attribute: str
    cells: tuple[RaterGroup, ...]
    """In order of rater, group."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "attribute": self.attribute,
            "cells": [cell.as_dict() for cell in self.cells],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterGroupAnswer:
    """Every attribute by itself, in the order of the file. An `lrs.cohort.answer.Answer`."""

    minimum: int
    attributes: tuple[RaterGroupEffect, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read it, and what it does not say."""
        return (
            ABOUT,
            f"Cells of fewer than {self.minimum} officers are withheld, and others that would give them away.",
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "smallest_cell_shown": self.minimum,
            "interval_level": INTERVAL,
            "attributes": [one.as_dict() for one in self.attributes],
        }

    def table(self) -> Table:
        """One line for each rater and group of each attribute."""
        titles = (
            "attribute",
            "rater",
            "group",
            "officers",
            "difference",
            "low",
            "high",
            "beside rest",
            "withheld",
        )
        return Table(
            titles,
            tuple(
                (
                    one.attribute,
                    cell.rater,
                    cell.group,
                    cell.officers,
                    *bounded(cell.difference),
                    rounded(cell.beside_rest),
                    cell.suppressed,
                )
                for one in self.attributes
                for cell in one.cells
            ),
        )


def rater_group_effects(
    ballots: Iterable[Ballot], groups: Groups, *, minimum: int = MINIMUM
) -> RaterGroupAnswer:
    """Every attribute by itself, in the order of the file.

    Args:
        ballots: of a cohort on one competency, see `lrs.cohort.votes`.
        groups: who belongs to which.
        minimum: smallest number of officers of a cell that is shown. A rater's total is taken to be known, so that a
            lone suppressed group takes another with it, as in `lrs.cohort.suppression`.
    """
    by_rater = on_same_officers(ballots)
    return RaterGroupAnswer(
        minimum=minimum,
        attributes=tuple(
            RaterGroupEffect(
                attribute=name,
                cells=tuple(
                    cell
                    for rater in sorted(by_rater)
                    for cell in _cells(rater, by_rater[rater], members, minimum)
                ),
            )
            for name, members in groups.by_attribute.items()
        ),
    )


def _cells(
    rater: str, by_officer: Mapping[str, float], members: Mapping[str, str], minimum: int
) -> Iterable[RaterGroup]:
    found: dict[str, list[float]] = defaultdict(list)
    for officer, value in sorted(by_officer.items()):
        found[members.get(officer, _WITHOUT)].append(value)
    hidden = suppressed({group: (len(values),) for group, values in found.items()}, minimum)
    for group in sorted(found.keys() - {_WITHOUT}):
        if group in hidden:
            yield RaterGroup(rater=rater, group=group, suppressed=True)
        else:
            rest = [value for other, values in found.items() if other != group for value in values]
            yield _shown(rater, group, found[group], rest)


def _shown(rater: str, group: str, values: Sequence[float], rest: Sequence[float]) -> RaterGroup:
    return RaterGroup(
        rater=rater,
        group=group,
        suppressed=False,
        officers=len(values),
        difference=difference(values, INTERVAL),
        beside_rest=mean(values) - mean(rest) if rest else None,
        beside_rest_interval=_welch(values, rest),
    )


def _welch(values: Sequence[float], rest: Sequence[float]) -> tuple[float, float] | None:
    """The interval of a difference of two means whose variances may differ (B. L. Welch, 1947)."""
    if min(len(values), len(rest)) < 2 or (_equal(values) and _equal(rest)):
        return None
    from scipy.special import stdtrit

    parts = [(_variance(each) / len(each), len(each) - 1) for each in (values, rest)]
    whole = math.fsum(part for part, _ in parts)
    centre = mean(values) - mean(rest)
    df = whole**2 / math.fsum(part**2 / one_df for part, one_df in parts)
    reach = float(stdtrit(df, (1 + INTERVAL) / 2)) * math.sqrt(whole)
    return centre - reach, centre + reach


def _equal(values: Sequence[float]) -> bool:
    return min(values) == max(values)


def _variance(values: Sequence[float]) -> float:
    centre = mean(values)
    return math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1)
