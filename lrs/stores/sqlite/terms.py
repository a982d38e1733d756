"""Short names of texts that are looked for: `term.id`, looked up or made within the writer's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from lrs.competency.evidence import SubjectType
from lrs.stores.sqlite.sql import query
from lrs.xapi.statement import TermKind

Name = tuple[TermKind | SubjectType, str]
"""What is interned: an index term of a statement, or a subject of evidence."""

_MOST_KNOWN = 100_000


def known_ids(connection: sqlite3.Connection, names: Iterable[Name]) -> dict[Name, str]:
    """The ids of those that there are, by a connection that reads."""
    return {
        (kind, text): str(row[0])
        for kind, text in names
        if (row := connection.execute(query("term_id"), (kind.value, text)).fetchone())
    }


class Terms:
    """What the writer knows of the table `term`. Names are never reused, so what is committed stays true.

    Ids are kept as decimal text, for they are written into JSON arrays; SQLite takes them as numbers all the same.
    """

    def __init__(self) -> None:
        self._known: dict[Name, str] = {}
        # Made in this transaction: true only once it is committed.
        self._made: list[Name] = []

    def ids(self, connection: sqlite3.Connection, names: Iterable[Name]) -> Mapping[Name, str]:
        """The id of at least each of these names; those that are new are made.

        The answer holds until the next call.
        """
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        known = self._known
        missing = {name for name in names if name not in known}
        if missing:
            new = []
            for kind, text in missing:
                if row := connection.execute(query("term_id"), (kind.value, text)).fetchone():
                    known[kind, text] = str(row[0])
                else:
                    new.append((kind, text))
            self._make(connection, new)
        return known

    def _make(self, connection: sqlite3.Connection, new: list[Name]) -> None:
        # In a fixed order, so that the same statements always give the same file.
        new.sort()
        (last,) = connection.execute(query("last_term")).fetchone()
        numbered = list(enumerate(new, start=(last or 0) + 1))
        connection.executemany(
            query("insert_term"), [(number, kind.value, text) for number, (kind, text) in numbered]
        )
        self._made += new
        self._known.update((name, str(number)) for number, name in numbered)

    def committed(self) -> None:
        """The transaction is committed."""
        self._made.clear()

    def rolled_back(self) -> None:
        """The transaction is not: what was made in it is not there."""
        for name in self._made:
            self._known.pop(name, None)
        self._made.clear()

    def forget(self) -> None:
        """The file may be another one from now on."""
        self._known.clear()
        self._made.clear()
