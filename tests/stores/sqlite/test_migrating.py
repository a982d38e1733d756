import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from lrs.errors import StoreMismatch
from lrs.stores.contract_access import VENDOR_KEY
from lrs.stores.contract_samples import (
    SCENARIO,
    document,
    evidence,
    finding,
    state_scope,
    statement,
    submission,
    voiding,
)
from lrs.stores.sqlite import migrating
from lrs.stores.sqlite.store import SqliteStore
from lrs.xapi.statement import Attachment


def execute(path: Path, *texts: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for text in texts:
        connection.execute(text)
    connection.close()


def schema(path: Path) -> tuple[int, set[str]]:
    connection = sqlite3.connect(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    return version, names


def test_a_new_store_is_of_the_newest_version(store: SqliteStore, path: Path) -> None:
    version, tables = schema(path)
    assert version == len(migrating.migrations())
    assert {"statement", "posting", "evidence", "key", "document", "definition"} <= tables
    assert store.health()["schema"] == version


def test_a_new_store_is_readable_by_its_owner_alone(store: SqliteStore, path: Path) -> None:
    store.ping()
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_store_is_durable(store: SqliteStore, path: Path) -> None:
    assert store.health()["durability"].startswith("wal")


def test_an_empty_file_is_a_store_not_yet_initialised(path: Path) -> None:
    path.touch()
    store = SqliteStore(path)
    with pytest.raises(StoreMismatch, match="lrs init"):
        store.ping()
    store.initialise()
    store.ping()
    store.close()


def test_a_store_of_a_newer_version_is_left_alone(store: SqliteStore, path: Path) -> None:
    newer = len(migrating.migrations()) + 1
    execute(path, f"PRAGMA user_version = {newer}")
    other = SqliteStore(path)
    for call in (other.ping, other.initialise):
        with pytest.raises(StoreMismatch, match="newer version") as caught:
            call()
        assert "install the newer version" in caught.value.details[0].expected
    assert schema(path)[0] == newer
    other.close()


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    execute(path, "CREATE TABLE photos (id)")
    store = SqliteStore(path)
    for call in (store.ping, store.initialise):
        with pytest.raises(StoreMismatch, match="not a store of Rapport"):
            call()
    assert schema(path) == (0, {"photos"})


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    text = os.urandom(5_000)
    path.write_bytes(text)
    store = SqliteStore(path)
    for call in (store.ping, store.initialise):
        with pytest.raises(StoreMismatch, match="not a SQLite database"):
            call()
    assert path.read_bytes() == text


def test_an_older_store_is_brought_up_to_date_by_initialise(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    more = (*migrating.migrations(), "CREATE TABLE later (id); -- with a comment; and a semicolon\n")
    monkeypatch.setattr(migrating, "migrations", lambda: more)
    newer = SqliteStore(path)
    with pytest.raises(StoreMismatch, match="older version"):
        newer.ping()
    newer.initialise()
    newer.ping()
    version, tables = schema(path)
    assert version == len(more)
    assert "later" in tables
    newer.close()


def rows(path: Path, tables: set[str]) -> dict[str, list[Any]]:
    connection = sqlite3.connect(path)
    kept = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(tables)}
    connection.close()
    return kept


def test_a_store_of_version_1_keeps_everything_and_takes_documents_from_then_on(path: Path) -> None:
    with pytest.MonkeyPatch.context() as then:
        first = migrating.migrations()[:1]
        then.setattr(migrating, "migrations", lambda: first)
        old = SqliteStore(path)
        old.initialise()
        target, broken = statement(), statement()
        found = {target.id: [finding(evidence())], broken.id: [finding(failure="broken")]}
        picture = Attachment("a" * 64, "image/png", b"\x89PNG")
        old.add(submission(target, broken, voiding(target.id), findings=found, attachments=[picture]))
        old.add_key(VENDOR_KEY)
        old.server_secret("more")
        kept = list(old.scan())
        old.close()
    version, tables = schema(path)
    before = rows(path, tables)
    assert version == 1
    assert all(before.values())
    store = SqliteStore(path)
    with pytest.raises(StoreMismatch, match="older version"):
        store.document(state_scope(), "bookmark")
    store.initialise()
    assert schema(path)[0] == len(migrating.migrations())
    assert rows(path, tables) == before
    assert list(store.scan()) == kept
    assert store.health()["integrity"] == "ok"
    assert store.swap_document(state_scope(), "bookmark", None, document())
    assert store.document(state_scope(), "bookmark") == document()
    store.add(submission(statement(), definitions=[(SCENARIO, "{}")]))
    assert list(store.definitions(SCENARIO)) == ["{}"]
    store.close()


def test_a_migration_that_fails_leaves_nothing_behind(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    before = schema(path)
    broken = (*migrating.migrations(), "CREATE TABLE half (id);\nCREATE TABLE half (id);\n")
    monkeypatch.setattr(migrating, "migrations", lambda: broken)
    with pytest.raises(Exception, match="failed"):
        SqliteStore(path).initialise()
    assert schema(path) == before
