"""Contests and rejoinders: what an officer says against an item of their record, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from lrs.errors import Conflict, Detail, InvalidInput, InvalidParameter, LrsError
from lrs.services.access.permissions import Action
from lrs.services.contests import LONGEST
from lrs.stores.contests import ContestState
from lrs.web.dashboard.page import as_of, asked, asking, back, show
from lrs.web.state import rapport
from lrs.xapi.correcting import Correctable
from lrs.xapi.parameters import read_uuid

_Dict = Mapping[str, Any]
_Answer = Response | tuple[str, int]
_DECISIONS = ("correct", "void", "refuse")


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/contests", "contests", contests)
    pages.add_url_rule("/contests", "raise_contest", raise_contest, methods=["POST"])
    pages.add_url_rule("/contest-item", "contest_item", contest_item)
    pages.add_url_rule("/rejoinders", "rejoin", rejoin, methods=["POST"])
    pages.add_url_rule("/contest/<contest>", "contest", contest)
    pages.add_url_rule("/contest/<contest>/withdraw", "withdraw_contest", withdraw, methods=["POST"])
    pages.add_url_rule("/contest/<contest>/decide", "decide_contest", decide, methods=["POST"])
    pages.add_app_template_filter(days_left, "days_left")


def contests() -> tuple[str, int]:
    """Contests of those whom one may see: the open first, those due soonest before others."""
    found = rapport().contests.listed(asking(), asked("state"))
    unsettled = [one for one in found if one["state"] == ContestState.OPEN]
    settled = [one for one in found if one["state"] != ContestState.OPEN]
    return show(
        "contests.html",
        title="Contests",
        contests=[
            *sorted(unsettled, key=lambda one: str(one["due"])),
            *sorted(settled, key=lambda one: str(one["decided"]), reverse=True),
        ],
        overdue=sum(one["overdue"] for one in found),
        states=[one.value for one in ContestState],
    )


def contest(contest: str) -> tuple[str, int]:
    """One contest: the item, what is said, and the form to decide it for who may."""
    return _contest_page(contest)


def contest_item() -> tuple[str, int]:
    """An item of one's own record, and the forms to contest it and to say something to it."""
    return _item_page(read_uuid("statement", request.args.get("statement", "")))


def raise_contest() -> _Answer:
    """Contest an item of one's own record."""
    statement, reason = read_uuid("statement", request.form.get("statement", "")), _typed("reason")
    try:
        made = rapport().contests.raise_contest(asking(), statement, _own(), reason)
    except (InvalidInput, Conflict) as exc:
        return _item_page(statement, exc, reason=reason)
    return back("contest", "The item is contested. It is to be decided within 30 days.", contest=made.id)


def rejoin() -> _Answer:
    """Say something to an item of one's own record."""
    statement, text = read_uuid("statement", request.form.get("statement", "")), _typed("text")
    try:
        rapport().contests.rejoin(asking(), statement, _own(), text)
    except InvalidInput as exc:
        return _item_page(statement, exc, text=text)
    return back(
        "contest_item", "It is kept, and shown wherever the item is shown from now on.", statement=statement
    )


def withdraw(contest: str) -> _Answer:
    """Take a contest of one's own back."""
    try:
        rapport().contests.withdraw(asking(), contest)
    except Conflict as exc:
        return _contest_page(contest, exc)
    return back("contest", "The contest is withdrawn. The item stays as it is.", contest=contest)


def decide(contest: str) -> _Answer:
    """Grant it, with a corrected value or with nothing in the place of the item, or refuse it."""
    typed = {name: _typed(name) for name in ("decision", "value", "reasons")}
    try:
        done = _decided(contest, **typed)
    except (InvalidInput, Conflict) as exc:
        return _contest_page(contest, exc, **typed)
    return back("contest", done, contest=contest)


