"""Several processes on one file, and the death of one of them."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from lrs.stores.base import EvidenceQuery
from lrs.stores.contract_audit import BARE
from lrs.stores.contract_samples import FOREVER, statement, submission
from lrs.stores.sqlite.store import SqliteStore
from lrs.xapi.query import StatementQuery
from tests.stores.appenders import acknowledged, appender, assert_one_chain

SCRIPT = Path(__file__).with_name("writing.py")
SIZE = 7


@contextmanager
def writer(path: Path, name: str, *, batches: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(SCRIPT), str(path), name, str(batches), str(SIZE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def batch_of(name: str, number: int) -> set[str]:
    return {str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{number}/{place}")) for place in range(SIZE)}


def lines_of(process: subprocess.Popen[str]) -> Iterator[int]:
    assert process.stdout is not None
    return map(int, process.stdout)


def test_two_processes_write_one_file(store: SqliteStore, path: Path) -> None:
    with writer(path, "a", batches=30) as one, writer(path, "b", batches=30) as other:
        assert list(lines_of(one)) == list(lines_of(other)) == list(range(30))
    kept = list(store.scan())
    expected = set.union(*(batch_of(name, number) for name in "ab" for number in range(30)))
    assert {statement.id for statement in kept} == expected
    instants = [statement.stored_us for statement in kept]
    assert instants == sorted(set(instants))
    assert store.count_statements() == store.count_evidence() == len(expected)


def test_reading_on_and_consistent_through_hold_across_processes(store: SqliteStore, path: Path) -> None:
    claims: list[tuple[int, int]] = []
    seen: list[str] = []
    with writer(path, "a", batches=60) as one, writer(path, "b", batches=60) as other:
        while one.poll() is None or other.poll() is None:
            instant = store.consistent_through()
            claims.append(
                (instant, len(store.find(StatementQuery(until_us=instant, limit=10_000)).statements))
            )
            newest = store.get(seen[-1]) if seen else None
            seen += [new.id for new in store.scan(newest.stored_us if newest else -1)]
        newest = store.get(seen[-1]) if seen else None
        seen += [new.id for new in store.scan(newest.stored_us if newest else -1)]
    instants = [statement.stored_us for statement in store.scan()]
    assert len(instants) == 2 * 60 * SIZE
    assert seen == [statement.id for statement in store.scan()]
    for instant, readable in claims:
        assert sum(stored <= instant for stored in instants) == readable


@pytest.mark.parametrize("batches_first", [1, 20, 60])
def test_a_killed_writer_loses_nothing_acknowledged(
    store: SqliteStore, path: Path, batches_first: int
) -> None:
    with writer(path, "a", batches=0) as process:
        lines = lines_of(process)
        acknowledged = [next(lines) for _ in range(batches_first)]
        process.kill()
        # What was in the pipe was acknowledged as well.
        acknowledged += list(lines)
    kept = {statement.id for statement in store.scan()}
    for number in acknowledged:
        assert batch_of("a", number) <= kept
    # One more may have been committed whose acknowledgement was never written.
    last = acknowledged[-1] + 1
    assert batch_of("a", last) <= kept or not batch_of("a", last) & kept
    assert len(kept) % SIZE == 0
    assert store.count_statements() == len(kept)
    assert len(store.evidence(EvidenceQuery(as_of_us=FOREVER))) == len(kept)
    assert store.health()["integrity"] == "ok"
    store.add(submission(new := statement()))
    assert store.get(new.id) is not None


def test_a_store_taken_along_in_a_fork_works_on_both_sides(path: Path) -> None:
    code = """
import os, sys
from lrs.stores.contract_samples import statement, submission
from lrs.stores.sqlite.store import SqliteStore
store = SqliteStore(sys.argv[1])
store.initialise()
store.add(submission(statement()))
list(store.scan())
child = os.fork()
store.add(submission(statement()))
assert store.count_statements() >= 2
store.consistent_through()
if child == 0:
    store.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
store.add(submission(statement()))
assert store.count_statements() == 4
store.close()
"""
    # A fork of a process with threads is warned of; forking servers do it all the same.
    subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(path)], check=True, timeout=60)


def test_stores_initialised_at_once_by_several_processes_are_one(path: Path) -> None:
    code = "import sys; from lrs.stores.sqlite.store import SqliteStore as S; S(sys.argv[1]).initialise()"
    starting = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(4)]
    assert [process.wait() for process in starting] == [0] * 4
    store = SqliteStore(path)
    store.ping()
    assert store.count_statements() == 0
    store.close()


def test_processes_that_append_write_one_chain(store: SqliteStore) -> None:
    with appender(store.url, "a", count=60) as one, appender(store.url, "b", count=60) as other:
        told = [*acknowledged(one), *acknowledged(other)]
    assert len(told) == 120
    assert_one_chain(store, told)


def test_a_process_that_is_killed_while_it_appends_leaves_a_chain(store: SqliteStore) -> None:
    with appender(store.url, "a", count=0) as one:
        told = list(islice(acknowledged(one), 25))
        one.kill()
        told += acknowledged(one)
    assert_one_chain(store, told, lost=1)
    assert store.append_audit(BARE).number > max(told)
    assert_one_chain(store, told, lost=2)
