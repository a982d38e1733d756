"""What SQLite's errors mean to those who asked: the one place where they become errors of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from lrs.errors import Detail, LrsError, StoreMismatch, StoreUnavailable

_REASONS = {
    sqlite3.SQLITE_BUSY: (
        "The store is locked by another process.",
        "the lock let go within the waiting time",
    ),
    sqlite3.SQLITE_LOCKED: ("The store is locked.", "the lock let go within the waiting time"),
    sqlite3.SQLITE_FULL: ("There is no room left to write.", "free space on the disk of the store"),
    sqlite3.SQLITE_IOERR: ("The disk of the store failed.", "a disk that can be read and written"),
    sqlite3.SQLITE_READONLY: ("The store may not be written.", "permission to write the file and its folder"),
    sqlite3.SQLITE_PERM: ("The store may not be opened.", "permission to read and write the file"),
    sqlite3.SQLITE_CANTOPEN: (
        "The store cannot be opened.",
        "a file and a folder that can be read and written",
    ),
    sqlite3.SQLITE_CORRUPT: ("The store is damaged.", "an intact file: run `lrs doctor`, restore a backup"),
}


def as_ours(error: sqlite3.Error | OSError) -> LrsError:
    """`StoreUnavailable` with the reason, or `StoreMismatch` when the file is no database at all."""
    if isinstance(error, OSError):
        return StoreUnavailable(
            "The disk of the store failed.",
            [Detail("store", str(error), "a disk that can be read and written")],
        )
    # Extended codes keep the plain one in their low byte.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    found = f"{getattr(error, 'sqlite_errorname', type(error).__name__)}: {error}"
    if code == sqlite3.SQLITE_NOTADB:
        return StoreMismatch(
            "The file is not a SQLite database.", [Detail("store", found, "a file made by `lrs init`")]
        )
    message, expected = _REASONS.get(code, ("The store failed.", "a store that works"))
    return StoreUnavailable(message, [Detail("store", found, expected)])


def translated(error: BaseException) -> BaseException:
    """An error of SQLite or of the disk as one of ours, with its cause; any other as it is."""
    if not isinstance(error, sqlite3.Error | OSError):
        return error
    translation = as_ours(error)
    translation.__cause__ = error
    return translation


def is_of_the_file(error: BaseException) -> bool:
    """Whether whatever else is written now would fail as well, and not only what was being written."""
    # Subclasses of DatabaseError but OperationalError speak of a constraint, a value or a mistake of ours.
    return (
        isinstance(error, LrsError | OSError | sqlite3.OperationalError)
        or type(error) is sqlite3.DatabaseError
    )


@contextmanager
def ours() -> Iterator[None]:
    """Within, an error of SQLite becomes one of ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise as_ours(error) from error
