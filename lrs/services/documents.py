"""State, agent profile and activity profile documents (xAPI-Communication 2.2, 2.3, 2.6, 2.7).

Writers decide on what they have read and swap it in only if it is still what is stored; who comes second decides
anew. So of two writers with the same `If-Match` one wins, and no merge is ever lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lrs.errors import Conflict, Detail, InvalidInput, NotFound, PreconditionFailed, StoreUnavailable
from lrs.stores.base import Document, DocumentKind, DocumentScope, DocumentStore
from lrs.xapi import strict_json
from lrs.xapi.multipart import media_type
from lrs.xapi.versions import Version

_ATTEMPTS = 100
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a request asks of the document that is stored: ETags without quotes, or `*`."""

    if_match: tuple[str, ...] = ()
    if_none_match: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        """Whether there is any."""
        return bool(self.if_match or self.if_none_match)

    def check(self, current: Document | None) -> None:
        """Raise `PreconditionFailed` unless the document that is stored is one that was meant."""
        found = "no document" if current is None else f'"{current.etag}"'
        if self.if_match and not _among(current, self.if_match):
            raise _failed("If-Match", found, " or ".join(f'"{etag}"' for etag in self.if_match))
        if self.if_none_match and _among(current, self.if_none_match):
            raise _failed("If-None-Match", found, "a document with none of these ETags")


class Documents:
    """Reads and writes documents by the rules of the version that is spoken."""

    def __init__(self, store: DocumentStore, *, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def get(self, scope: DocumentScope, document_id: str) -> Document:
        """The document. Raises `NotFound`."""
        found = self._store.document(scope, document_id)
        if found is None:
            raise NotFound(
                f"There is no document {document_id!r} here.",
                [Detail(_id_of(scope), document_id, "a stored id")],
            )
        return found

    def ids(self, scope: DocumentScope, since_us: int | None) -> Sequence[str]:
        """The ids of the documents in the scope, those updated after `since_us` only."""
        return self._store.document_ids(scope, since_us)

    def put(
        self, scope: DocumentScope, document_id: str, sent: Document, conditions: Conditions, version: Version
    ) -> None:
        """Store a document in the place of what is there.

        Raises `PreconditionFailed`, `Conflict` (there is a document, and nothing says which was meant) and
        `InvalidInput` (1.0.x: a new profile needs a condition, too). A state document of 1.0.x needs none.
        """

        def decide(current: Document | None) -> Document:
            conditions.check(current)
            free = scope.kind is DocumentKind.STATE and version is Version.V1
            if not conditions.given and not free:
                _require_condition(current, version)
            return sent

        self._change(scope, document_id, decide)

    def post(self, scope: DocumentScope, document_id: str, sent: Document, conditions: Conditions) -> None:
        """Store a new document, or merge the top-level members of a JSON object into the one that is there.

        Raises `PreconditionFailed`, and `InvalidInput` when one of the two is no JSON object (2.2).
        """
        if _is_json(sent):
            _object(sent, "the document that was sent")

        def decide(current: Document | None) -> Document:
            conditions.check(current)
            return sent if current is None else self._merged(current, sent)

        self._change(scope, document_id, decide)

    def delete(self, scope: DocumentScope, document_id: str, conditions: Conditions) -> None:
        """Delete a document; there need not be one. Raises `PreconditionFailed`."""

        def decide(current: Document | None) -> None:
            conditions.check(current)

        self._change(scope, document_id, decide)

    def delete_all(self, scope: DocumentScope) -> None:
        """Delete every document in the scope."""
        self._store.delete_documents(scope)

    def new(self, content: bytes, content_type: str) -> Document:
        """A document that was sent now."""
        etag = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        return Document(content, content_type or "application/octet-stream", etag, self._clock())

    def _change(
        self, scope: DocumentScope, document_id: str, decide: Callable[[Document | None], Document | None]
    ) -> None:
        for _ in range(_ATTEMPTS):
            current = self._store.document(scope, document_id)
            new = decide(current)
            if current is None and new is None:
                return
            if self._store.swap_document(scope, document_id, current.etag if current else None, new):
                return
        raise StoreUnavailable("Too many writers change this document at once; try again.")

    def _merged(self, current: Document, sent: Document) -> Document:
        parts = _object(current, "the document that is stored") | _object(sent, "the document that was sent")
        return self.new(strict_json.join_members(parts), current.content_type)


def _object(document: Document, which: str) -> dict[str, bytes]:
    """The members of a JSON object. Raises `InvalidInput` for any other document."""
    found = document.content_type
    if _is_json(document):
        value = strict_json.parse(document.content)
        if isinstance(value, dict):
            return strict_json.members(document.content)
        found = f"a JSON {type(value).__name__}"
    raise InvalidInput(
        f"A POST merges JSON objects, and {which} is none.",
        [Detail("", found, "a JSON object, application/json")],
    )


def _is_json(document: Document) -> bool:
    return media_type(document.content_type)[0] == _JSON


def _require_condition(current: Document | None, version: Version) -> None:
    expected = "If-Match with its ETag, or If-None-Match: *"
    if current is not None:
        raise Conflict(
            "There is a document already, and nothing says that it is the one to be replaced.",
            [Detail("If-Match", "nothing", expected)],
        )
    if version is Version.V1:
        raise InvalidInput(
            "A profile is put with a condition.", [Detail("If-None-Match", "nothing", expected)]
        )


def _among(current: Document | None, etags: tuple[str, ...]) -> bool:
    return current is not None and ("*" in etags or current.etag in etags)


def _failed(header: str, found: str, expected: str) -> PreconditionFailed:
    return PreconditionFailed(
        f"{header} does not fit what is stored; nothing was changed.", [Detail(header, found, expected)]
    )


def _id_of(scope: DocumentScope) -> str:
    return "stateId" if scope.kind is DocumentKind.STATE else "profileId"
