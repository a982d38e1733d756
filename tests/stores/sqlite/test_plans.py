"""Every query walks an index: none scans a table, none sorts what may be much."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrs.stores.contract_samples import (
    SCENARIO,
    document,
    evidence,
    finding,
    new_id,
    state_scope,
    statement,
    submission,
)
from lrs.stores.sqlite import finding as finding_module
from lrs.stores.sqlite.finding import find_text
from lrs.stores.sqlite.sql import in_lists, queries
from lrs.stores.sqlite.store import SqliteStore

# What reads all of something small, and why that is fine.
ALLOWED = {
    "insert_postings": {
        "SCAN own VIRTUAL TABLE INDEX 1:",  # the terms of one statement
        "USE TEMP B-TREE FOR ORDER BY",  # of what is being added, so that the index is written in its order
    },
    "inherit": {"SCAN chain", "SCAN own VIRTUAL TABLE INDEX 1:"},  # one statement, and what it leads to
    "new_references": {"USE TEMP B-TREE"},  # references among what is being added
    "keys": {"SCAN key"},  # some dozens
    "counts": {"SCAN tally"},  # one row
    "count_up": {"SCAN tally"},
    "would_write": {"SCAN tally"},
    "last_instant": {"SCAN tally"},
    "before_adding": {"SCAN tally"},
    "note_instant": {"SCAN tally"},
    "activations": {"SCAN activation"},  # as often as agencies switch
    # As many as there were versions and configurations of plugins.
    "provenance": {"SCAN generation"},
    "generations": {"SCAN generation"},
    "dirty": {"SCAN generation"},
    "was_in_force": {"SCAN activation"},
    "unfinished": {"SCAN rebuild"},
    "rebuilds_of": {"SCAN rebuild_generation"},
    "count_mended": {"SCAN tally"},
    "members": {"SCAN member"},  # of one academy
    "users": {"SCAN user USING INDEX sqlite_autoindex_user_2"},  # of one academy, by name
    # What officers contested, all of it: sorted where it is read.
    "contests": {"SCAN contest"},
    "rejoinders": {"SCAN rejoinder"},
    "columns_of": {"SCAN json_each VIRTUAL TABLE INDEX 1:"},  # a list of competencies
    "columns_of_with_rebuilt": {"SCAN json_each VIRTUAL TABLE INDEX 1:"},
    "moved_activations": {"SCAN activation"},
    "moved_evidence": {"USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"},  # what is in one statement
    # All of something small, or of everything, once for a whole copy.
    "secrets": {"SCAN secret"},
    "delete_keys": {"SCAN key"},
    "delete_secrets": {"SCAN secret"},
    "delete_members": {"SCAN member"},
    "delete_users": {"SCAN user"},
    "delete_sessions": {"SCAN session"},
    "delete_contests": {"SCAN contest"},
    "delete_rejoinders": {"SCAN rejoinder"},
    "recount": {
        "SCAN tally",
        "SCAN statement USING COVERING INDEX sqlite_autoindex_statement_1",
        "SCAN evidence USING COVERING INDEX evidence_by_statement",
        "SCAN quarantine",
        "SCAN generation USING COVERING INDEX sqlite_autoindex_generation_1",
    },
    "next_statements": {"SCAN (subquery-1)"},  # what is walked on purpose, a part at a time
    "how_many_own": {"SCAN (subquery-1)"},
}

# As `lrs.stores.sqlite.counting` writes it.
COUNTS = {
    "evidence": "AND CASE evidence.generation WHEN 1 THEN evidence.stored > 5 WHEN 2 THEN 0 ELSE 1 END "
    "AND (evidence.mended IS NULL OR evidence.mended <= :as_of "
    "AND CASE evidence.mends WHEN 1 THEN evidence.stored > 5 ELSE 1 END)",
    "quarantine": "AND CASE quarantine.generation WHEN 1 THEN quarantine.stored > 5 WHEN 2 THEN 0 ELSE 1 END",
}


def texts() -> Iterator[tuple[str, str]]:
    for name, text in queries().items():
        if "{marks}" in text:
            yield name, next(in_lists(name, [b"x"] * 40))[0]
        elif "{counts}" in text:
            table = "quarantine" if "quarantine" in text else "evidence"
            yield name, text.format(counts="")
            yield f"{name}_with_rebuilt", text.format(counts=COUNTS[table])
        elif "{" not in text:
            yield name, text
    for filters in range(4):
        for ascending in (True, False):
            yield f"find_{filters}_{ascending}", find_text(filters, ascending=ascending)
    for direction in ("ASC", "DESC"):
        yield f"far_posting_{direction}", queries()["far_posting"].format(direction=direction)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("plans") / "rapport.db"
    store = SqliteStore(path)
    store.initialise()
    batch = [statement(actor=f"mailto:{number}@vr.example") for number in range(300)]
    said = [(SCENARIO, f'{{"type":"x:{number}"}}') for number in range(30)]
    store.add(submission(*batch, findings={one.id: [finding(evidence())] for one in batch}, definitions=said))
    for number in range(30):
        store.swap_document(state_scope(registration=new_id()), f"{number % 3}", None, document())
    store.close()
    connection = sqlite3.connect(path)
    # As a file may be that someone analysed.
    yield connection
    connection.close()


def plan(connection: sqlite3.Connection, text: str) -> set[str]:
    bare = re.sub(r"--.*", "", text)
    named = set(re.findall(r":(\w+)", bare))
    many = max(map(int, re.findall(r"\?(\d+)", bare)), default=bare.count("?"))
    values = dict.fromkeys(named, 1) if named else [1] * many
    return {row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)}


@pytest.mark.parametrize(("name", "text"), [pytest.param(*one, id=one[0]) for one in texts()])
def test_a_query_walks_an_index(filled: sqlite3.Connection, name: str, text: str) -> None:
    costly = {step for step in plan(filled, text) if re.match(r"SCAN|USE TEMP", step)}
    costly -= {"SCAN CONSTANT ROW"}
    assert costly <= ALLOWED.get(name, set())


def test_a_filter_walks_the_postings_and_not_the_statements(filled: sqlite3.Connection) -> None:
    steps = plan(filled, find_text(2, ascending=False))
    assert "SEARCH posting USING PRIMARY KEY (term=? AND stored>? AND stored<?)" in steps
    assert "SEARCH statement USING INTEGER PRIMARY KEY (rowid=?)" in steps
    assert "SEARCH other USING PRIMARY KEY (term=? AND stored=?)" in steps


@pytest.mark.parametrize("counts", ["", COUNTS["evidence"]])
def test_evidence_is_one_walk_along_its_index(filled: sqlite3.Connection, counts: str) -> None:
    steps = plan(filled, queries()["evidence_of"].format(counts=counts))
    assert steps == {
        "SEARCH evidence USING INDEX evidence_by_subject (subject=? AND competency=? AND stored<?)",
        "SEARCH supplier USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
    }


def test_subjects_are_two_walks_along_the_index_of_terms_merged(filled: sqlite3.Connection) -> None:
    assert plan(filled, queries()["subjects"]) == {
        "MERGE (UNION)",
        "LEFT",
        "RIGHT",
        "SEARCH term USING COVERING INDEX sqlite_autoindex_term_1 (kind=? AND text>? AND text<?)",
    }


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("audit", "SEARCH audit_log USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        ("audit_of_actor", "SEARCH audit_log USING INDEX audit_by_actor (actor=? AND rowid>? AND rowid<?)"),
        (
            "audit_of_action",
            "SEARCH audit_log USING INDEX audit_by_action (action=? AND rowid>? AND rowid<?)",
        ),
        (
            "audit_of_subject",
            "SEARCH audit_subjects USING PRIMARY KEY (subject=? AND number>? AND number<?)",
        ),
        ("audit_since", "SEARCH audit_log USING COVERING INDEX audit_by_instant (at>?)"),
        ("user_named", "SEARCH user USING INDEX sqlite_autoindex_user_2 (name=?)"),
        ("user_of_sign_on", "SEARCH user USING INDEX user_by_sign_on (issuer=? AND subject=?)"),
        ("session", "SEARCH session USING PRIMARY KEY (token_sha256=?)"),
        ("drop_sessions_of", "SEARCH session USING COVERING INDEX session_by_user (user=?)"),
        ("drop_ended_sessions", "SEARCH session USING COVERING INDEX session_by_end (ends<?)"),
        ("open_contest", "SEARCH contest USING INDEX contest_open (statement_id=? AND officer=?)"),
        ("contests_in_state", "SEARCH contest USING INDEX contest_by_state (state=?)"),
    ],
)
def test_what_is_about_people_walks_its_own_index(filled: sqlite3.Connection, name: str, step: str) -> None:
    assert step in plan(filled, queries()[name])


@pytest.mark.parametrize("name", ["document", "has_no_document", "replace_document", "delete_document"])
def test_a_document_is_found_by_all_of_its_place(filled: sqlite3.Connection, name: str) -> None:
    [found] = [step for step in plan(filled, queries()[name]) if step.startswith("SEARCH document")]
    assert "document_by_place (kind=? AND activity=? AND agent=? AND id=? AND registration=?)" in found


@pytest.mark.parametrize("name", ["document_ids", "delete_documents"])
def test_the_documents_in_a_scope_are_one_walk_along_their_index(
    filled: sqlite3.Connection, name: str
) -> None:
    [step] = plan(filled, queries()[name])
    assert re.fullmatch(
        r"SEARCH document USING (COVERING )?INDEX document_by_place \(kind=\? AND activity=\? AND agent=\?\)",
        step,
    )


def test_the_definitions_of_an_activity_are_one_walk_along_their_index(filled: sqlite3.Connection) -> None:
    assert plan(filled, queries()["definitions"]) == {
        "SEARCH term USING COVERING INDEX sqlite_autoindex_term_1 (kind=? AND text=?)",
        "SEARCH definition USING INDEX sqlite_autoindex_definition_1 (activity=?)",
    }


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("common", [3, 4, 40])
def test_of_several_filters_the_rarest_is_walked(
    filled: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, common: int, ascending: bool
) -> None:
    monkeypatch.setattr(finding_module, "_FEW", 3)
    # Made before the rare one, and of both there are more than are counted, the last of each side by side.
    often, seldom = 900_001, 900_002
    rows = [(often, stored) for stored in range(1, 10 * common)]
    rows += [(seldom, stored) for stored in range(1, 10 * common, 9)]
    filled.executemany("INSERT INTO posting VALUES (?, ?, 1)", rows)
    try:
        span = {"low": 0, "high": 10 * common}
        order = finding_module._rarest_first(filled, [often, seldom, 900_003], span, ascending=ascending)
        assert order == [900_003, seldom, often]
    finally:
        filled.rollback()
