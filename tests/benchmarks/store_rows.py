"""The rows that a SQLite store writes for statements, taken from a store that was filled with them.

Nothing in here knows a table by name: all that grows while statements come in is taken, with every index that it has.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from lrs.services.ingest import Body
from lrs.xapi.versions import Version
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.stores import empty_store, opened, remove

Row = tuple[Any, ...]
Group = Sequence[tuple[str, Sequence[Row]]]
"""What one transaction writes: an INSERT, and the rows for it, of each table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRows:
    """What it takes to write the same again, and nothing else."""

    schema: Sequence[str]
    """Tables and indexes."""
    before: Group
    """What was there before the first statement."""
    groups: Sequence[Group]
    """Of each batch."""

    def count(self) -> int:
        """Rows of all batches."""
        return sum(len(rows) for group in self.groups for _, rows in group)


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    key: str
    """By which its rows are told apart by age: rowid, or `stored`; empty: they cannot be."""
    width: int
    """Columns."""

    @property
    def insert(self) -> str:
        return f'INSERT INTO "{self.name}" VALUES ({", ".join("?" * self.width)})'


def rows_of(plan: Plan, size: int) -> StoreRows:
    """Fill an empty store with the first `plan.rows` statements, `size` a batch, and take the rows out of it.

    Raises `BenchmarkError` when there is no batch.
    """
    say(f"Filling a store with {plan.rows:,} statements, for its rows …")
    file = plan.folder / "rows.db"
    key_id, secret = empty_store(file)
    rapport = opened(file)
    try:
        vendor = rapport.access.authenticate(key_id, secret)
        with closing(sqlite3.connect(file)) as connection:
            tables = _tables(connection)
            ends = [_ends(connection, tables)]
            for body in batches(lines(plan, 0, plan.rows), size):
                rapport.ingest.post(Body("application/json", body), Version.V1, vendor)
                ends.append(_ends(connection, tables))
            if len(ends) < 2:
                raise BenchmarkError(f"{plan.rows} statements are no batch of {size}.")
            return _taken(connection, tables, ends)
    finally:
        rapport.store.close()
        remove(file)


def _tables(connection: sqlite3.Connection) -> list[_Table]:
    found = []
    query = (
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'"
    )
    for name, sql in connection.execute(query).fetchall():
        columns = [column for _, column, *_ in connection.execute(f'PRAGMA table_info("{name}")')]
        without_rowid = "WITHOUTROWID" in "".join(sql.upper().split())
        key = "rowid" if not without_rowid else "stored" if "stored" in columns else ""
        found.append(_Table(name, key, len(columns)))
    return found


def _ends(connection: sqlite3.Connection, tables: Iterable[_Table]) -> Mapping[str, int]:
    """The greatest rowid of each table that has one; the newest `stored` stands for the others."""
    (newest,) = connection.execute("SELECT max(stored) FROM statement").fetchone()
    ends = {"": newest or 0}
    for table in tables:
        if table.key == "rowid":
            (last,) = connection.execute(f'SELECT max(rowid) FROM "{table.name}"').fetchone()
            ends[table.name] = last or 0
    return ends


def _taken(
    connection: sqlite3.Connection, tables: Sequence[_Table], ends: Sequence[Mapping[str, int]]
) -> StoreRows:
    schema = [
        sql
        for (sql,) in connection.execute(
            "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY rowid"
        )
    ]
    groups: list[list[tuple[str, Sequence[Row]]]] = [[] for _ in ends]
    for table in tables:
        for group, rows in zip(groups, _split(connection, table, ends), strict=True):
            if rows:
                group.append((table.insert, rows))
    return StoreRows(schema=schema, before=groups[0], groups=groups[1:])


def _split(
    connection: sqlite3.Connection, table: _Table, ends: Sequence[Mapping[str, int]]
) -> list[list[Row]]:
    """The rows of a table by batch; before the first of them come those that an empty store has."""
    split: list[list[Row]] = [[] for _ in ends]
    if not table.key:
        # They may have been written at any time: each batch gets as many.
        rows = connection.execute(f'SELECT * FROM "{table.name}"').fetchall()
        for place, row in enumerate(rows):
            split[place * len(ends) // len(rows)].append(row)
        return split
    bounds = [end[table.name if table.key == "rowid" else ""] for end in ends]
    for age, *row in connection.execute(f'SELECT {table.key}, * FROM "{table.name}"'):
        # What was written since, as an entry of a log that no batch waits for, belongs to the last one.
        split[min(bisect_left(bounds, age), len(ends) - 1)].append(tuple(row))
    return split
