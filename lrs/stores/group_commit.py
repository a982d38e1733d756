"""The one thread of a store that writes: it takes all jobs that wait, has them committed, then answers each.

A commit waits for the disk, or for most of a cluster; those who come meanwhile share the next one. What a commit is,
and what its errors mean, the engine says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from lrs.errors import LrsError, StoreUnavailable
from lrs.stores.base import Submission

# In statements. A heavier group would make those in it wait longer and save nothing.
_WEIGHT = 5_000


class Job:
    """One piece of work and its outcome. The lock is taken until there is one."""

    __slots__ = ("_done", "error", "value", "weight")

    def __init__(self, *, weight: int = 1) -> None:
        """`weight` is how much work it is, in statements."""
        self.weight = weight
        self.value: Any = None
        self.error: BaseException | None = None
        self._done = Lock()
        self._done.acquire()

    def reset(self) -> None:
        """Forget the outcome, before the job is tried again."""
        self.value = self.error = None

    def finish(self) -> None:
        """The group is committed: let the one who waits go on. `GroupCommit` calls this or `fail`, once."""
        self._done.release()

    def fail(self, error: BaseException) -> None:
        """Nothing of the group is stored. Each job has an error of its own: it is raised in a thread of its own."""
        if isinstance(error, LrsError):
            self.error = type(error)(error.message, error.details)
            self.error.__cause__ = error.__cause__
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


def _nothing() -> None:
    """Nothing has to be let go of."""


class GroupCommit:
    """The queue of those who want to write. Its thread starts with the first job."""

    def __init__(
        self,
        name: str,
        commit: Callable[[Sequence[Job]], None],
        *,
        harms_all: Callable[[BaseException], bool],
        translated: Callable[[BaseException], BaseException],
        ended: Callable[[], None] = _nothing,
    ) -> None:
        """Nothing is started yet.

        Args:
            name: of the thread.
            commit: commits the whole group and sets the value, or the error, of each job in it; or raises, and then
                nothing of it is stored. A job that it refuses with an error of its own does not harm the group.
            harms_all: whether the next job would fail with this error as well, and not only one of the group.
            translated: the error that those who wait are to see.
            ended: called in the thread when it ends, to let go of what `commit` has opened in it.
        """
        self._name = name
        self._commit = commit
        self._harms_all = harms_all
        self._translated = translated
        self._ended = ended
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        self._state = Lock()
        self._thread: Thread | None = None
        self._closed = False

    def do(self, job: Job) -> Any:
        """Have the job done; its value once it is committed, or its error.

        Raises `StoreUnavailable` when nothing of it was written.
        """
        with self._state:
            if self._closed:
                raise StoreUnavailable("The store is closed.")
            if self._thread is None:
                thread = Thread(target=self._run, name=self._name, daemon=True)
                thread.start()
                self._thread = thread
            self._waiting.put(job)
        return job.outcome()

    def close(self) -> None:
        """Finish what waits and end the thread."""
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
        self._ended()

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
        """Commit the group, in the thread of the caller, and answer every job in it, whatever happens."""
        try:
            self._commit(group)
        except BaseException as error:
            if len(group) == 1 or self._harms_all(error):
                ours = self._translated(error)
                for job in group:
                    job.fail(ours)
                return
            # One of them is bad in a way that nobody foresaw. Alone, it harms no other.
            for job in group:
                job.reset()
                self.work([job])
        else:
            for job in group:
                job.finish()
