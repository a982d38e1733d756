"""The limit beside which batches are held: the same bytes into a plain table, and nothing else.

The file is set as the store sets its own: WAL, `synchronous=FULL`, the same length of log. No HTTP, nothing
checked, no index but the primary key, no `stored`, no evidence.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from itertools import cycle, islice

from tests.benchmarks.client import Outcome
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.figures import Sample, sample_of
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import machine_busy_s
from tests.benchmarks.stores import remove

# Enough for a quick disk, and not more than half a gigabyte.
_ROWS_A_SECOND = 100_000
_MOST_ROWS = 250_000
_SETTINGS = ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 8192", "cache_size = -65536")


def insert_bare(plan: Plan, statements: Sequence[bytes], size: int) -> Sample:
    """Insert statements, `size` a transaction, for as long as a load runs; their ids are random, as UUIDs are.

    A request of the sample is one transaction; its processor time counts as the server's.
    """
    count = min(_MOST_ROWS, int((plan.warm_up_s + plan.run_s) * _ROWS_A_SECOND))
    rows = [(os.urandom(16), raw) for raw in islice(cycle(statements), count)]
    groups = [rows[start : start + size] for start in range(0, len(rows) - size + 1, size)]
    file = plan.folder / "bare.db"
    remove(file)
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        connection.execute("CREATE TABLE statement (id BLOB PRIMARY KEY, raw BLOB NOT NULL)")
        warm_up = max(1, len(groups) // 10)
        _insert(connection, groups[:warm_up], plan.warm_up_s)
        everyone, cpu = machine_busy_s(), time.process_time()
        seconds, took = _insert(connection, groups[warm_up:], plan.run_s)
        everyone, cpu = machine_busy_s() - everyone, time.process_time() - cpu
    finally:
        connection.close()
        remove(file)
    if not took:
        raise BenchmarkError("There are too few statements to measure bare SQLite.")
    return sample_of(
        Outcome(seconds, sorted(took), 0, 0.0),
        server_cpu_s=cpu,
        machine_busy_s=everyone,
        cores=os.cpu_count() or 1,
        memory_bytes=None,
    )


def _insert(
    connection: sqlite3.Connection, groups: Sequence[Sequence[tuple[bytes, bytes]]], seconds: float
) -> tuple[float, list[float]]:
    """Seconds in all, and of each transaction."""
    took: list[float] = []
    began = now = time.perf_counter()
    for group in groups:
        if now - began >= seconds:
            break
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO statement VALUES (?, ?)", group)
        connection.execute("COMMIT")
        took.append(time.perf_counter() - now)
        now += took[-1]
    return now - began, took
