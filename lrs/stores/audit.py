"""The audit log as a store keeps it: entries in a chain, each sealed with the hash of the one before.

An entry that is changed, taken out or slipped in breaks the chain from there on. One who can write to the store could
seal the rest anew: against that the newest hash is written down elsewhere now and then, see `lrs audit verify`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

FIRST = "0" * 64
"""What the first entry has for the hash of the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """Which entries; None asks for nothing."""

    subject: str | None = None
    """Agent key: those about this person."""
    actor: str | None = None
    action: str | None = None
    since_us: int | None = None
    """At or after."""
    until_us: int | None = None
    """Before."""
    before: int | None = None
    """Only numbers below this: how a page goes on."""
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What is to be written down."""

    at_us: int
    actor: str
    """Who: `user:ID`, `key:ID`, or `system` for the command line of the machine."""
    action: str
    """What was done: `read profile`, `change roster` …; see `lrs.services.audit`."""
    subjects: tuple[str, ...] = ()
    """Agent keys of whom it is about, in order, each once."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What else belongs to it, JSON-ready; no secret ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What was written down."""

    number: int
    """1, 2, …, without a gap."""
    happening: Happening
    previous: str
    """Lower-case hex SHA-256 of the entry before; `FIRST` of the first."""
    sha256: str
    """See `seal`."""


def sealed(previous: AuditEntry | None, happening: Happening) -> AuditEntry:
    """The entry that comes after `previous` (None: the first)."""
    number, before = (1, FIRST) if previous is None else (previous.number + 1, previous.sha256)
    return AuditEntry(
        number=number, happening=happening, previous=before, sha256=seal(number, happening, before)
    )


def seal(number: int, happening: Happening, previous: str) -> str:
    """SHA-256 over the entry as canonical JSON: an array of number, instant, actor, action, subjects, detail, previous.

    Members of objects in order, no blanks, ASCII only: so that anybody can compute it anew.
    """
    said = [
        number,
        happening.at_us,
        happening.actor,
        happening.action,
        list(happening.subjects),
        happening.detail,
        previous,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


class AuditStore(Protocol):
    """The audit log. Nothing in it is ever changed or deleted."""

    def append_audit(self, happening: Happening) -> AuditEntry:
        """Seal it onto the end of the chain, durably, whoever else appends at the same time."""

    def audit(self, query: AuditQuery) -> Sequence[AuditEntry]:
        """Newest first."""

    def scan_audit(self, after: int = 0) -> Iterator[AuditEntry]:
        """Every entry with a number above `after`, oldest first."""

    def audit_head(self) -> AuditEntry | None:
        """The newest entry."""
