"""The connection that writes: a group of jobs is one transaction on it, in the thread of `GroupCommit`.

A commit waits for the disk, some 0.2 ms; those who come meanwhile share the next one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from lrs.errors import Detail, StoreUnavailable
from lrs.stores.group_commit import AddJob, GroupCommit, Job
from lrs.stores.sqlite.adding import Adding
from lrs.stores.sqlite.connections import Connection, identity_of, open_writer
from lrs.stores.sqlite.failures import is_of_the_file, translated
from lrs.stores.sqlite.in_flight import InFlight
from lrs.stores.sqlite.jobs import CallJob, DatedJob


class Writer:
    """Owns the connection that writes. Its thread starts with the first job."""

    def __init__(self, path: Path, in_flight: InFlight, clock: Callable[[], int], busy_ms: int) -> None:
        """`clock` gives microseconds since the epoch, and may step back; `busy_ms` is how long to wait for others."""
        self._path = path
        self._busy_ms = busy_ms
        self._in_flight = in_flight
        self._adding = Adding(clock)
        self._connection: Connection | None = None
        self._file: tuple[int, int] | None = None
        self._jobs = GroupCommit(
            f"writer of {path.name}",
            self._commit,
            harms_all=is_of_the_file,
            translated=translated,
            ended=self._disconnect,
        )

    def do(self, job: Job) -> Any:
        """See `GroupCommit.do`: on the disk when it returns."""
        return self._jobs.do(job)

    def work(self, group: Sequence[Job]) -> None:
        """See `GroupCommit.work`."""
        self._jobs.work(group)

    @property
    def newest(self) -> int:
        """`stored` of the newest statement that this process has committed; 0 before the first."""
        return self._adding.newest

    def close(self) -> None:
        """Finish what waits and let go of the file."""
        self._jobs.close()

    def _commit(self, group: Sequence[Job]) -> None:
        # What gives out instants has to be known while it is in flight; documents and keys are in nobody's way who
        # asks what is consistent.
        dated = any(not isinstance(job, CallJob) for job in group)
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

    def _roll_back(self, connection: Connection) -> None:
        self._adding.rolled_back()
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            # Closing rolls back as well.
            self._disconnect()

    def _connected(self) -> Connection:
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
