"""Beside question 10: whose requests were refused, how often, and for which errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from lrs.cohort.answer import Table
from lrs.xapi.timestamps import format_us

MOST_REASONS = 50
"""Reasons that are told, the most frequent."""


class Counted(Protocol):
    """How often one error refused what one vendor sent on one day; see `lrs.stores.refusals.Refusal`."""

    @property
    def authority(self) -> str:
        """Agent key of the vendor; empty when no key was recognised."""

    @property
    def code(self) -> str:
        """Of the error."""

    @property
    def path(self) -> str:
        """Where it was."""

    @property
    def expected(self) -> str:
        """What would be right."""

    @property
    def requests(self) -> int:
        """That were refused."""

    @property
    def statements(self) -> int:
        """In those, as far as is known."""

    @property
    def last_us(self) -> int:
        """Instant of the last, in microseconds since the epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What several days come to."""

    authority: str
    code: str = ""
    """Empty: of all errors of the vendor, as are path and expected."""
    path: str = ""
    expected: str = ""
    requests: int
    statements: int
    last_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What was refused on some days."""

    since: str
    """The first day (ISO, UTC), all of it."""
    until: str
    """The last day, all of it."""
    by_vendor: tuple[Sum, ...]
    """Most requests first."""
    reasons: tuple[Sum, ...]
    """Every vendor's every error, most requests first."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; of the reasons the first `MOST_REASONS`."""
        return {
            "since": self.since,
            "until": self.until,
            "requests": sum(one.requests for one in self.by_vendor),
            "statements": sum(one.statements for one in self.by_vendor),
            "by_vendor": [
                {
                    "authority": one.authority,
                    "requests": one.requests,
                    "statements": one.statements,
                    "last": format_us(one.last_us),
                }
                for one in self.by_vendor
            ],
            "reasons": [
                {
                    "authority": one.authority,
                    "code": one.code,
                    "path": one.path,
                    "expected": one.expected,
                    "requests": one.requests,
                    "last": format_us(one.last_us),
                }
                for one in self.reasons[:MOST_REASONS]
            ],
            "more_reasons": max(0, len(self.reasons) - MOST_REASONS),
        }


def refused(rows: Iterable[Counted], since: str, until: str) -> Refused:
    """Add up what was refused on the days from `since` up to and with `until` (ISO dates, UTC)."""
    counted = list(rows)
    return Refused(
        since=since,
        until=until,
        by_vendor=_sums(counted, lambda one: (one.authority,)),
        reasons=_sums(counted, lambda one: (one.authority, one.code, one.path)),
    )


def refused_table(told: Sequence[dict[str, Any]]) -> Table:
    """The `reasons` or the `by_vendor` of an answer as a flat table; nothing without any."""
    titles = tuple(told[0]) if told else ()
    return Table(titles, tuple(tuple(one.values()) for one in told))


def _sums(rows: Sequence[Counted], key: Callable[[Counted], tuple[str, ...]]) -> tuple[Sum, ...]:
    sums = (_sum(name, list(group)) for name, group in groupby(sorted(rows, key=key), key=key))
    return tuple(sorted(sums, key=lambda one: (-one.requests, one.authority, one.code, one.path)))


def _sum(name: Sequence[str], rows: Sequence[Counted]) -> Sum:
    latest = max(rows, key=lambda one: (one.last_us, one.expected))
    authority, code, path = (*name, "", "")[:3]
    return Sum(
        authority=authority,
        code=code,
        path=path,
        expected=latest.expected if code else "",
        requests=sum(one.requests for one in rows),
        statements=sum(one.statements for one in rows),
        last_us=latest.last_us,
    )
