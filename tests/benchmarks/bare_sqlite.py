"""The limits beside which batches are held: SQLite alone, with what has to be written at hand.

Once it is the bytes of the statements, in a plain table with a primary key. Once it is the very rows, in the very
tables with all their indexes, that the store writes for these statements (`store_rows`). The file is set as the store
sets its own: WAL, `synchronous=FULL`, the same length of log, the same cache. No HTTP, nothing parsed or checked.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from tests.benchmarks.figures import Sample
from tests.benchmarks.plan import Plan
from tests.benchmarks.store_rows import Group, StoreRows
from tests.benchmarks.stores import remove
from tests.benchmarks.transactions import in_transactions

# Enough for a quick disk, and not more than half a gigabyte.
_ROWS_A_SECOND = 100_000
_MOST_ROWS = 250_000
_SETTINGS = (
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = FULL",
    "temp_store = MEMORY",
    "wal_autocheckpoint = 8192",
    "journal_size_limit = 67108864",
    "cache_size = -65536",
)
_PLAIN = "CREATE TABLE statement (id BLOB PRIMARY KEY, raw BLOB NOT NULL)"
_INTO_PLAIN = "INSERT INTO statement VALUES (?, ?)"


def insert_bytes(plan: Plan, statements: Sequence[bytes], size: int) -> Sample:
    """Insert the bytes of statements, `size` a transaction; their ids are random, as UUIDs are."""
    count = min(_MOST_ROWS, int((plan.warm_up_s + plan.run_s) * _ROWS_A_SECOND))
    rows = [(os.urandom(16), raw) for raw in islice(cycle(statements), count)]
    starts = range(0, len(rows) - size + 1, size)
    groups: list[Group] = [[(_INTO_PLAIN, rows[start : start + size])] for start in starts]
    return _inserted(plan, [_PLAIN], [], groups)


def insert_rows(plan: Plan, rows: StoreRows) -> Sample:
    """Insert the rows of a store, those of as many statements in a transaction as it had in its own."""
    return _inserted(plan, rows.schema, rows.before, rows.groups)


def _inserted(plan: Plan, schema: Sequence[str], before: Group, groups: Sequence[Group]) -> Sample:
    with bare_connection(plan.folder / "bare.db") as connection:
        for part in schema:
            connection.execute(part)

        def commit(group: Group) -> None:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in group:
                connection.executemany(statement, rows)
            connection.execute("COMMIT")

        commit(before)
        return in_transactions(plan, groups, commit)


@contextmanager
def bare_connection(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a new file, set as that with which the store writes; the file goes with it."""
    remove(file)
    connection = sqlite3.connect(file, isolation_level=None, cached_statements=256)
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        yield connection
    finally:
        connection.close()
        remove(file)
