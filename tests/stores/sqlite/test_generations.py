"""Generations in one file: what the writer remembers, what costs nothing, what is left when a process dies."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lrs.errors import StoreUnavailable
from lrs.stores.base import Activation, Kind
from lrs.stores.contract_evidence import add_with, found
from lrs.stores.contract_mending import FOUND, MENDED
from lrs.stores.contract_rebuild import LONG_US, NEW, begin, do_parts, everywhere, nothing, rebuilt
from lrs.stores.contract_samples import FOREVER, evidence, finding, source, statement, submission
from lrs.stores.group_commit import AddJob, Job
from lrs.stores.sqlite import generations, rebuilding
from lrs.stores.sqlite.counting import Counting, counting
from lrs.stores.sqlite.generations import activating, forgetting
from lrs.stores.sqlite.jobs import CallJob, DatedJob
from lrs.stores.sqlite.rebuilding import clearing
from lrs.stores.sqlite.store import SqliteStore
from lrs.stores.sqlite.terms import Terms

SCRIPT = Path(__file__).with_name("rebuilding.py")


def test_a_source_that_is_known_is_neither_looked_up_nor_written(
    store: SqliteStore, connections: list[sqlite3.Connection]
) -> None:
    statements: list[str] = []
    add_with(store, evidence())
    [connection] = connections
    connection.set_trace_callback(statements.append)
    add_with(store, evidence())
    assert [
        text for text in statements if re.search(r"(FROM|INTO) (source|generation|activation)", text)
    ] == []
    new = statement()
    store.add(submission(new, findings={new.id: [finding(evidence(), version="2.0")]}))
    assert len([text for text in statements if "INSERT INTO source" in text]) == 1


def test_a_generation_of_a_batch_that_was_rolled_back_is_made_again(
    store: SqliteStore, connections: list[sqlite3.Connection]
) -> None:
    store.add(submission(statement()))
    [connection] = connections
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    batch = [statement() for _ in range(200)]
    lost = submission(*batch, findings={one.id: [finding(evidence(), version="lost")] for one in batch})
    with pytest.raises(StoreUnavailable):
        store.add(lost)
    assert list(store.generations()) == []
    connection.execute("PRAGMA max_page_count = 1000000")
    # Another takes the number that the lost one had.
    add_with(store, evidence())
    store.add(lost)
    assert [(one.source.version, one.evidence) for one in store.generations()] == [("1.0", 1), ("lost", 200)]
    assert {one.plugin_version for one in store.evidence_in(batch[7].id)} == {"lost"}


def test_a_generation_is_made_in_the_file_that_was_put_in_place_of_another(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    add_with(store, evidence())
    backup = SqliteStore(tmp_path / "backup.db")
    backup.initialise()
    backup.close()
    for name in ("", "-wal", "-shm"):
        Path(f"{path}{name}").unlink()
    (tmp_path / "backup.db").replace(path)
    add_with(store, evidence())
    assert [one.evidence for one in store.generations()] == [1]
    assert len(found(store)) == 1


def test_a_job_that_was_refused_makes_no_generation(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    good, bad = statement(), statement()
    jobs = work(
        AddJob(submission(bad, findings={bad.id: [finding(evidence(observed_us=2**70), version="bad")]})),
        AddJob(submission(good, findings={good.id: [finding(evidence())]})),
    )
    with pytest.raises(OverflowError):
        jobs[0].outcome()
    assert [one.source.version for one in store.generations()] == ["1.0"]


def test_where_all_was_found_live_nothing_is_asked_of_a_row(store: SqliteStore, path: Path) -> None:
    add_with(store, evidence())
    new = statement()
    store.add(submission(new, findings={new.id: [finding(evidence(), version="2.0")]}))
    connection = sqlite3.connect(path)
    provenance = {1: ("communication", "1.0"), 2: ("communication", "2.0")}
    assert counting(connection, FOREVER) == Counting(provenance, evidence="", failures="")
    connection.close()


def test_a_switch_is_later_than_what_is_stored_in_its_group(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    add_with(store, evidence())
    number = rebuilt(store, "2.0").number
    jobs = work(
        DatedJob(activating(number)),
        AddJob(submission(statement(), statement())),
        DatedJob(activating(number)),
    )
    switches: list[Activation] = [jobs[0].outcome(), jobs[2].outcome()]
    newest = max(one.stored_us for one in store.scan())
    assert newest < switches[0].at_us < switches[1].at_us
    work(job := AddJob(submission(after := statement())))
    assert job.outcome() == {after.id}
    assert max(one.stored_us for one in store.scan()) > switches[1].at_us


def test_a_switch_that_is_refused_leaves_nothing_behind(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    new = statement()
    jobs = work(DatedJob(activating(4_711)), AddJob(submission(new)))
    with pytest.raises(Exception, match="4711"):
        jobs[0].outcome()
    assert jobs[1].outcome() == {new.id}


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are deleted in a transaction."""
    monkeypatch.setattr(generations, "_CLEARED_AT_ONCE", 3)


