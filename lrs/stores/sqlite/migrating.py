"""Bringing a file up to date: numbered `.sql` files, each applied once, in a transaction of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from lrs.errors import Detail, StoreMismatch

APPLICATION_ID = 0x52415054
"""`PRAGMA application_id` of our files: "RAPT"."""


@cache
def migrations() -> tuple[str, ...]:
    """The text of each migration, oldest first; the first is number 1."""
    entries = sorted(
        (entry for entry in (files(__package__) / "migrations").iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    if [int(entry.name[:4]) for entry in entries] != list(range(1, len(entries) + 1)):
        raise AssertionError(f"migrations are not numbered 1, 2, …: {[entry.name for entry in entries]}")
    return tuple(entry.read_text("utf-8") for entry in entries)


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations the file has seen. Raises `StoreMismatch` when the file is someone else's."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and tables:
        raise StoreMismatch(
            "The file is a SQLite database, but not a store of Rapport.",
            [Detail("store", f"application_id {application}", "a new file, or one made by `lrs init`")],
        )
    return int(version)


def check_version(connection: sqlite3.Connection) -> None:
    """Raise `StoreMismatch`, which says what to do, unless the file is of exactly this version."""
    version, newest = version_of(connection), len(migrations())
    if version == newest:
        return
    found = f"schema {version}"
    if version > newest:
        raise StoreMismatch(
            "The store was made by a newer version of Rapport.",
            [
                Detail(
                    "store", found, f"schema {newest}: install the newer version, or restore an older backup"
                )
            ],
        )
    if version == 0:
        raise StoreMismatch(
            "The store is not initialised: run `lrs init`.", [Detail("store", "an empty file", "`lrs init`")]
        )
    raise StoreMismatch(
        "The store was made by an older version of Rapport: back it up, then run `lrs init`.",
        [Detail("store", found, f"schema {newest}, which `lrs init` brings it to")],
    )


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what the file has not seen yet. Several processes may do so at once: each migration runs once."""
    for number, text in enumerate(migrations(), start=1):
        # Taking the lock first, then looking: another process may have been quicker.
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection) < number:
                for statement in _statements(text):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    check_version(connection)


def _statements(text: str) -> Iterator[str]:
    """Each statement of a script; `executescript` would commit before the first."""
    pending = ""
    for line in text.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
