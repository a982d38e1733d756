"""Granting a contest: the statement is voided and, with a value, reissued, in one batch; once, whatever is cut off.

A contest is claimed before its batch is posted, with the ids of the batch on it. Should the server die in between,
whoever comes next finds the batch stored, and the contest is granted, or not, and it is open.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from lrs.competency.evidence import Evidence, Finding
from lrs.errors import Conflict, Detail, InvalidInput, InvalidParameter, TooLarge
from lrs.plugin.manager import PluginHost
from lrs.services.access.keys import Credential
from lrs.services.audit import Audit
from lrs.services.ingest import Body, Ingest
from lrs.stores.base import EvidenceStore, StatementStore
from lrs.stores.contests import Contest, ContestState, ContestStore
from lrs.xapi.correcting import Correctable, corrected
from lrs.xapi.incoming import VOIDED
from lrs.xapi.timestamps import format_us
from lrs.xapi.versions import Version, negotiate

CLAIM_US = 5 * 60_000_000
"""For so long nobody else decides what somebody is about to grant."""
_LONGEST_VALUE = 1000


class _Store(ContestStore, EvidenceStore, StatementStore, Protocol):
    """What granting needs of a store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a statement says of an officer, as it can be contested."""

    statement_id: str
    officer: str
    statement: Mapping[str, Any]
    voided: bool
    value: Correctable | None
    others: frozenset[str] = frozenset()
    """Agent keys of others whom evidence in the statement is about."""


class Granting:
    """Grants, once."""

    def __init__(
        self,
        store: _Store,
        ingest: Ingest,
        plugins: PluginHost,
        audit: Audit,
        *,
        clock: Callable[[], int],
        new_id: Callable[[], str],
        home_page: str,
    ) -> None:
        """`home_page`: of the account that stands for who decided, as the actor of the voiding statement."""
        self._store = store
        self._ingest = ingest
        self._plugins = plugins
        self._audit = audit
        self._clock = clock
        self._new_id = new_id
        self._home_page = home_page

    def grant(self, contest: Contest, item: Item, *, user: str, reasons: str, value: str | None) -> Contest:
        """Void the item and, with a value, reissue it. `user`: id of who decides.

        Raises `InvalidParameter` for a value that cannot stand there or changes nothing, `Conflict` when somebody else
        decides at the same time, or when a value is given for what is voided already.
        """
        # Ids of a claim that was cut off are used again: should its batch come in after all, one alone is stored.
        new = None if value is None else self._reissued(item, value, contest.reissued_id or self._new_id())
        claim = replace(
            contest,
            reasons=reasons,
            decided_by=user,
            decided_us=self._clock(),
            voiding_id=contest.voiding_id or self._new_id(),
            reissued_id="" if new is None else new["id"],
            revision=contest.revision + 1,
        )
        if not self._store.swap_contest(contest, claim):
            raise just_decided(contest)
        self._post(claim, item, [self._voiding(claim), *([] if new is None else [new])])
        return self._granted(claim)

    def finished(self, contest: Contest) -> Contest:
        """A contest whose grant was cut off after its batch was stored, granted; any other as it is."""
        cut_off = contest.state is ContestState.OPEN and contest.voiding_id
        if not cut_off or self._store.get(contest.voiding_id) is None:
            return contest
        return self._granted(contest)

    def claimed(self, contest: Contest) -> bool:
        """Whether somebody is about to grant it."""
        return bool(contest.voiding_id) and self._clock() - (contest.decided_us or 0) < CLAIM_US

    def _post(self, claim: Contest, item: Item, batch: list[Mapping[str, Any]]) -> None:
        by_system = Credential("", frozenset({"all"}), self._account("system"))
        body = Body("application/json", json.dumps(batch, ensure_ascii=False).encode())
        try:
            self._ingest.post(body, _version(item.statement), by_system)
        except (
            InvalidInput,
            TooLarge,
        ):  # and it would be the next time, too: nobody has to wait for the claim
            unclaimed = replace(
                claim,
                reasons="",
                decided_by="",
                decided_us=None,
                voiding_id="",
                reissued_id="",
                revision=claim.revision + 1,
            )
            self._store.swap_contest(claim, unclaimed)
            raise

    def _granted(self, claim: Contest) -> Contest:
        """Note that it is, once its batch is stored; whoever sees that first does."""
        granted = replace(claim, state=ContestState.GRANTED, settled=True, revision=claim.revision + 1)
        if not self._store.swap_contest(claim, granted):
            now = self._store.contest(claim.id)
            if now is None or now.state is not ContestState.GRANTED or now.voiding_id != claim.voiding_id:
                raise just_decided(claim)
            return now
        self._audit.note(
            f"user:{granted.decided_by}",
            "grant contest",
            {granted.officer, *self._about(granted.statement_id)},
            contest=granted.id,
            statement=granted.statement_id,
            voiding=granted.voiding_id,
            reissued=granted.reissued_id or None,
        )
        return granted

    def _about(self, statement_id: str) -> set[str]:
        """Whose record changes with it: it may speak of several."""
        return {one.evidence.subject for one in self._store.evidence_in(statement_id)}

    def _reissued(self, item: Item, value: str, new_id: str) -> dict[str, Any]:
        """The corrected statement; refused before anything is done if it would not correct the record."""
        if item.voided:
            raise Conflict(
                "The item was voided meanwhile and counts no more: nothing can stand in its place.",
                [Detail("value", value[:100], "nothing, or a refusal")],
            )
        try:
            if len(value) > _LONGEST_VALUE:
                raise ValueError(f"at most {_LONGEST_VALUE} characters")
            new = corrected(item.statement, value.strip(), new_id=new_id)
        except ValueError as exc:
            raise _cannot_stand(value, str(exc)) from exc
        self._check_found(item, new, value)
        return new

    def _check_found(self, item: Item, new: Mapping[str, Any], value: str) -> None:
        """Hold the corrected statement to what plugins find in it: as much as before, and rated otherwise."""
        as_stamped = {**new, "version": item.statement.get("version")}
        found_before, found_after = self._plugins.recognise([item.statement, as_stamped])
        before, after = _on(item.officer, found_before), _on(item.officer, found_after)
        if not before or {_place(one) for one in before} - {_place(one) for one in after}:
            failures = [f"; {one.source.plugin}: {one.failure}" for one in found_after if one.failure]
            expected = "a value with which the plugins find in the statement what they found before"
            raise _cannot_stand(value, "".join([expected, *failures]))
        for other in item.others:
            if Counter(map(_said, _on(other, found_before))) != Counter(map(_said, _on(other, found_after))):
                raise _cannot_stand(
                    value,
                    "a value that leaves as it is what the statement says of others; or that nothing stands there",
                )
        if Counter(map(_said, before)) == Counter(map(_said, after)):
            raise _cannot_stand(
                value, "a value that changes a rating: with this one all of them stay as they are"
            )

    def _voiding(self, contest: Contest) -> dict[str, Any]:
        return {
            "id": contest.voiding_id,
            "actor": self._account(f"user:{contest.decided_by}"),
            "verb": {"id": VOIDED, "display": {"en": "voided"}},
            "object": {"objectType": "StatementRef", "id": contest.statement_id},
            "timestamp": format_us(contest.decided_us or 0),
        }

    def _account(self, name: str) -> dict[str, Any]:
        return {"objectType": "Agent", "account": {"homePage": self._home_page, "name": name}}


def just_decided(contest: Contest) -> Conflict:
    """Two decide at once."""
    return Conflict("Somebody else is deciding it.", [Detail("contest", contest.id, "an open one")])


def _cannot_stand(value: str, expected: str) -> InvalidParameter:
    return InvalidParameter(
        f"The corrected value cannot stand there: expected {expected}.",
        [Detail("value", value[:100] or "nothing", expected)],
    )


def _on(officer: str, findings: Iterable[Finding]) -> list[Evidence]:
    """What was found on somebody."""
    return [one for finding in findings for one in finding.evidence if one.subject == officer]


def _place(one: Evidence) -> tuple[str, str | None]:
    """What it is said of."""
    return one.competency, one.indicator


def _said(one: Evidence) -> tuple[str, str | None, float | None, tuple[str, ...]]:
    """What is said."""
    return one.competency, one.indicator, one.rating, one.flags


def _version(statement: Mapping[str, Any]) -> Version:
    return negotiate(str(statement.get("version") or "1.0.3"))
