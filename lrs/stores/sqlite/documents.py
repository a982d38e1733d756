"""Documents, as rows and back. A swap is one statement that names the ETag it expects: nothing comes between."""

from __future__ import annotations

import sqlite3
from typing import Any

from lrs.stores.base import Document, DocumentScope
from lrs.stores.sqlite.ids import packed
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.sql import query

_NO_REGISTRATION = b""


def swapping(scope: DocumentScope, document_id: str, expected_etag: str | None, new: Document | None) -> Work:
    """Do what `lrs.stores.base.DocumentStore.swap_document` says; True when it was done."""
    place = place_of(scope, document_id)
    if new is not None:
        place |= {
            "content": new.content,
            "content_type": new.content_type,
            "etag": new.etag,
            "updated": new.updated_us,
        }
    if expected_etag is None:
        text = query("has_no_document" if new is None else "insert_document")
    else:
        place["expected"] = expected_etag
        text = query("delete_document" if new is None else "replace_document")

    def work(connection: sqlite3.Connection) -> bool:
        cursor = connection.execute(text, place)
        # None in the place of none: nothing is written, and nothing counted.
        return bool(cursor.fetchone()[0]) if cursor.description else cursor.rowcount == 1

    return work


def deleting(scope: DocumentScope) -> Work:
    """Delete all documents in the scope; how many there were."""
    bound = _scope(scope)

    def work(connection: sqlite3.Connection) -> int:
        return connection.execute(query("delete_documents"), bound).rowcount

    return work


def read_document(connection: sqlite3.Connection, scope: DocumentScope, document_id: str) -> Document | None:
    """The document; None when there is none."""
    row = connection.execute(query("document"), place_of(scope, document_id)).fetchone()
    return None if row is None else Document(*row)


def read_ids(connection: sqlite3.Connection, scope: DocumentScope, since_us: int | None) -> list[str]:
    """Distinct ids in the scope, in order; with `since_us`, of documents updated later than that."""
    rows = connection.execute(query("document_ids"), {**_scope(scope), "since": since_us})
    return [document_id for (document_id,) in rows]


def place_of(scope: DocumentScope, document_id: str) -> dict[str, Any]:
    """Where one document stands."""
    place = _scope(scope)
    if scope.registration is None:
        place["registration"] = _NO_REGISTRATION
    place["id"] = document_id
    return place


def _scope(scope: DocumentScope) -> dict[str, Any]:
    """Where many documents stand; `registration` None: in every one, and in none."""
    return {
        "kind": scope.kind.value,
        "activity": scope.activity,
        "agent": scope.agent,
        "registration": None if scope.registration is None else packed(scope.registration),
    }
