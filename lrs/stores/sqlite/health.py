"""Whether the file can be read and written, and facts about it for `lrs doctor`."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lrs.errors import Detail, StoreUnavailable
from lrs.stores.base import Remark
from lrs.stores.sqlite.migrating import version_of
from lrs.stores.sqlite.recorded import read_counts
from lrs.stores.sqlite.sql import query

_ROOM_BYTES = 16 * 1024 * 1024
_LITTLE_BYTES = 1024**3
_LONG_LOG_BYTES = 512 * 1024 * 1024


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


def remarks(health: Mapping[str, Any]) -> Iterator[Remark]:
    """What is to be done about the facts."""
    if health["integrity"] != "ok":
        yield Remark("integrity", "Stop the server, keep the file, and restore the last backup.", bad=True)
    if health["free_bytes"] < max(_LITTLE_BYTES, health["bytes"] // 10):
        yield Remark(
            "free_bytes", "Make room: a full disk stops every write, and a backup needs as much as the file."
        )
    if health["log_bytes"] > _LONG_LOG_BYTES:
        yield Remark(
            "log_bytes", "Somebody reads for long, so that the log cannot be emptied: see what runs."
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
