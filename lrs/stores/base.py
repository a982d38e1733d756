"""What a store must do, as narrow protocols, one per kind of thing kept. `contract.py` is the same, executable.

Times are integer microseconds since the epoch, ids lower-case UUIDs, agents agent keys (`lrs.xapi.actors`).
Any method may raise `lrs.errors.StoreUnavailable`; then nothing of the call was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from lrs.cohort.columns import EvidenceColumns
from lrs.cohort.roster import Member
from lrs.competency.evidence import Finding, RecordedEvidence, Source, SubjectType
from lrs.stores.audit import AuditStore
from lrs.stores.contests import ContestStore
from lrs.stores.refusals import RefusalStore
from lrs.stores.users import UserStore
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
    subject_type: SubjectType | None = None
    """None: both. One agent key may be that of an officer and, by mistake, of a unit."""
    as_of_us: int
    """Only statements stored at or before, and not voided at or before, this instant."""
    instead: Mapping[str, int] = field(default_factory=dict)
    """As if these generations, complete ones, were in force: number by plugin. To compare before a switch.

    `NotFound` for one that the plugin does not have, `Conflict` for one that is not complete.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceVersion:
    """Stands for all evidence that counts at an instant: equal versions, the same evidence."""

    store: str
    """Which store it is of, where another may be put into its place under the same URL."""
    at_us: int
    """An instant at which the same evidence counts, and the same for as long as nothing has happened since."""
    newest_us: int = field(compare=False)
    """The newest instant given out to anything when this was asked: it goes back only when a store is replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A plugin's failure on one statement, kept until it is dealt with."""

    statement_id: str
    stored_us: int
    plugin: str
    plugin_version: str
    reason: str


class Kind(StrEnum):
    """How a generation of evidence came about."""

    LIVE = "live"  # as statements came in
    REBUILT = "rebuilt"  # by `lrs reprofile`, from the statements that were stored
    MENDED = "mended"  # where a plugin had failed, once it was put right


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The evidence that one source found in one way."""

    number: int
    """1, 2, …"""
    source: Source
    kind: Kind
    begun_us: int
    through_us: int | None = None
    """Rebuilt and complete: every statement stored at or before it has been looked at. Else None."""
    evidence: int
    """How many pieces it has, those of voided statements too."""
    failures: int
    """How many statements the plugin failed on, mended ones too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Which generation of a plugin counts since when. The first live one is activated with its first finding.

    From `at_us` on, of the plugin's evidence that counts is: in statements stored at or before `through_us` what the
    rebuilt `generation` has; in later ones what was found live, by whatever version was loaded then. What was mended
    counts where the failure would in whose place it stands, from `mended_us` on; so it stays when a generation is
    extended, or comes back. So every statement counts once, and an earlier instant still has what counted then.
    """

    generation: Generation
    at_us: int
    """`as_of` from which on it counts; 0 for the first live one of a plugin that had none in force before."""
    through_us: int
    """`Generation.through_us` as it was at `at_us`; -1 for a live generation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """Work to be done: every statement stored in an interval is shown to some sources."""

    number: int
    generations: tuple[Generation, ...]
    """Rebuilt ones, that the findings become part of."""
    after_us: int
    """Statements stored later than this …"""
    through_us: int
    """… up to and with this."""
    statements: int
    """How many those are."""
    done: int
    """How many of them are in parts that are finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a rebuild that one worker has taken: statements stored later than `after_us` up to `through_us`."""

    rebuild: int
    number: int
    after_us: int
    through_us: int
    worker: str


