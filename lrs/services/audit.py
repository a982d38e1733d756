"""The audit log: who read whose record, who changed what. Written before the answer leaves; checked on demand."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lrs.errors import BrokenChain
from lrs.services.access.permissions import Action, Reach
from lrs.stores.audit import FIRST, AuditEntry, AuditQuery, AuditStore, Happening, seal
from lrs.xapi.timestamps import format_us

if TYPE_CHECKING:
    from lrs.services.access.sight import Sight

SALT = "salt"
"""Member of every entry's detail: random, so that nobody who sees an entry masked, with its hash, can find out by
trying what was sealed. Shown to who sees everything, for they may compute the hashes anew."""
SYSTEM = "system"
"""Who acts at the command line of the machine: one who holds the store."""
MOST = 1000
"""Entries on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The chain holds."""

    entries: int
    head: str
    """SHA-256 of the newest; zeros without entries. Written down elsewhere, it proves later that nothing was cut."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"entries": self.entries, "head": self.head}


class Audit:
    """Writes and reads it."""

    def __init__(self, store: AuditStore, *, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def note(self, actor: str, action: str, subjects: Iterable[str] = (), **detail: Any) -> AuditEntry:
        """Write down what somebody did. Durable when it returns; what cannot be written down must not be done.

        `subjects`: agent keys of whom it is about. `detail`: JSON-ready; what is None is left out.
        """
        return self._store.append_audit(
            Happening(
                at_us=self._clock(),
                actor=actor,
                action=action,
                subjects=tuple(sorted(set(subjects))),
                detail={
                    **{name: value for name, value in detail.items() if value is not None},
                    SALT: secrets.token_hex(16),
                },
            )
        )

    def read(self, sight: Sight, what: str, subjects: Iterable[str], **detail: Any) -> None:
        """Write down that somebody read records; nothing when nobody's was read."""
        named = sorted(set(subjects))
        if named:
            self.note(sight.actor, f"read {what}", named, **detail)

    def page(self, sight: Sight, query: AuditQuery) -> list[dict[str, Any]]:
        """Entries as one may see them, newest first, JSON-ready.

        Who sees only what is about themselves sees nobody else in it. To ask for what is about another person is a
        reading of its own. Raises `Forbidden`.
        """
        reached = sight.officers(Action.READ_AUDIT)
        if reached is None:
            entries = [self._told(sight, one) for one in self._store.audit(query)]
            self.read(sight, "audit log", [query.subject] if query.subject else [])
            return entries
        own = sorted(reached)[:1]
        if not own or query.subject not in (None, own[0]):
            return []
        mine = AuditQuery(
            subject=own[0],
            action=query.action,
            since_us=query.since_us,
            until_us=query.until_us,
            before=query.before,
            limit=query.limit,
        )
        return [_of_one(entry_as_dict(one), own[0]) for one in self._store.audit(mine)]

    def export(self, sight: Sight) -> Iterator[dict[str, Any]]:
        """Every entry that one may see, oldest first. Raises `Forbidden`."""
        reached = sight.officers(Action.READ_AUDIT)
        self.note(sight.actor, "export audit log")
        if reached is not None:
            return (
                _of_one(entry_as_dict(one), own)
                for one in self._store.scan_audit()
                for own in reached.intersection(one.happening.subjects)
            )
        return (self._told(sight, one) for one in self._store.scan_audit())

    def _told(self, sight: Sight, entry: AuditEntry) -> dict[str, Any]:
        told = entry_as_dict(entry)
        if sight.reach_of(Action.READ_AUDIT) is not Reach.ALL:
            told["detail"].pop(SALT, None)
        return sight.shown(Action.READ_AUDIT, told)

    def trail(self, subject: str, limit: int) -> list[dict[str, Any]]:
        """The latest entries about a person, newest first, with nobody else in them: for paper about that person."""
        entries = self._store.audit(AuditQuery(subject=subject, limit=limit))
        return [_of_one(entry_as_dict(one), subject) for one in entries]

    def verify(self, *, expected: Sequence[str] = ()) -> Verified:
        """Compute every hash anew.

        `expected`: hashes that were written down earlier; each must still be in the chain. Raises `BrokenChain`, which
        names the first entry that is not what was written.
        """
        before, number = FIRST, 0
        missing = {one.strip().lower() for one in expected} - {FIRST}
        for entry in self._store.scan_audit():
            number += 1
            if (entry.number, entry.previous) != (number, before):
                raise BrokenChain(f"Entry {number} is missing, or another stands in its place.")
            if seal(entry.number, entry.happening, entry.previous) != entry.sha256:
                raise BrokenChain(f"Entry {number} is not what was written.")
            before = entry.sha256
            missing.discard(before)
        if missing:
            raise BrokenChain(f"No entry has the hash {min(missing)}: the log was cut, or written anew.")
        return Verified(entries=number, head=before)


def entry_as_dict(entry: AuditEntry) -> dict[str, Any]:
    """An entry, JSON-ready."""
    happening = entry.happening
    return {
        "number": entry.number,
        "at": format_us(happening.at_us),
        "actor": happening.actor,
        "action": happening.action,
        "subjects": list(happening.subjects),
        "detail": dict(happening.detail),
        "previous": entry.previous,
        "sha256": entry.sha256,
    }


def _of_one(entry: Mapping[str, Any], subject: str) -> dict[str, Any]:
    detail = {name: value for name, value in entry["detail"].items() if name != SALT}
    return {**entry, "subjects": [subject], "detail": detail}
