import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lrs.competency.evidence import RecordedEvidence, SubjectType
from lrs.errors import StoreMismatch
from lrs.stores.base import EvidenceQuery, Kind
from lrs.stores.contract_audit import RICH
from lrs.stores.contract_contests import CONTEST, REJOINDER
from lrs.stores.contract_refusals import ONE
from lrs.stores.contract_samples import (
    FOREVER,
    SCENARIO,
    VENDOR,
    document,
    evidence,
    finding,
    state_scope,
    statement,
    submission,
)
from lrs.stores.contract_users import OFFICER, SESSION
from lrs.stores.sqlite import migrating
from lrs.stores.sqlite.store import SqliteStore


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
    assert {
        "statement",
        "posting",
        "evidence",
        "key",
        "document",
        "definition",
        "generation",
        "member",
        "user",
        "session",
        "audit_log",
        "audit_subjects",
        "contest",
        "rejoinder",
        "refusal",
    } <= tables
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


def columns(path: Path, tables: set[str]) -> dict[str, list[str]]:
    connection = sqlite3.connect(path)
    found = {
        name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in sorted(tables)
    }
    connection.close()
    return found


def rows(path: Path, wanted: dict[str, list[str]]) -> dict[str, list[Any]]:
    connection = sqlite3.connect(path)
    kept = {
        name: connection.execute(f"SELECT {', '.join(those)} FROM {name}").fetchall()
        for name, those in wanted.items()
    }
    connection.close()
    return kept


OLD = (Path(__file__).with_name("schema_2.sql")).read_text("utf-8")
"""What a store of version 2 held, as INSERTs of its tables."""

NOT_YET: dict[int, tuple[str, ...]] = {1: ("document", "definition"), 2: ()}
"""Tables of version 2 that an older version had not."""

IDLE = {"rebuild", "rebuild_generation", "part"}
"""Tables of version 3 that have nothing in them unless work is under way."""

CHANGED = {"evidence", "quarantine", "tally"}
"""Tables of versions 1 and 2 that are not as they were."""

NOON = 1_768_478_400_000_000
KEPT = [
    (0, "1.0", None),
    (0, "1.0", None),
    (0, "1.0", None),
    (1_000_000, "1.1", 3_000_000),
    (1_000_001, "2", None),
]
"""Evidence in it: `stored`, version of the plugin, `voided`; instants in microseconds after noon."""


def make_old(path: Path, version: int) -> None:
    """A file as a version of Rapport left it that wrote schema `version`."""
    if version == 3:
        # What schema 2 held, brought up to date then, and one who was in training.
        make_old(path, 2)
        execute(path, *migrating._statements(migrating.migrations()[2]), "PRAGMA user_version = 3")
        execute(path, "INSERT INTO member VALUES ('mailto:r-017@academy.example', '', '', '1', '', NULL)")
        return
    execute(path, *migrating._statements("".join(migrating.migrations()[:version])))
    lines = [line for line in OLD.splitlines() if line.split()[2] not in NOT_YET[version]]
    execute(path, f"PRAGMA application_id = {migrating.APPLICATION_ID}", f"PRAGMA user_version = {version}")
    execute(path, "DELETE FROM tally", *lines)


@pytest.fixture(params=[1, 2, 3])
def old(request: pytest.FixtureRequest, path: Path) -> Path:
    make_old(path, request.param)
    return path


