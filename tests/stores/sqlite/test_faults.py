"""What cannot be written, and what comes after."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lrs.errors import Conflict, LrsError, StoreMismatch, StoreUnavailable
from lrs.stores.contract_samples import (
    OTHER,
    RATED,
    SCENARIO,
    document,
    evidence,
    finding,
    state_scope,
    statement,
    submission,
)
from lrs.stores.group_commit import AddJob, Job
from lrs.stores.sqlite.store import SqliteStore
from lrs.xapi.query import StatementQuery

HERE = state_scope()


@pytest.fixture
def impatient(store: SqliteStore, path: Path) -> Iterator[SqliteStore]:
    """A store on the same file that hardly waits for a lock."""
    impatient = SqliteStore(path, busy_ms=20)
    yield impatient
    impatient.close()


@pytest.fixture
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that holds the lock of the writer, until it rolls back."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_a_locked_file_is_unavailable_to_writers_and_served_again_when_free(
    impatient: SqliteStore, locked: sqlite3.Connection
) -> None:
    new = statement()
    with pytest.raises(StoreUnavailable, match="locked") as caught:
        impatient.add(submission(new))
    assert caught.value.details[0].found.startswith("SQLITE_BUSY")
    with pytest.raises(StoreUnavailable):
        impatient.ping()
    assert impatient.get(new.id) is None
    locked.execute("ROLLBACK")
    impatient.ping()
    assert impatient.add(submission(new)) == {new.id}


def test_a_full_disk_refuses_the_whole_batch_and_takes_the_next_when_there_is_room(
    store: SqliteStore, connections: list[sqlite3.Connection]
) -> None:
    store.add(submission(first := statement()))
    [connection] = connections
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    batch = [statement() for _ in range(200)]
    with pytest.raises(StoreUnavailable, match="no room") as caught:
        store.add(submission(*batch))
    assert caught.value.details[0].found.startswith("SQLITE_FULL")
    assert [kept.id for kept in store.scan()] == [first.id]
    connection.execute("PRAGMA max_page_count = 1000000")
    assert len(store.add(submission(*batch))) == 200
    assert store.health()["integrity"] == "ok"


def test_terms_of_a_batch_that_was_rolled_back_are_made_again(
    store: SqliteStore, connections: list[sqlite3.Connection]
) -> None:
    store.add(submission(statement()))
    [connection] = connections
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    lost = [statement(verb=RATED, actor=f"mailto:{number}@vr.example") for number in range(200)]
    with pytest.raises(StoreUnavailable):
        store.add(submission(*lost))
    connection.execute("PRAGMA max_page_count = 1000000")
    # Other terms take the numbers that the lost ones had.
    store.add(submission(other := statement(verb="http://example.com/other", actor=OTHER)))
    store.add(submission(lost[7]))
    assert _ids(store, verb=RATED) == [lost[7].id]
    assert _ids(store, agent="mailto:7@vr.example") == [lost[7].id]
    assert _ids(store, verb="http://example.com/other", agent=OTHER) == [other.id]


def test_a_full_disk_leaves_the_old_document_and_takes_the_new_one_when_there_is_room(
    store: SqliteStore, connections: list[sqlite3.Connection]
) -> None:
    old, new = document(b"old"), document(b"new" * 100_000)
    assert store.swap_document(HERE, "bookmark", None, old)
    [connection] = connections
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="no room"):
        store.swap_document(HERE, "bookmark", old.etag, new)
    assert store.document(HERE, "bookmark") == old
    connection.execute("PRAGMA max_page_count = 1000000")
    assert store.swap_document(HERE, "bookmark", old.etag, new)
    assert store.document(HERE, "bookmark") == new


def test_documents_are_not_swapped_while_the_file_is_locked(
    store: SqliteStore, impatient: SqliteStore, locked: sqlite3.Connection
) -> None:
    for call in (
        lambda: impatient.swap_document(HERE, "bookmark", None, document()),
        lambda: impatient.delete_documents(HERE),
    ):
        with pytest.raises(StoreUnavailable, match="locked"):
            call()
    assert store.document(HERE, "bookmark") is None
    locked.execute("ROLLBACK")
    assert impatient.swap_document(HERE, "bookmark", None, document())
    assert store.document(HERE, "bookmark") == document()


def test_a_file_that_may_not_grow_is_unavailable_until_it_may(path: Path) -> None:
    code = """
import resource, signal, sys
from lrs.errors import StoreUnavailable
from lrs.stores.contract_samples import statement, submission
from lrs.stores.sqlite.store import SqliteStore
store = SqliteStore(sys.argv[1])
store.initialise()
store.add(submission(statement()))
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
batch = submission(*[statement() for _ in range(2_000)])
try:
    store.add(batch)
except StoreUnavailable as error:
    assert "IOERR" in error.details[0].found or "FULL" in error.details[0].found, error.details
else:
    raise AssertionError("it was written")
