"""The audit log: who read whose record and who changed what, page by page, verified, and whole as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response

from lrs.cohort.roster import short_name
from lrs.errors import BrokenChain, Detail, InvalidParameter, LrsError
from lrs.services.access.permissions import Action, Reach
from lrs.services.audit import SYSTEM
from lrs.services.reports import instant
from lrs.stores.audit import AuditQuery
from lrs.web.dashboard.page import asked, asking, show
from lrs.web.state import rapport

PAGE = 100
ACTIONS = (
    *(
        "read profile",
        "read explanation",
        "read evidence",
        "read statement",
        "read statements",
        "read contests",
    ),
    *("read cohort", "read profiles", "read roster", "read comparison"),
    *(f"read report {name}" for name in ("gaps", "trend", "vr_field", "raters", "flat", "stale")),
    *("contest", "withdraw contest", "grant contest", "refuse contest", "rejoinder"),
    *("sign in", "sign out", "sign-in refused", "locked out", "change password", "refused"),
    *("create user", "change user", "set password", "disable user", "enable user"),
    *("create key", "revoke key", "change roster", "export audit log"),
)
"""What is offered to be asked for; anything may be."""
_SUBJECTS = 3
"""People of an entry that are named; the export has them all."""
_DAY_US = 24 * 60 * 60 * 1_000_000
_Actors = Mapping[str, str]


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/audit", "audit", audit)
    pages.add_url_rule("/audit/export", "audit_export", export)


def audit() -> tuple[str, int]:
    """A page of it, newest first; with `verify` whether the chain holds."""
    actors = _actors()
    entries: list[dict[str, Any]] = []
    error: LrsError | None = None
    try:
        entries = rapport().audit.page(asking(), _query())
    except InvalidParameter as exc:
        error = exc
    verified, broken = _verified()
    return show(
        "audit.html",
        title="Audit log",
        status=400 if error else 409 if broken else 200,
        entries=[_told(one, actors) for one in entries[:PAGE]],
        older=entries[PAGE - 1]["number"] if entries[PAGE:] else None,
        actors=actors if _sees_all() else {},
        actions=ACTIONS,
        error=error,
        verified=verified,
        broken=broken,
        all=_sees_all(),
    )


def export() -> Response:
    """Every entry as JSON lines, oldest first, as one may see it."""
    lines = _lines(rapport().audit.export(asking()))
    response = Response(lines, content_type="application/x-ndjson; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit-log.jsonl"'
    return response


def _lines(entries: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    for one in entries:
        yield json.dumps(one, ensure_ascii=False).encode() + b"\n"


def _query() -> AuditQuery:
    """What the filters say. Raises `InvalidParameter`, and as `Records.officer`."""
    person, until = asked("person"), instant("until", asked("until"))
    return AuditQuery(
        subject=None if person is None else rapport().records.officer(asking(), person, Action.READ_AUDIT),
        actor=asked("actor"),
        action=asked("action"),
        since_us=instant("since", asked("since")),
        until_us=None if until is None else until + _DAY_US,  # that day is meant whole
        before=_before(),
        limit=PAGE + 1,
    )


def _before() -> int | None:
    text = asked("before")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**63:
        raise InvalidParameter(
            "The page goes on from the number of an entry.", [Detail("before", text[:100], "a number ≥ 1")]
        )
    return int(text)


def _verified() -> tuple[Mapping[str, Any] | None, LrsError | None]:
    """Entries and newest hash, or what is broken; nothing unless it is asked for."""
    if asked("verify") is None:
        return None, None
    try:
        return rapport().audit.verify().as_dict(), None
    except BrokenChain as exc:
        return None, exc


def _sees_all() -> bool:
    return asking().officers(Action.READ_AUDIT) is None


def _actors() -> _Actors:
    """How those who act are shown: by name, or, to who sees pseudonyms, by role and id."""
    hidden = asking().reach_of(Action.READ_AUDIT) is Reach.PSEUDONYMS
    found = {SYSTEM: "the command line of the server"}
    for user in rapport().users.listed():
        role = user.role.value.replace("_", " ")
        found[f"user:{user.id}"] = f"{role} {user.id}" if hidden else f"{user.name} ({role})"
    for key in rapport().access.keys():  # noqa: SIM118 (no mapping)
        found[f"key:{key.id}"] = f"key of {key.name}"
    return found


def _told(entry: Mapping[str, Any], actors: _Actors) -> dict[str, Any]:
    """An entry, and how its line reads."""
    subjects = entry["subjects"]
    return {
        **entry,
        "who": actors.get(entry["actor"], entry["actor"]),
        "people": [(one, short_name(one)) for one in subjects[:_SUBJECTS]],
        "more": max(len(subjects) - _SUBJECTS, 0),
        "details": [
            f"{name.replace('_', ' ')}: {_shown(value)}"
            for name, value in entry["detail"].items()
            if value not in ("", [])
        ],
    }


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return short_name(value) if isinstance(value, str) else str(value)
