"""Means, differences, slopes and correlations with their intervals: small, named methods that can be redone by hand.

Sums are exactly rounded, so that the order of the numbers never changes a bit of an answer. Where a spread cannot be
estimated (one number, or all of them equal) there is no interval: none is better than one of width 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from lrs.competency.encounters import mean
from lrs.competency.estimate import rounded

LEVEL = 0.9
"""Probability that every interval of the cohort questions is made for."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its interval."""

    value: float
    interval: tuple[float, float] | None
    """None: the spread cannot be estimated."""
    n: int
    """How many observations it rests on."""
    variance: float | None = None
    """Squared standard error; None as the interval."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"value": rounded(self.value), "interval": written(self.interval), "n": self.n}

    def scaled(self, factor: float) -> Measured:
        """The same in other units: value and interval times `factor`, which may be below 0."""
        ends = None if self.interval is None else sorted(factor * end for end in self.interval)
        variance = None if self.variance is None else self.variance * factor * factor
        return Measured(factor * self.value, None if ends is None else (ends[0], ends[1]), self.n, variance)


def written(interval: tuple[float, float] | None) -> list[float] | None:
    """An interval as JSON, rounded."""
    return None if interval is None else [rounded(end) for end in interval]


def mean_of(values: Sequence[float]) -> Measured:
    """The mean of one number or more, with Student's interval: mean ± t(n - 1) · sd / √n."""
    middle, n = mean(values), len(values)
    if n < 2 or min(values) == max(values):
        return Measured(middle, None, n)
    variance = math.fsum((value - middle) ** 2 for value in values) / (n - 1) / n
    return Measured(middle, _around(middle, math.sqrt(variance), n - 1), n, variance)


def difference(later: Measured, earlier: Measured) -> Measured:
    """`later` - `earlier` of two means, with Welch's interval (Welch 1947): the spreads may differ."""
    return combined([(1.0, later), (-1.0, earlier)])


def combined(terms: Sequence[tuple[float, Measured]]) -> Measured:
    """Σ factor · mean over independent means, with the interval of Welch and Satterthwaite.

    A mean whose values are all equal adds no error, as long as another has one; with a mean of a single value, or
    without any spread at all, there is no interval.
    """
    value = math.fsum(factor * one.value for factor, one in terms)
    n = sum(one.n for _, one in terms)
    parts = [
        (factor * factor * one.variance, one.n)
        for factor, one in terms
        if one.variance is not None and one.n > 1
    ]
    variance = math.fsum(part for part, _ in parts)
    if variance <= 0 or any(one.n < 2 for _, one in terms):
        return Measured(value, None, n)
    df = variance * variance / math.fsum(part * part / (count - 1) for part, count in parts)
    return Measured(value, _around(value, math.sqrt(variance), df), n, variance)


def slope_of(values: Sequence[float]) -> Measured:
    """Least-squares slope per step of values one step apart, with Student's interval on n - 2.

    At least three values. Values that lie on a line have the interval of width 0 that this formula gives.
    """
    n = len(values)
    centre, middle = (n - 1) / 2, mean(values)
    square = math.fsum((step - centre) ** 2 for step in range(n))
    slope = math.fsum((step - centre) * value for step, value in enumerate(values)) / square
    left = math.fsum((value - middle - slope * (step - centre)) ** 2 for step, value in enumerate(values))
    variance = left / (n - 2) / square
    return Measured(slope, _around(slope, math.sqrt(variance), n - 2), n, variance)


def pearson(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation, in [-1, 1]; None when one side does not vary."""
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    if min(left) == max(left) or min(right) == max(right):
        return None
    a, b = mean(left), mean(right)
    both = math.fsum((x - a) * (y - b) for x, y in pairs)
    squares = math.fsum((x - a) ** 2 for x in left) * math.fsum((y - b) ** 2 for y in right)
    return max(-1.0, min(1.0, both / math.sqrt(squares)))


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Spearman's rank correlation, ties sharing the mean of their ranks; None when one side does not vary."""
    ranks = [_ranks([pair[side] for pair in pairs]) for side in (0, 1)]
    return pearson(list(zip(*ranks, strict=True)))


def pearson_interval(r: float, n: int) -> tuple[float, float] | None:
    """Fisher's interval: tanh(artanh r ± z / √(n - 3)). None for |r| = 1 or fewer than four pairs."""
    return _fisher(r, n, 1.0)


def spearman_interval(r: float, n: int) -> tuple[float, float] | None:
    """The same with the wider error √((1 + r²/2) / (n - 3)) of Bonett and Wright (2000)."""
    return _fisher(r, n, 1 + r * r / 2)


def student(df: float) -> float:
    """The quantile of Student's t that ends a central interval of `LEVEL`."""
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + LEVEL) / 2))


def _around(value: float, error: float, df: float) -> tuple[float, float]:
    half = student(df) * error
    return value - half, value + half


def _fisher(r: float, n: int, inflation: float) -> tuple[float, float] | None:
    if abs(r) >= 1 or n < 4:
        return None
    half = NormalDist().inv_cdf((1 + LEVEL) / 2) * math.sqrt(inflation / (n - 3))
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first: dict[float, int] = {}
    last: dict[float, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
        last[value] = place
    return [(first[value] + last[value]) / 2 for value in values]
