"""Adverse impact: whether one group's rate of `at_standard` lies below four fifths of another's.

The four-fifths rule is that of the Uniform Guidelines on Employee Selection Procedures (29 CFR 1607.4 D). It screens:
it says where to look, and neither that there was discrimination nor that there was none.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.groups import Groups
from lrs.cohort.suppression import MINIMUM, suppressed
from lrs.competency.estimate import Verdict, rounded

ABOUT = (
    "A screening figure, not a finding of discrimination: it says where to look. It compares verdicts on recorded "
    "evidence, which are no employment decisions; with few people a ratio says little, and one at or above 0.80 "
    "does not show that there is no difference."
)
"""What the figures are, said with every one of them."""
FOUR_FIFTHS = Fraction(4, 5)
INTERVAL = 0.95
"""Probability inside of the intervals."""
_WITHOUT = ""
"""The row of those who have no group; no group has this name."""


class Base(StrEnum):
    """Of whom a rate is."""

    DECIDED = "decided"  # of those whose verdict is at_standard or below_standard
    ALL = "all"  # of everybody in the group: who is not decided is not at standard


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many of a group are at standard, beside the group with the highest rate."""

    base: Base
    at_standard: int
    people: int
    """More than 0."""
    interval: tuple[float, float]
    """Wilson's, of the rate."""
    highest: bool
    """It is the rate that the others are held to."""
    ratio: float | None
    """To the highest rate; None when that is 0."""
    ratio_interval: tuple[float, float] | None
    """By Katz's logarithms; None for the highest itself, and where a count is 0."""
    flagged: bool
    """The ratio is below four fifths, exactly."""
    p: float | None
    """Fisher's exact test against the group with the highest rate, two-sided; None for that one itself."""

    @property
    def rate(self) -> float:
        """In [0, 1]."""
        return self.at_standard / self.people

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "of": self.base.value,
            "at_standard": self.at_standard,
            "people": self.people,
            "rate": rounded(self.rate),
            "interval": _bounds(self.interval),
            "highest": self.highest,
            "ratio": rounded(self.ratio),
            "ratio_interval": _bounds(self.ratio_interval),
            "below_four_fifths": self.flagged,
            "fisher_p": rounded(self.p),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupImpact:
    """One group of an attribute. Suppressed: its cells are small, or would give away those of another."""

    group: str
    suppressed: bool
    rates: tuple[Rate, ...] = ()
    """Of the decided, and of all; empty when suppressed. Of the decided there is none when nobody is."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "group": self.group,
            "suppressed": self.suppressed,
            "rates": [rate.as_dict() for rate in self.rates],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """One attribute by itself."""

    attribute: str
    groups: tuple[GroupImpact, ...]
    """In order of name."""
    without_group: int | None
    """People of the cohort of whom the file says nothing here; None when it is too small a number to show."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "attribute": self.attribute,
            "groups": [group.as_dict() for group in self.groups],
            "without_group": self.without_group,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactAnswer:
    """Every attribute by itself, in the order of the file. An `lrs.cohort.answer.Answer`."""

    minimum: int
    attributes: tuple[Impact, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read it, and what it does not say."""
        return (
            ABOUT,
            "`decided`: the rate of those whose verdict is at_standard or below_standard; `all`: of everybody in the "
            "group, so that who is not decided is not at standard.",
            f"Groups with a cell of fewer than {self.minimum} people are withheld, and others that would give them "
            "away; no ratio is taken to a withheld group.",
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rule": "a rate of at_standard below four fifths of the highest",
            "smallest_cell_shown": self.minimum,
            "interval_level": INTERVAL,
            "attributes": [one.as_dict() for one in self.attributes],
        }

    def table(self) -> Table:
        """Two lines for each group: of the decided, and of all; one for a group that is withheld."""
        titles = ("attribute", "group", "of", "at standard", "people", "rate", "low", "high", "ratio")
        return Table(
            (*titles, "below 0.80", "Fisher p", "withheld"),
            tuple(
                (one.attribute, group.group, *line, group.suppressed)
                for one in self.attributes
                for group in one.groups
                for line in [_line(rate) for rate in group.rates] or [(None,) * 9]
            ),
        )


def _line(rate: Rate) -> tuple[Any, ...]:
    low, high = rate.interval
    numbers = (rounded(rate.rate), rounded(low), rounded(high), rounded(rate.ratio))
    return (rate.base.value, rate.at_standard, rate.people, *numbers, rate.flagged, rounded(rate.p))


@dataclass(frozen=True, slots=True)
class _Cells:
    """The people of a group, by what their verdict is."""

    at: int
    below: int
    undecided: int

    def counts(self, base: Base) -> tuple[int, int]:
        """(at standard, people)."""
        people = self.at + self.below + (self.undecided if base is Base.ALL else 0)
        return self.at, people


def adverse_impact(
    verdicts: Mapping[str, Verdict], groups: Groups, *, minimum: int = MINIMUM
) -> ImpactAnswer:
    """Every attribute by itself, in the order of the file.

    Args:
        verdicts: of a cohort on one competency, by officer (agent key). Those of a competency that is never scored
            say nothing here and are left out.
        groups: who belongs to which.
        minimum: smallest number of people in a cell that is shown, see `lrs.cohort.suppression`. Cells are those at
            and those below standard; how many are undecided is not held to be anybody's secret.
    """
    scored = {officer: verdict for officer, verdict in verdicts.items() if verdict is not Verdict.NOT_SCORED}
    return ImpactAnswer(
        minimum=minimum,
        attributes=tuple(
            _attribute(name, scored, members, minimum) for name, members in groups.by_attribute.items()
        ),
    )


def _attribute(
    name: str, verdicts: Mapping[str, Verdict], members: Mapping[str, str], minimum: int
) -> Impact:
    cells = _cells(verdicts, members)
    hidden = suppressed({group: (one.at, one.below) for group, one in cells.items()}, minimum)
    shown = {group: one for group, one in cells.items() if group not in hidden and group != _WITHOUT}
    by_base = [_rates(base, shown) for base in Base]
    without = cells.get(_WITHOUT)
    return Impact(
        attribute=name,
        groups=tuple(
            GroupImpact(
                group=group,
                suppressed=group in hidden,
                rates=tuple(rates[group] for rates in by_base if group in rates),
            )
            for group in sorted(cells.keys() - {_WITHOUT})
        ),
        without_group=None if _WITHOUT in hidden else without.counts(Base.ALL)[1] if without else 0,
    )


def _cells(verdicts: Mapping[str, Verdict], members: Mapping[str, str]) -> dict[str, _Cells]:
    """By group, those without a group under `_WITHOUT`; only groups with people."""
    counts: Counter[tuple[str, Verdict | None]] = Counter()
    decided = (Verdict.AT_STANDARD, Verdict.BELOW_STANDARD)
    for officer, verdict in verdicts.items():
        counts[members.get(officer, _WITHOUT), verdict if verdict in decided else None] += 1
    return {
        group: _Cells(
            counts[group, Verdict.AT_STANDARD], counts[group, Verdict.BELOW_STANDARD], counts[group, None]
        )
        for group in {group for group, _ in counts}
    }


def _rates(base: Base, shown: Mapping[str, _Cells]) -> dict[str, Rate]:
    counts = {group: one.counts(base) for group, one in sorted(shown.items())}
    counts = {group: (at, people) for group, (at, people) in counts.items() if people}
    if not counts:
        return {}
    # Of several with the highest rate the one of most people is what the others are held to.
    best = max(counts, key=lambda group: (Fraction(*counts[group]), counts[group][1]))
    return {group: _rate(base, one, counts[best], highest=group == best) for group, one in counts.items()}


def _rate(base: Base, one: tuple[int, int], best: tuple[int, int], *, highest: bool) -> Rate:
    # Fractions: 48 of 100 beside 60 of 100 is 0.80 and not below it, which floating point does not know.
    top = Fraction(*best)
    ratio = Fraction(*one) / top if top else None
    return Rate(
        base=base,
        at_standard=one[0],
        people=one[1],
        interval=_wilson(*one),
        highest=highest,
        ratio=None if ratio is None else float(ratio),
        ratio_interval=None if highest else _katz(one, best),
        flagged=ratio is not None and ratio < FOUR_FIFTHS,
        p=None if highest else _fisher(one, best),
    )


def _wilson(at: int, people: int) -> tuple[float, float]:
    """Wilson's score interval of a rate (E. B. Wilson, 1927)."""
    z2 = _z() ** 2
    rate = at / people
    centre = (rate + z2 / (2 * people)) / (1 + z2 / people)
    reach = math.sqrt(z2 * (rate * (1 - rate) + z2 / (4 * people)) / people) / (1 + z2 / people)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def _katz(one: tuple[int, int], best: tuple[int, int]) -> tuple[float, float] | None:
    """The interval of a ratio of two rates by their logarithms (D. Katz and others, 1978)."""
    if not one[0] or not best[0]:
        return None
    ratio = Fraction(*one) / Fraction(*best)
    error = math.sqrt(1 / one[0] - 1 / one[1] + 1 / best[0] - 1 / best[1])
    return float(ratio) * math.exp(-_z() * error), float(ratio) * math.exp(_z() * error)


def _fisher(one: tuple[int, int], best: tuple[int, int]) -> float:
    import numpy as np
    from scipy.stats import fisher_exact

    table = np.array([[at, people - at] for at, people in (one, best)])
    return float(fisher_exact(table, alternative="two-sided").pvalue)


def _z() -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + INTERVAL) / 2))


def _bounds(interval: Sequence[float] | None) -> list[float] | None:
    return None if interval is None else [rounded(bound) for bound in interval]
