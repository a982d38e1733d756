"""The part of `MongoStore` that moves: out into another store, and in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from lrs.cohort.roster import Member
from lrs.stores.audit import AuditEntry
from lrs.stores.base import Generation, Key
from lrs.stores.contests import Contest, Rejoinder
from lrs.stores.mongo import audit, moving_in, moving_out
from lrs.stores.mongo.models import StoredAttachment
from lrs.stores.mongo.one_database import OneDatabase
from lrs.stores.mongo.reading import View
from lrs.stores.moving import (
    MovedActivation,
    MovedDefinition,
    MovedDocument,
    MovedEvidence,
    MovedFailure,
    MovedStatement,
)
from lrs.stores.users import User
from lrs.xapi.statement import Attachment

_AUDIT_ROWS = 500
_T = TypeVar("_T")
_P = TypeVar("_P")


class MongoMoving(OneDatabase):
    """Implements `lrs.stores.moving.MovableStore`."""

    # Out

    def moved_statements(self, after_us: int, through_us: int) -> Iterator[Sequence[MovedStatement]]:
        """See `MovableStore.moved_statements`."""
        return self._chunks(
            lambda view, after: moving_out.statements(view, after, through_us),
            after_us,
            lambda last: last.stored_us,
        )

    def attachment_hashes(self) -> Iterator[str]:
        """See `MovableStore.attachment_hashes`."""
        for chunk in self._chunks(moving_out.attachment_hashes, "", lambda last: last):
            yield from chunk

    def moved_definitions(self) -> Iterator[Sequence[MovedDefinition]]:
        """See `MovableStore.moved_definitions`."""
        chunks = self._chunks(
            moving_out.definitions,
            (-1, -1, b""),
            lambda last: (last["stored"], last["place"], last["_id"]),
        )
        for chunk in chunks:
            yield [moving_out.definition(row) for row in chunk]

    def moved_activations(self) -> Sequence[MovedActivation]:
        """See `MovableStore.moved_activations`."""
        with self._viewing() as view:
            return moving_out.activations(view)

    def moved_evidence(
        self, generation: int, after_us: int, through_us: int
    ) -> Iterator[Sequence[MovedEvidence]]:
        """See `MovableStore.moved_evidence`."""
        return self._chunks(
            lambda view, after: moving_out.evidence(view, generation, after, through_us),
            after_us,
            lambda last: last.stored_us,
        )

    def moved_failures(self, generation: int) -> Iterator[Sequence[MovedFailure]]:
        """See `MovableStore.moved_failures`."""
        return self._chunks(
            lambda view, after: moving_out.failures(view, generation, after),
            (-1, -1),
            lambda last: (last.stored_us, last.place),
        )

    def moved_documents(self) -> Iterator[Sequence[MovedDocument]]:
        """See `MovableStore.moved_documents`. In order of the hash of where they are."""
        after = b""
        while True:
            with self._asking() as hands, self._viewing() as view:
                last, found = moving_out.documents(view, hands.files, after)
            if found:
                yield found
            if last == after:
                return
            after = last

    def secrets(self) -> Sequence[tuple[str, bytes]]:
        """See `MovableStore.secrets`."""
        with self._viewing() as view:
            return moving_out.secrets(view)

    def moved_audit(self, after: int, through: int) -> Iterator[Sequence[AuditEntry]]:
        """See `MovableStore.moved_audit`."""
        while True:
            with self._asking() as hands:
                chunk = list(audit.scan(hands.cluster, after, _AUDIT_ROWS, through))
            if not chunk:
                return
            yield chunk
            after = chunk[-1].number

    def last_instant(self) -> int:
        """See `MovableStore.last_instant`."""
        with self._viewing() as view:
            return int(view.clock["dated"])

    # In

    def take_statements(self, statements: Sequence[MovedStatement]) -> None:
        """See `MovableStore.take_statements`."""
        # Parsed here, while others may write.
        self._do(partial(moving_in.take_statements, rows=moving_in.statement_rows(statements)))

    def take_attachments(self, attachments: Sequence[Attachment]) -> None:
        """See `MovableStore.take_attachments`."""
        with self._asking() as hands:
            there = set(
                hands.cluster[StoredAttachment].distinct(
                    "_id", {"_id": {"$in": [one.sha2 for one in attachments]}}
                )
            )
            rows = [
                {"_id": one.sha2, "content_type": one.content_type, **hands.files.keeping(one.content)}
                for one in attachments
                if one.sha2 not in there
            ]
        self._do(partial(moving_in.take_attachments, rows=rows))

    def take_definitions(self, definitions: Sequence[MovedDefinition]) -> None:
        """See `MovableStore.take_definitions`."""
        self._do(partial(moving_in.take_definitions, definitions=definitions))

    def take_generations(
        self, generations: Sequence[Generation], activations: Sequence[MovedActivation]
    ) -> None:
        """See `MovableStore.take_generations`."""
        self._do(partial(moving_in.take_generations, generations=generations, activations=activations))

    def take_evidence(self, generation: int, evidence: Sequence[MovedEvidence]) -> None:
        """See `MovableStore.take_evidence`."""
        self._do(partial(moving_in.take_evidence, generation=generation, evidence=evidence))

    def take_failures(self, failures: Sequence[MovedFailure]) -> None:
        """See `MovableStore.take_failures`."""
        self._do(partial(moving_in.take_failures, failures=failures))

    def take_documents(self, documents: Sequence[MovedDocument]) -> None:
        """See `MovableStore.take_documents`."""
        with self._asking() as hands:
            rows = [hands.documents.row_of(one.scope, one.id, one.document) for one in documents]
            hands.files.delete(hands.units.do(partial(moving_in.take_documents, rows=rows)))

    def take_access(self, keys: Sequence[Key], secrets: Sequence[tuple[str, bytes]]) -> None:
        """See `MovableStore.take_access`."""
        self._do(partial(moving_in.take_access, keys=keys, secrets=secrets))

    def take_roster(self, members: Sequence[Member]) -> None:
        """See `MovableStore.take_roster`."""
        self._do(partial(moving_in.take_roster, members=members))

    def take_users(self, users: Sequence[User]) -> None:
        """See `MovableStore.take_users`."""
        self._do(partial(moving_in.take_users, users=users))

    def take_contests(self, contests: Sequence[Contest], rejoinders: Sequence[Rejoinder]) -> None:
        """See `MovableStore.take_contests`."""
        self._do(partial(moving_in.take_contests, contests=contests, rejoinders=rejoinders))

    def take_audit(self, entries: Sequence[AuditEntry]) -> None:
        """See `MovableStore.take_audit`."""
        self._do(partial(moving_in.take_audit, entries=entries))

    def take_counts(self, last_us: int) -> None:
        """See `MovableStore.take_counts`."""
        self._do(partial(moving_in.take_counts, last_us=last_us))

    def _chunks(
        self, read: Callable[[View, _P], list[_T]], after: _P, place_of: Callable[[_T], _P]
    ) -> Iterator[list[_T]]:
        """What `read` answers behind a place, and behind its own last, as long as there is anything."""
        while True:
            # A view for each: sessions are not kept open for long.
            with self._viewing() as view:
                chunk = read(view, after)
            if not chunk:
                return
            yield chunk
            after = place_of(chunk[-1])
