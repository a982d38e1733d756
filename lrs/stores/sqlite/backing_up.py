"""The file copied page by page, and a file made to stand alone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from lrs.errors import Detail, StoreUnavailable
from lrs.stores.sqlite.connections import connect
from lrs.stores.sqlite.failures import ours

_PAGES = 4_096


def back_up(connection: sqlite3.Connection, file: Path, progress: Callable[[int, int], None]) -> None:
    """Copy what a connection sees in its transaction into a new file, readable by its owner only.

    The transaction is what keeps it whole: without one, SQLite would begin anew whenever somebody else has written.
    """
    # The snapshot is of the moment of the first look.
    connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with ours(), closing(connect(file, busy_ms=0)) as copy:
        connection.backup(
            copy, pages=_PAGES, progress=lambda _status, left, pages: progress(pages - left, pages)
        )
        _without_log(copy)
    _sync(file)


def settle(file: Path, busy_ms: int) -> None:
    """Empty the log into the file, and leave nothing beside it."""
    with ours(), closing(connect(file, busy_ms=busy_ms)) as connection:
        _without_log(connection)
    file.with_name(file.name + "-writing").unlink(missing_ok=True)
    _sync(file)


def _without_log(connection: sqlite3.Connection) -> None:
    """A file in WAL mode cannot be read where nobody may write; `initialise` puts it back into that mode."""
    (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    if mode != "delete":
        raise StoreUnavailable(
            "The log of the store cannot be emptied.",
            [Detail("store", f"journal mode {mode}", "nobody else who has the file open")],
        )


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