def days_left(due: str) -> int:
    """Days from now until an instant as `format_us` writes it, begun ones whole; below 0 when it is past."""
    days = (datetime.fromisoformat(due) - datetime.now(UTC)) / timedelta(days=1)
    return math.ceil(days) if days >= 0 else math.floor(days)


def _decided(contest: str, *, decision: str, value: str, reasons: str) -> str:
    """Decide it as the form says; what to say of it."""
    service, sight = rapport().contests, asking()
    if decision not in _DECISIONS:
        raise InvalidParameter(
            "It is not said how it is decided.",
            [Detail("decision", decision[:50] or "nothing", "one of the three")],
        )
    if decision == "refuse":
        service.refuse(sight, contest, reasons)
        return "The contest is refused. The item stays, with your reasons beside it."
    if decision == "void":
        service.grant(sight, contest, reasons, value=None)
        return "The contest is granted: the item is voided, and nothing stands in its place."
    service.grant(sight, contest, reasons, value=value)
    return "The contest is granted: the item is voided, and stands corrected as a statement of its own."


def _contest_page(contest: str, error: LrsError | None = None, **typed: str) -> tuple[str, int]:
    sight, service = asking(), rapport().contests
    found = service.told(sight, contest)
    officer = found["officer"]
    unsettled = found["state"] == ContestState.OPEN
    own = sight.reaches(Action.CONTEST, officer)
    may_decide = unsettled and sight.reaches(Action.DECIDE, officer) and not own and not _is(officer)
    items = _items(found["statement_id"], officer)
    return show(
        "contest.html",
        title="Contest",
        status=_status(error),
        error=error,
        typed=typed,
        contest=found,
        who=rapport().records.who(sight, officer),
        items=items,
        corrected=_items(found["reissued_id"], officer) if found["reissued_id"] else [],
        own=own,
        may_decide=may_decide,
        rates_it=sight.user is not None and any(one["rater"] == sight.user.agent for one in items),
        value=_value(found, officer) if may_decide else None,
        names=_names(),
        longest=LONGEST,
    )


def _item_page(statement: str, error: LrsError | None = None, **typed: str) -> tuple[str, int]:
    sight = asking()
    # Whether it is an item of one's own record is asked first: of others nothing is told.
    item = rapport().contests.item(sight, Action.CONTEST, statement, _own())
    items = _items(statement, item.officer)
    states = {one["state"] for one in items[0]["contests"] if one["statement_id"] == statement}
    return show(
        "contest_item.html",
        title="Contest or reply",
        status=_status(error),
        error=error,
        typed=typed,
        statement=statement,
        items=items,
        officer=item.officer,
        contested=ContestState.OPEN in states,
        refused=ContestState.REFUSED in states,
        voided=item.voided,
        names=_names(),
        longest=LONGEST,
    )


def _items(statement: str, officer: str) -> list[_Dict]:
    """What a statement says of somebody."""
    found = rapport().records.evidence_in(asking(), statement)
    return [one for one in found if one["subject"] == officer]


def _names() -> dict[object, str]:
    """What the rubrics call their competencies and, by both ids, their indicators."""
    rubrics = rapport().profiles.in_force(as_of()).rubrics
    names: dict[object, str] = {name: rubric.name for name, rubric in rubrics.items()}
    for name, rubric in rubrics.items():
        names |= {(name, one.id): one.name for one in rubric.indicators}
    return names


def _value(found: _Dict, officer: str) -> Correctable | None:
    """What can be corrected in the item."""
    item = rapport().contests.item(asking(), Action.DECIDE, found["statement_id"], officer)
    return None if item.voided else item.value


def _is(officer: str) -> bool:
    """Whether who asks is this person: nobody decides a contest of their own."""
    user = asking().user
    return user is not None and user.agent == officer


def _own() -> str:
    """The agent key under which who asks has a record; whoever has none is refused it."""
    user = asking().user
    return "" if user is None else user.agent


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")


def _status(error: LrsError | None) -> int:
    if error is None:
        return 200
    return 409 if isinstance(error, Conflict) else 400
