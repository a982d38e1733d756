"""A stream of realistic statements of any length, for benchmarks and load tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count as counting
from itertools import islice
from typing import Final

from lrs.demo.academy import generate
from lrs.demo.people import FULL_SIZE
from lrs.demo.shapes import Posting, stream
from lrs.demo.vocabulary import Json

_UNTIL: Final = datetime(2026, 11, 1, tzinfo=UTC)
_LEFT_OUT: Final = frozenset(("gazed", "grabbed", "nodded", "voided", "mentored"))
"""Last part of verbs whose statements are small or refer to others."""
_PER_RECRUIT: Final = 100
"""Statements that one recruit is sure to yield, near enough."""


def realistic(count: int, seed: int = 1) -> Iterator[Json]:
    """`count` statements of about 1.6 KB of JSON, each with an id, valid in both versions of xAPI.

    Ratings, VR scenarios and choices, e-learning, surveys: mixed, in order of time within one cohort after
    another. The same arguments give the same statements. They share parts: do not change them.
    """
    scale = min(1.0, max(1, count // _PER_RECRUIT) / FULL_SIZE)
    return islice(_endless(seed, scale), count)


def _endless(seed: int, scale: float) -> Iterator[Json]:
    for number in counting():
        cohort_seed = stream(seed, "cohort", number).getrandbits(63)
        for posting in generate(until=_UNTIL, seed=cohort_seed, scale=scale):
            if _is_wanted(posting):
                yield posting.statement


def _is_wanted(posting: Posting) -> bool:
    statement = posting.statement
    verb = statement["verb"]["id"].rpartition("/")[2]
    return verb not in _LEFT_OUT and "contextAgents" not in statement["context"]
