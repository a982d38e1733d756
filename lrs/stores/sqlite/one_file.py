"""What one process holds of one file, and how it comes by it: the ground that `SqliteStore` stands on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from lrs.errors import ConfigError, Detail, StoreUnavailable
from lrs.stores.group_commit import Job
from lrs.stores.sqlite import migrating
from lrs.stores.sqlite.connections import Connection, Readers, connect
from lrs.stores.sqlite.failures import ours
from lrs.stores.sqlite.in_flight import InFlight
from lrs.stores.sqlite.writer import Writer


def now_us() -> int:
    """Microseconds since the epoch by the clock of the machine."""
    return time.time_ns() // 1_000


@dataclass(frozen=True, slots=True)
class _Hands:
    """What one process holds of the store; after a fork the child takes new ones."""

    pid: int
    readers: Readers
    writer: Writer
    in_flight: InFlight


class OneFile:
    """One file, any number of threads and processes. Nothing is opened before it is needed."""

    def __init__(
        self, path: str | os.PathLike[str], *, clock: Callable[[], int] = now_us, busy_ms: int = 5_000
    ) -> None:
        """Nothing is opened yet.

        Args:
            path: of the file.
            clock: gives microseconds since the epoch, and may step back.
            busy_ms: milliseconds to wait for the lock of another process before `StoreUnavailable`.
        """
        # Absolute: a server may change its working directory.
        self._path = Path(path).absolute()
        self._clock = clock
        self._busy_ms = busy_ms
        self._lock = Lock()
        self._hands_of_parents: list[_Hands] = []
        self._hands = self._take_hands()
        self.url = f"sqlite:///{quote(str(self._path))}"

    def initialise(self, *, shard: bool = False) -> None:
        """See `lrs.stores.base.Store.initialise`. Makes the file, and its folders, where they are missing."""
        if shard:
            raise ConfigError(
                "The store is one SQLite file, and cannot be spread over machines; MongoDB can."
            )
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Made by us, not by SQLite, so that nobody else can read what is said about people.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreUnavailable(
                f"{self._path} cannot be made.", [Detail("store", str(error), "a folder that can be written")]
            ) from error
        # One process at a time: SQLite does not wait for its locks where a file becomes one with a log.
        with self._own().in_flight.alone(), ours():
            connection = connect(self._path, busy_ms=self._busy_ms, create=True)
            try:
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
                connection.execute("PRAGMA synchronous = FULL")
                migrating.migrate(connection)
            finally:
                connection.close()

    def close(self) -> None:
        """See `lrs.stores.base.Store.close`."""
        hands = self._own()
        hands.writer.close()
        hands.readers.close()
        hands.in_flight.close()

    def _reading(self) -> AbstractContextManager[Connection]:
        """A connection that reads, for a moment."""
        return self._own().readers.reading()

    def _snapshot(self) -> AbstractContextManager[Connection]:
        """The same, in a transaction: all that is read is of one instant."""
        return self._own().readers.snapshot()

    def _do(self, job: Job) -> Any:
        """Have the writer do it: its value once it is on the disk, or its error."""
        return self._own().writer.do(job)

    def _own(self) -> _Hands:
        """The hands of this process. Those of a parent must be neither used nor closed, so they are kept."""
        if self._hands.pid != os.getpid():
            with self._lock:
                if self._hands.pid != os.getpid():
                    self._hands_of_parents.append(self._hands)
                    self._hands = self._take_hands()
        return self._hands

    def _take_hands(self) -> _Hands:
        in_flight = InFlight(self._path)
        return _Hands(
            pid=os.getpid(),
            readers=Readers(self._path, self._busy_ms),
            writer=Writer(self._path, in_flight, self._clock, self._busy_ms),
            in_flight=in_flight,
        )
