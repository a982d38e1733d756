"""Plain differences between raters: how a rater's votes differ from those of others on the same thing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from lrs.cohort.votes import Ballot
from lrs.competency.encounters import mean
from lrs.competency.estimate import rounded

_Thing = TypeVar("_Thing", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A mean of differences, in rating points; below 0 is more severe than the others."""

    mean: float
    interval: tuple[float, float] | None
    """Student's t; None for fewer than two, and where all are equal: their spread cannot be estimated."""
    n: int
    """Encounters, or officers, that it is a mean over."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "mean": rounded(self.mean),
            "interval": None if self.interval is None else [rounded(bound) for bound in self.interval],
            "n": self.n,
        }


def difference(values: Sequence[float], level: float) -> Difference | None:
    """The mean of some differences with its interval of that probability; None when there are none."""
    if not values:
        return None
    centre, n = mean(values), len(values)
    if n < 2 or min(values) == max(values):
        return Difference(mean=centre, interval=None, n=n)
    from scipy.special import stdtrit

    variance = math.fsum((value - centre) ** 2 for value in values) / (n - 1)
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * math.sqrt(variance / n)
    return Difference(mean=centre, interval=(centre - reach, centre + reach), n=n)


def bounded(one: Difference | None) -> tuple[float | None, float | None, float | None]:
    """(mean, low, high) as cells of a table."""
    if one is None:
        return None, None, None
    low, high = one.interval or (None, None)
    return rounded(one.mean), rounded(low), rounded(high)


def in_same_encounters(ballots: Iterable[Ballot]) -> dict[str, dict[tuple[str, str], float]]:
    """By rater and (officer, encounter) that others rated, too: the vote less the mean of those of the others."""
    votes: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for ballot in ballots:
        votes[ballot.officer, ballot.encounter][ballot.rater] = ballot.value
    return _from_others(votes)


def on_same_officers(ballots: Iterable[Ballot]) -> dict[str, dict[str, float]]:
    """By rater and officer whom others rated, too: the rater's mean vote less the mean of those of the others.

    Each of the others has one voice, however many encounters it saw. An officer who improves makes those seem severe
    who came first.
    """
    votes: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for ballot in ballots:
        votes[ballot.officer][ballot.rater].append(ballot.value)
    return _from_others(
        {
            officer: {rater: mean(values) for rater, values in by_rater.items()}
            for officer, by_rater in votes.items()
        }
    )


def _from_others(votes: Mapping[_Thing, Mapping[str, float]]) -> dict[str, dict[_Thing, float]]:
    """Thing → rater → value, turned into rater → thing → difference from the mean of the other raters' values."""
    found: dict[str, dict[_Thing, float]] = defaultdict(dict)
    for thing, by_rater in votes.items():
        for rater, value in by_rater.items():
            others = [other for name, other in by_rater.items() if name != rater]
            if others:
                found[rater][thing] = value - mean(others)
    return dict(found)
