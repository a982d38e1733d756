"""What waits for the writer: jobs, worked in a group and answered once the group is committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from threading import Lock
from typing import Any

from lrs.errors import LrsError
from lrs.stores.base import Submission
from lrs.stores.sqlite.failures import as_ours

Work = Callable[[sqlite3.Connection], Any]
"""What a `CallJob` does in the writer's transaction."""

DatedWork = Callable[[sqlite3.Connection, int], Any]
"""What a `DatedJob` does in the writer's transaction, at an instant."""


class Job:
    """One piece of work and its outcome. The lock is taken until there is one."""

    __slots__ = ("_done", "dated", "error", "value", "weight")

    def __init__(self, *, weight: int = 1, dated: bool = True) -> None:
        """What it takes.

        Args:
            weight: how much work it is, in statements.
            dated: it gives out instants of `stored`: `consistent_through` has to know while it is in flight.
        """
        self.weight = weight
        self.dated = dated
        self.value: Any = None
        self.error: BaseException | None = None
        self._done = Lock()
        self._done.acquire()

    def reset(self) -> None:
        """Forget the outcome, before the job is tried again."""
        self.value = self.error = None

    def finish(self) -> None:
        """The group is committed: let the one who waits go on. The writer calls this or `fail`, once."""
        self._done.release()

    def fail(self, error: BaseException) -> None:
        """Nothing of the group is stored. Each job has an error of its own: it is raised in a thread of its own."""
        if isinstance(error, sqlite3.Error | OSError):
            self.error = as_ours(error)
            self.error.__cause__ = error
        elif isinstance(error, LrsError):
            self.error = type(error)(error.message, error.details)
        else:
            self.error = error
        self._done.release()

    def outcome(self) -> Any:
        """Wait; answer the value or raise the error."""
        with self._done:
            if self.error is not None:
                raise self.error
            return self.value


class AddJob(Job):
    """Store a submission; the value is the frozenset of ids that were new."""

    __slots__ = ("submission",)

    def __init__(self, submission: Submission) -> None:
        super().__init__(weight=len(submission.statements))
        self.submission = submission


class _SavedJob(Job):
    """Work in a savepoint of its own; the value is what it answers."""

    __slots__ = ()

    def _run(self, work: Work, connection: sqlite3.Connection) -> None:
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
        super().__init__(dated=False)
        self._work = work

    def run(self, connection: sqlite3.Connection) -> None:
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

    def run(self, connection: sqlite3.Connection, instant: int) -> None:
        """Do it, as `CallJob.run` does.

        `instant` is later than every `stored`, and every `consistent_through`, that was given out before. Work that
        writes it down anywhere has to note it as well (`note_instant`), so that all that follow are later.
        """
        self._run(lambda connection: self._work(connection, instant), connection)
