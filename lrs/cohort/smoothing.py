"""A smoothed band: a kernel-weighted mean over time with a pointwise interval. Deterministic, no fitting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lrs.cohort.intervals import LEVEL, student

BANDWIDTH_DAYS = 14.0
"""Standard deviation of the kernel, unless another is asked for."""
MIN_NEAR = 3.0
"""Effective number of encounters near an instant, below which no interval is drawn there."""
_DAY_US = 86_400_000_000
_MOST_POINTS = 60

METHOD = (
    "Gaussian-kernel mean (Nadaraya-Watson) of encounter means; pointwise Student interval on the effective number "
    f"of encounters n = (Σk)²/Σk², none where n < {MIN_NEAR:g}"
)


@dataclass(frozen=True, slots=True)
class BandPoint:
    """The band at one instant. Numbers in [0, 1]."""

    at_us: int
    s: float
    interval: tuple[float, float] | None
    near: float
    """Effective number of encounters that it rests on."""


def band(times_us: Sequence[int], values: Sequence[float], bandwidth_days: float) -> tuple[BandPoint, ...]:
    """The band from the first to the last of the times, at most `_MOST_POINTS` + 1 points.

    Args:
        times_us: instants in microseconds, rising.
        values: what was seen at each, in [0, 1].
        bandwidth_days: standard deviation of the kernel; above 0.
    """
    if not times_us:
        return ()
    first, last = times_us[0], times_us[-1]
    step = max(_DAY_US, math.ceil((last - first) / _MOST_POINTS))
    instants = list(range(first, last, step))
    return tuple(point_at(at, times_us, values, bandwidth_days) for at in [*instants, last])


def point_at(
    at_us: int, times_us: Sequence[int], values: Sequence[float], bandwidth_days: float
) -> BandPoint:
    """The kernel-weighted mean at one instant, and its interval, cut to [0, 1]."""
    distances = [((at_us - time) / _DAY_US / bandwidth_days) ** 2 / 2 for time in times_us]
    # The nearest has weight 1: far from everything all weights would be 0 otherwise. A common factor changes nothing.
    nearest = min(distances)
    weights = [math.exp(nearest - distance) for distance in distances]
    total = math.fsum(weights)
    middle = math.fsum(w * value for w, value in zip(weights, values, strict=True)) / total
    near = total * total / math.fsum(w * w for w in weights)
    if near < MIN_NEAR:
        return BandPoint(at_us, middle, None, near)
    spread = math.fsum(w * (value - middle) ** 2 for w, value in zip(weights, values, strict=True)) / total
    half = student(near - 1) * math.sqrt(spread / (near - 1))
    if half == 0:
        return BandPoint(at_us, middle, None, near)
    return BandPoint(at_us, middle, (max(0.0, middle - half), min(1.0, middle + half)), near)


def as_text(bandwidth_days: float) -> str:
    """The method with its numbers, as an answer names it."""
    return f"{METHOD}; bandwidth {bandwidth_days:g} days; level {LEVEL:g}"
