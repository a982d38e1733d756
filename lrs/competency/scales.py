"""Scales: versioned anchor tables that turn a rating, as it was given, into s in [0, 1]."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Scale:
    """An anchor table: piecewise linear between its points, nothing outside of them.

    `points` are (rating, s): ratings strictly rising, s in [0, 1] and never turning back (a scale on which 1
    is the best falls throughout). Raises `ValueError` when they are not.
    """

    name: str
    version: str
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.points) < 2:
            raise ValueError("a scale has two points or more")
        steps = list(pairwise(self.points))
        if not all(left[0] < right[0] for left, right in steps):
            raise ValueError("the ratings of a scale's points rise from each to the next")
        if not all(0 <= s <= 1 for _, s in self.points):
            raise ValueError("s is in [0, 1]")
        rises = [right[1] - left[1] for left, right in steps]
        if min(rises) < 0 < max(rises) or not any(rises):
            raise ValueError("s rises all along a scale or falls all along it")

    @property
    def lowest(self) -> float:
        """The least rating that can be given."""
        return self.points[0][0]

    @property
    def highest(self) -> float:
        """The greatest rating that can be given."""
        return self.points[-1][0]

    def normalise(self, rating: float) -> float:
        """`rating` as s in [0, 1], e.g. (x - 1) / 6 on `fto-7`. Raises `ValueError` outside of the scale."""
        points = self.points
        if not points[0][0] <= rating <= points[-1][0]:  # true for NaN, too
            raise ValueError(
                f"{rating:g} is not on the scale {self.name}, {self.lowest:g} to {self.highest:g}"
            )
        right = 1 if len(points) == 2 else max(1, bisect_left(points, (rating,)))
        (x0, s0), (x1, s1) = points[right - 1], points[right]
        return s0 + (rating - x0) / (x1 - x0) * (s1 - s0)

    def as_dict(self) -> dict[str, Any]:
        """The scale as a rubric file writes it."""
        return {"name": self.name, "version": self.version, "points": [list(point) for point in self.points]}


@cache
def standard_scales() -> Mapping[str, Scale]:
    """The scales that a rubric may take by name: `fto-7`, `likert-5`, `unit`, `scaled`, `hours`, all of version 1.

    `scaled` is xAPI's `result.score.scaled`: what is not above 0 shows nothing of the competency. `hours` is for
    amounts in rubrics that are never scored: s on it says how much of 1,000 hours it is, and nothing of how well.
    """
    scales = (
        Scale("fto-7", "1", ((1.0, 0.0), (7.0, 1.0))),
        Scale("likert-5", "1", ((1.0, 0.0), (5.0, 1.0))),
        Scale("unit", "1", ((0.0, 0.0), (1.0, 1.0))),
        Scale("scaled", "1", ((-1.0, 0.0), (0.0, 0.0), (1.0, 1.0))),
        Scale("hours", "1", ((0.0, 0.0), (1000.0, 1.0))),
    )
    return MappingProxyType({scale.name: scale for scale in scales})
