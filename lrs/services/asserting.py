"""Verdicts written back into the store as statements: `asserted`, in the shape of the TLA Master Object Model.

Off unless it is asked for (`lrs profiles assert`). A statement is written where a verdict is not the one that was
asserted last, and for the first time once there is evidence enough for one: all gates met.

The shape is that of the template `asserted` in ADL's Master Object Model (`lrs.xapi.mom`): the
officer asserted the competency; no `result`, which the template excludes; confidence, from -1 to 1, and the ids of the
statements that it rests on as context extensions. What the template does not know, the verdict with the instant and the
digests that make it repeatable, stands in one extension of ours. It is a summary of recorded evidence, and decides
nothing about a person.

Such a statement is never evidence: what was concluded must not be counted as something that was seen. The plugin host
sees to that (`lrs.plugin.host`).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lrs.competency.estimate import Verdict
from lrs.competency.profile import ABOUT
from lrs.errors import InvalidStatement
from lrs.services.access.keys import Credential
from lrs.services.ingest import Checked, Ingest
from lrs.services.profiles import Profiles
from lrs.stores.base import StatementStore
from lrs.xapi import mom
from lrs.xapi.actors import agent_from_key, agent_key
from lrs.xapi.query import StatementQuery
from lrs.xapi.statement import Statement
from lrs.xapi.strict_json import parse
from lrs.xapi.timestamps import parse_us
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version

PROFILE_TYPE = "http://adlnet.gov/expapi/activities/profile"
ASSERTION = "https://w3id.org/xapi/rapport/extensions/assertion"
COMPETENCIES = "https://w3id.org/xapi/rapport/competencies/"
SYSTEM = "system"
"""Name of the account that is the authority of these statements."""

_NAMESPACE = uuid.UUID("0a0a2f0d-5c2e-5d1c-9a55-6a1f3f1d2b7e")
_PAGE = 100
_SUMMED_UP = frozenset({Verdict.AT_STANDARD, Verdict.BELOW_STANDARD, Verdict.UNDETERMINED})
"""All gates are met: what is asserted for the first time."""


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that is not the one that was asserted last."""

    officer: str
    competency: str
    before: str | None
    """None: nothing was ever asserted."""
    after: str
    statement_id: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "officer": self.officer,
            "competency": self.competency,
            "before": self.before,
            "after": self.after,
            "statement_id": self.statement_id,
        }


@dataclass(slots=True)
class Asserted:
    """What a run came to."""

    as_of_us: int
    officers: int = 0
    unchanged: int = 0
    """Verdicts that are the ones that were asserted last."""
    not_yet: int = 0
    """Verdicts of which nothing was ever asserted, and still cannot be: there is too little evidence."""
    newer: int = 0
    """Verdicts of which something was asserted as of a later instant: they are left alone."""
    unknown: int = 0
    """Competencies without an estimate: never scored, or the model had no answer."""
    changes: list[Change] = field(default_factory=list)
    """What is written, or would be."""
    voided: list[Change] = field(default_factory=list)
    """What is not, since that very assertion was voided: its id is taken, and it stays voided."""


@dataclass(frozen=True, slots=True)
class _Last:
    """What was asserted last of an officer on a competency."""

    verdict: str
    as_of_us: int