@pytest.fixture
def migrated(old: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(old)
    store.initialise()
    yield store
    store.close()


def test_an_older_store_is_refused_until_it_is_initialised(old: Path) -> None:
    store = SqliteStore(old)
    with pytest.raises(StoreMismatch, match="older version"):
        store.count_statements()
    store.initialise()
    assert store.count_statements() == 5
    store.close()


def test_an_older_store_keeps_everything(old: Path) -> None:
    version, tables = schema(old)
    kept = tables - CHANGED if version < 3 else tables - IDLE
    wanted = columns(old, kept)
    before = rows(old, wanted)
    assert all(before.values())
    store = SqliteStore(old)
    store.initialise()
    assert schema(old)[0] == len(migrating.migrations())
    assert rows(old, wanted) == before
    assert rows(old, {"statement": ["dictionary"]}) == {"statement": [(None,)] * 5}
    assert store.health()["integrity"] == "ok"
    assert [store.count_statements(), store.count_evidence(), store.count_quarantined()] == [5, 5, 3]
    store.close()


def test_an_older_store_takes_what_is_new(migrated: SqliteStore) -> None:
    assert migrated.swap_document(state_scope(), "another", None, document())
    assert migrated.document(state_scope(), "another") == document()
    migrated.add(
        submission(
            new := statement(), definitions=[(SCENARIO, "{}")], findings={new.id: [finding(evidence())]}
        )
    )
    assert migrated.definitions(SCENARIO)[-1] == "{}"
    [found] = migrated.evidence_in(new.id)
    assert found.evidence == evidence()


def test_an_older_store_takes_people(migrated: SqliteStore) -> None:
    assert (list(migrated.users()), migrated.audit_head(), list(migrated.contests())) == ([], None, [])
    migrated.add_user(OFFICER)
    migrated.add_session(SESSION)
    migrated.add_contest(CONTEST)
    migrated.add_rejoinder(REJOINDER)
    assert migrated.append_audit(RICH).number == 1
    assert list(migrated.contests()) == [CONTEST]


def test_an_older_store_counts_what_is_refused(migrated: SqliteStore) -> None:
    assert list(migrated.refusals("0001-01-01", "9999-12-31")) == []
    migrated.add_refusals([ONE])
    assert list(migrated.refusals(ONE.day, ONE.day)) == [ONE]


def test_an_older_store_keeps_every_piece_of_evidence(migrated: SqliteStore) -> None:
    found = [one for kept in migrated.scan() for one in migrated.evidence_in(kept.id)]
    assert [
        (one.stored_us - NOON, one.plugin_version, one.voided_us and one.voided_us - NOON) for one in found
    ] == KEPT
    assert found[1] == RecordedEvidence(
        evidence=evidence(),
        statement_id=found[0].statement_id,
        statement_sha256="3f5ad4b5945d58537ac545b684fef8b7462d2e88101b676abe851ce0f285b551",
        stored_us=NOON,
        authority=VENDOR,
        plugin="communication",
        plugin_version="1.0",
    )
    assert found[4].evidence.subject_type is SubjectType.UNIT
    assert [one.evidence for one in migrated.evidence(EvidenceQuery(as_of_us=FOREVER))] == [
        one.evidence for one in (found[0], found[1], found[2], found[4])
    ]


def test_an_older_store_keeps_every_failure(migrated: SqliteStore) -> None:
    failures = [
        (one.stored_us - NOON, one.plugin, one.plugin_version, one.reason)
        for one in migrated.quarantined(as_of_us=FOREVER)
    ]
    assert failures == [
        (2_000_000, "broken", "0", "always"),
        (1_000_001, "leadership", "1.0", "it's worse"),
        (1_000_001, "communication", "1.1", "broken"),
    ]


def test_what_an_older_store_held_was_found_live(migrated: SqliteStore) -> None:
    generations = migrated.generations()
    assert [(one.source.plugin, one.source.version, one.evidence, one.failures) for one in generations] == [
        ("communication", "1.0", 2, 0),
        ("leadership", "1.0", 1, 1),
        ("communication", "1.1", 1, 1),
        ("unit-survey", "2", 1, 0),
        ("broken", "0", 0, 1),
    ]
    assert {one.kind for one in generations} == {Kind.LIVE}
    assert generations[2].begun_us == NOON + 1_000_000
    assert generations[2].source.digest == "before-generations:communication:1.1"
    assert {one.source.rubrics for one in generations} == {"[]"}
    assert [(one.generation, one.at_us, one.through_us) for one in migrated.activations(0)] == [
        (generations[place], 0, -1) for place in (4, 0, 1, 3)
    ]


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
