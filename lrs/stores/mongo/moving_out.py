"""What the database gives out to be moved, a chunk at a time; see `lrs.stores.moving.MovableStore`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lrs.stores.base import DocumentKind, DocumentScope
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.documents import document_of
from lrs.stores.mongo.files import Files
from lrs.stores.mongo.models import (
    NEVER,
    ActivationOf,
    Definition,
    Failed,
    Found,
    Secret,
    Statement,
    StoredAttachment,
    StoredDocument,
    by,
)
from lrs.stores.mongo.reading import View
from lrs.stores.mongo.recorded import evidence_of
from lrs.stores.mongo.rows import unpacked
from lrs.stores.moving import (
    MovedActivation,
    MovedDefinition,
    MovedDocument,
    MovedEvidence,
    MovedFailure,
    MovedStatement,
)

_ROWS = 500
_BYTES = 4 * 1024 * 1024
_STATEMENT = dict.fromkeys(("stored", "raw", "voided", "timestamp_given", "voids_others"), 1)


def statements(view: View, after: int, through: int) -> list[MovedStatement]:
    """The next ones stored in that interval; empty: there are no more."""
    wanted = {"stored": {"$gt": after, **by(min(through, view.visible))}}
    rows = view.find(Statement, wanted, _STATEMENT, sort=[("stored", 1)], limit=_ROWS)
    return [
        MovedStatement(
            id=unpacked(row["_id"]),
            stored_us=row["stored"],
            raw=bytes(row["raw"]),
            timestamp_given=row["timestamp_given"],
            voids_others=row.get("voids_others", False),
            voided_us=row["voided"] if row["voided"] <= view.visible else None,
        )
        for row in _some(rows, "raw")
    ]


def attachment_hashes(view: View, after: str) -> list[str]:
    """The next ones behind this one."""
    rows = view.find(StoredAttachment, {"_id": {"$gt": after}}, {"_id": 1}, sort=[("_id", 1)], limit=_ROWS)
    return [row["_id"] for row in rows]


def definitions(view: View, after: tuple[int, int, bytes]) -> list[Row]:
    """The next ones as documents, behind one of that `stored`, place and `_id`."""
    stored, place, key = after
    behind = [
        {"stored": {"$gt": stored}},
        {"place": {"$gt": place}},
        {"place": place, "_id": {"$gt": key}},
    ]
    wanted = {"stored": {"$gte": stored, **by(view.visible)}, "$or": behind}
    order = [("stored", 1), ("place", 1), ("_id", 1)]
    return list(view.find(Definition, wanted, sort=order, limit=_ROWS))


def definition(row: Row) -> MovedDefinition:
    """A document as a definition."""
    return MovedDefinition(activity=row["activity"], text=row["text"], stored_us=row["stored"])


def activations(view: View) -> list[MovedActivation]:
    """All there ever were, in order of plugin and instant."""
    rows = view.find(ActivationOf, {"at": by(view.visible)}, sort=[("plugin", 1), ("at", 1)])
    return [
        MovedActivation(
            plugin=row["plugin"], generation=row["generation"], at_us=row["at"], through_us=row["through"]
        )
        for row in rows
    ]


def evidence(view: View, generation: int, after: int, through: int) -> list[MovedEvidence]:
    """What a generation found in the next statements of that interval, of the last of them all."""
    span = {"generation": generation, "stored": {"$gt": after, **by(min(through, view.visible))}}
    rows = list(view.find(Found, span, sort=[("stored", 1), ("_id", 1)], limit=_ROWS))
    if len(rows) == _ROWS:
        last = rows[-1]["stored"]
        rest = {"generation": generation, "stored": last, "_id": {"$gt": rows[-1]["_id"]}}
        rows += view.find(Found, rest, sort=[("_id", 1)])
    return [
        MovedEvidence(
            generation=generation,
            statement_id=unpacked(row["statement_id"]),
            stored_us=row["stored"],
            evidence=evidence_of(row),
            mended_us=row["mended"] or None,
            mends=row.get("mends"),
        )
        for row in rows
    ]


def failures(view: View, generation: int, after: tuple[int, int]) -> list[MovedFailure]:
    """The next ones of a generation, behind one of that `stored` and place."""
    stored, place = after
    wanted = {
        "generation": generation,
        "stored": {"$gte": stored, **by(view.visible)},
        "$or": [{"stored": {"$gt": stored}}, {"place": {"$gt": place}}],
    }
    rows = view.find(Failed, wanted, sort=[("stored", 1), ("place", 1)], limit=_ROWS)
    return [
        MovedFailure(
            generation=generation,
            statement_id=unpacked(row["statement_id"]),
            stored_us=row["stored"],
            place=row["place"],
            reason=row["reason"],
            mended_us=None if row["mended"] == NEVER else row["mended"],
        )
        for row in rows
    ]


def documents(view: View, files: Files, after: bytes) -> tuple[bytes, list[MovedDocument]]:
    """The next ones behind one with that `_id`, and the last `_id` that was looked at; it stays: there are no more."""
    rows = view.find(StoredDocument, {"_id": {"$gt": after}}, sort=[("_id", 1)], limit=_ROWS)
    found = []
    size = 0
    for row in rows:
        content = files.content_of(row)
        after = row["_id"]
        # Else it was replaced or deleted meanwhile: a second pass meets it.
        if content is not None:
            found.append(
                MovedDocument(scope=_scope(row), id=row["document_id"], document=document_of(row, content))
            )
            size += len(content)
        if size > _BYTES:
            break
    return after, found


def _scope(row: Row) -> DocumentScope:
    return DocumentScope(
        kind=DocumentKind(row["kind"]),
        activity=row["activity"],
        agent=row["agent"],
        registration=row["registration"] or None,
    )


def secrets(view: View) -> list[tuple[str, bytes]]:
    """The server's own: name and value, in order of name."""
    return [(row["_id"], bytes(row["value"])) for row in view.find(Secret, {}, sort=[("_id", 1)])]


def _some(rows: Iterable[Row], large: str) -> Iterator[Row]:
    """The first of them, some megabytes, at least one."""
    size = 0
    for row in rows:
        yield row
        size += len(row[large])
        if size > _BYTES:
            return
