"""The audit log, as rows and back."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from lrs.stores.audit import AuditEntry, AuditQuery, Happening, sealed
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.sql import query

_LAST = 2**63 - 1


def appending(happening: Happening) -> Work:
    """Seal it onto the end of the chain, whose end nobody else can move within the writer's transaction."""

    def work(connection: sqlite3.Connection) -> AuditEntry:
        entry = sealed(read_head(connection), happening)
        insert(connection, entry)
        return entry

    return work


def insert(connection: sqlite3.Connection, entry: AuditEntry) -> None:
    """Keep an entry that comes after the newest."""
    what = entry.happening
    connection.execute(
        query("append_audit"),
        (
            entry.number,
            what.at_us,
            what.actor,
            what.action,
            json.dumps(what.subjects, ensure_ascii=False, separators=(",", ":")),
            json.dumps(what.detail, sort_keys=True, separators=(",", ":")),
            entry.previous,
            entry.sha256,
        ),
    )
    # Each once: a person who was named twice is one row.
    rows = [(subject, entry.number) for subject in dict.fromkeys(what.subjects)]
    connection.executemany(query("insert_audit_subject"), rows)


def read_head(connection: sqlite3.Connection) -> AuditEntry | None:
    """The newest entry."""
    row = connection.execute(query("audit_head")).fetchone()
    return None if row is None else _entry(row)


def read_audit(connection: sqlite3.Connection, asked: AuditQuery) -> list[AuditEntry]:
    """See `AuditStore.audit`. Walks the entries of one person, else of one actor, else of one action, else all."""
    bounds = _bounds(connection, asked)
    if bounds is None:
        return []
    low, high = bounds
    values = {
        "subject": asked.subject,
        "actor": asked.actor,
        "action": asked.action,
        "since": asked.since_us,
        "until": asked.until_us,
        "low": low,
        "high": high,
        "limit": asked.limit,
    }
    if asked.subject is not None:
        name = "audit_of_subject"
    elif asked.actor is not None:
        name = "audit_of_actor"
    elif asked.action is not None:
        name = "audit_of_action"
    else:
        name = "audit"
    return [_entry(row) for row in connection.execute(query(name), values)]


def _bounds(connection: sqlite3.Connection, asked: AuditQuery) -> tuple[int, int] | None:
    """The first and the last number that can be meant; None when there is none."""
    low, high = 1, _LAST if asked.before is None else asked.before - 1
    if asked.since_us is not None:
        (first,) = connection.execute(query("audit_since"), (asked.since_us,)).fetchone()
        if first is None:
            return None
        low = first
    if asked.until_us is not None:
        (last,) = connection.execute(query("audit_until"), (asked.until_us,)).fetchone()
        if last is None:
            return None
        high = min(high, last)
    return low, high


def scan(connection: sqlite3.Connection, after: int, most: int, through: int = _LAST) -> list[AuditEntry]:
    """The next entries with a number above `after`, up to `through`, oldest first; no more than `most`."""
    bound = {"after": after, "through": through, "most": most}
    return [_entry(row) for row in connection.execute(query("scan_audit"), bound)]


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    number, at, actor, action, subjects, detail, previous, sha256 = row
    return AuditEntry(
        number=number,
        happening=Happening(
            at_us=at,
            actor=actor,
            action=action,
            subjects=tuple(json.loads(subjects)),
            detail=json.loads(detail),
        ),
        previous=previous,
        sha256=sha256,
    )
