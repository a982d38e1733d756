"""Contests: an officer challenges an item of their record, somebody who may decides, and what was said stays beside it.

Granted, the statement is voided and, where a corrected value is given, reissued: both in one batch, so that no profile
is without either. Refused, the reasons are kept. A rejoinder is what the officer has to say, shown wherever the item
is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from lrs.errors import Conflict, Detail, Forbidden, InvalidParameter, NotFound
from lrs.services.access.permissions import Action
from lrs.services.access.sight import Sight
from lrs.services.audit import Audit
from lrs.services.granting import Granting, Item, just_decided
from lrs.services.said import contest_as_dict, rejoinder_as_dict
from lrs.stores.base import EvidenceStore, StatementStore
from lrs.stores.contests import Contest, ContestState, ContestStore, Rejoinder
from lrs.xapi import strict_json
from lrs.xapi.correcting import correctable
from lrs.xapi.parameters import read_uuid

DAYS = 30
"""The clock of a contest."""
LONGEST = 5000
"""Characters of a reason or rejoinder."""
_DAY_US = 86_400_000_000


class _Store(ContestStore, EvidenceStore, StatementStore, Protocol):
    """What contests need of a store."""


class Contests:
    """Raises, decides and tells of them. Everything that is done is in the audit log."""

    def __init__(
        self,
        store: _Store,
        audit: Audit,
        granting: Granting,
        *,
        clock: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._audit = audit
        self._granting = granting
        self._clock = clock
        self._new_id = new_id

    def item(self, sight: Sight, action: Action, statement_id: str, officer: str) -> Item:
        """What is contested or spoken to. Raises `Forbidden`, `NotFound` when it says nothing of that officer."""
        sight.require_officer(action, officer)
        found = self._store.get(statement_id)
        about = {record.evidence.subject for record in self._store.evidence_in(statement_id)}
        if found is None or officer not in about:
            sight.require_officer(action, "")  # nor is it told whether it is an item of somebody else's
            raise NotFound(
                "There is no such item in this record.",
                [
                    Detail(
                        "statement", statement_id, "the id of a statement in which evidence was found on them"
                    )
                ],
            )
        parsed = strict_json.parse(found.raw)
        return Item(
            statement_id=statement_id,
            officer=officer,
            statement=parsed,
            voided=found.voided_us is not None,
            others=frozenset(about - {officer}),
            value=correctable(parsed),
        )

    def raise_contest(self, sight: Sight, statement_id: str, officer: str, reason: str) -> Contest:
        """Contest an item of one's own record; the clock runs.

        Raises `Forbidden`, `NotFound`, `InvalidParameter` without a reason, `Conflict` when it is contested already,
        was refused before, or is voided.
        """
        item = self.item(sight, Action.CONTEST, statement_id, officer)
        text = _said("reason", reason)
        if item.voided:
            raise Conflict(
                "The item is voided: it counts no more.",
                [Detail("statement", statement_id, "one that counts")],
            )
        before = self._store.contests(officers=[officer], statement_ids=[statement_id])
        if any(one.state is ContestState.REFUSED for one in before):
            raise Conflict(
                "A contest of this item was refused; what there is to say to that is a rejoinder.",
                [Detail("statement", statement_id, "an item whose contest was not refused")],
            )
        now_us = self._clock()
        contest = Contest(
            id=self._new_id(),
            statement_id=statement_id,
            officer=officer,
            raised_by=_user(sight),
            raised_us=now_us,
            due_us=now_us + DAYS * _DAY_US,
            reason=text,
        )
        self._store.add_contest(contest)
        self._audit.note(sight.actor, "contest", [officer], contest=contest.id, statement=statement_id)
        return contest

    def withdraw(self, sight: Sight, contest_id: str) -> Contest:
        """Take a contest of one's own back. Raises `Forbidden`, `NotFound`, `Conflict` when it is decided."""
        contest = self._open(sight, Action.CONTEST, contest_id)
        return self._close(sight, contest, "withdraw contest", ContestState.WITHDRAWN, "")

    def refuse(self, sight: Sight, contest_id: str, reasons: str) -> Contest:
        """Leave the item as it is, with the reasons beside it.

        Raises `Forbidden`, `NotFound`, `InvalidParameter` without reasons, `Conflict` when it is decided.
        """
        contest = self._open(sight, Action.DECIDE, contest_id)
        return self._close(sight, contest, "refuse contest", ContestState.REFUSED, _said("reasons", reasons))

    def grant(self, sight: Sight, contest_id: str, reasons: str, *, value: str | None) -> Contest:
        """Void the statement and, with a `value`, reissue it with that in the place of what was rated.

        `value` None: nothing stands in its place; for statements that hold no single value, and where it should never
        have been recorded. Raises as `refuse`, and `InvalidParameter` for a value that cannot stand there.
        """
        contest = self._open(sight, Action.DECIDE, contest_id)
        text = _said("reasons", reasons)
        item = self.item(sight, Action.DECIDE, contest.statement_id, contest.officer)
        for officer in item.others:
            if not sight.reaches(Action.DECIDE, officer):
                raise Forbidden(
                    "The statement speaks of somebody beyond your reach, too, whose record would change with it. "
                    "Somebody has to decide who reaches everybody in it."
                )
        return self._granting.grant(contest, item, user=_user(sight), reasons=text, value=value)

    def rejoin(self, sight: Sight, statement_id: str, officer: str, text: str) -> Rejoinder:
        """Say something to an item of one's own record. Raises `Forbidden`, `NotFound`, `InvalidParameter`."""
        self.item(sight, Action.CONTEST, statement_id, officer)
        rejoinder = Rejoinder(
            id=self._new_id(),
            statement_id=statement_id,
            officer=officer,
            written_by=_user(sight),
            written_us=self._clock(),
            text=_said("text", text),
        )
        self._store.add_rejoinder(rejoinder)
        self._audit.note(sight.actor, "rejoinder", [officer], rejoinder=rejoinder.id, statement=statement_id)
        return rejoinder

    def told(self, sight: Sight, contest_id: str) -> dict[str, Any]:
        """One contest as one may see it, with the `rejoinders` to its item, JSON-ready.

        Raises `Forbidden`, `NotFound`.
        """
        found = self._reached(sight, Action.READ_CONTESTS, contest_id)
        contest = self._granting.finished(found)
        self._audit.read(sight, "contest", [contest.officer], contest=contest.id)
        rejoinders = self._store.rejoinders(officers=[contest.officer], statement_ids=[contest.statement_id])
        answer = {
            **contest_as_dict(contest, self._clock()),
            "rejoinders": [rejoinder_as_dict(one) for one in rejoinders],
        }
        return sight.shown(Action.READ_CONTESTS, answer)

    def listed(self, sight: Sight, state: str | None = None) -> list[dict[str, Any]]:
        """Contests as one may see them, oldest first, JSON-ready. Raises `Forbidden`, `InvalidParameter`."""
        reached = sight.officers(Action.READ_CONTESTS)
        wanted = None if state is None else _state(state)
        asked = self._store.contests(officers=None if reached is None else sorted(reached))
        found = [one for one in map(self._granting.finished, asked) if wanted in (None, one.state)]
        self._audit.read(sight, "contests", {one.officer for one in found})
        now_us = self._clock()
        return [sight.shown(Action.READ_CONTESTS, contest_as_dict(one, now_us)) for one in found]

    def beside(self, officer: str, as_of_us: int) -> dict[str, list[dict[str, Any]]]:
        """What was said to a person's items by an instant: `{"contests": […], "rejoinders": […]}`, JSON-ready.

        A contest that was decided later is open at that instant, so that the same question has the same answer.
        """
        contests = map(self._granting.finished, self._store.contests(officers=[officer]))
        rejoinders = self._store.rejoinders(officers=[officer])
        return {
            "contests": [contest_as_dict(one, as_of_us) for one in contests if one.raised_us <= as_of_us],
            "rejoinders": [rejoinder_as_dict(one) for one in rejoinders if one.written_us <= as_of_us],
        }

    def _reached(self, sight: Sight, action: Action, contest_id: str) -> Contest:
        """A contest within reach. One that there is not is refused like one beyond it, to who does not reach all."""
        found = self._known(contest_id)
        sight.require_officer(action, "" if found is None else found.officer)
        if found is None:
            raise _no_contest(contest_id)
        return found

    def _open(self, sight: Sight, action: Action, contest_id: str) -> Contest:
        contest = self._reached(sight, action, contest_id)
        if sight.user is not None and action is Action.DECIDE and sight.user.agent == contest.officer:
            raise Forbidden("Nobody decides a contest of their own.")
        contest = self._granting.finished(contest)
        if contest.state is not ContestState.OPEN:
            raise Conflict(
                f"The contest is {contest.state.value} already.",
                [Detail("contest", contest.state.value, "an open one")],
            )
        if self._granting.claimed(contest):
            raise just_decided(contest)
        return contest

    def _known(self, contest_id: str) -> Contest | None:
        try:
            return self._store.contest(read_uuid("contest", contest_id))
        except InvalidParameter:
            return None

    def _close(
        self, sight: Sight, contest: Contest, action: str, state: ContestState, reasons: str
    ) -> Contest:
        closed = replace(
            contest,
            state=state,
            reasons=reasons,
            decided_by=_user(sight),
            decided_us=self._clock(),
            voiding_id="",
            reissued_id="",
            revision=contest.revision + 1,
        )
        if not self._store.swap_contest(contest, closed):
            raise just_decided(contest)
        self._audit.note(
            sight.actor, action, [closed.officer], contest=closed.id, statement=closed.statement_id
        )
        return closed


def _no_contest(contest_id: str) -> NotFound:
    return NotFound("There is no such contest.", [Detail("contest", contest_id[:100], "the id of a contest")])


def _said(name: str, text: str) -> str:
    said = text.strip()
    if not 1 <= len(said) <= LONGEST:
        raise InvalidParameter(
            f"{name} is {'empty' if not said else 'too long'}.",
            [Detail(name, f"{len(said)} characters", f"1 to {LONGEST} characters")],
        )
    return said


def _state(text: str) -> ContestState:
    try:
        return ContestState(text)
    except ValueError as exc:
        states = ", ".join(ContestState)
        raise InvalidParameter(
            f"There is no state {text[:50]}.", [Detail("state", text[:50], states)]
        ) from exc


def _user(sight: Sight) -> str:
    if sight.user is None:
        raise Forbidden("This is for people who sign in.")
    return sight.user.id
