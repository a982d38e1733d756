"""Users and keys: made, changed and taken out of use by an administrator.

A password or secret that is made here stands on the page that answers, once, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from lrs.cohort.roster import short_name
from lrs.errors import Conflict, Detail, InvalidParameter, LrsError
from lrs.services.access.keys import DEFAULT_SCOPES, SCOPES, key_as_dict
from lrs.services.access.sight import EVERY_UNIT
from lrs.services.access.users import user_as_dict
from lrs.services.wiring import now_us
from lrs.stores.users import Role, User
from lrs.web.dashboard.page import asked, asking, back, show
from lrs.web.state import rapport
from lrs.xapi.timestamps import format_us

ROLES: Mapping[Role, str] = {
    Role.OFFICER: "reads their own record, contests its items",
    Role.TRAINING_OFFICER: "reads the records of recruits who are assigned to them, decides contests",
    Role.SUPERVISOR: "reads the records of officers in their units, decides contests",
    Role.AUDITOR: "reads every record under pseudonyms, and the audit log",
    Role.ADMINISTRATOR: "makes users and keys, keeps the roster; reads nobody's record",
}
"""What each role is for, in a line."""


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/users", "users", users)
    pages.add_url_rule("/users", "create_user", create_user, methods=["POST"])
    pages.add_url_rule("/users/<name>", "change_user", change_user, methods=["POST"])
    pages.add_url_rule("/keys", "keys", keys)
    pages.add_url_rule("/keys", "create_key", create_key, methods=["POST"])
    pages.add_url_rule("/keys/<key>/revoke", "revoke_key", revoke_key, methods=["POST"])


def users() -> tuple[str, int]:
    """Everybody who may sign in; with `new` the form for one more, with `change` the forms about one."""
    if asked("new"):
        return _new_user()
    name = asked("change")
    if name is not None:
        return _one_user(rapport().users.named(name))
    listed = rapport().users.listed()
    return show(
        "users.html",
        title="Users",
        users=[(one, user_as_dict(one)) for one in listed],
        roles=ROLES,
        now=format_us(now_us()),
    )


def create_user() -> tuple[str, int]:
    """Make one. Their password stands on this answer alone."""
    form = request.form
    try:
        made, password = rapport().users.create(
            form.get("name", ""),
            form.get("role", ""),
            agent=_agent(form.get("agent", "")),
            units=_units(),
            sign_on=_sign_on(),
            by=asking().actor,
        )
    except LrsError as exc:
        return _new_user(exc)
    return show("user_made.html", title="A new user", status=201, made=made, password=password, new=True)


def change_user(name: str) -> Response | tuple[str, int]:
    """Do with one what the form says: `action` is change, password, disable or enable."""
    user = rapport().users.named(name)
    done = _ACTIONS.get(request.form.get("action", ""))
    try:
        if done is None:
            raise InvalidParameter(
                "The form does not say what to do.",
                [Detail("action", request.form.get("action", "nothing")[:100], ", ".join(_ACTIONS))],
            )
        return done(user)
    except LrsError as exc:
        return _one_user(user, exc)


def keys() -> tuple[str, int]:
    """Every key, and the form for one more."""
    return _keys()


def create_key() -> tuple[str, int]:
    """Make one. Its secret stands on this answer alone."""
    try:
        made, secret = rapport().access.create_key(
            request.form.get("name", ""), request.form.getlist("scope"), by=asking().actor
        )
    except LrsError as exc:
        return _keys(exc)
    return show("key_made.html", title="A new key", status=201, key=key_as_dict(made), secret=secret)


def revoke_key(key: str) -> Response:
    """Make one worthless."""
    revoked = rapport().access.revoke_key(key, by=asking().actor)
    return back("keys", f"The key of {revoked.name} is revoked: it counts no more, from this moment on.")


def status_of(error: LrsError | None) -> int:
    """The status of a form that is shown again."""
    return 200 if error is None else 409 if isinstance(error, Conflict) else 400


def _new_user(error: LrsError | None = None) -> tuple[str, int]:
    typed = {name: request.form.get(name, "") for name in ("name", "role", "agent", "subject")}
    return show(
        "user_new.html",
        title="A new user",
        status=status_of(error),
        error=error,
        typed=typed,
        chosen=_units() if error else (),
        **_offered(),
    )


def _one_user(user: User, error: LrsError | None = None) -> tuple[str, int]:
    changing = error is not None and request.form.get("action") == "change"
    typed = {
        "role": request.form.get("role", "") if changing else user.role.value,
        "agent": request.form.get("agent", "") if changing else user.agent,
        "subject": request.form.get("subject", "") if changing else "",
    }
    return show(
        "user_change.html",
        title=f"User {user.name}",
        status=status_of(error),
        error=error,
        one=user,
        told=user_as_dict(user),
        now=format_us(now_us()),
        typed=typed,
        chosen=_units() if changing else user.units,
        **_offered(user),
    )


def _offered(user: User | None = None) -> dict[str, Any]:
    """What the forms offer: roles, people and units of the roster, whether there is a sign-on of the agency's."""
    members = rapport().records.roster(asking())
    people = {one["officer"]: one["name"] for one in members}
    trainers = {one["trainer"] for one in members if one["trainer"]}
    units = {one["unit"] for one in members if one["unit"]} | set(user.units if user else ())
    return {
        "roles": ROLES,
        "officers": [(key, f"{short_name(key)} {name}".strip()) for key, name in sorted(people.items())],
        "trainers": [(key, f"{short_name(key)}, training officer") for key in sorted(trainers)],
        "units": sorted(units - {EVERY_UNIT}),
        "sign_on": rapport().config.oidc_label if rapport().config.oidc_issuer else "",
    }