class Asserting:
    """Compares verdicts with what was asserted, and writes what has changed."""

    def __init__(self, store: StatementStore, profiles: Profiles, ingest: Ingest, *, home_page: str) -> None:
        """`home_page`: of the account that is the authority."""
        self._store = store
        self._profiles = profiles
        self._ingest = ingest
        account = {"homePage": home_page, "name": SYSTEM}
        self._credential = Credential(
            SYSTEM, frozenset({"statements/write"}), {"objectType": "Agent", "account": account}
        )

    def run(
        self, as_of_us: int, *, dry: bool = False, progress: Callable[[int], None] = lambda _: None
    ) -> Asserted:
        """Assert what has changed, and answer it.

        Run again for the same instant it writes nothing; what was voided since is told apart. A run that was cut off is
        simply run again.

        Args:
            as_of_us: instant of the profiles, microseconds since the epoch.
            dry: only say what would be written.
            progress: called with the number of officers after each page.

        Raises as `Ingest.add` does; what was written before stays.
        """
        done = Asserted(as_of_us)
        last = self._last()
        waiting: list[Statement] = []
        for whole in self._officers(as_of_us, {officer for officer, _ in last}):
            waiting += self._changed(whole, last, done)
            done.officers += 1
            if len(waiting) >= _PAGE:
                self._write(waiting, dry=dry)
                waiting = []
            if done.officers % _PAGE == 0:
                progress(done.officers)
        self._write(waiting, dry=dry)
        return done

    def _last(self) -> dict[tuple[str, str], _Last]:
        """By officer and competency. There is a statement for each change, and so there are few."""
        found: dict[tuple[str, str], _Last] = {}
        for statement in self._own():
            read = _read(statement)
            if read is not None:
                key, one = read
                if key not in found or found[key].as_of_us <= one.as_of_us:
                    found[key] = one
        return found

    def _own(self) -> Iterator[Statement]:
        """Every statement of ours that was not voided, oldest first."""
        query = StatementQuery(
            verb=mom.ASSERTED, authority=agent_key(self._credential.authority), ascending=True, limit=_PAGE
        )
        page = self._store.find(query)
        while True:
            for statement in page.statements:
                yield parse(statement.raw)
            if page.next is None:
                return
            page = self._store.find(replace(query, after=page.next))

    def _officers(self, as_of_us: int, asserted: set[str]) -> Iterator[dict[str, Any]]:
        """The profile of each officer with evidence, then of those whose evidence is all gone, as JSON has it."""
        after: str | None = ""
        while after is not None:
            page = self._profiles.cohort(as_of_us, after=after, limit=_PAGE)
            for profile in page.profiles:
                asserted.discard(profile.subject)
                yield profile.as_dict()
            after = page.next
        for officer in sorted(asserted):
            yield self._profiles.profile(officer, as_of_us).as_dict()

    def _changed(
        self, whole: Mapping[str, Any], last: Mapping[tuple[str, str], _Last], done: Asserted
    ) -> Iterator[Statement]:
        """The statements that a profile calls for; what becomes of each verdict is added to `done`."""
        officer = whole["subject"]
        for part in whole["competencies"]:
            before = last.get((officer, part["competency"]))
            if part["estimate"]["confidence"] is None:
                done.unknown += 1
            elif before is None and part["verdict"] not in _SUMMED_UP:
                done.not_yet += 1
            elif before is not None and before.verdict == part["verdict"]:
                done.unchanged += 1
            elif before is not None and before.as_of_us >= done.as_of_us:
                done.newer += 1
            else:
                statement = statement_of(whole, part)
                was = None if before is None else before.verdict
                change = Change(officer, part["competency"], was, part["verdict"], statement["id"])
                there = self._store.get(statement["id"])
                if there is not None and there.voided_us is not None:
                    done.voided.append(change)
                else:
                    done.changes.append(change)
                    yield statement

    def _write(self, statements: list[Statement], *, dry: bool) -> None:
        if dry or not statements:
            return
        for statement in statements:
            details = check_statement(statement, Version.V1)
            if details:
                raise InvalidStatement("An assertion would not be a valid statement.", details)
        raws = [json.dumps(statement, ensure_ascii=False).encode() for statement in statements]
        self._ingest.add(Checked(statements, raws), Version.V1, self._credential, _no_new_id)


def statement_of(whole: Mapping[str, Any], part: Mapping[str, Any]) -> Statement:
    """The statement that asserts one competency of a profile.

    `whole` is `Profile.as_dict()`, `part` one of its competencies. The id hangs on the officer, the competency, the
    instant and all that is said, so that the same assertion is the same statement.
    """
    officer, competency = whole["subject"], part["competency"]
    said = _assertion(whole, part)
    return {
        "id": _id_of(officer, competency, said),
        "actor": agent_from_key(officer),
        "verb": {"id": mom.ASSERTED, "display": {"en": "asserted"}},
        "object": {
            "objectType": "Activity",
            "id": f"{COMPETENCIES}{competency}",
            "definition": {"type": mom.COMPETENCY, "name": {"en": part["name"]}},
        },
        "timestamp": whole["as_of"],
        "context": {
            "contextActivities": {"category": [{"id": mom.VERSION, "definition": {"type": PROFILE_TYPE}}]},
            "extensions": {
                mom.CONFIDENCE: part["estimate"]["confidence"],
                mom.EVIDENCE: sorted({source["id"] for source in part["statements"]}),
                ASSERTION: said,
            },
        },
    }


def _id_of(officer: str, competency: str, said: Mapping[str, Any]) -> str:
    name = json.dumps([officer, competency, said], sort_keys=True, ensure_ascii=False)
    return str(uuid.uuid5(_NAMESPACE, name))


def _read(statement: Statement) -> tuple[tuple[str, str], _Last] | None:
    """Officer and competency with what was asserted; None for what `statement_of` did not make.

    The authority alone proves nothing: a vendor's key may have been given the name `system`.
    """
    target = statement["object"].get("id", "")
    said = statement.get("context", {}).get("extensions", {}).get(ASSERTION)
    officer, competency = agent_key(statement["actor"]), target.removeprefix(COMPETENCIES)
    if officer is None or not target.startswith(COMPETENCIES) or not isinstance(said, Mapping):
        return None
    verdict, as_of = said.get("verdict"), said.get("as_of")
    if statement["id"].lower() != _id_of(officer, competency, said):
        return None
    if not isinstance(verdict, str) or not isinstance(as_of, str):
        return None
    try:
        return (officer, competency), _Last(Verdict(verdict), parse_us(as_of))
    except ValueError:
        return None


def _assertion(whole: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """What makes the verdict repeatable: `lrs profile OFFICER --as-of …` has to say the same."""
    estimate = part["estimate"]
    return {
        "about": ABOUT,
        "verdict": part["verdict"],
        "as_of": whole["as_of"],
        "score": estimate["score"],
        "interval": estimate["interval"],
        "mass": estimate["mass"],
        "raters": estimate["raters"],
        "counts": part["counts"]["text"],
        "rubric": part["rubric"],
        "model": part["model"],
        "plugins": whole["plugins"],
    }


def _no_new_id() -> str:
    raise AssertionError("every assertion brings its id")
