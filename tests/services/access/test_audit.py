"""The audit log: written, and found out when it is not what was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from lrs.errors import BrokenChain, Forbidden
from lrs.services.wiring import Rapport
from lrs.stores.audit import FIRST, AuditQuery, Happening, seal
from tests.services.access.conftest import Clock

pytestmark = pytest.mark.engines("sqlite")  # whose file is tampered with
KEY = "account:R-00{}@https://academy.example"
ENTRIES = 5
CHANGES = {
    "number": "number + 100",
    "at": "at + 1",
    "actor": "'user:0000000000000000'",
    "action": "action || ' '",
    "subjects": "'[]'",
    "detail": "'{\"n\":99}'",
    "previous": "printf('%064d', 7)",
    "sha256": "printf('%064d', 7)",
}


@pytest.fixture
def log(services: Rapport, clock: Clock) -> Rapport:
    for number in range(1, ENTRIES + 1):
        clock.move(minutes=1)
        services.audit.note("system", f"do {number}", [KEY.format(number)], n=number)
    return services


@pytest.fixture
def past_the_triggers(log: Rapport) -> Callable[[str], None]:
    """Writes into the file as somebody who holds it could: nothing there holds them up."""

    def write(statement: str) -> None:
        with sqlite3.connect(log.store.url.removeprefix("sqlite:///")) as connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            assert connection.execute(statement).rowcount > 0
        connection.close()

    return write


def test_a_log_that_is_what_was_written_says_how_much_there_is(log: Rapport) -> None:
    head = log.store.audit_head()
    assert head is not None
    found = log.audit.verify(expected=[head.sha256])
    assert found.as_dict() == {"entries": ENTRIES, "head": head.sha256}


def test_an_empty_log_holds(services: Rapport) -> None:
    assert services.audit.verify(expected=[FIRST]).as_dict() == {"entries": 0, "head": FIRST}


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_field_of_any_entry_is_found(
    log: Rapport, past_the_triggers: Callable[[str], None], column: str, number: int
) -> None:
    past_the_triggers(f"UPDATE audit_log SET {column} = {CHANGES[column]} WHERE number = {number}")
    with pytest.raises(BrokenChain, match=f"Entry {number} is"):
        log.audit.verify()


@pytest.mark.parametrize("number", range(1, ENTRIES))
def test_an_entry_that_is_taken_out_is_found(
    log: Rapport, past_the_triggers: Callable[[str], None], number: int
) -> None:
    past_the_triggers(f"DELETE FROM audit_log WHERE number = {number}")
    with pytest.raises(BrokenChain, match=f"Entry {number} is missing"):
        log.audit.verify()


def test_two_entries_that_change_places_are_found(
    log: Rapport, past_the_triggers: Callable[[str], None]
) -> None:
    past_the_triggers("UPDATE audit_log SET number = -number WHERE number IN (2, 3)")
    past_the_triggers("UPDATE audit_log SET number = 5 + number WHERE number < 0")
    with pytest.raises(BrokenChain, match="Entry 2 is"):
        log.audit.verify()


def test_a_cut_or_rewritten_log_is_found_by_a_hash_that_was_written_down(
    log: Rapport, past_the_triggers: Callable[[str], None]
) -> None:
    written_down = log.audit.verify().head
    newest = log.store.audit_head()
    assert newest is not None
    forged = Happening(at_us=newest.happening.at_us, actor="system", action="do nothing")
    sealed = seal(ENTRIES, forged, newest.previous)
    past_the_triggers(
        "UPDATE audit_log SET action = 'do nothing', subjects = '[]', detail = '{}', "
        f"sha256 = '{sealed}' WHERE number = {ENTRIES}"
    )
    assert log.audit.verify().head == sealed
    with pytest.raises(BrokenChain, match="cut, or written anew"):
        log.audit.verify(expected=[written_down.upper()])
    past_the_triggers(f"DELETE FROM audit_log WHERE number = {ENTRIES}")
    assert log.audit.verify(expected=[newest.previous]).entries == ENTRIES - 1
    with pytest.raises(BrokenChain, match=written_down):
        log.audit.verify(expected=[newest.previous, written_down])


def test_the_file_itself_refuses_a_change(log: Rapport) -> None:
    with sqlite3.connect(log.store.url.removeprefix("sqlite:///")) as connection:
        for statement in (
            "UPDATE audit_log SET actor = 'x' WHERE number = 1",
            "DELETE FROM audit_log WHERE number = 1",
        ):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                connection.execute(statement)
    connection.close()


def test_an_officer_sees_what_is_about_them_and_nobody_else_in_it(log: Rapport) -> None:
    mine = KEY.format(1)
    log.audit.note("user:1", "read cohort", [mine, KEY.format(2)])
    user, _ = log.users.create("jo", "officer", agent=mine)
    sight = log.sights.of_user(user)
    found = log.audit.page(sight, AuditQuery())
    assert [one["action"] for one in found] == ["read cohort", "do 1"]
    assert all(one["subjects"] == [mine] for one in found)
    assert log.audit.page(sight, AuditQuery(subject=KEY.format(2))) == []
    assert [one["action"] for one in log.audit.page(sight, AuditQuery(action="do 1"))] == ["do 1"]
    assert [(one["action"], one["subjects"]) for one in log.audit.export(sight)] == [
        ("do 1", [mine]),
        ("read cohort", [mine]),
    ]


def test_those_who_may_not_read_the_log_do_not(log: Rapport) -> None:
    user, _ = log.users.create("jo", "supervisor", units=("*",))
    with pytest.raises(Forbidden):
        log.audit.page(log.sights.of_user(user), AuditQuery())
    with pytest.raises(Forbidden):
        log.audit.export(log.sights.of_user(user))
    assert "export audit log" not in {one.happening.action for one in log.store.scan_audit()}


def test_an_export_has_every_entry_and_is_written_down_itself(log: Rapport) -> None:
    lines = list(log.audit.export(log.sights.of_system()))
    assert [one["action"] for one in lines] == [
        *(f"do {n}" for n in range(1, ENTRIES + 1)),
        "export audit log",
    ]
    for line in lines:
        entry = next(one for one in log.store.scan_audit() if one.number == line["number"])
        assert seal(line["number"], entry.happening, line["previous"]) == line["sha256"]
    assert log.audit.verify().entries == len(lines)


def test_reading_nobodys_record_is_not_written_down(log: Rapport) -> None:
    log.audit.read(log.sights.of_system(), "cohort", [])
    assert log.audit.verify().entries == ENTRIES