def _change(user: User) -> Response:
    form = request.form
    rapport().users.change(
        user.name,
        role=form.get("role", ""),
        agent=_agent(form.get("agent", "")),
        units=_units(),
        sign_on=_sign_on(),
        by=asking().actor,
    )
    return back("users", f"User {user.name} is changed; it counts from their next page on.")


def _new_password(user: User) -> tuple[str, int]:
    password = rapport().users.set_password(user.name, by=asking().actor)
    return show("user_made.html", title="A new password", status=201, made=user, password=password, new=False)


def _disable(user: User) -> Response:
    rapport().users.disable(user.name, by=asking().actor)
    return back("users", f"User {user.name} may not sign in any more; every session of theirs has ended.")


def _enable(user: User) -> Response:
    rapport().users.enable(user.name, by=asking().actor)
    return back("users", f"User {user.name} may sign in.")


_ACTIONS: Mapping[str, Callable[[User], Response | tuple[str, int]]] = {
    "change": _change,
    "password": _new_password,
    "disable": _disable,
    "enable": _enable,
}


def _agent(text: str) -> str:
    """What was typed as an agent key; the name of somebody on the roster stands for theirs."""
    text = text.strip()
    if not text or ":" in text:
        return text
    members = rapport().roster.members()
    known = {one.officer for one in members} | {one.trainer for one in members if one.trainer}
    found = [key for key in known if short_name(key) == text]
    return found[0] if len(found) == 1 else text


def _units() -> Sequence[str]:
    """Units that are ticked, and those that are written, joined by commas."""
    return (*request.form.getlist("unit"), *request.form.get("more_units", "").split(","))


def _sign_on() -> tuple[str, str] | None:
    subject = request.form.get("subject", "").strip()
    return (rapport().config.oidc_issuer, subject) if subject else None


def _keys(error: LrsError | None = None) -> tuple[str, int]:
    found = [key_as_dict(one) for one in rapport().access.keys()]  # noqa: SIM118 (no mapping)
    return show(
        "keys.html",
        title="Keys",
        status=status_of(error),
        error=error,
        keys=sorted(found, key=lambda one: (one["revoked"] is not None, one["name"].casefold())),
        scopes=SCOPES,
        typed=request.form.get("name", ""),
        chosen=request.form.getlist("scope") if error else list(DEFAULT_SCOPES),
    )
