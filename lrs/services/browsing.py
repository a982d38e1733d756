"""Statements as they were sent, for people: a page at a time, and one whole; no further than one may see.

A statement is seen by who may see everybody that evidence was found on in it; where none was found, by who may see its
actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from lrs.cohort.roster import who
from lrs.competency.evidence import SubjectType
from lrs.errors import Detail, Forbidden, NotFound
from lrs.services.access.permissions import Action
from lrs.services.access.sight import Sight
from lrs.services.audit import Audit
from lrs.stores.base import EvidenceStore, RosterStore, StatementStore
from lrs.xapi import strict_json
from lrs.xapi.actors import agent_keys
from lrs.xapi.parameters import read_uuid
from lrs.xapi.query import Cursor, StatementQuery
from lrs.xapi.statement import Statement, StoredStatement
from lrs.xapi.timestamps import format_us, parse_us

PAGE = 50
_VOIDED = "http://adlnet.gov/expapi/verbs/voided"


class _Store(StatementStore, EvidenceStore, RosterStore, Protocol):
    """What browsing needs of a store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which statements; None asks for nothing."""

    agent: str | None = None
    """Agent key, anywhere in the statement; needed by who does not see everybody."""
    verb: str | None = None
    activity: str | None = None
    since_us: int | None = None
    until_us: int | None = None
    after: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """A page of statements, newest first."""

    statements: tuple[Mapping[str, Any], ...]
    beyond: int
    """How many on this page are beyond what one may see."""
    next: Cursor | None


class Browsing:
    """Shows them. Every look is in the audit log."""

    def __init__(self, store: _Store, audit: Audit) -> None:
        self._store = store
        self._audit = audit

    def officers(self, sight: Sight) -> list[dict[str, Any]]:
        """Whose statements one may ask for, by the roster and for oneself, in order of agent key. Raises `Forbidden`.

        Their names alone, as `lrs.cohort.roster.who` says them: no record is read.
        """
        reached = sight.officers(Action.READ_STATEMENTS)
        members = {one.officer: one for one in self._store.members()}
        return [who(one, members) for one in sorted(members if reached is None else reached)]

    def page(self, sight: Sight, sought: Sought) -> Browsed:
        """A page, newest first. Raises `Forbidden`, for who does not see everybody without an agent, too."""
        reached = sight.officers(Action.READ_STATEMENTS)
        if reached is not None:
            sight.require_officer(Action.READ_STATEMENTS, sought.agent or "")
        page = self._store.find(
            StatementQuery(
                agent=sought.agent,
                verb=sought.verb,
                activity=sought.activity,
                related_agents=sought.agent is not None,
                related_activities=sought.activity is not None,
                since_us=sought.since_us,
                until_us=sought.until_us,
                limit=PAGE,
                after=sought.after,
            )
        )
        rows = [_Row(one, strict_json.parse(one.raw), self._subjects(one.id)) for one in page.statements]
        seen = [row for row in rows if row.seen_by(reached)]
        people = {sought.agent} if sought.agent else set()
        self._audit.read(sight, "statements", people | {key for row in seen for key in row.people})
        return Browsed(
            statements=tuple(row.as_dict() for row in seen), beyond=len(rows) - len(seen), next=page.next
        )

    def whole(self, sight: Sight, statement_id: str) -> dict[str, Any]:
        """One statement, voided or not, with its exact text, and what voided it.

        Raises `Forbidden`, to who does not see everybody the same for one that there is not; `NotFound`;
        `InvalidParameter` for what is no id of a statement.
        """
        reached = sight.officers(Action.READ_STATEMENTS)
        found = self._store.get(read_uuid("statement", statement_id))
        row = None if found is None else _Row(found, strict_json.parse(found.raw), self._subjects(found.id))
        if reached is not None and (row is None or not row.seen_by(reached)):
            raise Forbidden("You may read statements, and not this one.")
        if found is None or row is None:
            raise NotFound(
                "There is no such statement.", [Detail("statement", statement_id, "the id of a statement")]
            )
        self._audit.read(sight, "statement", row.people or {"nobody"}, statement=found.id)
        return {
            **row.as_dict(),
            "voided_by": None if found.voided_us is None else self._voiding(found.id, found.voided_us),
            "sha256": found.sha256.hex(),
            "raw": found.raw.decode(),
            "statement": row.parsed,
        }

    def _voiding(self, statement_id: str, voided_us: int) -> dict[str, Any] | None:
        """The statement that voided it, in short; several may be stored at one instant."""
        query = StatementQuery(verb=_VOIDED, since_us=voided_us - 1, until_us=voided_us, limit=PAGE)
        while True:
            page = self._store.find(query)
            for one in page.statements:
                parsed = strict_json.parse(one.raw)
                target = str(parsed["object"].get("id", "")).lower()
                if parsed["verb"]["id"] == _VOIDED and target == statement_id:
                    return {
                        "id": one.id,
                        "stored": format_us(one.stored_us),
                        "actor": _actor(parsed["actor"]),
                    }
            if page.next is None:
                return None
            query = replace(query, after=page.next)

    def _subjects(self, statement_id: str) -> frozenset[str]:
        """Officers that evidence was found on in it."""
        return frozenset(
            one.evidence.subject
            for one in self._store.evidence_in(statement_id)
            if one.evidence.subject_type is SubjectType.OFFICER
        )


@dataclass(frozen=True, slots=True)
class _Row:
    stored: StoredStatement
    parsed: Statement
    subjects: frozenset[str]

    @property
    def people(self) -> frozenset[str]:
        """Whose record it is part of: those with evidence in it, or else its actor."""
        return self.subjects or frozenset(agent_keys(self.parsed["actor"]))

    def seen_by(self, reached: frozenset[str] | None) -> bool:
        return reached is None or (bool(self.people) and self.people <= reached)

    def as_dict(self) -> dict[str, Any]:
        one = self.parsed
        return {
            "id": self.stored.id,
            "stored": format_us(self.stored.stored_us),
            "timestamp": format_us(parse_us(one["timestamp"])),
            "voided": None if self.stored.voided_us is None else format_us(self.stored.voided_us),
            "actor": _actor(one["actor"]),
            "verb": _said(one["verb"].get("display")) or _last(one["verb"]["id"]),
            "verb_id": one["verb"]["id"],
            "object": _object(one["object"]),
            "activity_id": _activity(one["object"]),
            "officers": sorted(self.subjects),
        }


def _actor(actor: Mapping[str, Any]) -> str:
    return str(actor.get("name") or next(iter(agent_keys(actor)), "a group without a name"))


def _object(target: Mapping[str, Any]) -> str:
    name = _said((target.get("definition") or {}).get("name"))
    return name or str(target.get("name") or target.get("id") or target.get("objectType", ""))


def _activity(target: Mapping[str, Any]) -> str | None:
    """The id of an object that is an activity, as one without `objectType` is (xAPI-Data 2.4.4)."""
    return str(target["id"]) if target.get("objectType", "Activity") == "Activity" else None


def _said(texts: Mapping[str, str] | None) -> str:
    """A language map in one language: English if it is there."""
    if not texts:
        return ""
    english: Iterable[str] = (text for tag, text in texts.items() if tag.lower().startswith("en"))
    return next(iter(english), next(iter(texts.values())))


def _last(iri: str) -> str:
    return iri.rstrip("/").rpartition("/")[2] or iri
