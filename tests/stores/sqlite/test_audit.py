"""The audit log in the file: what SQL refuses, whoever says it, and what many entries cost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lrs.errors import Conflict
from lrs.stores.audit import AuditEntry, AuditQuery, Happening
from lrs.stores.contract_audit import BARE, RICH, chained
from lrs.stores.contract_samples import RECRUIT
from lrs.stores.contract_users import OFFICER
from lrs.stores.group_commit import Job
from lrs.stores.sqlite import audit, users
from lrs.stores.sqlite.jobs import CallJob
from lrs.stores.sqlite.store import SqliteStore


@pytest.fixture
def entries(store: SqliteStore) -> list[AuditEntry]:
    return [store.append_audit(one) for one in (RICH, BARE, RICH)]


@pytest.fixture
def connection(path: Path, entries: list[AuditEntry]) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE audit_log SET detail = '{}' WHERE number = 1",
        "UPDATE audit_log SET number = 9 WHERE number = 3",
        "DELETE FROM audit_log WHERE number = 2",
        "DELETE FROM audit_log",
        "INSERT OR REPLACE INTO audit_log SELECT number, 5, actor, action, subjects, detail, previous, sha256"
        " FROM audit_log WHERE number = 2",
        "INSERT INTO audit_log SELECT number + 2, at, actor, action, subjects, detail, previous, sha256"
        " FROM audit_log WHERE number = 3",
        "INSERT INTO audit_log SELECT 0, at, actor, action, subjects, detail, previous, sha256"
        " FROM audit_log WHERE number = 3",
        "INSERT INTO audit_log SELECT NULL, at, actor, action, subjects, detail, previous, sha256"
        " FROM audit_log WHERE number = 3",
        "UPDATE audit_subjects SET subject = 'x'",
        "DELETE FROM audit_subjects",
    ],
)
def test_sql_that_is_no_appending_is_refused(
    store: SqliteStore, connection: sqlite3.Connection, entries: list[AuditEntry], text: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(text)
    assert list(store.scan_audit()) == entries


def test_nothing_of_it_is_deleted_by_vacuum(store: SqliteStore, connection: sqlite3.Connection) -> None:
    before = list(store.scan_audit())
    connection.execute("VACUUM")
    assert list(store.scan_audit()) == before


def test_entries_of_one_group_are_a_chain_and_a_bad_one_among_them_leaves_no_gap(
    store: SqliteStore, path: Path, work: Callable[..., list[Job]]
) -> None:
    bad = Happening(at_us=0, actor="system", action="x", subjects=("\ud800",))
    jobs = work(*(CallJob(audit.appending(one)) for one in (RICH, bad, BARE)))
    assert isinstance(jobs[1].error, UnicodeError)
    assert [jobs[0].outcome(), jobs[2].outcome()] == chained([RICH, BARE]) == list(store.scan_audit())


def test_an_entry_beside_work_that_is_refused_is_kept(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    store.add_user(OFFICER)
    jobs = work(CallJob(audit.appending(BARE)), CallJob(users.adding(OFFICER)))
    assert isinstance(jobs[1].error, Conflict)
    assert list(store.scan_audit()) == chained([BARE])


def test_a_page_about_one_person_does_not_read_what_is_about_others(store: SqliteStore, path: Path) -> None:
    """Of some thousand entries two are about the recruit; the page takes no more steps for that."""
    other = Happening(at_us=1, actor="user:1", action="read profile", subjects=("mailto:o@academy.example",))
    about = Happening(at_us=1, actor="user:1", action="read profile", subjects=(RECRUIT,))
    store.take_audit(chained([about, *[other] * 3_000, about]))
    connection = sqlite3.connect(path)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    connection.set_progress_handler(step, 10)
    found = audit.read_audit(connection, AuditQuery(subject=RECRUIT))
    connection.close()
    assert [one.number for one in found] == [3_002, 1]
    assert steps < 50
