"""Documents, as documents of MongoDB and back. A swap names the ETag that it expects: nothing comes between."""

from __future__ import annotations

from hashlib import sha256

from pymongo.errors import DuplicateKeyError

from lrs.stores.base import Document, DocumentScope
from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.files import Files
from lrs.stores.mongo.models import StoredDocument


class Documents:
    """The documents of one database. Each is changed by one operation, which needs no transaction."""

    def __init__(self, cluster: Cluster, files: Files) -> None:
        self._cluster = cluster
        self._files = files

    def get(self, scope: DocumentScope, document_id: str) -> Document | None:
        """The document; None when there is none."""
        rows = self._cluster[StoredDocument]
        key = document_key(scope, document_id)
        before = b""
        while (row := rows.find_one({"_id": key})) is not None:
            content = self._files.content_of(row)
            if content is not None:
                return document_of(row, content)
            # It was replaced between the two reads; not so when it still names the same file.
            if row["file"] == before:
                raise self._files.lost(before)
            before = row["file"]
        return None

    def swap(
        self, scope: DocumentScope, document_id: str, expected_etag: str | None, new: Document | None
    ) -> bool:
        """See `lrs.stores.base.DocumentStore.swap_document`."""
        rows = self._cluster[StoredDocument]
        key = document_key(scope, document_id)
        if new is None and expected_etag is None:
            return rows.find_one({"_id": key}, {"_id": 1}) is None
        expected = {"_id": key, "etag": expected_etag}
        if new is None:
            return self._gone(rows.find_one_and_delete(expected, {"file": 1}))
        row = {**self.row_of(scope, document_id, new), "_id": key}
        try:
            if expected_etag is None:
                rows.insert_one(row)
                return True
            # The fields that are not in the new one have to go, too.
            done = self._gone(rows.find_one_and_replace(expected, row, {"file": 1}))
        except DuplicateKeyError:
            done = False
        if not done and "file" in row:
            self._files.delete([row["file"]])
        return done

    def _gone(self, old: Row | None) -> bool:
        """Delete the file of a document that is there no more; whether there was a document."""
        if old is not None and "file" in old:
            self._files.delete([old["file"]])
        return old is not None

    def ids(self, scope: DocumentScope, since_us: int | None) -> list[str]:
        """Distinct ids in the scope, in order; with `since_us`, of documents updated later than that."""
        wanted = scope_filter(scope)
        if since_us is not None:
            wanted["updated"] = {"$gt": since_us}
        found = self._cluster[StoredDocument].find(wanted, {"document_id": 1, "_id": 0})
        return sorted({row["document_id"] for row in found})

    def delete(self, scope: DocumentScope) -> int:
        """Delete all documents in the scope; how many there were."""
        rows = self._cluster[StoredDocument]
        wanted = scope_filter(scope)
        files = [row["file"] for row in rows.find({**wanted, "file": {"$exists": True}}, {"file": 1})]
        deleted = rows.delete_many(wanted).deleted_count
        self._files.delete(files)
        return deleted

    def row_of(self, scope: DocumentScope, document_id: str, new: Document) -> Row:
        """A document with its place; a large content is written to a file."""
        return {
            "_id": document_key(scope, document_id),
            "kind": scope.kind.value,
            "activity": scope.activity,
            "agent": scope.agent,
            "document_id": document_id,
            "registration": scope.registration or "",
            "etag": new.etag,
            "updated": new.updated_us,
            "content_type": new.content_type,
            **self._files.keeping(new.content),
        }


def document_key(scope: DocumentScope, document_id: str) -> bytes:
    """`_id` of a document: its place."""
    # By lengths, so that no two places give the same bytes.
    parts = (scope.kind.value, scope.activity, scope.agent, document_id, scope.registration or "")
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).digest()


def scope_filter(scope: DocumentScope) -> Row:
    """Where many documents are; `registration` None: in every one, and in none."""
    wanted: Row = {"kind": scope.kind.value, "activity": scope.activity, "agent": scope.agent}
    if scope.registration is not None:
        wanted["registration"] = scope.registration
    return wanted


def document_of(row: Row, content: bytes) -> Document:
    """A document as it was put."""
    return Document(content, row["content_type"], row["etag"], row["updated"])
