"""What the file gives out to be moved, a chunk at a time; see `lrs.stores.moving.MovableStore`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, TypeVar

from lrs.competency.evidence import Evidence, Flag, SubjectType, Tier
from lrs.stores.base import Document, DocumentKind, DocumentScope
from lrs.stores.moving import (
    MovedActivation,
    MovedDefinition,
    MovedDocument,
    MovedEvidence,
    MovedFailure,
    MovedStatement,
)
from lrs.stores.sqlite.connections import Connection
from lrs.stores.sqlite.ids import unpacked
from lrs.stores.sqlite.sql import query

Place = tuple[str, str, str, str, bytes]
"""Where a document stands: kind, activity, agent, id, registration (16 bytes, or none)."""

BEGINNING: Place = ("", "", "", "", b"")
"""Before every document."""

_TIERS = {tier.value: tier for tier in Tier}
_TYPES = {kind.value: kind for kind in SubjectType}
_ROWS = 500
_BYTES = 4 * 1024 * 1024
_T = TypeVar("_T")


def statements(connection: Connection, after: int, through: int) -> list[MovedStatement]:
    """The next ones stored in that interval; empty: there are no more."""
    with closing(connection.execute(query("moved_statements"), (after, through, _ROWS))) as rows:
        return list(_some((_statement(connection, row) for row in rows), lambda one: len(one.raw)))


def attachment_hashes(connection: sqlite3.Connection, after: str) -> list[str]:
    """The next ones behind this one."""
    return [sha2 for (sha2,) in connection.execute(query("attachment_hashes"), (after, _ROWS))]


def definitions(connection: sqlite3.Connection, after: int) -> tuple[int, list[MovedDefinition]]:
    """The next ones behind the one of this number, and the number of the last."""
    rows = connection.execute(query("moved_definitions"), (after, _ROWS)).fetchall()
    last = rows[-1][0] if rows else after
    return last, [MovedDefinition(activity=row[1], text=row[2], stored_us=row[3]) for row in rows]


def activations(connection: sqlite3.Connection) -> list[MovedActivation]:
    """All, in order of plugin and instant."""
    return [
        MovedActivation(plugin=plugin, generation=generation, at_us=at, through_us=through)
        for plugin, generation, at, through in connection.execute(query("moved_activations"))
    ]


def evidence(
    connection: sqlite3.Connection, generation: int, after: int, through: int
) -> list[MovedEvidence]:
    """All that a generation has in the next statements. The connection has to be in a transaction."""
    bound = {"generation": generation, "after": after, "through": through, "most": _ROWS}
    (end,) = connection.execute(query("moved_evidence_end"), bound).fetchone()
    bound = {"generation": generation, "after": after, "end": after if end is None else end}
    return [_evidence(row) for row in connection.execute(query("moved_evidence"), bound)]


def failures(connection: sqlite3.Connection, generation: int, after: tuple[int, int]) -> list[MovedFailure]:
    """The next ones behind this instant and place."""
    bound = {"generation": generation, "stored": after[0], "place": after[1], "most": _ROWS}
    return [
        MovedFailure(
            generation=generation,
            statement_id=unpacked(key),
            stored_us=stored,
            place=place,
            reason=reason,
            mended_us=mended,
        )
        for key, stored, place, reason, mended in connection.execute(query("moved_failures"), bound)
    ]


def documents(connection: sqlite3.Connection, after: Place) -> tuple[Place, list[MovedDocument]]:
    """The next ones behind this place, and the place of the last."""
    # By place, and not by row: a document that is deleted and put again meanwhile is met once all the same.
    names = ("kind", "activity", "agent", "id", "registration")
    bound = {**dict(zip(names, after, strict=True)), "most": _ROWS}
    with closing(connection.execute(query("moved_documents"), bound)) as rows:
        taken = list(_some(rows, lambda row: len(row[5])))
    return (taken[-1][:5] if taken else after), [_document(row) for row in taken]


def secrets(connection: sqlite3.Connection) -> list[tuple[str, bytes]]:
    """All, in order of name."""
    return [(name, bytes(value)) for name, value in connection.execute(query("secrets"))]


def _some(things: Iterator[_T], size: Callable[[_T], int]) -> Iterator[_T]:
    """The first of them, up to some megabytes."""
    left = _BYTES
    for one in things:
        yield one
        left -= size(one)
        if left <= 0:
            return


def _statement(connection: Connection, row: tuple[Any, ...]) -> MovedStatement:
    key, stored, raw, dictionary, timestamp_given, voids_others, voided = row
    return MovedStatement(
        id=unpacked(key),
        stored_us=stored,
        raw=connection.unpacked(raw, dictionary),
        timestamp_given=bool(timestamp_given),
        voids_others=bool(voids_others),
        voided_us=voided,
    )


def _evidence(row: tuple[Any, ...]) -> MovedEvidence:
    generation, key, stored, mended, mends, kind, subject, *found = row
    competency, indicator, rating, scale, tier, rater, encounter, observed, flags, rule = found
    return MovedEvidence(
        generation=generation,
        statement_id=unpacked(key),
        stored_us=stored,
        evidence=Evidence(
            subject=subject,
            competency=competency,
            rating=rating,
            scale=scale,
            tier=_TIERS[tier],
            rater=rater,
            encounter=encounter,
            observed_us=observed,
            rule=rule,
            subject_type=_TYPES[kind],
            indicator=indicator,
            flags=tuple(map(Flag, flags.split(","))) if flags else (),
        ),
        mended_us=mended,
        mends=mends,
    )


def _document(row: tuple[Any, ...]) -> MovedDocument:
    kind, activity, agent, document_id, registration, content, content_type, etag, updated = row
    scope = DocumentScope(
        kind=DocumentKind(kind),
        activity=activity,
        agent=agent,
        registration=unpacked(registration) if registration else None,
    )
    return MovedDocument(scope=scope, id=document_id, document=Document(content, content_type, etag, updated))