class GenerationStore(Protocol):
    """Generations of evidence, which of them counts, and the work of making new ones."""

    def generations(self) -> Sequence[Generation]:
        """Every generation, in order of number. A number is never used again."""

    def activations(self, as_of_us: int) -> Sequence[Activation]:
        """The one in force of each plugin at an instant, in order of the plugin's name."""

    def activate(self, generation: int) -> Activation:
        """Let a generation count from now on. Durable.

        `at_us` is later than every `stored`, and every `consistent_through`, that was given out before.
        `NotFound` for an unknown one, `Conflict` unless it is rebuilt and complete.
        """

    def begin_rebuild(self, sources: Sequence[Source], *, part_statements: int) -> Rebuild | None:
        """The work of bringing each source's rebuilt generation up to the statements that are stored now.

        All sources must have been rebuilt up to the same instant, or not at all (`ValueError`). A rebuild of the same
        sources (by digest) that was not finished is taken up again as it is. One that was begun for another digest of
        the same plugin is dropped with what it had found. None when there is nothing to do: each source has a complete
        generation, and no statement is newer. Parts have about `part_statements` statements. Where none is stored at
        all, the generations are complete at once. `ValueError` as well for no source, or two of one plugin.
        """

    def rebuild(self, number: int) -> Rebuild | None:
        """The work as it stands, finished work too; None when there is none, or when it was dropped."""

    def take_part(self, rebuild: int, worker: str, *, lease_us: int) -> Part | None:
        """The next part that nobody has, or whose worker has not finished within the lease it took; None: none now.

        `worker` is unique among workers.
        """

    def scan_part(self, part: Part) -> Iterator[StoredStatement]:
        """The statements of a part, voided ones too, oldest first."""

    def finish_part(self, part: Part, findings: Sequence[tuple[StoredStatement, Sequence[Finding]]]) -> bool:
        """Keep what was found and tick the part off, all or nothing, durably.

        `findings`: only statements in which there were any. False, and nothing is kept, when the part is no longer
        this worker's: its lease ended and another has taken or finished it, or the rebuild was dropped. The last
        part makes the generations complete. `ValueError` for a statement of another part, or another source's finding.
        """

    def forget_generation(self, generation: int) -> int:
        """Delete the evidence of a rebuilt generation that never was in force; how many pieces it had.

        `NotFound` for an unknown one, `Conflict` for any other.
        """

    def mend(self, statement_id: str, plugin: str, finding: Finding | None, source: Source) -> bool:
        """Put what `plugin` finds now in the place of its failure on a statement; None: it finds nothing there.

        The evidence becomes part of the source's mended generation, and `mended_us` is later than every
        `consistent_through` that was given out before: an earlier `as_of` still has the failure. False, and nothing
        is kept, when there is no such failure that counts now. `ValueError` when the finding is a failure, or of
        another source.
        """


class EvidenceStore(Protocol):
    """What the plugins found, and where they failed."""

    def evidence(self, query: EvidenceQuery) -> Sequence[RecordedEvidence]:
        """Ordered by subject, competency, stored, statement id, rule, indicator."""

    def columns(self, query: EvidenceQuery) -> EvidenceColumns:
        """The same without an object for each piece: for whole cohorts.

        On officers, units left out, unless `subject_type` asks for units: the columns do not say which is which.
        """

    def evidence_in(self, statement_id: str) -> Sequence[RecordedEvidence]:
        """The evidence in one statement that counts now, or would if the statement was not voided."""

    def evidence_version(self, as_of_us: int) -> EvidenceVersion | None:
        """What stands for the evidence that counts at an instant; None when more may yet be dated by then.

        It is never None for what `consistent_through` has answered. What is stored, voided, activated or mended later,
        in any process, is no part of what it stands for. Nor is `RecordedEvidence.voided_us`: what counts at an instant
        may be voided later. One cheap read.
        """

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
        """Failures of plugins that count at that instant and are not mended by then, newest first.

        Those on statements that are voided by then are left out. With `subject`, an agent key, only those on
        statements in which that agent stands anywhere: in themselves, not in those that they refer to, which may
        come later.
        """

    def count_evidence(self) -> int:
        """How many pieces of evidence were found live, those of voided statements too."""

    def count_quarantined(self) -> int:
        """How many failures of plugins there were as statements came in that have not been mended."""


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


class RosterStore(Protocol):
    """Who is in training: where, since when, with whom."""

    def put_members(self, members: Sequence[Member]) -> None:
        """Keep these, each in the place of the one with the same officer. All or nothing, durable."""

    def remove_members(self, officers: Sequence[str]) -> int:
        """Take officers (agent keys) off the roster; how many were on it. Their evidence stays."""

    def members(
        self, *, unit: str | None = None, phase: str | None = None, trainer: str | None = None
    ) -> Sequence[Member]:
        """In order of officer: all, or those that have each of these, exactly."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be done about one fact of `Store.health`."""

    fact: str
    """Its name."""
    advice: str
    bad: bool = False
    """It has to be mended; else it is worth a look."""


class Store(
    StatementStore,
    DocumentStore,
    EvidenceStore,
    GenerationStore,
    AccessStore,
    RosterStore,
    UserStore,
    AuditStore,
    ContestStore,
    RefusalStore,
    Protocol,
):
    """One store: the whole of what Rapport keeps."""

    url: str

    def initialise(self, *, shard: bool = False) -> None:
        """Create or migrate; doing it again changes nothing.

        `shard`: spread what grows over the machines of a cluster. Raises `ConfigError` where that cannot be.
        """

    def ping(self) -> None:
        """Raise `StoreUnavailable` or `StoreMismatch` unless reads and writes would work."""

    def health(self) -> Mapping[str, Any]:
        """Facts for `lrs doctor`: engine, version, schema, durability, sizes in bytes, integrity.

        `integrity` is `ok`, or says what is not.
        """

    def remarks(self, health: Mapping[str, Any]) -> Sequence[Remark]:
        """What is to be done about those facts; none when all is well. Asks nothing."""

    def close(self) -> None:
        """Finish what is being written and let go of everything."""
