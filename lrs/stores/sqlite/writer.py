"""The one thread of a store that writes: it takes all jobs that wait, commits them, then answers each.

A commit waits for the disk, some 0.2 ms; those who come meanwhile share the next one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from lrs.errors import Detail, StoreUnavailable
from lrs.stores.sqlite.adding import Adding
from lrs.stores.sqlite.connections import identity_of, open_writer
from lrs.stores.sqlite.failures import is_of_the_file
from lrs.stores.sqlite.in_flight import InFlight
from lrs.stores.sqlite.jobs import AddJob, CallJob, DatedJob, Job

# In statements. A heavier group would make those in it wait longer and save nothing.
_WEIGHT = 5_000


class Writer:
    """Owns the connection that writes. Its thread starts with the first job."""

    def __init__(self, path: Path, in_flight: InFlight, clock: Callable[[], int], busy_ms: int) -> None:
        """`clock` gives microseconds since the epoch, and may step back; `busy_ms` is how long to wait for others."""
        self._path = path
        self._busy_ms = busy_ms
        self._in_flight = in_flight
        self._adding = Adding(clock)
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        self._state = Lock()
        self._thread: Thread | None = None
        self._closed = False
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def do(self, job: Job) -> Any:
        """Have the job done; its value once it is on the disk, or its error.

        Raises `StoreUnavailable` when nothing of it was written.
        """
        with self._state:
            if self._closed:
                raise StoreUnavailable("The store is closed.")
            if self._thread is None:
                thread = Thread(target=self._run, name=f"writer of {self._path.name}", daemon=True)
                thread.start()
                self._thread = thread
            self._waiting.put(job)
        return job.outcome()

    @property
    def newest(self) -> int:
        """`stored` of the newest statement that this process has committed; 0 before the first."""
        return self._adding.newest

    def close(self) -> None:
        """Finish what waits and let go of the file."""
        with self._state:
            self._closed = True
            thread, self._thread = self._thread, None
            if thread is not None:
                self._waiting.put(None)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        going_on = True
        while going_on:
            group, going_on = self._next_group()
            if group:
                self.work(group)
        self._disconnect()

    def _next_group(self) -> tuple[list[Job], bool]:
        """All that waits, at least one job; and whether there is more to come."""
        group: list[Job] = []
        weight = 0
        job = self._waiting.get()
        while job is not None:
            group.append(job)
            weight += job.weight
            if weight >= _WEIGHT:
                return group, True
            try:
                job = self._waiting.get_nowait()
            except Empty:
                return group, True
        return group, False

    def work(self, group: Sequence[Job]) -> None:
        """Commit the group and answer every job in it, whatever happens."""
        try:
            self._commit(group)
        except BaseException as error:
            if len(group) == 1 or is_of_the_file(error):
                for job in group:
                    job.fail(error)
                return
            # One of them is bad in a way that nobody foresaw. Alone, it harms no other.
            for job in group:
                job.reset()
                self.work([job])
        else:
            for job in group:
                job.finish()

    def _commit(self, group: Sequence[Job]) -> None:
        # Documents and keys are in nobody's way who asks what is consistent.
        dated = any(job.dated for job in group)
        with self._in_flight.writing() if dated else nullcontext(0) as later_than:
            connection = self._connected()
            try:
                connection.execute("BEGIN IMMEDIATE")
                self._adding.add([job for job in group if isinstance(job, AddJob)], connection, later_than)
                for job in group:
                    if isinstance(job, CallJob):
                        job.run(connection)
                    elif isinstance(job, DatedJob):
                        job.run(connection, self._adding.next_instant(connection, later_than))
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise
            self._adding.committed()

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        self._adding.rolled_back()
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            # Closing rolls back as well.
            self._disconnect()

    def _connected(self) -> sqlite3.Connection:
        """The connection; opened when there is none, and anew when the file is another than was opened."""
        file = identity_of(self._path)
        if self._connection is not None and file != self._file:
            self._disconnect()
            if file is None:
                # What is written into a deleted file is gone with the process.
                raise StoreUnavailable(
                    "The file of the store is gone.", [Detail("store", "no such file", str(self._path))]
                )
        if self._connection is None:
            self._adding.forget()
            self._connection, self._file = open_writer(self._path, self._busy_ms), file
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