@pytest.mark.usefixtures("small_steps")
def test_a_generation_is_forgotten_step_by_step(store: SqliteStore) -> None:
    for _ in range(10):
        add_with(store, evidence())
    failed = rebuilt(store, "2.0", lambda _: [finding(failure="broken", version="2.0")])
    many = rebuilt(store, "3.0")
    assert store.forget_generation(many.number) == 10
    assert store.forget_generation(failed.number) == 0
    assert [(one.kind, one.evidence) for one in store.generations()] == [(Kind.LIVE, 10)]
    assert rows(store, "evidence") == 10
    assert rows(store, "quarantine") == 0


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_generation_that_is_half_forgotten_counts_nowhere_and_can_be_made_anew(
    store: SqliteStore, steps: int
) -> None:
    for _ in range(10):
        add_with(store, evidence())
    half = rebuilt(store, "2.0")
    for step in range(steps):
        store._do(CallJob(forgetting(half.number, begun=step > 0)))
    [left] = [one for one in store.generations() if one.kind is Kind.REBUILT]
    assert (left.number, left.through_us, left.evidence) == (half.number, None, 10 - 3 * steps)
    with pytest.raises(Exception, match="complete"):
        store.activate(half.number)
    again = rebuilt(store, "2.0")
    assert (again.evidence, rows(store, "evidence")) == (10, 20)
    store.activate(again.number)
    assert [one.plugin_version for one in found(store)] == ["2.0"] * 10


@pytest.mark.usefixtures("small_steps")
def test_what_was_dropped_is_cleared_before_another_is_begun(store: SqliteStore) -> None:
    for _ in range(10):
        add_with(store, evidence())
    begun = begin(store)
    do_parts(store, begun.number, everywhere, most=4)
    assert store._do(CallJob(clearing([source(version="3.0")])))
    assert store.rebuild(begun.number) is None
    [half] = [one for one in store.generations() if one.kind is Kind.REBUILT]
    assert (half.number, half.through_us, half.evidence) == (begun.generations[0].number, None, 5)
    begin(store, source("leadership"))
    assert rows(store, "evidence") == 10
    again = begin(store)
    assert do_parts(store, again.number, everywhere) == 5
    assert rows(store, "evidence") == 20


def rows(store: SqliteStore, table: str) -> int:
    with store._reading() as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_subjects_of_a_part_that_was_refused_are_not_made(
    store: SqliteStore, connections: list[sqlite3.Connection]
) -> None:
    new = statement()
    store.add(submission(new))
    part = store.take_part(begin(store).number, "worker", lease_us=10**9)
    assert part is not None
    [one] = store.scan_part(part)
    looked = [(one, [finding(evidence(), evidence(observed_us=2**70), version="2.0")])]
    with pytest.raises(OverflowError):
        store.finish_part(part, looked)
    assert list(store.subjects()) == []
    assert store.finish_part(part, [(one, everywhere(one))])
    # What a worker makes beside the writer's memory is found by it.
    assert add_with(store, evidence(rule="later")).id
    store.activate(store.generations()[0].number)
    assert [record.evidence.rule for record in found(store)] == ["ride-along", "later"]


