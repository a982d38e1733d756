"""Numbers of sources and of their generations, looked up or made within the writer's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from lrs.competency.evidence import Source
from lrs.stores.base import Kind
from lrs.stores.sqlite.sql import query


def generation_of(connection: sqlite3.Connection, source: Source, kind: Kind, now: int) -> int:
    """The source's generation of that kind; begun `now` (an instant) when there was none."""
    number = _source(connection, source)
    row = connection.execute(query("generation_of"), (number, kind.value)).fetchone()
    if row is not None:
        return int(row[0])
    made = connection.execute(query("insert_generation"), (number, kind.value, now)).lastrowid
    if made is None:
        raise AssertionError("an INSERT has a row id")
    return made


def _source(connection: sqlite3.Connection, source: Source) -> int:
    row = connection.execute(query("source"), (source.digest,)).fetchone()
    if row is not None:
        return int(row[0])
    values = source.plugin, source.version, source.digest, source.rubrics
    made = connection.execute(query("insert_source"), values).lastrowid
    if made is None:
        raise AssertionError("an INSERT has a row id")
    return made


class LiveGenerations:
    """What the writer knows of live generations. None is ever deleted, so what is committed stays true."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        # Made in this transaction: true only once it is committed.
        self._made: list[str] = []

    def numbers(
        self, connection: sqlite3.Connection, sources: Iterable[Source], now: int
    ) -> Mapping[str, int]:
        """The live generation of at least each of these, by the digest of the source.

        One is begun `now`, an instant, when its source finds something for the first time. The first of a plugin
        is in force from the beginning. The answer holds until the next call.
        """
        known = self._known
        for source in sources:
            if source.digest not in known:
                number = generation_of(connection, source, Kind.LIVE, now)
                connection.execute(query("activate_first"), {"plugin": source.plugin, "generation": number})
                known[source.digest] = number
                self._made.append(source.digest)
        return known

    def committed(self) -> None:
        """The transaction is committed."""
        self._made.clear()

    def rolled_back(self) -> None:
        """The transaction is not: what was made in it is not there."""
        for digest in self._made:
            self._known.pop(digest, None)
        self._made.clear()

    def forget(self) -> None:
        """The file may be another one from now on."""
        self._known.clear()
        self._made.clear()
