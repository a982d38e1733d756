"""The agency's own model: how sure is it that enough of the reports are acceptable?

Agreed upon with the officers' association because it can be counted: every vote counts the same, however old it is and
wherever it comes from, as acceptable or not. With k acceptable votes of n, the share has the distribution
Beta(1 + k, 1 + n - k), and the probability that it is at least c is that of k or fewer hits in n + 1 trials at c.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from lrs.plugin import Aggregate, Cut, Policy, Step, Vote

REQUIRED_SHARE = 0.75
"""Of the reports has to be acceptable."""

_SLACK = 1e-9  # a 4 is a 4 on whatever scale it was given
_HALVINGS = 50


class ShareAcceptable:
    """Is the share of acceptable votes at least the required one?"""

    def __init__(self, required: float) -> None:
        self._required = required
        # Another share is another model: profiles name the one that they rest on.
        self.id = f"share-acceptable/1-{required:g}"

    def aggregate(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Aggregate:
        """What the votes say; `policy` has a say in the width of the interval alone."""
        k, n = _count(votes, cut), len(votes)
        tail = (1 - policy.interval) / 2
        return Aggregate(
            score=k / n if n else None,
            posterior_mean=(k + 1) / (n + 2),
            interval=(_quantile(k, n, tail), _quantile(k, n, 1 - tail)),
            probability=at_least(self._required, k, n),
        )

    def working(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Iterator[Step]:
        """Each step with its numbers."""
        k, n, c = _count(votes, cut), len(votes), self._required
        yield Step("acceptable", f"votes at or above {cut.anchor:g} on {cut.scale.name}", f"{k} of {n}")
        yield Step("posterior_mean", "(k + 1) / (n + 2)", f"{k + 1} / {n + 2} = {(k + 1) / (n + 2):.6f}")
        formula = "sum over j from 0 to k of C(n + 1, j) c^j (1 - c)^(n + 1 - j)"
        yield Step("probability", formula, f"k {k}, n {n}, c {c:g}: {at_least(c, k, n):.6f}")


def at_least(c: float, k: int, n: int) -> float:
    """The probability that the share is `c` or more, after `k` acceptable votes of `n`; `c` between 0 and 1."""
    return min(1.0, math.fsum(math.exp(_log_hits(j, n + 1, c)) for j in range(k + 1)))


def _log_hits(j: int, trials: int, c: float) -> float:
    """The logarithm of the probability of just `j` hits; factorials of many trials are too large for a float."""
    choices = math.lgamma(trials + 1) - math.lgamma(j + 1) - math.lgamma(trials - j + 1)
    return choices + j * math.log(c) + (trials - j) * math.log1p(-c)


def _quantile(k: int, n: int, below: float) -> float:
    """The share that has the probability `below` below it, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if 1 - at_least(middle, k, n) < below:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _count(votes: Sequence[Vote], cut: Cut) -> int:
    return sum(vote.s >= cut.anchor_s - _SLACK for vote in votes)
