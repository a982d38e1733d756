"""All that a store keeps, as it stood at an instant, one kind after the other: what is copied, and what is compared.

Statements, evidence, failures, definitions, generations and activations carry instants: what came later is left out,
and read again they are the same, whoever writes meanwhile. So is the audit log, up to the entry that was its newest at
first. Documents, attachments, keys, secrets, the roster, users, contests and rejoinders are as they are when they are
read. Sessions are left where they are: people sign in again. So is the tally of what was refused: a copy counts anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from lrs.cohort.roster import Member
from lrs.services.sums import Sum, Summing
from lrs.stores.audit import AuditEntry
from lrs.stores.base import Generation, Key, Kind
from lrs.stores.contests import Contest, Rejoinder
from lrs.stores.moving import (
    MovedDefinition,
    MovedDocument,
    MovedEvidence,
    MovedFailure,
    MovedStatement,
    WholeStore,
)
from lrs.stores.users import User
from lrs.xapi.statement import Attachment

IDENTITY = "store-id"
"""Server secret that tells a store from every other. It stays where it is."""
COPY_OF = "copy-of"
"""Server secret of a copy: see `lrs.services.marks`."""
RECORD = "archive"
"""Server secret of an archive: see `lrs.services.archives`."""
OWN = (IDENTITY, COPY_OF, RECORD)
"""Secrets that speak of the store itself. They are not moved."""

KINDS = (
    "statements",
    "attachments",
    "definitions",
    "generations",
    "activations",
    "evidence",
    "failures",
    "documents",
    "keys",
    "secrets",
    "members",
    "users",
    "contests",
    "rejoinders",
    "audit",
)
"""What is moved, in the order in which it is told of."""

Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much; as far as is known."""

_T = TypeVar("_T")


class Whole:
    """One store at one instant. Generations and activations are read once."""

    def __init__(self, store: WholeStore, through_us: int) -> None:
        """`through_us`: an instant up to which everything can be read; see `StatementStore.consistent_through`."""
        self.store = store
        self.through_us = through_us
        # First of all: whom an entry names is there when users are read.
        head = store.audit_head()
        self._audit_through = 0 if head is None else head.number
        self.generations = tuple(filter(None, map(self._generation, store.generations())))
        numbers = {one.number for one in self.generations}
        self.activations = tuple(
            one for one in store.moved_activations() if one.at_us <= through_us and one.generation in numbers
        )

    def _generation(self, one: Generation) -> Generation | None:
        """As it was at the instant, without its counts; None: it was not there, or is not complete."""
        if one.kind is Kind.REBUILT:
            if one.through_us is None:
                return None
            # Where it goes further by now, all that was stored by then was looked at all the same.
            return replace(one, through_us=min(one.through_us, self.through_us), evidence=0, failures=0)
        return replace(one, evidence=0, failures=0) if one.begun_us <= self.through_us else None

    def statements(self, after_us: int = -1) -> Iterator[Sequence[MovedStatement]]:
        """Oldest first, voided ones too."""
        for chunk in self.store.moved_statements(after_us, self.through_us):
            yield [
                replace(one, voided_us=None) if (one.voided_us or 0) > self.through_us else one
                for one in chunk
            ]

    def evidence(self, generation: Generation) -> Iterator[Sequence[MovedEvidence]]:
        """What it found, in order of the statements; no chunk ends within one."""
        for chunk in self.store.moved_evidence(generation.number, -1, self._through(generation)):
            kept = [one for one in chunk if (one.mended_us or 0) <= self.through_us]
            if kept:
                yield kept

    def failures(self, generation: Generation) -> Iterator[Sequence[MovedFailure]]:
        """Where it failed, in order of the statements, mended ones too."""
        through = self._through(generation)
        for chunk in self.store.moved_failures(generation.number):
            kept = [
                replace(one, mended_us=None) if (one.mended_us or 0) > self.through_us else one
                for one in chunk
                if one.stored_us <= through
            ]
            if not kept:
                return
            yield kept

    def _through(self, generation: Generation) -> int:
        """Up to where what it has is complete. Work that was not finished lies behind it."""
        return self.through_us if generation.through_us is None else generation.through_us

    def definitions(self) -> Iterator[Sequence[MovedDefinition]]:
        """What statements said of activities."""
        for chunk in self.store.moved_definitions():
            kept = [one for one in chunk if one.stored_us <= self.through_us]
            if kept:
                yield kept

    def attachments(self) -> Iterator[Attachment]:
        """With their data, one by one, in order of the SHA-2."""
        for sha2 in self.store.attachment_hashes():
            yield from self.store.attachments([sha2]).values()

    def documents(self) -> Iterator[Sequence[MovedDocument]]:
        """In any order."""
        return self.store.moved_documents()

    def keys(self) -> list[Key]:
        """Revoked ones too."""
        return list(self.store.keys())

    def secrets(self) -> list[tuple[str, bytes]]:
        """Those that are moved."""
        return [(name, value) for name, value in self.store.secrets() if name not in OWN]

    def members(self) -> list[Member]:
        """In order of officer."""
        return list(self.store.members())

    def users(self) -> list[User]:
        """In order of name."""
        return list(self.store.users())

    def contests(self) -> list[Contest]:
        """Oldest first."""
        return list(self.store.contests())

    def rejoinders(self) -> list[Rejoinder]:
        """Oldest first."""
        return list(self.store.rejoinders())

    def audit(self, after: int = 0) -> Iterator[Sequence[AuditEntry]]:
        """Entries with a number above `after`, oldest first."""
        return self.store.moved_audit(after, self._audit_through)

    def sums(self, tell: Tell = lambda _what, _done, _of: None) -> dict[str, Sum]:
        """Count and hash of every kind, by its name."""
        total = self.store.count_statements()
        statements, evidence, failures = Summing(), Summing(), Summing()
        for chunk in self.statements():
            _add(statements, chunk)
            tell("statements read", statements.count, max(total, statements.count))
        generations = []
        for one in self.generations:
            before = evidence.count, failures.count
            _add(evidence, flat(self.evidence(one)))
            _add(failures, flat(self.failures(one)))
            found, failed = evidence.count - before[0], failures.count - before[1]
            generations.append(replace(one, evidence=found, failures=failed))
        return {
            "statements": statements.sum(),
            "attachments": Summing(self.attachments()).sum(),
            "definitions": Summing(flat(self.definitions())).sum(),
            "generations": Summing(generations).sum(),
            "activations": Summing(self.activations).sum(),
            "evidence": evidence.sum(),
            "failures": failures.sum(),
            "documents": Summing(flat(self.documents())).sum(),
            "keys": Summing(self.keys()).sum(),
            "secrets": Summing(self.secrets()).sum(),
            "members": Summing(self.members()).sum(),
            "users": Summing(self.users()).sum(),
            "contests": Summing(self.contests()).sum(),
            "rejoinders": Summing(self.rejoinders()).sum(),
            "audit": Summing(flat(self.audit())).sum(),
        }


def flat(chunks: Iterable[Iterable[_T]]) -> Iterator[_T]:
    """What is in the chunks, one by one."""
    return chain.from_iterable(chunks)


def _add(summing: Summing, records: Iterable[object]) -> None:
    for one in records:
        summing.add(one)
