"""Contests and rejoinders, as rows and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from lrs.stores import people
from lrs.stores.contests import Contest, ContestState, Rejoinder
from lrs.stores.sqlite.ids import packed, unpacked
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.sql import in_lists, query

_Row = tuple[Any, ...]


def adding(contest: Contest) -> Work:
    """Keep a contest; `Conflict` when the id is taken, or an open one of the same officer and statement is there."""
    row = contest_row(contest)

    def work(connection: sqlite3.Connection) -> None:
        if connection.execute(query("contest"), (row["id"],)).fetchone():
            raise people.id_taken("contest", contest.id)
        _check_open(connection, contest, row)
        connection.execute(query("insert_contest"), row)

    return work


def swapping(expected: Contest, new: Contest) -> Work:
    """Put `new` in the place of `expected`, if that is still its revision; whether it was."""
    people.check_same_id(expected, new)
    row = {**contest_row(new), "expected": expected.revision}

    def work(connection: sqlite3.Connection) -> bool:
        there = read_contest(connection, expected.id)
        if there is None or there.revision != expected.revision:
            return False
        _check_open(connection, new, row)
        return connection.execute(query("swap_contest"), row).rowcount == 1

    return work


def _check_open(connection: sqlite3.Connection, contest: Contest, row: dict[str, Any]) -> None:
    if contest.state is not ContestState.OPEN:
        return
    place = row["statement_id"], row["officer"]
    other = connection.execute(query("open_contest"), place).fetchone()
    if other and other[0] != row["id"]:
        raise people.contested_already(contest)


def read_contest(connection: sqlite3.Connection, contest_id: str) -> Contest | None:
    """The contest."""
    row = connection.execute(query("contest"), (packed(contest_id),)).fetchone()
    return None if row is None else _contest(row)


def read_contests(
    connection: sqlite3.Connection,
    *,
    officers: Sequence[str] | None,
    statement_ids: Sequence[str] | None,
    state: ContestState | None,
) -> list[Contest]:
    """See `ContestStore.contests`."""
    if officers is None and statement_ids is None and state is not None:
        rows: Iterator[_Row] = connection.execute(query("contests_in_state"), (state.value,))
    else:
        rows = _rows(connection, "contests", officers, statement_ids)
    # Those of one officer, or of one page: sorted here, with no index for it.
    found = [one for one in map(_contest, rows) if state in (None, one.state)]
    return sorted(found, key=lambda one: (one.raised_us, one.id))


def adding_rejoinder(rejoinder: Rejoinder) -> Work:
    """Keep a rejoinder; `Conflict` when the id is taken."""
    row = rejoinder_row(rejoinder)

    def work(connection: sqlite3.Connection) -> None:
        if connection.execute(query("rejoinder"), row[:1]).fetchone():
            raise people.id_taken("rejoinder", rejoinder.id)
        connection.execute(query("insert_rejoinder"), row)

    return work


def read_rejoinders(
    connection: sqlite3.Connection, *, officers: Sequence[str] | None, statement_ids: Sequence[str] | None
) -> list[Rejoinder]:
    """See `ContestStore.rejoinders`."""
    found = map(_rejoinder, _rows(connection, "rejoinders", officers, statement_ids))
    return sorted(found, key=lambda one: (one.written_us, one.id))


def _rows(
    connection: sqlite3.Connection,
    name: str,
    officers: Sequence[str] | None,
    statement_ids: Sequence[str] | None,
) -> Iterator[_Row]:
    """All rows, or those on these statements, or of these officers. In each the officer is the third column."""
    if statement_ids is not None:
        whose = None if officers is None else set(officers)
        for text, values in in_lists(f"{name}_on", dict.fromkeys(map(packed, statement_ids))):
            for row in connection.execute(text, values):
                if whose is None or row[2] in whose:
                    yield row
    elif officers is not None:
        for text, names in in_lists(f"{name}_of", dict.fromkeys(officers)):
            yield from connection.execute(text, names)
    else:
        yield from connection.execute(query(name))


def contest_row(contest: Contest) -> dict[str, Any]:
    """Values of `insert_contest`."""
    return {
        "id": packed(contest.id),
        "statement_id": packed(contest.statement_id),
        "officer": contest.officer,
        "raised_by": contest.raised_by,
        "raised": contest.raised_us,
        "due": contest.due_us,
        "reason": contest.reason,
        "state": contest.state.value,
        "decided_by": contest.decided_by,
        "decided": contest.decided_us,
        "reasons": contest.reasons,
        "voiding_id": packed(contest.voiding_id) if contest.voiding_id else None,
        "reissued_id": packed(contest.reissued_id) if contest.reissued_id else None,
        "settled": int(contest.settled),
        "revision": contest.revision,
    }


def rejoinder_row(rejoinder: Rejoinder) -> _Row:
    """Values of `insert_rejoinder`."""
    return (
        packed(rejoinder.id),
        packed(rejoinder.statement_id),
        rejoinder.officer,
        rejoinder.written_by,
        rejoinder.written_us,
        rejoinder.text,
    )


def _contest(row: _Row) -> Contest:
    key, statement, officer, raised_by, raised, due, reason, state, *decided = row
    decided_by, decided_at, reasons, voiding, reissued, settled, revision = decided
    return Contest(
        id=unpacked(key),
        statement_id=unpacked(statement),
        officer=officer,
        raised_by=raised_by,
        raised_us=raised,
        due_us=due,
        reason=reason,
        state=ContestState(state),
        decided_by=decided_by,
        decided_us=decided_at,
        reasons=reasons,
        voiding_id=unpacked(voiding) if voiding else "",
        reissued_id=unpacked(reissued) if reissued else "",
        settled=bool(settled),
        revision=revision,
    )


def _rejoinder(row: _Row) -> Rejoinder:
    key, statement, officer, written_by, written, text = row
    return Rejoinder(
        id=unpacked(key),
        statement_id=unpacked(statement),
        officer=officer,
        written_by=written_by,
        written_us=written,
        text=text,
    )
