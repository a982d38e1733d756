"""What a store must do, as narrow protocols, one per kind of thing kept. `contract.py` is the same, executable.

Times are integer microseconds since the epoch, ids lower-case UUIDs, agents agent keys (`lrs.xapi.actors`).
Any method may raise `lrs.errors.StoreUnavailable`; then nothing of the call was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from lrs.competency.evidence import Finding, RecordedEvidence
from lrs.xapi.query import Cursor, StatementQuery
from lrs.xapi.statement import Attachment, NewStatement, StoredStatement


@dataclass(frozen=True, slots=True)
class Page:
    """Statements in the order of the query; `next` is None on the last page."""

    statements: tuple[StoredStatement, ...]
    next: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What one request brings: stored whole or not at all."""

    statements: Sequence[NewStatement]
    findings: Sequence[Sequence[Finding]]
    """Per statement, in the same order, what the plugins found."""
    attachments: Sequence[Attachment] = ()
    definitions: Sequence[tuple[str, str]] = ()
    """(activity IRI, its definition as JSON text) as the statements give them; see `DocumentStore.definitions`."""


class StatementStore(Protocol):
    """Statements, the raw data of their attachments, and the evidence found in them: one transaction."""

    def add(self, submission: Submission) -> frozenset[str]:
        """Store the submission durably, all or nothing, and answer the ids that were new.

        An id that is stored already is left as it is when the new statement means the same
        (`lrs.xapi.equality.same_meaning`); otherwise `lrs.errors.Conflict` and nothing is stored.
        `stored` is assigned in the transaction, strictly increasing in order of commit.
        A voiding statement voids its target, if that is stored or once it is, when it has the right: when both have
        the same authority (`TermKind.AUTHORITY`; none is the same as no other), or when it was stored with
        `NewStatement.voids_others`. Without the right, and when the target is itself a voiding statement, it is
        stored and has no effect, as for an unknown id.
        """

    def get(self, statement_id: str) -> StoredStatement | None:
        """The statement, voided or not."""

    def find(self, query: StatementQuery) -> Page:
        """One page of statements that are not voided.

        With `query.authority` every filter looks at the terms of the statement itself, and never at those of the
        statements that it refers to: who may read only its own statements must not question those of others.
        """

    def scan(self, after_us: int = -1) -> Iterator[StoredStatement]:
        """Every statement, voided ones too, oldest `stored` first, stored later than `after_us`."""

    def count_statements(self) -> int:
        """How many statements are stored, voided ones too."""

    def newest_stored(self) -> int:
        """`stored` of the newest statement that this process has stored, or else of any; 0 when there is none.

        All that was stored until then is visible, and it is no older than what this process stored last.
        """

    def consistent_through(self) -> int:
        """An instant up to which every statement is visible to reads from now on, as recent as can be true."""

    def attachments(self, sha2s: Iterable[str]) -> Mapping[str, Attachment]:
        """The attachments that are stored, by SHA-2; missing ones are left out."""


class DocumentKind(StrEnum):
    """Which document resource of xAPI a document belongs to."""

    STATE = "state"
    AGENT_PROFILE = "agent_profile"
    ACTIVITY_PROFILE = "activity_profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentScope:
    """Where documents live: of a kind, on an activity, of an agent, in a registration."""

    kind: DocumentKind
    activity: str = ""
    """IRI; empty for agent profiles."""
    agent: str = ""
    """Agent key; empty for activity profiles."""
    registration: str | None = None
    """Lower-case UUID. For a list or the deletion of all, None means every registration and none."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was sent."""

    content: bytes
    content_type: str
    """The header, exactly."""
    etag: str
    """Lower-case hex SHA-1 of the content, without quotes."""
    updated_us: int


