"""Whether the file can be read and written, and facts about it for `lrs doctor`."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lrs.errors import Detail, StoreUnavailable
from lrs.stores.sqlite.migrating import version_of
from lrs.stores.sqlite.recorded import read_counts
from lrs.stores.sqlite.sql import query

_ROOM_BYTES = 16 * 1024 * 1024


def would_write(connection: sqlite3.Connection, _instant: int) -> None:
    """Take the writer's locks and change a row back to itself: fails where a real write would."""
    connection.execute(query("would_write"))


def check_room(path: Path) -> None:
    """Raise `StoreUnavailable` when the disk of the store is all but full."""
    free = shutil.disk_usage(path.parent).free
    if free < _ROOM_BYTES:
        raise StoreUnavailable(
            "The disk of the store is full.",
            [Detail("store", f"{free} bytes free", f"at least {_ROOM_BYTES} bytes free")],
        )


def facts(connection: sqlite3.Connection, path: Path) -> Mapping[str, Any]:
    """Engine, version, schema, durability, sizes in bytes, counts, integrity (`ok`, or the first problems).

    Reads the whole file, to check it.
    """
    statements, evidence, quarantined = read_counts(connection)
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    problems = [row[0] for row in connection.execute("PRAGMA quick_check(10)")]
    return {
        "engine": "sqlite",
        "version": sqlite3.sqlite_version,
        "file": str(path),
        "schema": version_of(connection),
        "durability": f"{journal}, every commit synced to the disk",
        "bytes": _size(path),
        "log_bytes": _size(path.with_name(path.name + "-wal")),
        "free_bytes": shutil.disk_usage(path.parent).free,
        "statements": statements,
        "evidence": evidence,
        "quarantined": quarantined,
        "integrity": "; ".join(problems),
    }


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
