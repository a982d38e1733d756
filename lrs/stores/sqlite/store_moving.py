"""The part of `SqliteStore` that moves: out into another store or a file, and in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from lrs.cohort.roster import Member
from lrs.stores.audit import AuditEntry
from lrs.stores.base import Generation, Key
from lrs.stores.contests import Contest, Rejoinder
from lrs.stores.moving import (
    MovedActivation,
    MovedDefinition,
    MovedDocument,
    MovedEvidence,
    MovedFailure,
    MovedStatement,
)
from lrs.stores.sqlite import audit, backing_up, finding, moving_in, moving_out
from lrs.stores.sqlite.connections import Connection
from lrs.stores.sqlite.jobs import CallJob, Work
from lrs.stores.sqlite.one_file import OneFile
from lrs.stores.users import User
from lrs.xapi.statement import Attachment

_AUDIT_ROWS = 500
_T = TypeVar("_T")
_P = TypeVar("_P")


class SqliteMoving(OneFile):
    """Implements `lrs.stores.moving.MovableStore` and `FileStore`."""

    # Out

    def moved_statements(self, after_us: int, through_us: int) -> Iterator[Sequence[MovedStatement]]:
        """See `MovableStore.moved_statements`."""
        return self._chunks(
            lambda connection, after: moving_out.statements(connection, after, through_us),
            after_us,
            lambda last: last.stored_us,
        )

    def attachment_hashes(self) -> Iterator[str]:
        """See `MovableStore.attachment_hashes`."""
        for chunk in self._chunks(moving_out.attachment_hashes, "", lambda last: last):
            yield from chunk

    def moved_definitions(self) -> Iterator[Sequence[MovedDefinition]]:
        """See `MovableStore.moved_definitions`."""
        return self._pages(moving_out.definitions, 0)

    def moved_activations(self) -> Sequence[MovedActivation]:
        """See `MovableStore.moved_activations`."""
        with self._reading() as connection:
            return moving_out.activations(connection)

    def moved_evidence(
        self, generation: int, after_us: int, through_us: int
    ) -> Iterator[Sequence[MovedEvidence]]:
        """See `MovableStore.moved_evidence`."""
        return self._chunks(
            lambda connection, after: moving_out.evidence(connection, generation, after, through_us),
            after_us,
            lambda last: last.stored_us,
        )

    def moved_failures(self, generation: int) -> Iterator[Sequence[MovedFailure]]:
        """See `MovableStore.moved_failures`."""
        return self._chunks(
            lambda connection, after: moving_out.failures(connection, generation, after),
            (-1, -1),
            lambda last: (last.stored_us, last.place),
        )

    def moved_documents(self) -> Iterator[Sequence[MovedDocument]]:
        """See `MovableStore.moved_documents`. In order of where they stand."""
        return self._pages(moving_out.documents, moving_out.BEGINNING)

    def secrets(self) -> Sequence[tuple[str, bytes]]:
        """See `MovableStore.secrets`."""
        with self._reading() as connection:
            return moving_out.secrets(connection)

    def moved_audit(self, after: int, through: int) -> Iterator[Sequence[AuditEntry]]:
        """See `MovableStore.moved_audit`."""
        return self._chunks(
            lambda connection, number: audit.scan(connection, number, _AUDIT_ROWS, through),
            after,
            lambda last: last.number,
        )

    def last_instant(self) -> int:
        """See `MovableStore.last_instant`."""
        with self._reading() as connection:
            return finding.last_instant(connection)

    # In. All is on the disk when a call returns.

    def take_statements(self, statements: Sequence[MovedStatement]) -> None:
        """See `MovableStore.take_statements`."""
        self._take(moving_in.taking_statements(statements))

    def take_attachments(self, attachments: Sequence[Attachment]) -> None:
        """See `MovableStore.take_attachments`."""
        self._take(moving_in.taking_attachments(attachments))

    def take_definitions(self, definitions: Sequence[MovedDefinition]) -> None:
        """See `MovableStore.take_definitions`."""
        self._take(moving_in.taking_definitions(definitions))

    def take_generations(
        self, generations: Sequence[Generation], activations: Sequence[MovedActivation]
    ) -> None:
        """See `MovableStore.take_generations`."""
        self._take(moving_in.taking_generations(generations, activations))

    def take_evidence(self, generation: int, evidence: Sequence[MovedEvidence]) -> None:
        """See `MovableStore.take_evidence`."""
        self._take(moving_in.taking_evidence(generation, evidence))

    def take_failures(self, failures: Sequence[MovedFailure]) -> None:
        """See `MovableStore.take_failures`."""
        self._take(moving_in.taking_failures(failures))

    def take_documents(self, documents: Sequence[MovedDocument]) -> None:
        """See `MovableStore.take_documents`."""
        self._take(moving_in.taking_documents(documents))

    def take_access(self, keys: Sequence[Key], secrets: Sequence[tuple[str, bytes]]) -> None:
        """See `MovableStore.take_access`."""
        self._take(moving_in.taking_access(keys, secrets))

    def take_roster(self, members: Sequence[Member]) -> None:
        """See `MovableStore.take_roster`."""
        self._take(moving_in.taking_roster(members))

    def take_users(self, users: Sequence[User]) -> None:
        """See `MovableStore.take_users`."""
        self._take(moving_in.taking_users(users))

    def take_contests(self, contests: Sequence[Contest], rejoinders: Sequence[Rejoinder]) -> None:
        """See `MovableStore.take_contests`."""
        self._take(moving_in.taking_contests(contests, rejoinders))

    def take_audit(self, entries: Sequence[AuditEntry]) -> None:
        """See `MovableStore.take_audit`."""
        self._take(moving_in.taking_audit(entries))

    def take_counts(self, last_us: int) -> None:
        """See `MovableStore.take_counts`. Reads the index of statements and that of evidence."""
        self._take(moving_in.taking_counts(last_us))

    # The file

    def back_up(self, file: Path, progress: Callable[[int, int], None] = lambda _done, _of: None) -> None:
        """See `lrs.stores.moving.FileStore.back_up`. The log is not emptied meanwhile."""
        with self._snapshot() as connection:
            backing_up.back_up(connection, file, progress)

    def settle(self) -> None:
        """See `lrs.stores.moving.FileStore.settle`."""
        self.close()
        backing_up.settle(self._path, self._busy_ms)

    def _take(self, work: Work) -> None:
        self._do(CallJob(work))

    def _chunks(
        self,
        read: Callable[[Connection, _P], Sequence[_T]],
        after: _P,
        place: Callable[[_T], _P],
    ) -> Iterator[Sequence[_T]]:
        """What is read behind a place, then behind the last that was read, until there is no more."""

        def page(connection: Connection, after: _P) -> tuple[_P, Sequence[_T]]:
            chunk = read(connection, after)
            return (place(chunk[-1]) if chunk else after), chunk

        return self._pages(page, after)

    def _pages(
        self, read: Callable[[Connection, _P], tuple[_P, Sequence[_T]]], after: _P
    ) -> Iterator[Sequence[_T]]:
        """The same, where what is read does not tell its place."""
        while True:
            # A transaction per chunk: a long one would keep the log from being emptied.
            with self._snapshot() as connection:
                after, chunk = read(connection, after)
            if not chunk:
                return
            yield chunk
