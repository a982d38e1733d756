"""What the writer remembers of definitions: nothing that is not on the disk."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from lrs.errors import Conflict, StoreUnavailable
from lrs.stores.contract_samples import OTHER, SCENARIO, evidence, finding, statement, submission
from lrs.stores.group_commit import AddJob, Job
from lrs.stores.sqlite.definitions import Definitions, read_definitions
from lrs.stores.sqlite.jobs import CallJob
from lrs.stores.sqlite.store import SqliteStore
from lrs.stores.sqlite.terms import Terms

STOP = '{"name":{"en":"Traffic stop"}}'
STOP_DE = '{"name":{"de":"Verkehrskontrolle"}}'


def test_a_definition_that_is_known_is_neither_looked_up_nor_written(
    store: SqliteStore, connections: list[sqlite3.Connection]
) -> None:
    statements: list[str] = []
    store.add(submission(statement(), definitions=[(SCENARIO, STOP)]))
    [connection] = connections
    connection.set_trace_callback(statements.append)
    store.add(submission(statement(), definitions=[(SCENARIO, STOP)] * 3))
    assert [text for text in statements if "definition" in text] == []
    store.add(submission(statement(), definitions=[(SCENARIO, STOP_DE)]))
    assert len([text for text in statements if "INSERT INTO definition" in text]) == 1


def test_a_definition_of_a_batch_that_was_rolled_back_is_written_the_next_time(
    store: SqliteStore, connections: list[sqlite3.Connection]
) -> None:
    store.add(submission(statement()))
    [connection] = connections
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    long = f'{{"name":{{"en":"{"x" * 100_000}"}}}}'
    said = [(SCENARIO, STOP), (SCENARIO, long)]
    with pytest.raises(StoreUnavailable):
        store.add(submission(statement(), definitions=said))
    assert list(store.definitions(SCENARIO)) == []
    connection.execute("PRAGMA max_page_count = 1000000")
    store.add(submission(statement(), definitions=said))
    assert list(store.definitions(SCENARIO)) == [STOP, long]


def test_a_definition_is_written_into_the_file_that_was_put_in_place_of_another(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    store.add(submission(statement(), definitions=[(SCENARIO, STOP)]))
    backup = SqliteStore(tmp_path / "backup.db")
    backup.initialise()
    backup.close()
    for name in ("", "-wal", "-shm"):
        Path(f"{path}{name}").unlink()
    (tmp_path / "backup.db").replace(path)
    store.add(submission(statement(), definitions=[(SCENARIO, STOP)]))
    assert list(store.definitions(SCENARIO)) == [STOP]


def test_definitions_of_a_group_are_those_of_the_jobs_that_were_done(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    taken, bad = statement(), statement()
    store.add(submission(taken))
    other = statement(statement_id=taken.id, actor=OTHER)
    unforeseen = {bad.id: [finding(evidence(observed_us=2**70))]}
    jobs = work(
        AddJob(submission(statement(), definitions=[(SCENARIO, STOP)])),
        AddJob(submission(other, definitions=[(SCENARIO, '{"type":"x:conflict"}')])),
        AddJob(submission(bad, findings=unforeseen, definitions=[(SCENARIO, '{"type":"x:bad"}')])),
        AddJob(submission(statement(), definitions=[(SCENARIO, STOP_DE)])),
    )
    with pytest.raises(Conflict):
        jobs[1].outcome()
    with pytest.raises(OverflowError):
        jobs[2].outcome()
    assert list(store.definitions(SCENARIO)) == [STOP, STOP_DE]


def test_a_definition_has_stored_of_the_first_new_statement_that_came_with_it(
    store: SqliteStore, path: Path, work: Callable[..., list[Job]]
) -> None:
    work(
        AddJob(submission(statement(), statement(), definitions=[(SCENARIO, STOP)])),
        AddJob(submission(statement(), definitions=[(SCENARIO, STOP_DE), (SCENARIO, STOP)])),
    )
    instants = [kept.stored_us for kept in store.scan()]
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT text, stored FROM definition ORDER BY number").fetchall()
    connection.close()
    assert rows == [(STOP, instants[0]), (STOP_DE, instants[2])]


def test_no_more_is_remembered_than_may_be_and_all_is_kept(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    definitions = Definitions(Terms(), most_known=3)
    texts = [f'{{"type":"x:{number}"}}' for number in range(10)]

    def say(connection: sqlite3.Connection) -> list[str]:
        for batch in (texts[:2], texts[1:4], texts, texts[:1]):
            definitions.add(connection, [(SCENARIO, text, 1) for text in batch])
            definitions.committed()
            assert len(definitions._known) <= 3
        return read_definitions(connection, SCENARIO)

    [job] = work(CallJob(say))
    assert job.outcome() == texts
