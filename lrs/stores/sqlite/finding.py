"""Statements by id, by filter and in order: each question walks one index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from lrs.competency.evidence import SubjectType
from lrs.stores.asked import LATEST, bounds, terms_wanted
from lrs.stores.base import Page
from lrs.stores.sqlite.connections import Connection
from lrs.stores.sqlite.ids import packed, unpacked
from lrs.stores.sqlite.sql import in_lists, query
from lrs.xapi.query import Cursor, StatementQuery
from lrs.xapi.statement import Attachment, StoredStatement, TermKind

# Those of a filter that fewer statements meet are counted.
_FEW = 1_000


def get(connection: Connection, statement_id: str) -> StoredStatement | None:
    """The statement with this id, voided or not."""
    row = connection.execute(query("get"), (packed(statement_id),)).fetchone()
    return None if row is None else _statement(connection, row)


def scan(
    connection: Connection, after_us: int, limit: int, *, through_us: int = LATEST
) -> list[StoredStatement]:
    """The next `limit` statements stored after `after_us` and by `through_us`, voided ones too."""
    rows = connection.execute(query("scan"), (after_us, through_us, limit))
    return [_statement(connection, row) for row in rows]


def last_stored(connection: sqlite3.Connection) -> int:
    """`stored` of the newest statement; 0 when there is none."""
    return connection.execute(query("last_stored")).fetchone()[0] or 0


def last_instant(connection: sqlite3.Connection) -> int:
    """The newest instant given out, to a statement or to what else is in order with them; 0 when there is none."""
    return int(connection.execute(query("last_instant")).fetchone()[0])


def term_id(connection: sqlite3.Connection, kind: TermKind | SubjectType, text: str) -> int | None:
    """The id of a term; None when no statement has it."""
    row = connection.execute(query("term_id"), (kind.value, text)).fetchone()
    return None if row is None else int(row[0])


def find(connection: Connection, wanted: StatementQuery) -> Page:
    """One page; a statement more than asked for is looked for, to know whether there is a next one."""
    low, high = bounds(wanted)
    span = {"low": low, "high": high}
    ids = [term_id(connection, *term) for term in terms_wanted(wanted)]
    known = [number for number in ids if number is not None]
    if len(known) < len(ids):
        return Page(())
    if len(known) > 1:
        known = _rarest_first(connection, known, span, ascending=wanted.ascending)
    text = find_text(len(known), ascending=wanted.ascending)
    # Who may read the statements of one authority learns nothing of what they refer to.
    own = wanted.authority is not None
    numbered = {f"term{place}": number for place, number in enumerate(known)}
    rows = connection.execute(text, {**span, **numbered, "own": own, "limit": wanted.limit + 1}).fetchall()
    page = tuple([_statement(connection, row) for row in rows[: wanted.limit]])
    more = len(rows) > wanted.limit
    return Page(page, Cursor(page[-1].stored_us, page[-1].id) if more else None)


def find_text(filters: int, *, ascending: bool) -> str:
    """The SQL for this many filters; `:term0` is the one that is walked."""
    probes = "\n".join(query("find_probe").format(number=number) for number in range(1, filters))
    name = "find_by_terms" if filters else "find_all"
    return query(name).format(direction="ASC" if ascending else "DESC", probes=probes)


def read_attachments(connection: sqlite3.Connection, sha2s: Iterable[str]) -> dict[str, Attachment]:
    """The attachments that are stored, by SHA-2."""
    return {
        row[0]: Attachment(*row)
        for text, values in in_lists("attachments", sorted(set(sha2s)))
        for row in connection.execute(text, values)
    }


def _rarest_first(
    connection: sqlite3.Connection, ids: Iterable[int], span: dict[str, int], *, ascending: bool
) -> list[int]:
    """The terms in the order of how few statements have them.

    Those of common ones are not counted: the less dense they are where the walk begins, the rarer the term.
    """
    text = query("far_posting").format(direction="ASC" if ascending else "DESC")
    begin = span["low" if ascending else "high"]
    ordered = []
    for number in dict.fromkeys(ids):
        bound = {**span, "term": number, "others": _FEW}
        row = connection.execute(text, bound).fetchone()
        if row is None:
            (count,) = connection.execute(query("how_many"), bound).fetchone()
            ordered.append((0, count, number))
        else:
            ordered.append((1, -abs(row[0] - begin), number))
    return [number for _, _, number in sorted(ordered)]


def _statement(connection: Connection, row: tuple[Any, ...]) -> StoredStatement:
    key, stored, raw, dictionary, digest, voided = row
    raw = connection.unpacked(raw, dictionary)
    return StoredStatement(id=unpacked(key), stored_us=stored, raw=raw, sha256=digest, voided_us=voided)