assert store.count_statements() == len(list(store.scan())) == 1
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
assert len(store.add(batch)) == 2_000
assert store.health()["integrity"] == "ok"
store.close()
"""
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=60)


def test_a_file_that_was_deleted_is_unavailable(store: SqliteStore, path: Path) -> None:
    store.add(submission(statement()))
    path.unlink()
    with pytest.raises(StoreUnavailable, match="gone"):
        store.add(submission(statement()))
    with pytest.raises(StoreMismatch, match="There is no store"):
        store.count_statements()


def test_a_file_that_was_put_in_place_of_another_is_the_one_that_is_written(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    store.add(submission(statement()))
    backup = SqliteStore(tmp_path / "backup.db")
    backup.initialise()
    backup.close()
    for name in ("", "-wal", "-shm"):
        Path(f"{path}{name}").unlink()
    (tmp_path / "backup.db").replace(path)
    store.add(submission(new := statement()))
    assert [kept.id for kept in store.scan()] == [new.id]
    assert _ids(store, verb=new.parsed["verb"]["id"]) == [new.id]


def test_a_damaged_file_is_said_to_be_damaged(store: SqliteStore, path: Path) -> None:
    store.add(submission(*[statement() for _ in range(50)]))
    store.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))
    damaged = SqliteStore(path)
    with pytest.raises(LrsError, match="damaged"):
        list(damaged.scan())
    damaged.close()


def test_after_close_the_store_is_unavailable(store: SqliteStore) -> None:
    store.add(submission(statement()))
    store.close()
    for call in (
        store.ping,
        store.count_statements,
        lambda: store.add(submission(statement())),
        lambda: store.document(HERE, "bookmark"),
        lambda: store.document_ids(HERE),
        lambda: store.definitions(SCENARIO),
        lambda: store.swap_document(HERE, "bookmark", None, document()),
        lambda: store.delete_documents(HERE),
    ):
        with pytest.raises(StoreUnavailable, match="closed"):
            call()


def test_closing_twice_is_fine(store: SqliteStore) -> None:
    store.close()
    store.close()


def test_a_conflict_does_not_harm_the_others_in_its_group(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    before, taken, after = statement(), statement(), statement()
    store.add(submission(taken))
    other = statement(statement_id=taken.id, actor=OTHER)
    jobs = work(*[AddJob(submission(*new)) for new in ([before], [statement(), other], [after])])
    assert jobs[0].outcome() == {before.id}
    with pytest.raises(Conflict):
        jobs[1].outcome()
    assert jobs[2].outcome() == {after.id}
    assert store.count_statements() == 3


def test_an_id_twice_in_one_group_is_new_once_and_a_conflict_when_it_differs(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    new = statement()
    other = statement(statement_id=new.id, actor=OTHER)
    jobs = work(*[AddJob(submission(one)) for one in (new, new, other)])
    assert [job.outcome() for job in jobs[:2]] == [{new.id}, frozenset()]
    with pytest.raises(Conflict):
        jobs[2].outcome()


def test_a_job_that_cannot_be_written_does_not_harm_the_others_in_its_group(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    good, bad, ugly, fine = statement(), statement(), statement(), statement()
    jobs = work(
        AddJob(submission(good)),
        AddJob(submission(bad, findings={bad.id: [finding(evidence(observed_us=2**70))]})),
        AddJob(submission(ugly, findings={ugly.id: [finding(evidence(encounter=None))]})),
        AddJob(submission(fine)),
    )
    assert [jobs[0].outcome(), jobs[3].outcome()] == [{good.id}, {fine.id}]
    with pytest.raises(OverflowError):
        jobs[1].outcome()
    with pytest.raises(StoreUnavailable):
        jobs[2].outcome()
    assert [kept.id for kept in store.scan()] == [good.id, fine.id]
    assert store.count_statements() == 2


def test_when_the_file_cannot_be_written_every_job_of_the_group_is_told_so(
    store: SqliteStore, work: Callable[..., list[Job]], locked: sqlite3.Connection
) -> None:
    jobs = work(*[AddJob(submission(statement())) for _ in range(3)])
    errors = []
    for job in jobs:
        with pytest.raises(StoreUnavailable, match="locked") as caught:
            job.outcome()
        errors.append(caught.value)
    assert len(set(map(id, errors))) == 3
    assert store.count_statements() == 0


def test_a_store_that_was_never_initialised_says_what_to_do(tmp_path: Path) -> None:
    missing = SqliteStore(tmp_path / "missing.db")
    for call in (missing.ping, missing.count_statements, lambda: missing.add(submission(statement()))):
        with pytest.raises(StoreMismatch, match="lrs init"):
            call()
    assert not (tmp_path / "missing.db").exists()
    missing.close()


def test_when_nothing_can_be_noted_down_it_is_consistent_through_the_newest_statement(
    store: SqliteStore, path: Path
) -> None:
    store.add(submission(new := statement()))
    store.close()
    side = path.with_name(path.name + "-writing")
    side.unlink()
    side.mkdir()
    reader = SqliteStore(path)
    kept = reader.get(new.id)
    assert kept is not None
    assert reader.consistent_through() == kept.stored_us
    for call in (reader.ping, lambda: reader.add(submission(statement()))):
        with pytest.raises(StoreUnavailable):
            call()
    reader.close()


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        SqliteStore(tmp_path / "file" / "rapport.db").initialise()


def test_no_error_of_sqlite_leaks(store: SqliteStore, path: Path) -> None:
    store.add(submission(known := statement()))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TABLE posting")
    connection.close()
    for call in (
        lambda: store.find(StatementQuery(verb=known.parsed["verb"]["id"])),
        lambda: store.add(submission(statement())),
    ):
        with pytest.raises(StoreUnavailable):
            call()
    assert store.get(known.id) is not None


def _ids(store: SqliteStore, **query: Any) -> list[str]:
    return [one.id for one in store.find(StatementQuery(**query)).statements]
