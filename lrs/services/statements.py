"""A query's way out: a page of stored bytes, joined without printing them anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from lrs import __version__
from lrs.errors import Detail, InvalidParameter, NotFound
from lrs.services.access.keys import Credential
from lrs.services.cursors import read_more, write_more
from lrs.stores.base import Store
from lrs.xapi import attachments, formats, multipart, strict_json
from lrs.xapi.query import Cursor
from lrs.xapi.statement import Attachment, StoredStatement
from lrs.xapi.statement_parameters import Lookup, PageSizes, Rendering, read
from lrs.xapi.terms import authority_key

_JSON = "application/json"
_TAG_LETTERS = 32  # 128 bits


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves: a body and its Content-Type; `stored_us` when it is one statement."""

    data: bytes
    content_type: str = _JSON
    stored_us: int | None = None
    tag: str | None = None
    """Equal for equal bodies only. None with raw data, which may come later than its statement."""
    by_language: bool = False
    """Whether another `accept_language` could have another body."""


class _Reader(NamedTuple):
    """Who reads, and how it is to be shown to them."""

    credential: Credential
    rendering: Rendering
    accept_language: str | None


class Statements:
    """Reads statements for a credential, which sees all of them or only its own."""

    def __init__(self, store: Store, *, sizes: PageSizes) -> None:
        self._store = store
        self._sizes = sizes
        self._known_secret: bytes | None = None

    def consistent_through(self, *, after_write: bool) -> int:
        """An instant up to which every statement is visible, for `X-Experience-API-Consistent-Through`.

        `after_write`: the newest statement will do, which is then recent, and known at less cost.
        """
        return self._store.newest_stored() if after_write else self._store.consistent_through()

    def get(
        self, given: Mapping[str, str], credential: Credential, *, path: str, accept_language: str | None
    ) -> Answer:
        """Answer `GET /statements`.

        Args:
            given: the parameters, each once, all known; `more` alone, or with those of its first page.
            credential: who asks.
            path: path of the resource as the client sees it; `more` starts with it.
            accept_language: the header, for format `canonical`.

        Raises `InvalidParameter`, `NotFound`, `StoreUnavailable`.
        """
        first, after = self._continued(given) if "more" in given else (dict(given), None)
        wanted = read(first, self._sizes)
        reader = _Reader(credential, wanted.rendering, accept_language)
        if isinstance(wanted, Lookup):
            return self._one(wanted, reader)
        query = replace(wanted.query, authority=credential.reads_only, after=after)
        page = self._store.find(query)
        more = f"{path}?more={write_more(first, page.next, self._secret())}" if page.next else ""
        shown = self._shown(page.statements, reader)
        data = b'{"statements":[%b],"more":%b}' % (b",".join(shown), json.dumps(more).encode())
        return self._answer(data, page.statements, reader, more=more)

    def _continued(self, given: Mapping[str, str]) -> tuple[dict[str, str], Cursor]:
        """The parameters and the place that a more link stands for.

        Some clients send the parameters of the first page once more; others than those are refused.
        """
        first, after = self._opened(given["more"])
        others = sorted(name for name in given.keys() - {"more"} if given[name] != first.get(name))
        if others:
            raise InvalidParameter(
                "A more link takes no parameter that its first page did not have.",
                [Detail(name, given[name][:200], first.get(name, "nothing beside more")) for name in others],
            )
        return first, after

    def _opened(self, token: str) -> tuple[dict[str, str], Cursor]:
        try:
            return read_more(token, self._secret())
        except InvalidParameter:
            # Another store may have been put in the place of the one whose secret is known.
            self._known_secret = None
            return read_more(token, self._secret())

    def _secret(self) -> bytes:
        """The store's secret, asked for once: a store never changes it."""
        secret = self._known_secret
        if secret is None:
            secret = self._known_secret = self._store.server_secret("more")
        return secret

    def _one(self, wanted: Lookup, reader: _Reader) -> Answer:
        found = self._store.get(wanted.statement_id)
        if found is None or not _may_see(found, reader.credential):
            raise _missing(wanted, "no such statement")
        if (found.voided_us is not None) != wanted.voided:
            raise _missing(
                wanted, "a voided statement" if not wanted.voided else "a statement that is not voided"
            )
        [data] = self._shown([found], reader)
        return self._answer(data, [found], reader, stored_us=found.stored_us)

    def _shown(self, statements: Iterable[StoredStatement], reader: _Reader) -> list[bytes]:
        form = reader.rendering.format
        if form == "exact":
            return [statement.raw for statement in statements]
        parsed = (strict_json.parse_exactly(statement.raw) for statement in statements)
        changed = (
            formats.as_ids(one) if form == "ids" else formats.as_canonical(one, reader.accept_language)
            for one in parsed
        )
        return [strict_json.print_exactly(one) for one in changed]

    def _answer(
        self,
        data: bytes,
        statements: Sequence[StoredStatement],
        reader: _Reader,
        *,
        more: str = "",
        stored_us: int | None = None,
    ) -> Answer:
        form, content_type, tag = reader.rendering.format, _JSON, None
        language = (reader.accept_language or "") if form == "canonical" else None
        if reader.rendering.attachments:
            data, content_type = self._with_attachments(data, statements, reader.credential)
        else:
            # What the body is made of stands for it, and is shorter than it by far.
            digests = b"".join([statement.sha256 for statement in statements])
            made_of = f"{__version__}\n{form}\n{more}\n{language or ''}".encode("utf-8", "surrogateescape")
            tag = sha256(digests + made_of).hexdigest()[:_TAG_LETTERS]
        return Answer(data, content_type, stored_us, tag, language is not None)

    def _with_attachments(
        self, data: bytes, statements: Sequence[StoredStatement], credential: Credential
    ) -> tuple[bytes, str]:
        # An attachment with a fileUrl needs no raw data, so that its hash proves no possession of what has it: who
        # may read only its own statements could name the hash of another's file.
        proven_only = credential.reads_only is not None
        types = {
            attachment["sha2"].lower(): attachment["contentType"]
            for statement in statements
            for _, attachment in attachments.declared(strict_json.parse(statement.raw))
            if not (proven_only and "fileUrl" in attachment)
        }
        kept = self._store.attachments(types)
        parts = [Attachment(sha2, types[sha2], kept[sha2].content) for sha2 in types if sha2 in kept]
        return multipart.write(data, parts)


def _may_see(statement: StoredStatement, credential: Credential) -> bool:
    own = credential.reads_only
    return own is None or own == authority_key(strict_json.parse(statement.raw)["authority"])


def _missing(wanted: Lookup, found: str) -> NotFound:
    name = "voidedStatementId" if wanted.voided else "statementId"
    expected = "the id of a voided statement" if wanted.voided else "the id of a statement that is not voided"
    return NotFound(f"{wanted.statement_id} is {found}.", [Detail(name, found, expected)])
