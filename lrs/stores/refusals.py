"""What was refused, as a store keeps it: a tally by day, vendor and error. Never what a request brought.

It says how often something was wrong and what would have been right, so that somebody can talk to a vendor. It is no
record of persons: no value that was found is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

MOST_A_DAY = 1000
"""Rows that a day has at most."""
MOST_WITH_PATH = 900
"""Those of them that say where; what more there is goes to one row for each authority and code."""
OTHER = "(other)"
"""The path of a row that stands for several; and its code, where it stands for several vendors, too."""

Key = tuple[str, str, str, str]
"""Day, authority, code and path: what a row is one of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How often one error refused what one vendor sent on one day."""

    day: str
    """ISO date in UTC."""
    authority: str
    """Agent key of the key that posted; empty when no key was recognised."""
    code: str
    """Of the error, as `invalid_statement`."""
    path: str
    """Where: a JSON Pointer with `*` for whatever the sender chose, a header's name, or empty; 200 characters."""
    expected: str
    """What would be right, as it was said last; at most 300 characters."""
    requests: int
    statements: int
    """That those requests had, as far as is known."""
    last_us: int
    """Instant of the last of them, in microseconds since the epoch."""

    @property
    def key(self) -> Key:
        """What no other row has."""
        return self.day, self.authority, self.code, self.path


class RefusalStore(Protocol):
    """The tally. It only grows, within its bounds."""

    def add_refusals(self, rows: Sequence[Refusal]) -> None:
        """Add their counts up, all or nothing, whoever adds at the same time; see `added_up`."""

    def refusals(self, since_day: str, until_day: str) -> Sequence[Refusal]:
        """Those of the days from one up to and with another (ISO dates), see `in_order`."""


def added_up(there: Iterable[Refusal], rows: Iterable[Refusal]) -> list[Refusal]:
    """The rows of a tally that change, as they are after `rows` were added.

    Counts are added to the row of the same day, authority, code and path, which keeps the later `last_us` and what was
    expected then. `there`: all rows that the days of `rows` have.
    """
    tally = {one.key: one for one in there}
    sizes = {day: len(list(of_it)) for day, of_it in groupby(sorted(tally), key=lambda key: key[0])}
    changed: dict[Key, None] = {}
    for row in rows:
        one = _with_room(row, tally, sizes.get(row.day, 0))
        known = tally.get(one.key)
        if known is None:
            sizes[one.day] = sizes.get(one.day, 0) + 1
        tally[one.key] = one if known is None else _sum(known, one)
        changed[one.key] = None
    return [tally[key] for key in changed]


def in_order(rows: Iterable[Refusal]) -> list[Refusal]:
    """Most requests first; of as many, by day, authority, code and path."""
    return sorted(rows, key=lambda one: (-one.requests, one.key))


def _with_room(row: Refusal, tally: Iterable[Key], size: int) -> Refusal:
    """The row itself, or the one that takes it up on a day that has many."""
    if row.key in tally or size < MOST_WITH_PATH:
        return row
    one = replace(row, path=OTHER, expected="")
    if one.key in tally or size < MOST_A_DAY - 1:
        return one
    return replace(one, authority="", code=OTHER)


def _sum(known: Refusal, more: Refusal) -> Refusal:
    later = more if more.last_us >= known.last_us else known
    return replace(
        later,
        requests=known.requests + more.requests,
        statements=known.statements + more.statements,
    )
