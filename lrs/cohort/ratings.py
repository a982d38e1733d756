"""From s in [0, 1] back to a rating that people know."""

from __future__ import annotations

from itertools import pairwise

from lrs.competency.scales import Scale


def rating_of(scale: Scale, s: float) -> float:
    """The rating with this s: the inverse of `Scale.normalise`.

    Where several ratings have the same s, the greatest; beyond what the scale can say, its nearest end.
    """
    for (x0, s0), (x1, s1) in reversed(list(pairwise(scale.points))):
        if s0 != s1 and min(s0, s1) <= s <= max(s0, s1):
            return x0 + (s - s0) / (s1 - s0) * (x1 - x0)
    return min(reversed(scale.points), key=lambda point: abs(point[1] - s))[0]


def points_per_s(scale: Scale) -> float | None:
    """How many points of the scale 1 of s is, e.g. 6 on `fto-7`; None where that is not the same all along."""
    if len(scale.points) != 2:
        return None
    (x0, s0), (x1, s1) = scale.points
    return (x1 - x0) / (s1 - s0)
