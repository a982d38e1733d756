"""One thread commits for all who wait: in groups, and one by one where a group fails."""

from collections.abc import Callable, Iterator, Sequence
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from lrs.errors import Detail, StoreUnavailable
from lrs.stores import group_commit
from lrs.stores.contract_samples import statement, submission
from lrs.stores.group_commit import AddJob, GroupCommit, Job

GONE = StoreUnavailable("The store is gone.", [Detail("store", "gone", "a store")])


class Waiting(Job):
    """Says when it stands in the queue."""

    def __init__(self, *, weight: int = 1) -> None:
        super().__init__(weight=weight)
        self.queued = Event()

    def outcome(self) -> Any:
        self.queued.set()
        return super().outcome()


class Engine:
    """Commits by giving each job the number of its group; the first group in the thread waits for `gate`."""

    def __init__(self) -> None:
        self.groups: list[list[Job]] = []
        self.bad: dict[Job, BaseException] = {}
        self.begun = Event()
        self.gate = Event()
        self.ended: list[str] = []

    def commit(self, group: Sequence[Job]) -> None:
        self.begun.set()
        self.gate.wait()
        self.groups.append(list(group))
        for job in group:
            if job in self.bad:
                raise self.bad[job]
            assert job.value is None
            job.value = len(self.groups)

    def note_end(self) -> None:
        self.ended.append(current_thread().name)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def commits(engine: Engine) -> Iterator[GroupCommit]:
    commits = GroupCommit(
        "a writer",
        engine.commit,
        harms_all=lambda error: isinstance(error, OSError | StoreUnavailable),
        translated=_translated,
        ended=engine.note_end,
    )
    yield commits
    engine.gate.set()
    commits.close()


def _translated(error: BaseException) -> BaseException:
    if not isinstance(error, OSError):
        return error
    translation = StoreUnavailable("The disk failed.")
    translation.__cause__ = error
    return translation


@pytest.fixture
def start(engine: Engine, commits: GroupCommit) -> Iterator[Callable[[Waiting], None]]:
    """Has a job done by a thread of its own; goes on once it is in the queue."""
    threads: list[Thread] = []

    def start(job: Waiting) -> None:
        threads.append(Thread(target=commits.do, args=[job]))
        threads[-1].start()
        job.queued.wait()

    yield start
    engine.gate.set()
    for thread in threads:
        thread.join()


def test_each_job_of_a_group_that_fails_is_tried_by_itself(engine: Engine, commits: GroupCommit) -> None:
    engine.gate.set()
    jobs = [Job(), Job(), Job()]
    engine.bad[jobs[1]] = KeyError("nobody foresaw it")
    commits.work(jobs)
    assert engine.groups == [jobs, jobs[:1], jobs[1:2], jobs[2:]]
    assert [jobs[0].outcome(), jobs[2].outcome()] == [2, 4]
    with pytest.raises(KeyError) as caught:
        jobs[1].outcome()
    assert caught.value is engine.bad[jobs[1]]


def test_what_would_harm_the_next_as_well_fails_the_whole_group(engine: Engine, commits: GroupCommit) -> None:
    engine.gate.set()
    jobs = [Job(), Job(), Job()]
    engine.bad[jobs[1]] = OSError("no room")
    commits.work(jobs)
    assert engine.groups == [jobs]
    for job in jobs:
        with pytest.raises(StoreUnavailable, match="disk failed") as caught:
            job.outcome()
        assert caught.value.__cause__ is engine.bad[jobs[1]]


def test_each_job_has_an_error_of_its_own(engine: Engine, commits: GroupCommit) -> None:
    engine.gate.set()
    jobs = [Job(), Job()]
    engine.bad[jobs[0]] = GONE
    commits.work(jobs)
    errors = [job.error for job in jobs]
    assert [(type(error), error.message, error.details) for error in errors if error is not None] == [
        (StoreUnavailable, GONE.message, GONE.details)
    ] * 2
    assert len({id(error) for error in (*errors, GONE)}) == 3


def test_those_who_come_during_a_commit_share_the_next(
    engine: Engine, start: Callable[[Waiting], None]
) -> None:
    jobs = [Waiting() for _ in range(4)]
    for job in jobs:
        start(job)
        engine.begun.wait()
    engine.gate.set()
    assert [job.outcome() for job in jobs] == [1, 2, 2, 2]


def test_a_group_that_is_heavy_enough_takes_no_more(engine: Engine, start: Callable[[Waiting], None]) -> None:
    jobs = [Waiting(weight=weight) for weight in (1, 2_500, 2_500, 1)]
    for job in jobs:
        start(job)
        engine.begun.wait()
    engine.gate.set()
    assert [job.outcome() for job in jobs] == [1, 2, 2, 3]


def test_closing_finishes_what_waits(
    engine: Engine,
    commits: GroupCommit,
    start: Callable[[Waiting], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Awaited(Thread):
        def join(self, timeout: float | None = None) -> None:
            engine.gate.set()  # not before it is closed
            super().join(timeout)

    monkeypatch.setattr(group_commit, "Thread", Awaited)
    jobs = [Waiting(), Waiting()]
    for job in jobs:
        start(job)
        engine.begun.wait()
    commits.close()
    assert engine.groups == [jobs[:1], jobs[1:]]
    assert [job.outcome() for job in jobs] == [1, 2]
    assert engine.ended == ["a writer"]


def test_what_is_closed_takes_nothing_and_closing_again_is_no_harm(
    engine: Engine, commits: GroupCommit
) -> None:
    commits.close()
    commits.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        commits.do(Job())
    assert (engine.groups, engine.ended) == ([], [])


def test_a_submission_weighs_as_much_as_it_has_statements() -> None:
    assert AddJob(submission(*[statement() for _ in range(3)])).weight == 3
