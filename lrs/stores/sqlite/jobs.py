"""What waits for the writer beside submissions: any other work within its transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from lrs.stores.group_commit import Job
from lrs.stores.sqlite.connections import Connection
from lrs.stores.sqlite.failures import as_ours

Work = Callable[[Connection], Any]
"""What a `CallJob` does in the writer's transaction."""

DatedWork = Callable[[Connection, int], Any]
"""What a `DatedJob` does in the writer's transaction, at an instant."""


class _SavedJob(Job):
    """Work in a savepoint of its own; the value is what it answers."""

    __slots__ = ()

    def _run(self, work: Work, connection: Connection) -> None:
        connection.execute("SAVEPOINT job")
        try:
            self.value = work(connection)
        except sqlite3.OperationalError:
            raise
        except Exception as error:
            self.error = as_ours(error) if isinstance(error, sqlite3.Error) else error
            connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")


class CallJob(_SavedJob):
    """Any other write that gives out no instant; the value is what the work answers."""

    __slots__ = ("_work",)

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work

    def run(self, connection: Connection) -> None:
        """Do it. What it refuses leaves nothing behind and does not harm the group.

        Raises `sqlite3.OperationalError`, which harms the whole group: the file cannot be written.
        """
        self._run(self._work, connection)


class DatedJob(_SavedJob):
    """A write that takes effect at an instant, in order with every `stored`; the value is what the work answers."""

    __slots__ = ("_work",)

    def __init__(self, work: DatedWork) -> None:
        super().__init__()
        self._work = work

    def run(self, connection: Connection, instant: int) -> None:
        """Do it, as `CallJob.run` does.

        `instant` is later than every `stored`, and every `consistent_through`, that was given out before. Work that
        writes it down anywhere has to note it as well (`note_instant`), so that all that follow are later.
        """
        self._run(lambda connection: self._work(connection, instant), connection)