def test_terms_that_are_known_are_not_looked_up_by_the_writer_again(
    store: SqliteStore, connections: list[sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_with(store, evidence())
    part = store.take_part(begin(store).number, "worker", lease_us=10**9)
    assert part is not None
    [one] = store.scan_part(part)

    def unwanted(*_: object) -> None:
        raise AssertionError("the writer's lock is held longer than it has to be")

    monkeypatch.setattr(Terms, "ids", unwanted)
    assert store.finish_part(part, [(one, everywhere(one))])


@contextmanager
def worker(path: Path, name: str, *, lease_us: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(SCRIPT), str(path), name, str(lease_us)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_two_processes_do_each_part_once(store: SqliteStore, path: Path) -> None:
    store.add(submission(*[statement() for _ in range(60)]))
    with worker(path, "a", lease_us=LONG_US) as one, worker(path, "b", lease_us=LONG_US) as other:
        assert one.stdout is not None
        assert other.stdout is not None
        done = [int(line) for process in (one, other) for line in process.stdout or ()]
    assert sorted(done) == list(range(60))
    [generation] = store.generations()
    assert (generation.evidence, generation.through_us) == (60, max(one.stored_us for one in store.scan()))


@pytest.mark.parametrize("parts_first", [1, 5, 15])
def test_a_killed_worker_leaves_whole_parts_and_the_rest_to_others(
    store: SqliteStore, path: Path, parts_first: int
) -> None:
    store.add(submission(*[statement() for _ in range(30)]))
    with worker(path, "a", lease_us=0) as process:
        assert process.stdout is not None
        for _ in range(parts_first):
            process.stdout.readline()
        process.kill()
    left = store.rebuild(1)
    assert left is not None
    assert left.done >= parts_first
    assert [one.evidence for one in store.generations()] == [left.done]
    with worker(path, "b", lease_us=0) as process:
        assert process.stdout is not None
        done = [int(line) for line in process.stdout]
    assert done == list(range(left.done, 30))
    store.activate(1)
    assert [one.statement_id for one in found(store)] == [one.id for one in store.scan()]


def test_mending_beside_the_writers_memory_is_found_by_it(store: SqliteStore) -> None:
    new = statement()
    store.add(submission(new, findings={new.id: [finding(failure="broken")]}))
    assert store.mend(new.id, "communication", FOUND, MENDED)
    add_with(store, evidence(rule="later"))
    assert [one.evidence.rule for one in found(store)] == ["a", "ride-along", "later"]
    assert rebuilt(store, "2.0", nothing).evidence == 0


def test_who_comes_between_is_seen_and_dropped(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(submission(statement(), statement()))
    other = SqliteStore(path)
    cut = rebuilding.cut

    def cut_while_another_begins(*arguments: Any) -> Any:
        monkeypatch.setattr(rebuilding, "cut", cut)
        stretch = cut(*arguments)
        begin(other, source(version="3.0"))
        return stretch

    monkeypatch.setattr(rebuilding, "cut", cut_while_another_begins)
    begun = begin(store)
    assert begun.number == 2
    assert begun.generations[0].source == NEW
    assert [one.source for one in store.generations()] == [NEW]
    assert do_parts(store, begun.number, everywhere) == 1
    other.close()


def test_a_part_may_be_larger_than_what_is_read_at_once(store: SqliteStore) -> None:
    store.add(submission(*[statement() for _ in range(1_100)]))
    part = store.take_part(begin(store, part_statements=1_050).number, "worker", lease_us=LONG_US)
    assert part is not None
    assert list(store.scan_part(part)) == list(store.scan())[:1_050]
