"""`SqliteStore`: the whole of what Rapport keeps, in one SQLite file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from lrs.competency.evidence import RecordedEvidence
from lrs.errors import Detail, StoreUnavailable
from lrs.stores.base import (
    Document,
    DocumentScope,
    EvidenceQuery,
    Key,
    Page,
    Quarantined,
    Submission,
)
from lrs.stores.sqlite import access, definitions, documents, finding, health, migrating, recorded
from lrs.stores.sqlite.connections import Readers, connect
from lrs.stores.sqlite.failures import ours
from lrs.stores.sqlite.in_flight import InFlight
from lrs.stores.sqlite.jobs import AddJob, CallJob
from lrs.stores.sqlite.writer import Writer
from lrs.xapi.query import StatementQuery
from lrs.xapi.statement import Attachment, StoredStatement

_SCAN_ROWS = 500


def now_us() -> int:
    """Microseconds since the epoch by the clock of the machine."""
    return time.time_ns() // 1_000


@dataclass(frozen=True, slots=True)
class _Hands:
    """What one process holds of the store; after a fork the child takes new ones."""

    pid: int
    readers: Readers
    writer: Writer
    in_flight: InFlight


class SqliteStore:
    """One file, any number of threads and processes. Implements `lrs.stores.base.Store`.

    Nothing is opened before it is needed. Needs a local POSIX file system (WAL, `flock`).
    """

    def __init__(
        self, path: str | os.PathLike[str], *, clock: Callable[[], int] = now_us, busy_ms: int = 5_000
    ) -> None:
        """Nothing is opened yet.

        Args:
            path: of the file.
            clock: gives microseconds since the epoch, and may step back.
            busy_ms: milliseconds to wait for the lock of another process before `StoreUnavailable`.
        """
        # Absolute: a server may change its working directory.
        self._path = Path(path).absolute()
        self._clock = clock
        self._busy_ms = busy_ms
        self._lock = Lock()
        self._hands_of_parents: list[_Hands] = []
        self._hands = self._take_hands()
        self.url = f"sqlite:///{quote(str(self._path))}"

    # Statements

    def add(self, submission: Submission) -> frozenset[str]:
        """See `lrs.stores.base.StatementStore.add`. On the disk when it returns."""
        if not submission.statements:
            return frozenset()
        new: frozenset[str] = self._own().writer.do(AddJob(submission))
        return new

    def get(self, statement_id: str) -> StoredStatement | None:
        """See `lrs.stores.base.StatementStore.get`."""
        with self._own().readers.reading() as connection:
            return finding.get(connection, statement_id)

    def find(self, query: StatementQuery) -> Page:
        """See `lrs.stores.base.StatementStore.find`."""
        with self._own().readers.reading() as connection:
            return finding.find(connection, query)

    def scan(self, after_us: int = -1) -> Iterator[StoredStatement]:
        """See `lrs.stores.base.StatementStore.scan`. Statements stored while it runs are met as well."""
        while True:
            # A transaction per chunk: a long one would keep the log from being emptied.
            with self._own().readers.reading() as connection:
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
        with self._own().readers.reading() as connection:
            return finding.last_stored(connection)

    def consistent_through(self) -> int:
        """See `lrs.stores.base.StatementStore.consistent_through`.

        When nobody is writing: now. Else: `stored` of the newest statement, since whatever is being written
        comes after it. `lrs.stores.sqlite.in_flight` says how that is known across processes.
        """
        hands = self._own()
        now = self._clock()
        idle = hands.in_flight.nothing_until(now)
        with hands.readers.reading() as connection:
            last = finding.last_stored(connection)
        return max(now, last) if idle else last

    def attachments(self, sha2s: Iterable[str]) -> Mapping[str, Attachment]:
        """See `lrs.stores.base.StatementStore.attachments`."""
        with self._own().readers.reading() as connection:
            return finding.read_attachments(connection, sha2s)

    # Documents

    def document(self, scope: DocumentScope, document_id: str) -> Document | None:
        """See `lrs.stores.base.DocumentStore.document`."""
        with self._own().readers.reading() as connection:
            return documents.read_document(connection, scope, document_id)

    def swap_document(
        self, scope: DocumentScope, document_id: str, expected_etag: str | None, new: Document | None
    ) -> bool:
        """See `lrs.stores.base.DocumentStore.swap_document`. On the disk when it returns."""
        job = CallJob(documents.swapping(scope, document_id, expected_etag, new))
        return bool(self._own().writer.do(job))

    def document_ids(self, scope: DocumentScope, since_us: int | None = None) -> Sequence[str]:
        """See `lrs.stores.base.DocumentStore.document_ids`."""
        with self._own().readers.reading() as connection:
            return documents.read_ids(connection, scope, since_us)

    def delete_documents(self, scope: DocumentScope) -> int:
        """See `lrs.stores.base.DocumentStore.delete_documents`. On the disk when it returns."""
        return int(self._own().writer.do(CallJob(documents.deleting(scope))))

    def definitions(self, activity: str) -> Sequence[str]:
        """See `lrs.stores.base.DocumentStore.definitions`."""
        with self._own().readers.reading() as connection:
            return definitions.read_definitions(connection, activity)

    # Evidence

    def evidence(self, query: EvidenceQuery) -> Sequence[RecordedEvidence]:
        """See `lrs.stores.base.EvidenceStore.evidence`."""
        with self._own().readers.snapshot() as connection:
            return recorded.read_evidence(connection, query)

    def evidence_in(self, statement_id: str) -> Sequence[RecordedEvidence]:
        """See `lrs.stores.base.EvidenceStore.evidence_in`."""
        with self._own().readers.reading() as connection:
            return recorded.read_evidence_in(connection, statement_id)

    def officers(
        self, as_of_us: int, *, after: str = "", limit: int = 100, prefix: str = ""
    ) -> Sequence[str]:
        """See `lrs.stores.base.EvidenceStore.officers`."""
        with self._own().readers.reading() as connection:
            return recorded.read_officers(connection, as_of_us, after=after, limit=limit, prefix=prefix)

    def subjects(self, *, prefix: str = "", limit: int = 100) -> Sequence[str]:
        """See `lrs.stores.base.EvidenceStore.subjects`."""
        with self._own().readers.reading() as connection:
            return recorded.read_subjects(connection, prefix=prefix, limit=limit)

    def quarantined(
        self, *, as_of_us: int, subject: str | None = None, limit: int = 100
    ) -> Sequence[Quarantined]:
        """See `lrs.stores.base.EvidenceStore.quarantined`."""
        with self._own().readers.reading() as connection:
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
        self._own().writer.do(CallJob(access.adding(key)))

    def key(self, key_id: str) -> Key | None:
        """See `lrs.stores.base.AccessStore.key`."""
        with self._own().readers.reading() as connection:
            return access.read_key(connection, key_id)

    def keys(self) -> Sequence[Key]:
        """See `lrs.stores.base.AccessStore.keys`."""
        with self._own().readers.reading() as connection:
            return access.read_keys(connection)

    def revoke_key(self, key_id: str, at_us: int) -> Key:
        """See `lrs.stores.base.AccessStore.revoke_key`."""
        key: Key = self._own().writer.do(CallJob(access.revoking(key_id, at_us)))
        return key

    def server_secret(self, name: str) -> bytes:
        """See `lrs.stores.base.AccessStore.server_secret`."""
        with self._own().readers.reading() as connection:
            secret = access.read_secret(connection, name)
        if secret is None:
            secret = bytes(self._own().writer.do(CallJob(access.making_secret(name))))
        return secret

    # The whole

    def initialise(self) -> None:
        """See `lrs.stores.base.Store.initialise`. Makes the file, and its folders, where they are missing."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Made by us, not by SQLite, so that nobody else can read what is said about people.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreUnavailable(
                f"{self._path} cannot be made.", [Detail("store", str(error), "a folder that can be written")]
            ) from error
        # One process at a time: SQLite does not wait for its locks where a file becomes one with a log.
        with self._own().in_flight.alone(), ours():
            connection = connect(self._path, busy_ms=self._busy_ms, create=True)
            try:
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
                connection.execute("PRAGMA synchronous = FULL")
                migrating.migrate(connection)
            finally:
                connection.close()

    def ping(self) -> None:
        """See `lrs.stores.base.Store.ping`."""
        self._counts()
        health.check_room(self._path)
        # Dated, so that it fails as well where a statement could not be dated.
        self._own().writer.do(CallJob(health.would_write, dated=True))

    def health(self) -> Mapping[str, Any]:
        """See `lrs.stores.base.Store.health`. Reads the whole file."""
        with self._own().readers.reading() as connection:
            return health.facts(connection, self._path)

    def close(self) -> None:
        """See `lrs.stores.base.Store.close`."""
        hands = self._own()
        hands.writer.close()
        hands.readers.close()
        hands.in_flight.close()

    def _counts(self) -> tuple[int, int, int]:
        with self._own().readers.reading() as connection:
            return recorded.read_counts(connection)

    def _own(self) -> _Hands:
        """The hands of this process. Those of a parent must be neither used nor closed, so they are kept."""
        if self._hands.pid != os.getpid():
            with self._lock:
                if self._hands.pid != os.getpid():
                    self._hands_of_parents.append(self._hands)
                    self._hands = self._take_hands()
        return self._hands

    def _take_hands(self) -> _Hands:
        in_flight = InFlight(self._path)
        return _Hands(
            pid=os.getpid(),
            readers=Readers(self._path, self._busy_ms),
            writer=Writer(self._path, in_flight, self._clock, self._busy_ms),
            in_flight=in_flight,
        )
