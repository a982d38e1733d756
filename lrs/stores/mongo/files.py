"""Contents that may be large: in the document itself, or beyond 8 MiB in a file of GridFS."""

from __future__ import annotations

import os
from typing import Any

import gridfs
from gridfs.errors import NoFile

from lrs.stores.mongo.cluster import Cluster, Row

INLINE_BYTES = 8 * 1024 * 1024
"""A document has room for 16 MiB."""


class Files:
    """The files of one database.

    A file is written before the document that names it, outside of any transaction: where that is not committed, the
    file is one that nobody asks for. `lrs init` deletes such files.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def keeping(self, content: bytes) -> Row:
        """The fields of a document that keeps the content; a large one is written to a file."""
        if len(content) <= INLINE_BYTES:
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
        except NoFile:
            return None

    def delete(self, keys: list[Any]) -> None:
        """Delete files that no document names any more."""
        for key in keys:
            self._grid().delete(key)

    def _grid(self) -> gridfs.GridFS:
        return gridfs.GridFS(self._cluster.database)
