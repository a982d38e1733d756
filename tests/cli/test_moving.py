"""`lrs copy`, `lrs backup`, `lrs restore`: as a user would, on files."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lrs.errors import StoreUnavailable
from lrs.services import archives
from lrs.services.whole import KINDS, OWN
from lrs.stores.contract_evidence import add_with
from lrs.stores.contract_moving_samples import Luggage, counts, fill, instants, packed, told
from lrs.stores.contract_rebuild import begin
from lrs.stores.contract_samples import evidence, new_id, source, statement, submission
from lrs.stores.moving import WholeStore
from lrs.stores.opening import open_store
from lrs.stores.sqlite import backing_up
from tests.cli.conftest import Lrs

MAIN = "cli.db"
EMPTY = "0" * 64


@pytest.fixture
def filled(ready: Lrs, tmp_path: Path) -> Lrs:
    """`lrs` over a store with something of everything."""
    with closing(at(tmp_path / MAIN)) as store:
        fill(store)
    return ready


def at(file: Path) -> WholeStore:
    return open_store(f"sqlite:///{file}")


def content(file: Path) -> Luggage:
    """All that is moved."""
    with closing(at(file)) as store:
        everything = packed(store)
        moved = [one for one in everything.secrets if one[0] not in OWN]
        return Luggage(
            **{
                **{name: getattr(everything, name) for name in everything.__slots__},
                "secrets": moved,
                "last_us": 0,
            }
        )


def assert_same(file: Path, other: Path) -> None:
    assert content(file) == content(other)
    with closing(at(file)) as one, closing(at(other)) as two:
        assert counts(one) == counts(two)
        for instant in instants(one):
            assert told(one, instant) == told(two, instant)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def change(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        assert connection.execute(sql).rowcount


# Copy


def test_copy_makes_the_other_store(filled: Lrs, tmp_path: Path) -> None:
    code, out, err = filled("copy", f"sqlite:///{MAIN}", "sqlite:///folder/new.db")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["kind", *KINDS]
    assert "sqlite:///folder/new.db is what sqlite:///cli.db was at" in err
    assert_same(tmp_path / "folder/new.db", tmp_path / MAIN)


def test_copy_answers_a_script(filled: Lrs, tmp_path: Path) -> None:
    answers = []
    for _ in range(2):
        code, out, _ = filled("copy", f"sqlite:///{MAIN}", "sqlite:///new.db", "--json")
        assert code == 0
        answers.append(json.loads(out))
    first, second = answers
    assert (first["from"], first["to"]) == (f"sqlite:///{MAIN}", "sqlite:///new.db")
    assert first["through"].endswith("Z")
    assert first["new_statements"] == first["kinds"]["statements"]["count"] > 0
    assert second["new_statements"] == 0
    assert second["kinds"] == first["kinds"]
    assert all(len(one["sha256"]) == 64 for one in first["kinds"].values())


def test_where_there_is_no_source_none_is_made(lrs: Lrs, tmp_path: Path) -> None:
    code, out, err = lrs("copy", "sqlite:///missing.db", "sqlite:///new.db")
    assert (code, out) == (1, "")
    assert "There is no store at" in err
    assert names(tmp_path) == []


def test_a_password_is_never_shown(filled: Lrs) -> None:
    for urls in (
        ("nosql://me:hush@host/db", f"sqlite:///{MAIN}"),
        (f"sqlite:///{MAIN}", "nosql://me:hush@host/db"),
    ):
        code, out, err = filled("copy", *urls)
        assert code == 1
        assert "hush" not in out + err
        assert "nosql://host/db" in err


def test_copy_takes_two_urls(filled: Lrs) -> None:
    assert filled("copy", f"sqlite:///{MAIN}")[0] == 2


# Backup


def test_a_backup_is_restored_into_a_new_store(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = filled("backup", "safe.db")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["kind", *KINDS]
    assert err.splitlines()[-1].startswith("safe.db holds everything until ")
    monkeypatch.setenv("LRS_STORE", "sqlite:///new/place.db")
    code, out, err = filled("restore", "safe.db")
    assert code == 0
    assert "sqlite:///new/place.db is as it was at" in err
    assert_same(tmp_path / "new/place.db", tmp_path / MAIN)
    assert filled("doctor")[0] == 0


def test_backup_and_restore_answer_a_script(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = filled("backup", "safe.db", "--json")
    assert code == 0
    made = json.loads(out)
    assert made["file"] == "safe.db"
    assert made["bytes"] == (tmp_path / "safe.db").stat().st_size
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    code, out, _ = filled("restore", "safe.db", "--json")
    assert code == 0
    restored = json.loads(out)
    assert restored["store"] == "sqlite:///new.db"
    assert restored["kinds"] == made["kinds"]
    assert restored["through"] == made["through"]


def test_a_backup_is_one_file_for_its_owner(filled: Lrs, tmp_path: Path) -> None:
    before = names(tmp_path)
    mask = os.umask(0)
    try:
        assert filled("backup", "safe.db")[0] == 0
    finally:
        os.umask(mask)
    assert names(tmp_path) == sorted([*before, "safe.db"])
    assert stat.S_IMODE((tmp_path / "safe.db").stat().st_mode) == 0o600


def test_a_restore_only_reads_the_backup(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    assert filled("backup", "vault/safe.db")[0] == 0
    file = folder / "safe.db"
    before = file.read_bytes()
    file.chmod(0o400)
    folder.chmod(0o500)
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    try:
        assert filled("restore", "vault/safe.db")[0] == 0
    finally:
        folder.chmod(0o700)
    assert file.read_bytes() == before
    assert names(folder) == ["safe.db"]


def test_a_name_that_is_taken_is_refused(filled: Lrs, tmp_path: Path) -> None:
    (tmp_path / "safe.db").write_text("mine")
    (tmp_path / "link.db").symlink_to("nowhere")
    before = names(tmp_path)
    for name in ("safe.db", "link.db"):
        code, _, err = filled("backup", name)
        assert code == 1
        assert f"{name} is there already." in err
    assert filled("backup", "nowhere/safe.db")[0] == 1
    assert (tmp_path / "safe.db").read_text() == "mine"
    assert names(tmp_path) == before


def test_a_store_is_backed_up_while_it_is_written_to(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing_up, "_PAGES", 2)
    stop = threading.Event()
    with closing(at(tmp_path / MAIN)) as store:
        acknowledged = [store.count_statements()]

        def write() -> None:
            while not stop.is_set():
                store.add(submission(statement(statement_id=new_id()), statement()))
                acknowledged.append(acknowledged[-1] + 2)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            code, out, _ = filled("backup", "safe.db", "--json")
        finally:
            stop.set()
            writer.join()
    assert code == 0
    kept = json.loads(out)["kinds"]["statements"]["count"]
    # A whole number of submissions: none is in it by half.
    assert kept in acknowledged
    with closing(at(tmp_path / "safe.db")) as archive, closing(at(tmp_path / MAIN)) as store:
        first = list(store.scan())[:kept]
        assert [(one.id, one.raw) for one in archive.scan()] == [(one.id, one.raw) for one in first]


def test_a_backup_of_an_empty_store_is_restored(lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lrs("init", "--no-users")[0] == 0
    assert lrs("backup", "safe.db")[0] == 0
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    # Made already, and nobody in it: as empty as one that is not there.
    assert lrs("init", "--no-users")[0] == 0
    code, out, _ = lrs("restore", "safe.db", "--json")
    assert code == 0
    assert {one["sha256"] for one in json.loads(out)["kinds"].values()} == {EMPTY}


def test_a_backup_of_a_backup_is_one(filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert filled("backup", "safe.db")[0] == 0
    # Put in place as it is, and brought up to date.
    (tmp_path / "safe.db").rename(tmp_path / "again.db")
    monkeypatch.setenv("LRS_STORE", "sqlite:///again.db")
    assert filled("init")[0] == 0
    assert_same(tmp_path / "again.db", tmp_path / MAIN)
    with closing(at(tmp_path / "again.db")) as store:
        add_with(store, evidence())
    assert filled("backup", "second.db")[0] == 0
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    assert filled("restore", "second.db")[0] == 0
    assert_same(tmp_path / "new.db", tmp_path / "again.db")


def test_unfinished_work_is_no_part_of_what_is_restored(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(at(tmp_path / MAIN)) as store:
        unfinished = begin(store, source(version="9.0")).generations[0].number
    assert filled("backup", "safe.db")[0] == 0
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    assert filled("restore", "safe.db")[0] == 0
    with closing(at(tmp_path / "new.db")) as store:
        assert unfinished not in {one.number for one in store.generations()}


# A store that is no file of ours is copied record by record.


class Elsewhere:
    """A store that cannot copy itself page by page."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        if name in ("back_up", "settle"):
            raise AttributeError(name)
        return getattr(self._store, name)


