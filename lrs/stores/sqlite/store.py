"""`SqliteStore`: the whole of what Rapport keeps, in one SQLite file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lrs.cohort.columns import EvidenceColumns
from lrs.cohort.roster import Member
from lrs.competency.evidence import RecordedEvidence
from lrs.stores.base import (
    Document,
    DocumentScope,
    EvidenceQuery,
    EvidenceVersion,
    Key,
    Page,
    Quarantined,
    Remark,
    Submission,
)
from lrs.stores.group_commit import AddJob
from lrs.stores.sqlite import access, definitions, documents, finding, health, recorded, roster
from lrs.stores.sqlite.connections import identity_of
from lrs.stores.sqlite.health import remarks
from lrs.stores.sqlite.jobs import CallJob, DatedJob
from lrs.stores.sqlite.one_file import OneFile
from lrs.stores.sqlite.store_generations import SqliteGenerations
from lrs.stores.sqlite.store_moving import SqliteMoving
from lrs.stores.sqlite.store_people import SqlitePeople
from lrs.xapi.query import StatementQuery
from lrs.xapi.statement import Attachment, StoredStatement

_SCAN_ROWS = 500


class SqliteStore(SqliteGenerations, SqlitePeople, SqliteMoving, OneFile):
    """One file, any number of threads and processes. Implements `lrs.stores.moving.WholeStore`.

    Nothing is opened before it is needed. Needs a local POSIX file system (WAL, `flock`).
    """

    # Statements

    def add(self, submission: Submission) -> frozenset[str]:
        """See `lrs.stores.base.StatementStore.add`. On the disk when it returns."""
        if not submission.statements:
            return frozenset()
        new: frozenset[str] = self._do(AddJob(submission))
        return new

    def get(self, statement_id: str) -> StoredStatement | None:
        """See `lrs.stores.base.StatementStore.get`."""
        with self._reading() as connection:
            return finding.get(connection, statement_id)

    def find(self, query: StatementQuery) -> Page:
        """See `lrs.stores.base.StatementStore.find`."""
        with self._reading() as connection:
            return finding.find(connection, query)

    def scan(self, after_us: int = -1) -> Iterator[StoredStatement]:
        """See `lrs.stores.base.StatementStore.scan`. Statements stored while it runs are met as well."""
        while True:
            # A transaction per chunk: a long one would keep the log from being emptied.
            with self._reading() as connection:
                chunk = finding.scan(connection, after_us, _SCAN_ROWS)
            yield from chunk
            if len(chunk) < _SCAN_ROWS:
                return
            after_us = chunk[-1].stored_us

    def count_statements(self) -> int:
        """See `lrs.stores.base.StatementStore.count_statements`."""
        return self._counts()[0]

    def newest_stored(self) -> int:
        """See `lrs.stores.base.StatementStore.newest_stored`."""
        newest = self._own().writer.newest
        if newest:
            return newest  # another process may have stored since; all until then is visible all the same
        with self._reading() as connection:
            return finding.last_stored(connection)

    def consistent_through(self) -> int:
        """See `lrs.stores.base.StatementStore.consistent_through`.

        When nobody is writing: now. Else: `stored` of the newest statement, or what was activated or mended later,
        since whatever is being written comes after it. `lrs.stores.sqlite.in_flight` says how that is known across
        processes.
        """
        hands = self._own()
        now = self._clock()
        idle = hands.in_flight.nothing_until(now)
        with hands.readers.reading() as connection:
            last = finding.last_instant(connection)
        return max(now, last) if idle else last

    def attachments(self, sha2s: Iterable[str]) -> Mapping[str, Attachment]:
        """See `lrs.stores.base.StatementStore.attachments`."""
        with self._reading() as connection:
            return finding.read_attachments(connection, sha2s)

    # Documents

    def document(self, scope: DocumentScope, document_id: str) -> Document | None:
        """See `lrs.stores.base.DocumentStore.document`."""
        with self._reading() as connection:
            return documents.read_document(connection, scope, document_id)

    def swap_document(
        self, scope: DocumentScope, document_id: str, expected_etag: str | None, new: Document | None
    ) -> bool:
        """See `lrs.stores.base.DocumentStore.swap_document`. On the disk when it returns."""
        job = CallJob(documents.swapping(scope, document_id, expected_etag, new))
        return bool(self._do(job))

    def document_ids(self, scope: DocumentScope, since_us: int | None = None) -> Sequence[str]:
        """See `lrs.stores.base.DocumentStore.document_ids`."""
        with self._reading() as connection:
            return documents.read_ids(connection, scope, since_us)

    def delete_documents(self, scope: DocumentScope) -> int:
        """See `lrs.stores.base.DocumentStore.delete_documents`. On the disk when it returns."""
        return int(self._do(CallJob(documents.deleting(scope))))

    def definitions(self, activity: str) -> Sequence[str]:
        """See `lrs.stores.base.DocumentStore.definitions`."""
        with self._reading() as connection:
            return definitions.read_definitions(connection, activity)

    # Evidence

    def evidence(self, query: EvidenceQuery) -> Sequence[RecordedEvidence]:
        """See `lrs.stores.base.EvidenceStore.evidence`."""
        with self._snapshot() as connection:
            return recorded.read_evidence(connection, query)

    def columns(self, query: EvidenceQuery) -> EvidenceColumns:
        """See `lrs.stores.base.EvidenceStore.columns`."""
        with self._snapshot() as connection:
            return recorded.read_columns(connection, query)

    def evidence_in(self, statement_id: str) -> Sequence[RecordedEvidence]:
        """See `lrs.stores.base.EvidenceStore.evidence_in`."""
        with self._snapshot() as connection:
            return recorded.read_evidence_in(connection, statement_id)

    def evidence_version(self, as_of_us: int) -> EvidenceVersion | None:
        """See `lrs.stores.base.EvidenceStore.evidence_version`.

        Instants are given out in order of commit: up to the newest everything is there, and after it there is nothing
        up to what was promised, whoever stores later.
        """
        hands = self._own()
        promised = hands.in_flight.promised()
        with hands.readers.reading() as connection:
            newest = finding.last_instant(connection)
        if as_of_us > max(newest, promised):
            return None
        return EvidenceVersion(
            store=str(identity_of(self._path)), at_us=min(as_of_us, newest), newest_us=newest
        )

    def officers(
        self, as_of_us: int, *, after: str = "", limit: int = 100, prefix: str = ""
    ) -> Sequence[str]:
        """See `lrs.stores.base.EvidenceStore.officers`."""
        with self._snapshot() as connection:
            return recorded.read_officers(connection, as_of_us, after=after, limit=limit, prefix=prefix)

    def subjects(self, *, prefix: str = "", limit: int = 100) -> Sequence[str]:
        """See `lrs.stores.base.EvidenceStore.subjects`."""
        with self._reading() as connection:
            return recorded.read_subjects(connection, prefix=prefix, limit=limit)

    def quarantined(
        self, *, as_of_us: int, subject: str | None = None, limit: int = 100
    ) -> Sequence[Quarantined]:
        """See `lrs.stores.base.EvidenceStore.quarantined`."""
        with self._snapshot() as connection:
            return recorded.read_quarantined(connection, as_of_us, subject=subject, limit=limit)

    def count_evidence(self) -> int:
        """See `lrs.stores.base.EvidenceStore.count_evidence`."""
        return self._counts()[1]

    def count_quarantined(self) -> int:
        """See `lrs.stores.base.EvidenceStore.count_quarantined`."""
        return self._counts()[2]

    # Access

    def add_key(self, key: Key) -> None:
        """See `lrs.stores.base.AccessStore.add_key`."""
        self._do(CallJob(access.adding(key)))

    def key(self, key_id: str) -> Key | None:
        """See `lrs.stores.base.AccessStore.key`."""
        with self._reading() as connection:
            return access.read_key(connection, key_id)

    def keys(self) -> Sequence[Key]:
        """See `lrs.stores.base.AccessStore.keys`."""
        with self._reading() as connection:
            return access.read_keys(connection)

    def revoke_key(self, key_id: str, at_us: int) -> Key:
        """See `lrs.stores.base.AccessStore.revoke_key`."""
        key: Key = self._do(CallJob(access.revoking(key_id, at_us)))
        return key

    def server_secret(self, name: str) -> bytes:
        """See `lrs.stores.base.AccessStore.server_secret`."""
        with self._reading() as connection:
            secret = access.read_secret(connection, name)
        if secret is None:
            secret = bytes(self._do(CallJob(access.making_secret(name))))
        return secret

    # Roster

    def put_members(self, members: Sequence[Member]) -> None:
        """See `lrs.stores.base.RosterStore.put_members`. On the disk when it returns."""
        self._do(CallJob(roster.putting(members)))

    def remove_members(self, officers: Sequence[str]) -> int:
        """See `lrs.stores.base.RosterStore.remove_members`. On the disk when it returns."""
        return int(self._do(CallJob(roster.removing(officers))))

    def members(
        self, *, unit: str | None = None, phase: str | None = None, trainer: str | None = None
    ) -> Sequence[Member]:
        """See `lrs.stores.base.RosterStore.members`."""
        with self._reading() as connection:
            return roster.read_members(connection, unit=unit, phase=phase, trainer=trainer)

    # The whole

    def ping(self) -> None:
        """See `lrs.stores.base.Store.ping`."""
        self._counts()
        health.check_room(self._path)
        # Dated, so that it fails as well where a statement could not be dated.
        self._do(DatedJob(health.would_write))

    def health(self) -> Mapping[str, Any]:
        """See `lrs.stores.base.Store.health`. Reads the whole file."""
        with self._reading() as connection:
            return health.facts(connection, self._path)

    def remarks(self, health: Mapping[str, Any]) -> Sequence[Remark]:
        """See `lrs.stores.base.Store.remarks`."""
        return list(remarks(health))

    def _counts(self) -> tuple[int, int, int]:
        with self._reading() as connection:
            return recorded.read_counts(connection)
