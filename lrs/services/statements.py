"""A query's way out: a page of stored bytes, joined without printing them anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves: a body and its Content-Type; `stored_us` when it is one statement."""

    data: bytes
    content_type: str = _JSON
    stored_us: int | None = None


class Statements:
    """Reads statements for a credential, which sees all of them or only its own."""

    def __init__(self, store: Store, *, sizes: PageSizes) -> None:
        self._store = store
        self._sizes = sizes

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
        if isinstance(wanted, Lookup):
            return self._one(wanted, credential, accept_language)
        query = replace(wanted.query, authority=credential.reads_only, after=after)
        page = self._store.find(query)
        more = f"{path}?more={write_more(first, page.next, self._secret())}" if page.next else ""
        shown = self._shown(page.statements, wanted.rendering, accept_language)
        data = b'{"statements":[%b],"more":%b}' % (b",".join(shown), json.dumps(more).encode())
        return self._with_attachments(data, page.statements, wanted.rendering, credential)

    def _continued(self, given: Mapping[str, str]) -> tuple[dict[str, str], Cursor]:
        """The parameters and the place that a more link stands for.

        Some clients send the parameters of the first page once more; others than those are refused.
        """
        first, after = read_more(given["more"], self._secret())
        others = sorted(name for name in given.keys() - {"more"} if given[name] != first.get(name))
        if others:
            raise InvalidParameter(
                "A more link takes no parameter that its first page did not have.",
                [Detail(name, given[name][:200], first.get(name, "nothing beside more")) for name in others],
            )
        return first, after

    def _secret(self) -> bytes:
        return self._store.server_secret("more")

    def _one(self, wanted: Lookup, credential: Credential, accept_language: str | None) -> Answer:
        found = self._store.get(wanted.statement_id)
        if found is None or not _may_see(found, credential):
            raise _missing(wanted, "no such statement")
        if (found.voided_us is not None) != wanted.voided:
            raise _missing(
                wanted, "a voided statement" if not wanted.voided else "a statement that is not voided"
            )
        [data] = self._shown([found], wanted.rendering, accept_language)
        return replace(
            self._with_attachments(data, [found], wanted.rendering, credential), stored_us=found.stored_us
        )

    def _shown(
        self,
        statements: Iterable[StoredStatement],
        rendering: Rendering,
        accept_language: str | None,
    ) -> list[bytes]:
        if rendering.format == "exact":
            return [statement.raw for statement in statements]
        parsed = (strict_json.parse_exactly(statement.raw) for statement in statements)
        changed = (
            formats.as_ids(one) if rendering.format == "ids" else formats.as_canonical(one, accept_language)
            for one in parsed
        )
        return [strict_json.print_exactly(one) for one in changed]

    def _with_attachments(
        self,
        data: bytes,
        statements: Sequence[StoredStatement],
        rendering: Rendering,
        credential: Credential,
    ) -> Answer:
        if not rendering.attachments:
            return Answer(data)
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
        return Answer(*multipart.write(data, parts))


def _may_see(statement: StoredStatement, credential: Credential) -> bool:
    own = credential.reads_only
    return own is None or own == authority_key(strict_json.parse(statement.raw)["authority"])


def _missing(wanted: Lookup, found: str) -> NotFound:
    name = "voidedStatementId" if wanted.voided else "statementId"
    expected = "the id of a voided statement" if wanted.voided else "the id of a statement that is not voided"
    return NotFound(f"{wanted.statement_id} is {found}.", [Detail(name, found, expected)])