def test_a_store_of_any_engine_is_backed_up(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(at(tmp_path / MAIN)) as store:
        archives.back_up(Elsewhere(store), tmp_path / "safe.db")  # type: ignore[arg-type]
    assert stat.S_IMODE((tmp_path / "safe.db").stat().st_mode) == 0o600
    assert [name for name in names(tmp_path) if "safe" in name] == ["safe.db"]
    assert_same(tmp_path / "safe.db", tmp_path / MAIN)
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    assert filled("restore", "safe.db")[0] == 0
    assert_same(tmp_path / "new.db", tmp_path / MAIN)


# What goes wrong


@pytest.mark.parametrize("step", ["back_up", "take_access", "settle", "health"])
def test_a_backup_that_fails_leaves_nothing(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from lrs.stores.sqlite.store import SqliteStore

    def full(*_: object, **__: object) -> None:
        raise StoreUnavailable("There is no room left to write.")

    before = names(tmp_path)
    monkeypatch.setattr(SqliteStore, step, full)
    code, out, err = filled("backup", "safe.db")
    assert (code, out) == (1, "")
    assert "There is no room left to write." in err
    assert names(tmp_path) == before


def test_a_full_disk_leaves_nothing(filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = backing_up.connect

    def small(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)
        connection.execute("PRAGMA max_page_count = 5")
        return connection

    before = names(tmp_path)
    monkeypatch.setattr(backing_up, "connect", small)
    code, _, err = filled("backup", "safe.db")
    assert code == 1
    assert "no room left" in err
    assert names(tmp_path) == before


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("UPDATE statement SET raw = replace(raw, 'recruit', 'someone')", "FILE"),
        ("UPDATE statement SET raw = CAST(raw || ' ' AS BLOB)", "statements"),
        ("UPDATE statement SET voided = NULL", "statements"),
        ("DELETE FROM statement WHERE stored = (SELECT max(stored) FROM statement)", "statements"),
        ("UPDATE evidence SET rating = 7", "evidence"),
        ("UPDATE evidence SET tier = 'nonsense'", "FILE"),
        ("UPDATE document SET content = x'00'", "documents"),
        ("DELETE FROM attachment", "attachments"),
        ("UPDATE key SET revoked = NULL WHERE id = 'vendor-1' OR 1", "keys"),
        ("UPDATE activation SET at = at + 1 WHERE at > 0", "activations"),
        ("UPDATE member SET unit = 'x'", "members"),
        ("UPDATE quarantine SET mended = NULL", "failures"),
        ("DELETE FROM definition", "definitions"),
        ("UPDATE secret SET value = x'00' WHERE name = 'more'", "secrets"),
        ("UPDATE generation SET begun = begun + 1", "generations"),
    ],
)
def test_a_backup_that_was_changed_is_refused(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, kind: str
) -> None:
    assert filled("backup", "safe.db")[0] == 0
    if "revoked" in damage:
        change(tmp_path / "safe.db", "UPDATE key SET name = id")
    change(tmp_path / "safe.db", damage)
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    code, _, err = filled("restore", "safe.db")
    assert code == 1
    assert "safe.db is not as it was written" in err
    assert f"  {kind}: " in err
    with closing(at(tmp_path / "new.db")) as store:
        assert store.count_statements() == 0


def test_a_backup_that_was_cut_off_is_refused(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert filled("backup", "safe.db")[0] == 0
    file = tmp_path / "safe.db"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    code, _, err = filled("restore", "safe.db")
    assert code == 1
    assert err.startswith("Error: ")


def test_what_is_no_backup_is_refused(filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.db").write_text("no database " * 100)
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE thing (x)")
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    for name, said in (
        ("missing.db", "There is no file missing.db."),
        ("text.db", "not a SQLite database"),
        ("other.db", "not a store of Rapport"),
        (MAIN, f"{MAIN} is a store, but no archive."),
    ):
        code, _, err = filled("restore", name)
        assert code == 1
        assert said in err
    assert not (tmp_path / "new.db").exists()


def test_a_store_in_use_is_not_restored_over(filled: Lrs, tmp_path: Path) -> None:
    assert filled("backup", "safe.db")[0] == 0
    before = content(tmp_path / MAIN)
    code, _, err = filled("restore", "safe.db")
    assert code == 1
    assert "is in use." in err
    assert "LRS_STORE" in err
    assert content(tmp_path / MAIN) == before


def test_a_restore_that_was_broken_off_is_run_again(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lrs.stores.sqlite.store import SqliteStore

    def unplugged(*_: object) -> None:
        raise StoreUnavailable("unplugged")

    assert filled("backup", "safe.db")[0] == 0
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    for step in ("take_statements", "take_evidence", "take_roster", "take_counts"):
        with monkeypatch.context() as patch:
            patch.setattr(SqliteStore, step, unplugged)
            assert filled("restore", "safe.db")[0] == 1
    assert filled("restore", "safe.db")[0] == 0
    assert_same(tmp_path / "new.db", tmp_path / MAIN)
    # From now on it is a store like any other.
    assert filled("restore", "safe.db")[0] == 1


def test_another_backup_is_not_restored_into_what_was_broken_off(
    filled: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lrs.stores.sqlite.store import SqliteStore

    def unplugged(*_: object) -> None:
        raise StoreUnavailable("unplugged")

    assert filled("backup", "safe.db")[0] == 0
    monkeypatch.setenv("LRS_STORE", "sqlite:///other.db")
    assert filled("init")[0] == 0
    with closing(at(tmp_path / "other.db")) as store:
        store.add(submission(statement()))
    assert filled("backup", "other-safe.db")[0] == 0
    monkeypatch.setenv("LRS_STORE", "sqlite:///new.db")
    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "take_roster", unplugged)
        assert filled("restore", "safe.db")[0] == 1
    code, _, err = filled("restore", "other-safe.db")
    assert code == 1
    assert "the copy of another store" in err
