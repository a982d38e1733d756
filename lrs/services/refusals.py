"""What was refused of what vendors posted: counted by day, vendor and error, and never kept.

Requests are counted in memory, and what was counted is written at most once a second and process: a vendor whose every
request is wrong costs no write each. Of an error is kept what the server says, and nothing that the sender said: of a
path the names that xAPI has, of what is expected no value that was taken from the request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from threading import Lock
from typing import Any

import structlog

from lrs import schemas
from lrs.errors import Detail, LrsError
from lrs.stores.refusals import Key, Refusal, RefusalStore, added_up
from lrs.xapi.timestamps import format_us
from lrs.xapi.versions import HEADER

LONGEST_PATH = 200
LONGEST_EXPECTED = 300
ANY = "*"
"""What stands in a path for whatever the sender chose: an index, the key of an extension, a name xAPI has not."""

_EVERY_US = 1_000_000
_AFTER_FAILURE_US = 10_000_000
_TRIES = 3
"""Failures in a row after which what is waiting is given up."""
_PLACES = frozenset(
    {"", "Content-Type", "Content-Encoding", "Content-Length", HEADER, "method", "statementId", f"part {ANY}"}
)
"""Paths that are no pointers; any other is the name of a parameter that the sender chose."""
_PARAMETER = "(parameter)"
# Where the words of an error repeat what was sent: ids, hashes, the boundary of parts, numbers of a score.
_SENT = re.compile(
    r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"
    r"|\b[0-9a-fA-F]{32,}\b"
    r"|(?<=lines )--.*|(?<=last line )--.*"
    r"|(?<=below max, ).*|(?<=up to max, ).*|(?<=from min, ).*(?=, upwards)",
    re.DOTALL,
)


class Refusals:
    """The tally, as one process adds to it."""

    def __init__(self, store: RefusalStore, *, clock: Callable[[], int]) -> None:
        """`clock`: microseconds since the epoch."""
        self._store = store
        self._clock = clock
        self._lock = Lock()
        self._waiting: dict[Key, Refusal] = {}
        self._next_us = 0
        self._asked_us = 0
        self._failures = 0

    def note(self, authority: str, error: LrsError, statements: int = 0) -> None:
        """Count one refused request. Never raises for a store that cannot write.

        Args:
            authority: agent key of the key that posted; empty when none was recognised.
            error: why.
            statements: how many the request had; 0 when that is not known.
        """
        now = self._clock()
        row = _refusal(authority, error, statements, now)
        with self._lock:
            self._add([row])
            # A clock that stepped back does not keep what was counted from being written.
            due = not self._asked_us <= now < self._next_us
        if due:
            self._write(now)

    def flush(self) -> None:
        """Write what was counted, as far as the store can be written: before it is read, and at the end."""
        self._write(self._clock())

    def between(self, since_day: str, until_day: str) -> Sequence[Refusal]:
        """What was refused on the days from one up to and with another (ISO dates, UTC); most requests first."""
        self.flush()
        return self._store.refusals(since_day, until_day)

    def _add(self, rows: Sequence[Refusal]) -> None:
        """Add to what is waiting: no more than a store would keep."""
        for row in added_up(self._waiting.values(), rows):
            self._waiting[row.key] = row

    def _write(self, now: int) -> None:
        with self._lock:
            rows = list(self._waiting.values())
            self._waiting.clear()
            self._asked_us, self._next_us = now, now + _EVERY_US
        if not rows:
            return
        try:
            # Not under the lock: who is refused meanwhile does not wait for it.
            self._store.add_refusals(rows)
        except LrsError as error:
            self._not_written(rows, now, error)
        else:
            self._failures = 0

    def _not_written(self, rows: Sequence[Refusal], now: int, error: LrsError) -> None:
        """Keep them for the next time, which is later than usual; or give them up."""
        self._failures += 1
        if self._failures >= _TRIES:
            self._failures = 0
            structlog.get_logger().warning(
                "refusals_lost", requests=sum(row.requests for row in rows), reason=error.message
            )
            return
        with self._lock:
            self._add(rows)
            self._next_us = now + _AFTER_FAILURE_US


def _refusal(authority: str, error: LrsError, statements: int, at_us: int) -> Refusal:
    detail = error.details[0] if error.details else Detail("", "", "")
    return Refusal(
        day=format_us(at_us)[:10],
        authority=authority,
        code=error.code,
        path=_place(detail.path),
        expected=_cut(_SENT.sub("…", detail.expected), LONGEST_EXPECTED),
        requests=1,
        statements=statements,
        last_us=at_us,
    )


def _place(path: str) -> str:
    """Where an error is, with nothing that the sender chose."""
    if not path.startswith("/"):
        place = re.sub(r"\d+", ANY, path) if path.startswith("part ") else path
        return place if place in _PLACES else _PARAMETER
    steps = [step if step in _names() else ANY for step in path.split("/")[1:]]
    whole = "".join(f"/{step}" for step in steps)
    return whole if len(whole) <= LONGEST_PATH else _cut(whole, LONGEST_PATH)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


@cache
def _names() -> frozenset[str]:
    """Every name of a member that the schemas of statements know."""
    return frozenset(
        name
        for path, document in schemas.documents().items()
        if path.startswith("xapi-")
        for name in _named(document)
    )


def _named(node: Any) -> Iterator[str]:
    """The names of members below a node of a schema."""
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for each in node.values():
            yield from _named(each)
    elif isinstance(node, list):
        for each in node:
            yield from _named(each)
