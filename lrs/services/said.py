"""What officers said to items of their record, as answers tell of it: contests and rejoinders, beside the item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from lrs.stores.contests import Contest, ContestState, Rejoinder
from lrs.xapi.timestamps import format_us

Said = Mapping[str, Iterable[Mapping[str, Any]]]
"""`{"contests": […], "rejoinders": […]}`, JSON-ready."""


def contest_as_dict(contest: Contest, now_us: int) -> dict[str, Any]:
    """A contest as it stands, JSON-ready; `overdue` at that instant."""
    contest = _then(contest, now_us)
    open_now = contest.state is ContestState.OPEN
    return {
        "id": contest.id,
        "statement_id": contest.statement_id,
        "officer": contest.officer,
        "raised": format_us(contest.raised_us),
        "raised_by": contest.raised_by,
        "due": format_us(contest.due_us),
        "overdue": open_now and now_us > contest.due_us,
        "reason_given": contest.reason,
        "state": contest.state.value,
        "decided": None if contest.decided_us is None else format_us(contest.decided_us),
        "decided_by": contest.decided_by,
        "reasons": contest.reasons,
        "voiding_id": contest.voiding_id,
        "reissued_id": contest.reissued_id,
    }


def rejoinder_as_dict(rejoinder: Rejoinder) -> dict[str, Any]:
    """A rejoinder, JSON-ready."""
    return {
        "id": rejoinder.id,
        "statement_id": rejoinder.statement_id,
        "officer": rejoinder.officer,
        "written": format_us(rejoinder.written_us),
        "written_by": rejoinder.written_by,
        "text": rejoinder.text,
    }


def at_items(said: Said) -> dict[str, dict[str, list[Mapping[str, Any]]]]:
    """What was said, by the item it belongs to: statement id, then `contests` and `rejoinders`.

    What was said to an item that was reissued stands at the corrected one, too, before what was said to that.
    """
    own: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for kind in ("contests", "rejoinders"):
        for one in said[kind]:
            own.setdefault(one["statement_id"], {"contests": [], "rejoinders": []})[kind].append(one)
    before = _before(said)
    nothing: Mapping[str, list[Mapping[str, Any]]] = {"contests": [], "rejoinders": []}
    return {
        item: {
            kind: [one for each in reversed(chain(item, before)) for one in own.get(each, nothing)[kind]]
            for kind in nothing
        }
        for item in own.keys() | before.keys()
    }


def behind(ids: Iterable[str], said: Said) -> frozenset[str]:
    """These statements, and those in the place of which they were reissued."""
    before = _before(said)
    return frozenset(each for item in ids for each in chain(item, before))


def chain(item: str, before: Mapping[str, str]) -> list[str]:
    """A statement, the one in the place of which it was reissued, and so on back to the first."""
    found = [item]
    while (earlier := before.get(found[-1])) is not None and earlier not in found:
        found.append(earlier)
    return found


def _before(said: Said) -> dict[str, str]:
    """By the id of a corrected statement, the one in the place of which it stands."""
    return {one["reissued_id"]: one["statement_id"] for one in said["contests"] if one["reissued_id"]}


def _then(contest: Contest, as_of_us: int) -> Contest:
    """As it was at an instant; one that somebody is about to decide is open."""
    decided = contest.state is not ContestState.OPEN
    if decided and contest.decided_us is not None and contest.decided_us <= as_of_us:
        return contest
    return replace(
        contest,
        state=ContestState.OPEN,
        decided_us=None,
        decided_by="",
        reasons="",
        voiding_id="",
        reissued_id="",
    )
