"""What statements say of activities: each distinct definition once, written with the statements that bring it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import sha256

from lrs.stores.sqlite.sql import query
from lrs.stores.sqlite.terms import Terms
from lrs.xapi.statement import TermKind

Given = tuple[str, str, int]
"""IRI of an activity, its definition as JSON text, `stored` of a statement that came with it."""

_MOST_KNOWN = 50_000


class Definitions:
    """What the writer knows of the table `definition`. Nothing is deleted from it: what is committed stays true.

    Vendors send the same few definitions with every statement, so mostly there is nothing to look up or write.
    """

    def __init__(self, terms: Terms, most_known: int = _MOST_KNOWN) -> None:
        """`most_known`: how many definitions are remembered, by IRI and SHA-256."""
        self._terms = terms
        self._most_known = most_known
        self._known: set[tuple[str, bytes]] = set()
        # Written in this transaction: true only once it is committed.
        self._written: list[tuple[str, bytes]] = []

    def add(self, connection: sqlite3.Connection, given: Iterable[Given]) -> None:
        """Write those that are not there yet, in their order, in the transaction that stores the statements."""
        # A batch says the same again and again: compared as text first, for a digest costs more.
        first_stored: dict[tuple[str, str], int] = {}
        for activity, text, stored in given:
            first_stored.setdefault((activity, text), stored)
        fresh = {}
        for (activity, text), stored in first_stored.items():
            key = activity, sha256(text.encode()).digest()
            if key not in self._known:
                fresh[key] = text, stored
        if fresh:
            self._write(connection, fresh)

    def _write(self, connection: sqlite3.Connection, fresh: dict[tuple[str, bytes], tuple[str, int]]) -> None:
        kind = TermKind.RELATED_ACTIVITY
        ids = self._terms.ids(connection, {(kind, activity) for activity, _ in fresh})
        connection.executemany(
            query("insert_definition"),
            [
                (ids[kind, activity], digest, stored, text)
                for (activity, digest), (text, stored) in fresh.items()
            ],
        )
        self._written += fresh

    def committed(self) -> None:
        """The transaction is committed: what was written in it may be remembered."""
        if self._written:
            if len(self._known) + len(self._written) > self._most_known:
                self._known.clear()
            self._known.update(self._written[-self._most_known :])
            self._written.clear()

    def rolled_back(self) -> None:
        """The transaction is not: what was written in it is not there."""
        self._written.clear()

    def forget(self) -> None:
        """The file may be another one from now on."""
        self._known.clear()
        self._written.clear()


def read_definitions(connection: sqlite3.Connection, activity: str) -> list[str]:
    """Every distinct definition of an activity, in order of first sight."""
    # An activity has few: sorted here, with no index for it.
    return [text for _, text in sorted(connection.execute(query("definitions"), (activity,)))]
