"""Contents that may be large: in the document itself, or beyond 8 MiB in a file of GridFS."""

from __future__ import annotations

import os
from typing import Any

import gridfs
from gridfs.errors import CorruptGridFile, NoFile

from lrs.errors import Detail, StoreUnavailable
from lrs.stores.mongo.cluster import Cluster, Row

INLINE_BYTES = 8 * 1024 * 1024
"""A document has room for 16 MiB."""


def is_large(content: bytes) -> bool:
    """Whether it has to be in a file."""
    return len(content) > INLINE_BYTES


class Files:
    """The files of one database.

    A file is written before the document that names it, outside of any transaction: where that is not committed, the
    file is one that nobody asks for. `lrs init` deletes such files.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def keeping(self, content: bytes) -> Row:
        """The fields of a document that keeps the content; a large one is written to a file."""
        if not is_large(content):
            return {"content": content}
        key = os.urandom(16)
        self._grid().put(content, _id=key)
        return {"file": key}

    def content_of(self, row: Row) -> bytes | None:
        """What a document keeps; None when its file was deleted since the document was read."""
        key = row.get("file")
        if key is None:
            return bytes(row["content"])
        try:
            return bytes(self._grid().get(key).read())
        except (NoFile, CorruptGridFile):
            return None

    def lost(self, key: bytes) -> StoreUnavailable:
        """What to raise when a file that a document names is not there."""
        return StoreUnavailable(
            "A file of the store is lost.",
            [
                Detail(
                    "store", f"no file {key.hex()}", "an intact database: run `lrs doctor`, restore a backup"
                )
            ],
        )

    def delete(self, keys: list[Any]) -> None:
        """Delete files that no document names any more."""
        for key in keys:
            self._grid().delete(key)

    def _grid(self) -> gridfs.GridFS:
        return gridfs.GridFS(self._cluster.database)
