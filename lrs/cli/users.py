"""`lrs user create`, `list`, `change`, `password`, `disable`, `enable`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json, show_table, when
from lrs.errors import Conflict, Detail, InvalidParameter
from lrs.services.access.sight import EVERY_UNIT
from lrs.services.access.users import user_as_dict
from lrs.stores.users import Role, User

if TYPE_CHECKING:
    from lrs.services.access.users import Users

_ROLES = ", ".join(role.value.replace("_", "-") for role in Role)
_agent_option = click.option(
    "--agent", metavar="KEY", help="Agent key under which statements and the roster know them."
)
_unit_option = click.option(
    "--unit",
    "units",
    multiple=True,
    metavar="UNIT",
    help="Unit of a supervisor, as on the roster; may be repeated; * for every unit.",
)
_issuer_option = click.option("--issuer", help="They sign in by the agency's own sign-on: its issuer.")
_subject_option = click.option("--subject", help="What that issuer knows them as (`sub`).")
_password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input. Default: one is made."
)


@click.group()
def user() -> None:
    """People who sign in to the dashboard: officers, training officers, supervisors, auditors, administrators."""


@user.command()
@click.argument("name")
@click.option("--role", required=True, metavar="ROLE", help=f"What they are: {_ROLES}.")
@_agent_option
@_unit_option
@_issuer_option
@_subject_option
@_password_option
@json_option
def create(
    *,
    name: str,
    role: str,
    agent: str | None,
    units: tuple[str, ...],
    issuer: str | None,
    subject: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make NAME a user. The password is shown now and never again; they choose another at the first sign-in."""
    sign_on = _sign_on(issuer, subject)
    if sign_on is not None and password_stdin:
        raise click.UsageError("--password-stdin is not for who signs in by the agency's own sign-on.")
    given = _read_password() if password_stdin else None
    with services() as rapport:
        made, password = rapport.users.create(
            name, role, agent=agent or "", units=units, password=given, sign_on=sign_on
        )
    if as_json:
        secret = {} if given is not None or sign_on is not None else {"password": password}
        show_json({**user_as_dict(made), **secret})
        return
    if sign_on is not None:
        say(f"User {made.name} signs in by the agency's own sign-on.")
    elif given is None:
        _show_password(made.name, password)
    else:
        say(f"User {made.name} is made, with the password that was given.")


@user.command("list")
@json_option
def list_users(as_json: bool) -> None:
    """Show everybody who may sign in, and who may not any more."""
    with services() as rapport:
        users = rapport.users.listed()
    if as_json:
        show_json([user_as_dict(one) for one in users])
        return
    show_table(("name", "role", "agent", "units", "signs in by", "state"), list(map(_line, users)))


@user.command()
@click.argument("name")
@click.option("--role", metavar="ROLE", help=f"What they are: {_ROLES}.")
@_agent_option
@_unit_option
@_issuer_option
@_subject_option
@json_option
def change(
    *,
    name: str,
    role: str | None,
    agent: str | None,
    units: tuple[str, ...],
    issuer: str | None,
    subject: str | None,
    as_json: bool,
) -> None:
    """Change what is given of user NAME; it counts from their next request on."""
    sign_on = _sign_on(issuer, subject)
    if role is None and agent is None and not units and sign_on is None:
        raise click.UsageError("Say what to change: --role, --agent, --unit, or --issuer with --subject.")
    with services() as rapport:
        changed = rapport.users.change(name, role=role, agent=agent, units=units or None, sign_on=sign_on)
    if as_json:
        show_json(user_as_dict(changed))
        return
    show_table(("name", "role", "agent", "units", "signs in by", "state"), [_line(changed)])


@user.command()
@click.argument("name")
@_password_option
@json_option
def password(name: str, password_stdin: bool, as_json: bool) -> None:
    """Give user NAME a new password, and end every session of theirs. They choose another at the next sign-in."""
    given = _read_password() if password_stdin else None
    with services() as rapport:
        new = rapport.users.set_password(name, given)
        name = rapport.users.named(name).name
    if as_json:
        show_json({"name": name} if given is not None else {"name": name, "password": new})
    elif given is None:
        _show_password(name, new)
    else:
        say(f"User {name} has the password that was given.")


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Let user NAME sign in no more, from now on; every session of theirs ends."""
    with services() as rapport:
        disabled = rapport.users.disable(name)
    say(f"User {disabled.name} may not sign in any more.")


@user.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let user NAME sign in again, disabled or locked out as they may be."""
    with services() as rapport:
        enabled = rapport.users.enable(name)
    say(f"User {enabled.name} may sign in.")


def one_of_each_role(users: Users, home_page: str) -> list[tuple[User, str]]:
    """A first user in each role, with a password; nobody when there are users already.

    `home_page`: of the accounts that stand for the officer and the training officer in statements.
    """
    if users.listed():
        return []
    agents = {role: f"account:{_named(role)}@{home_page}" for role in (Role.OFFICER, Role.TRAINING_OFFICER)}
    made = []
    for role in reversed(Role):
        units = (EVERY_UNIT,) if role is Role.SUPERVISOR else ()
        try:
            made.append(users.create(_named(role), role.value, agent=agents.get(role, ""), units=units))
        except Conflict:  # another `lrs init` makes them at this moment
            break
    return made


def show_passwords(made: Sequence[tuple[User, str]]) -> None:
    """Names, roles and passwords on standard output, the one time that they are known."""
    show_table(
        ("name", "role", "password"),
        [(one.name, one.role.value.replace("_", " "), secret) for one, secret in made],
    )


def _named(role: Role) -> str:
    return role.value.replace("_", "-")


def _sign_on(issuer: str | None, subject: str | None) -> tuple[str, str] | None:
    return None if issuer is None and subject is None else (issuer or "", subject or "")


def _read_password() -> str:
    """The first line of standard input."""
    text = sys.stdin.readline().rstrip("\r\n")
    if not text:
        raise InvalidParameter(
            "There is no password on standard input.", [Detail("password", "nothing", "one line")]
        )
    return text


def _show_password(name: str, secret: str) -> None:
    show_table(("name", "password"), [(name, secret)])
    say("Hand the password over now: it is stored only as a hash and cannot be shown again.")


def _line(one: User) -> tuple[str, ...]:
    units = "every unit" if one.units == (EVERY_UNIT,) else ", ".join(one.units)
    state = "in use" if one.disabled_us is None else f"disabled {when(one.disabled_us)}"
    by = str(user_as_dict(one)["signs_in_by"])
    return one.name, one.role.value.replace("_", " "), one.agent or "-", units or "-", by, state
