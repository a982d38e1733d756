"""The roster: who is in training, where and with whom; and taking in a new one, tried out before it counts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from lrs.cohort.roster_changes import Fate
from lrs.errors import LrsError
from lrs.services.access.permissions import Action
from lrs.services.roster import RosterImport
from lrs.web.dashboard.page import asked, asking, back, choices, show
from lrs.web.state import rapport

_SHOWN = 500
"""Rows of a trial that are shown; beyond them only those that are refused."""


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/roster", "roster", roster)
    pages.add_url_rule("/roster", "import_roster", import_roster, methods=["POST"])


def roster() -> tuple[str, int]:
    """Who is on it, as far as one may see, and the form for a new one."""
    found = rapport().records.roster(
        asking(), unit=asked("unit"), phase=asked("phase"), trainer=asked("trainer")
    )
    return show(
        "roster.html",
        title="Roster",
        members=found,
        choices=choices(Action.READ_ROSTER),
        typed={"home_page": "", "replace": False, "skip_refused": False, "csv": ""},
    )


def import_roster() -> Response | tuple[str, int]:
    """Say what a file would do; with `confirm`, do it."""
    data = _sent()
    how: dict[str, Any] = {name: name in request.form for name in ("replace", "skip_refused")}
    home_page = request.form.get("home_page", "").strip()
    typed = {"home_page": home_page, **how, "csv": data.decode("utf-8", "replace")}
    confirmed = "confirm" in request.form
    try:
        done = rapport().records.import_roster(
            asking(), data, home_page=home_page or None, dry_run=not confirmed, **how
        )
    except LrsError as exc:
        return show("roster_trial.html", title="A new roster", status=400, error=exc, typed=typed, done=None)
    if done.stored:
        return back("roster", _told(done))
    told = done.as_dict()
    refused = bool(done.changes.refused) and not how["skip_refused"]
    return show(
        "roster_trial.html",
        title="A new roster",
        status=400 if refused else 200,
        typed=typed,
        done=told,
        rows=[row for n, row in enumerate(told["rows"]) if n < _SHOWN or row["fate"] == Fate.REFUSED],
        refused=refused,
    )


def _sent() -> bytes:
    """The file, or else what was pasted."""
    file = request.files.get("file")
    data = b"" if file is None else file.read()
    return data or request.form.get("csv", "").encode()


def _told(done: RosterImport) -> str:
    counts = done.as_dict()
    said = ", ".join(f"{counts[name]} {name}" for name in ("added", "changed", "removed", "refused"))
    return f"The roster is as the file says: {said}."
