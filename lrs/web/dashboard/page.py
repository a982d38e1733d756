"""What pages share: the frame with its navigation, filters that they read from the query, going back after a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lrs.cohort.roster import short_name
from lrs.services.access.permissions import Action
from lrs.services.access.sight import Sight
from lrs.services.reports import Whom
from lrs.web.auth import signed_in
from lrs.web.permissions import ENDPOINTS
from lrs.web.state import rapport
from lrs.xapi.timestamps import format_us

_NAVIGATION = (
    (
        "People",
        (("cohort", "Cohort"), ("gaps", "Gaps"), ("stale", "Going stale"), ("flat", "Not progressing")),
    ),
    (
        "Comparisons",
        (
            ("vr_field", "VR and field"),
            ("raters", "Raters"),
            ("surveys", "Unit surveys"),
            ("impact", "Group gaps"),
        ),
    ),
    ("Records", (("contests", "Contests"), ("statements", "Statements"))),
    ("Data", (("quality", "Data quality"), ("check", "Check a statement"))),
    (
        "Administration",
        (
            ("users", "Users"),
            ("keys", "Keys"),
            ("roster", "Roster"),
            ("plugins", "Plugins"),
            ("audit", "Audit log"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the navigation."""

    label: str
    url: str
    here: bool


def asking() -> Sight:
    """What who asks for this page may see; `lrs.web.permissions` has let them in."""
    found: Sight = g.sight
    return found


def show(template: str, *, title: str, status: int = 200, **context: Any) -> tuple[str, int]:
    """A page in the frame. `title`: what it is, for the tab and the heading."""
    return render_template(template, title=title, **frame(), **context), status


def frame() -> dict[str, Any]:
    """What the frame is drawn from: who is signed in, where they can go."""
    session = signed_in()
    sight = None if session is None else g.get("sight")
    return {
        "user": None if session is None else session.user,
        "csrf": "" if session is None else session.csrf,
        "may": _may(sight),
        "navigation": [] if sight is None else list(_navigation(sight)),
    }


def back(endpoint: str, message: str = "", **values: Any) -> Response:
    """Where a form leads when it is done: another page, which says so."""
    if message:
        flash(message)
    return redirect(url_for(f"dashboard.{endpoint}", **values), 303)


def asked(name: str) -> str | None:
    """A filter of the query; an empty one is none."""
    return request.args.get(name, "").strip() or None


def whom() -> Whom:
    """The filters that pages of a cohort share."""
    return Whom(unit=asked("unit"), phase=asked("phase"), trainer=asked("trainer"))


def as_of() -> int:
    """The instant that a page is about. Raises `InvalidParameter`."""
    return rapport().records.as_of(asked("as_of"))


def _may(sight: Sight | None) -> Mapping[str, bool]:
    """By the name of an action: whether it reaches anywhere."""
    return {action.name: sight is not None and sight.may(action) for action in Action}


def _navigation(sight: Sight) -> Iterator[tuple[str, list[Link]]]:
    here = (request.endpoint or "").rpartition(".")[2]
    for title, entries in _NAVIGATION:
        links = [
            Link(label, url_for(f"dashboard.{name}"), name == here)
            for name, label in entries
            if _open(sight, name)
        ]
        if (
            title == "People"
            and sight.user is not None
            and sight.user.role.value == "officer"
            and sight.user.agent
        ):
            own = url_for("dashboard.officer", agent=sight.user.agent)
            links.insert(0, Link("My record", own, here == "officer"))
        if links:
            yield title, links


def _open(sight: Sight, name: str) -> bool:
    needed = ENDPOINTS[f"dashboard.{name}"]
    return not isinstance(needed, Action) or sight.may(needed)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of a cohort offer."""

    selects: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    """Name of the parameter, label, (value, text) of each."""
    today: str


def choices(action: Action = Action.READ_COHORT) -> Choices:
    """Units, phases and training officers on the roster, as far as one may see."""
    members = rapport().records.roster_choices(asking(), action)
    return Choices(
        selects=(
            ("unit", "Unit", tuple((one, one) for one in members["units"])),
            ("phase", "Phase", tuple((one, one) for one in members["phases"])),
            ("trainer", "Training officer", tuple((one, short_name(one)) for one in members["trainers"])),
        ),
        today=format_us(rapport().records.as_of(None))[:10],
    )
