"""Connections to the file: one that writes, and a pool of those that read."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any
from urllib.parse import quote

import zstandard

from lrs.errors import Detail, StoreMismatch, StoreUnavailable
from lrs.stores.sqlite import migrating
from lrs.stores.sqlite.failures import as_ours, ours
from lrs.stores.sqlite.sql import query

# Dirty pages of a large batch stay in memory until COMMIT; a longer log is emptied less often, in longer runs.
_WRITER_CACHE_KIB = 64 * 1024
_READER_CACHE_KIB = 4 * 1024
_CHECKPOINT_PAGES = 8_192
# A log that grew while someone read for long is cut back to this.
_LOG_BYTES = 64 * 1024 * 1024


class Connection(sqlite3.Connection):
    """A connection that can read what `packing` has compressed. Not for several threads at a time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._unpackers: dict[int, zstandard.ZstdDecompressor] = {}

    def unpacked(self, raw: bytes, dictionary: int | None) -> bytes:
        """The exact bytes of a statement from the columns `raw` and `dictionary`.

        Raises `StoreUnavailable` when they are damaged.
        """
        if dictionary is None:
            return raw
        try:
            return (self._unpackers.get(dictionary) or self._unpacker(dictionary)).decompress(raw)
        except (zstandard.ZstdError, TypeError) as error:
            raise StoreUnavailable(
                "A statement in the store is damaged.",
                [Detail("store", str(error), "an intact file: run `lrs doctor`, restore a backup")],
            ) from error

    def _unpacker(self, dictionary: int) -> zstandard.ZstdDecompressor:
        content, _ = self.execute(query("dictionary"), (dictionary,)).fetchone()
        made = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(content))
        return self._unpackers.setdefault(dictionary, made)


def identity_of(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file, which tell it from another under the same name; None when there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116  # half the time of Path.stat, with every read
    except OSError:
        return None
    return status.st_dev, status.st_ino


def connect(path: Path, *, busy_ms: int, create: bool = False) -> Connection:
    """A bare connection in autocommit mode that waits `busy_ms` milliseconds for a lock.

    Without `create`, a missing file is an error.
    """
    mode = "rwc" if create else "rw"
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,  # SQLite is built serialised; we give a connection to one thread at a time
        cached_statements=256,
        factory=Connection,
    )
    connection.execute(f"PRAGMA busy_timeout = {busy_ms}")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def open_existing(path: Path, busy_ms: int) -> Connection:
    """A connection to a file of this version. Raises `StoreMismatch` or `StoreUnavailable`."""
    if not path.exists():
        raise StoreMismatch(
            f"There is no store at {path}: run `lrs init`.", [Detail("store", "no such file", "`lrs init`")]
        )
    with ours():
        connection = connect(path, busy_ms=busy_ms)
        try:
            migrating.check_version(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def open_writer(path: Path, busy_ms: int) -> Connection:
    """The connection that writes: a commit is on the disk when it returns."""
    connection = open_existing(path, busy_ms)
    with ours():
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
    return connection


class Readers:
    """Connections that only read, each lent to one thread at a time and kept for the next.

    A pool and not one per thread: threads come and go, and their connections would wait for the collector.
    """

    def __init__(self, path: Path, busy_ms: int) -> None:
        self._path = path
        self._busy_ms = busy_ms
        # Appending to and popping from a deque are atomic.
        self._idle: deque[Connection] = deque()
        self._closed = Event()
        self._file: tuple[int, int] | None = None

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection to read with; errors of SQLite become ours, and end that connection."""
        return _Lent(self)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """The same, where all that is read is of one instant."""
        with self.reading() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    def lend(self) -> tuple[Connection, tuple[int, int] | None]:
        """A connection, and the file that it is of. Raises `StoreUnavailable`, `StoreMismatch`."""
        if self._closed.is_set():
            raise StoreUnavailable("The store is closed.")
        file = identity_of(self._path)
        if file != self._file:
            # Deleted, or another was put in its place: what the old one holds is not the store any more.
            self._close_idle()
            self._file = file
        try:
            return self._idle.pop(), file
        except IndexError:
            return self._open(), file

    def take_back(self, connection: Connection, file: tuple[int, int] | None) -> None:
        """Keep a connection for the next one who reads."""
        self._idle.append(connection)
        if self._closed.is_set() or file != self._file:
            self._close_idle()

    def _open(self) -> Connection:
        connection = open_existing(self._path, self._busy_ms)
        with ours():
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
        return connection

    def close(self) -> None:
        """Close those that are idle; those that are lent close when they come back."""
        self._closed.set()
        self._close_idle()

    def _close_idle(self) -> None:
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                break


class _Lent:
    """A connection while it is lent. A class and no generator: it stands around every read, and costs less."""

    __slots__ = ("_connection", "_file", "_readers")

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def __enter__(self) -> Connection:
        self._connection, self._file = self._readers.lend()
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._readers.take_back(self._connection, self._file)
            return
        self._connection.close()
        if isinstance(error, sqlite3.Error):
            raise as_ours(error) from error