class DocumentStore(Protocol):
    """State, agent profile and activity profile documents, and what statements say of activities."""

    def document(self, scope: DocumentScope, document_id: str) -> Document | None:
        """The document of that id; a `registration` of None means the one without a registration."""

    def swap_document(
        self, scope: DocumentScope, document_id: str, expected_etag: str | None, new: Document | None
    ) -> bool:
        """Put `new` in the place of the document whose ETag is expected, atomically and durably.

        `expected_etag` None: there must be none. `new` None: delete. False, and nothing is changed, when what
        is there is not what was expected.
        """

    def document_ids(self, scope: DocumentScope, since_us: int | None = None) -> Sequence[str]:
        """Distinct ids of the documents in the scope, in order; those updated after `since_us` (exclusive)."""

    def delete_documents(self, scope: DocumentScope) -> int:
        """Delete every document in the scope; answer how many there were."""

    def definitions(self, activity: str) -> Sequence[str]:
        """Every distinct definition (JSON text) that statements gave an activity, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceQuery:
    """Which evidence: of whom, on what, as recorded by when."""

    subjects: Sequence[str] | None = None
    competencies: Sequence[str] | None = None
    as_of_us: int
    """Only statements stored at or before, and not voided at or before, this instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A plugin's failure on one statement, kept until it is dealt with."""

    statement_id: str
    stored_us: int
    plugin: str
    plugin_version: str
    reason: str


class EvidenceStore(Protocol):
    """What the plugins found, and where they failed."""

    def evidence(self, query: EvidenceQuery) -> Sequence[RecordedEvidence]:
        """Ordered by subject, competency, stored, statement id, rule, indicator."""

    def evidence_in(self, statement_id: str) -> Sequence[RecordedEvidence]:
        """All evidence found in one statement."""

    def officers(
        self, as_of_us: int, *, after: str = "", limit: int = 100, prefix: str = ""
    ) -> Sequence[str]:
        """Agent keys of officers (not units) with evidence by then, in order.

        Those greater than `after` that start with `prefix`.
        """

    def subjects(self, *, prefix: str = "", limit: int = 100) -> Sequence[str]:
        """Agent keys on which evidence was ever found, in order: officers and units, voided or not.

        Those that start with `prefix`.
        """

    def quarantined(
        self, *, as_of_us: int, subject: str | None = None, limit: int = 100
    ) -> Sequence[Quarantined]:
        """Failures of plugins on statements stored by then, newest first.

        With `subject`, an agent key, only those on statements in which that agent stands anywhere.
        """

    def count_evidence(self) -> int:
        """How many pieces of evidence are kept, those of voided statements too."""

    def count_quarantined(self) -> int:
        """How many failures of plugins are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A credential for `/xapi` and `/api`. The secret itself is never kept."""

    id: str
    name: str
    secret_sha256: bytes
    """SHA-256 of the 256-bit random secret; no slow hash is needed for that much entropy."""
    scopes: frozenset[str]
    created_us: int
    revoked_us: int | None = None


class AccessStore(Protocol):
    """Credentials and the server's own secrets."""

    def add_key(self, key: Key) -> None:
        """Keep a key; `Conflict` when its id or its name (of a key not revoked) is taken."""

    def key(self, key_id: str) -> Key | None:
        """The key, revoked or not. On the path of every request: one indexed read."""

    def keys(self) -> Sequence[Key]:
        """Every key, oldest first."""

    def revoke_key(self, key_id: str, at_us: int) -> Key:
        """Revoke and answer the key; revoking twice changes nothing. `NotFound` when there is none."""

    def server_secret(self, name: str) -> bytes:
        """32 random bytes, made on first use and the same for every process and ever after."""


class Store(StatementStore, DocumentStore, EvidenceStore, AccessStore, Protocol):
    """One store: the whole of what Rapport keeps."""

    url: str

    def initialise(self) -> None:
        """Create or migrate; doing it again changes nothing."""

    def ping(self) -> None:
        """Raise `StoreUnavailable` or `StoreMismatch` unless reads and writes would work."""

    def health(self) -> Mapping[str, Any]:
        """Facts for `lrs doctor`: engine, version, schema, durability, sizes in bytes, integrity."""

    def close(self) -> None:
        """Finish what is being written and let go of everything."""
