"""What statements do to each other: the filters that a StatementRef takes over, and voiding.

Both work in either order of arrival, and are looked at once for all new statements of a group.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable

from lrs.stores.sqlite.sql import query

_Source = tuple[int, bytes, bytes]
"""A statement that refers to another: its `stored`, its id, the other's id."""


def follow(connection: sqlite3.Connection, before: int) -> None:
    """Follow the references from and to the statements stored after `before`, in the transaction that did it.

    xAPI-Communication 2.1.3 (a StatementRef meets the filters that its target meets, recursively) and
    xAPI-Data 2.3.2 (a voiding statement cannot be voided). Who may void what, see `StatementStore.add`.
    """
    # Mostly there are none.
    found = connection.execute(query("new_references"), {"before": before}).fetchall()
    for stored, _, _, target, voids in found:
        if voids:
            # When the voiding statement came first, the target is void from its first instant.
            since = {"stored": target, "since": max(stored, target)}
            connection.execute(query("void_statement"), since)
            connection.execute(query("void_evidence"), since)
    for stored, _, target_id in _with_all_sources(connection, [row[:3] for row in found]):
        connection.execute(query("inherit"), {"stored": stored, "target": target_id})


def _with_all_sources(connection: sqlite3.Connection, sources: Iterable[_Source]) -> Iterable[_Source]:
    """These statements and all that lead to them: each may meet filters that it did not meet before."""
    waiting = deque(sources)
    reached: dict[int, _Source] = {}
    while waiting:
        source = waiting.popleft()
        if source[0] not in reached:
            reached[source[0]] = source
            waiting += connection.execute(query("sources_of"), (source[1],))
    return reached.values()
