"""What a store gives out and takes in so that another can stand in its place: `lrs copy`, `backup` and `restore`.

A statement keeps its `stored`, a generation its number, evidence its instants: profiles of the copy are the same to
the byte. Index terms, SHA-256 and what voids what are not moved. They follow from the statements, and the store that
takes these in derives them as it did when they came.

Everything here may be repeated: what is there already is left as it is. Writes are durable when they return, and
each call is kept whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from lrs.cohort.roster import Member
from lrs.competency.evidence import Evidence
from lrs.stores.audit import AuditEntry
from lrs.stores.base import Document, DocumentScope, Generation, Key, Store
from lrs.stores.contests import Contest, Rejoinder
from lrs.stores.users import User
from lrs.xapi.statement import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedStatement:
    """A statement with what its bytes do not say."""

    id: str
    stored_us: int
    raw: bytes
    """The exact JSON object, `stored` included."""
    timestamp_given: bool
    """See `lrs.xapi.statement.NewStatement`; so is `voids_others`."""
    voids_others: bool
    voided_us: int | None
    """Not taken in: derived. It is here to be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDefinition:
    """What a statement said of an activity."""

    activity: str
    text: str
    """JSON object."""
    stored_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedActivation:
    """See `lrs.stores.base.Activation`."""

    plugin: str
    generation: int
    at_us: int
    through_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedEvidence:
    """A piece of evidence of one generation. What its statement says is not repeated."""

    generation: int
    statement_id: str
    stored_us: int
    """`stored` of the statement."""
    evidence: Evidence
    mended_us: int | None
    mends: int | None
    """Number of the generation in the place of whose failure it stands; None where `mended_us` is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedFailure:
    """A plugin's failure on a statement."""

    generation: int
    statement_id: str
    stored_us: int
    """`stored` of the statement."""
    place: int
    """0, 1, …: among the failures on the statement in one way of looking at it."""
    reason: str
    mended_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDocument:
    """A document and where it is. `scope.registration` None: in none."""

    scope: DocumentScope
    id: str
    document: Document


class MovableStore(Protocol):
    """Out and in. Sequences that come from an iterator are chunks of some hundreds, in the order that is named.

    None is empty; of what may be large (statements, documents) some megabytes are a chunk.

    What only `stored` tells apart is read up to an instant: everything stored by then is visible, and stays.
    """

    # Statements, and what belongs to them

    def moved_statements(self, after_us: int, through_us: int) -> Iterator[Sequence[MovedStatement]]:
        """Those stored later than `after_us`, by `through_us`, voided ones too, oldest first."""

    def take_statements(self, statements: Sequence[MovedStatement]) -> None:
        """Keep them as they are, each with its `stored`; in order, and later than all that are there.

        Those that are there already, under the same id and `stored`, may stand before. `Conflict` when an id or an
        instant is taken by another statement. References are followed as for new statements.
        """

    def attachment_hashes(self) -> Iterator[str]:
        """The SHA-2 of every attachment, in order. Their data: `StatementStore.attachments`."""

    def take_attachments(self, attachments: Sequence[Attachment]) -> None:
        """Keep those whose SHA-2 is not there."""

    def moved_definitions(self) -> Iterator[Sequence[MovedDefinition]]:
        """All, oldest first, and of one activity in the order of `DocumentStore.definitions`."""

    def take_definitions(self, definitions: Sequence[MovedDefinition]) -> None:
        """Keep those that are not there, behind those that are."""

    # Evidence. Generations come before what was found.

    def moved_activations(self) -> Sequence[MovedActivation]:
        """All there ever were, in order of plugin and instant. Generations: `GenerationStore.generations`."""

    def take_generations(
        self, generations: Sequence[Generation], activations: Sequence[MovedActivation]
    ) -> None:
        """Keep both, each as it is here and under its number, in the place of any that is there.

        Counts of evidence and failures are taken as they are given; nothing that was found is touched. A rebuild
        under way in this store is left alone. `Conflict` when a number is that of another source or kind here.
        """

    def moved_evidence(
        self, generation: int, after_us: int, through_us: int
    ) -> Iterator[Sequence[MovedEvidence]]:
        """What a generation found in statements stored in that interval, in order of `stored`.

        Within a statement in the order in which it is kept. No chunk ends within a statement.
        """

    def take_evidence(self, generation: int, evidence: Sequence[MovedEvidence]) -> None:
        """Keep all that one generation has in these statements, in the place of what it has in them.

        The statements are there. Subjects become known; counts stay as they are.
        """

    def moved_failures(self, generation: int) -> Iterator[Sequence[MovedFailure]]:
        """Failures of a plugin, in order of `stored` and place, mended ones too."""

    def take_failures(self, failures: Sequence[MovedFailure]) -> None:
        """Keep them, each in the place of the one with the same generation, `stored` and place."""

    # Everything else

    def moved_documents(self) -> Iterator[Sequence[MovedDocument]]:
        """State, agent profiles and activity profiles, in any order."""

    def take_documents(self, documents: Sequence[MovedDocument]) -> None:
        """Keep them, each in the place of the one in the same place."""

    def secrets(self) -> Sequence[tuple[str, bytes]]:
        """The server's own secrets: (name, value), in order of name."""

    def take_access(self, keys: Sequence[Key], secrets: Sequence[tuple[str, bytes]]) -> None:
        """Keep these keys and secrets, and no others."""

    def take_roster(self, members: Sequence[Member]) -> None:
        """Keep these members, and no others."""

    def take_users(self, users: Sequence[User]) -> None:
        """Keep these users, each as it is here, and no others. Sessions are not moved: nobody is signed in."""

    def take_contests(self, contests: Sequence[Contest], rejoinders: Sequence[Rejoinder]) -> None:
        """Keep these, each as it is here, and no others."""

    def moved_audit(self, after: int, through: int) -> Iterator[Sequence[AuditEntry]]:
        """Entries with a number above `after`, up to and with `through`, oldest first."""

    def take_audit(self, entries: Sequence[AuditEntry]) -> None:
        """Keep them as they are, each under its number and with its hashes, behind those that are there.

        They come in order and without a gap. Those that are there already may stand before. `Conflict` when one of
        these is another here, for then the chain here is another, and when there would be a gap. Hashes are not
        checked: where the log was tampered with, it has to be seen in the copy as well.
        """

    # The end

    def last_instant(self) -> int:
        """The newest instant given out: `stored`, of an activation or of a mend; 0 when there is none."""

    def take_counts(self, last_us: int) -> None:
        """Count anew what is counted (`count_statements` …), and give out only instants later than `last_us`."""


class WholeStore(Store, MovableStore, Protocol):
    """One store, and what moves it: what every engine is."""


@runtime_checkable
class FileStore(Protocol):
    """A store that is one file of the embedded engine, the form of an archive, and can be copied page by page."""

    def back_up(self, file: Path, progress: Callable[[int, int], None] = lambda _done, _of: None) -> None:
        """Copy all of one instant into a file that is made for it; others read and write meanwhile.

        `progress` is told how many pages of how many are copied. Raises `StoreUnavailable`; what is there of the file
        then is of no use. `FileExistsError` when it is there already.
        """

    def settle(self) -> None:
        """Close it, and leave one file that needs none beside it. Nobody else has it open."""
