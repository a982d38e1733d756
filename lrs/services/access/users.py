"""People who may sign in: made, changed, disabled; never deleted, for the audit log names them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lrs.errors import Conflict, Detail, InvalidParameter, NotFound
from lrs.services.access.passwords import generated, hashed, judge
from lrs.services.access.sight import EVERY_UNIT
from lrs.services.audit import SYSTEM, Audit
from lrs.stores.users import Role, User, UserStore
from lrs.xapi.actors import agent_from_key, agent_key
from lrs.xapi.timestamps import format_us

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}", re.ASCII)
_TRIES = 20


class Users:
    """Who they are and what they are. Each change says by whom it is made, and is in the audit log."""

    def __init__(self, store: UserStore, audit: Audit, *, clock: Callable[[], int]) -> None:
        self._store = store
        self._audit = audit
        self._clock = clock

    def create(
        self,
        name: str,
        role: str,
        *,
        agent: str = "",
        units: Sequence[str] = (),
        password: str | None = None,
        sign_on: tuple[str, str] | None = None,
        must_change: bool = True,
        by: str = SYSTEM,
    ) -> tuple[User, str]:
        """A new user and their password, which is not kept and cannot be shown again.

        Args:
            name: what they sign in with: 2 to 64 of a–z, 0–9 and `. _ @ + -`; upper case is taken as lower case.
            role: one of `Role`.
            agent: agent key under which statements and the roster know them; officers and training officers need one.
            units: of a supervisor, as the roster spells them; `*`: every unit.
            password: None: one is made.
            sign_on: (issuer, subject) of the agency's own sign-on; then there is no password, and "" is answered.
            must_change: a new password is asked for at the first sign-in.
            by: who makes them, as the audit log names one.

        Raises `InvalidParameter`, `Conflict` when the name or the sign-on is taken.
        """
        lower = _checked_name(name)
        user = User(
            id=secrets.token_hex(8),
            name=lower,
            role=_checked_role(role),
            agent=_checked_agent(agent),
            units=_checked_units(units),
            created_us=self._clock(),
        )
        _check_whole(user)
        if sign_on is not None:
            user = _with_sign_on(user, sign_on)
            self._store.add_user(user)
            self._made(by, user)
            return user, ""
        given = generated() if password is None else password
        judge(given, lower)
        user = replace(user, password=hashed(given), must_change=must_change)
        self._store.add_user(user)
        self._made(by, user)
        return user, given

    def listed(self) -> Sequence[User]:
        """Everybody, in order of name."""
        return self._store.users()

    def get(self, user_id: str) -> User | None:
        """By id."""
        return self._store.user(user_id)

    def named(self, name: str) -> User:
        """By what they sign in with. Raises `NotFound`."""
        found = self._store.user_named(name.strip().lower())
        if found is None:
            raise NotFound(f"There is no user {name}.", [Detail("name", name[:100], "the name of a user")])
        return found

    def actor(self, text: str) -> str:
        """How the audit log names whom somebody means: by a user's name, or as it names them itself.

        Raises `NotFound`.
        """
        return text if text == SYSTEM or text.startswith(("user:", "key:")) else f"user:{self.named(text).id}"

    def change(
        self,
        name: str,
        *,
        role: str | None = None,
        agent: str | None = None,
        units: Sequence[str] | None = None,
        sign_on: tuple[str, str] | None = None,
        by: str = SYSTEM,
    ) -> User:
        """Change what is not None; it counts from their next request on. Who is no supervisor any more has no units.

        Raises as `create`, `NotFound`, and `Conflict` for the last enabled administrator, who has to stay one.
        """

        def changed(user: User) -> User:
            new_role = user.role if role is None else _checked_role(role)
            kept = user.units if new_role is Role.SUPERVISOR else ()
            new = replace(
                user,
                role=new_role,
                agent=user.agent if agent is None else _checked_agent(agent),
                units=kept if units is None else _checked_units(units),
            )
            if sign_on is not None:
                new = _with_sign_on(new, sign_on)
            _check_whole(new)
            return new

        user = self._swap_leaving_an_administrator(self.named(name).id, changed)
        self._note(by, "change user", user, role=user.role.value, units=list(user.units), agent=user.agent)
        return user

    def set_password(
        self, name: str, password: str | None = None, *, must_change: bool = True, by: str = SYSTEM
    ) -> str:
        """Give somebody a new password (None: one is made), and answer it. Every session of theirs ends.

        Raises `NotFound`, `InvalidParameter`.
        """
        user = self.named(name)
        given = generated() if password is None else password
        judge(given, user.name)
        kept = hashed(given)
        self.swap(
            user.id,
            lambda one: replace(
                one, password=kept, must_change=must_change, failures=0, locked_until_us=None
            ),
        )
        self._store.drop_sessions(user=user.id)
        self._note(by, "set password", user)
        return given

    def disable(self, name: str, *, by: str = SYSTEM) -> User:
        """From now on they may not sign in, and every session of theirs ends.

        Raises `NotFound`, and `Conflict` for the last enabled administrator.
        """
        at_us = self._clock()
        user = self._swap_leaving_an_administrator(
            self.named(name).id, lambda one: replace(one, disabled_us=one.disabled_us or at_us)
        )
        self._store.drop_sessions(user=user.id)
        self._note(by, "disable user", user)
        return user

    def enable(self, name: str, *, by: str = SYSTEM) -> User:
        """They may sign in again, locked out or not. Raises `NotFound`."""
        user = self.swap(
            self.named(name).id,
            lambda one: replace(one, disabled_us=None, failures=0, locked_until_us=None),
        )
        self._note(by, "enable user", user)
        return user

    def _made(self, by: str, user: User) -> None:
        self._note(by, "create user", user, role=user.role.value, units=list(user.units), agent=user.agent)

    def _note(self, by: str, action: str, user: User, **detail: Any) -> None:
        self._audit.note(by, action, user=user.id, name=user.name, **detail)

    def _swap_leaving_an_administrator(self, user_id: str, changed: Callable[[User], User]) -> User:
        """Change a user, unless nobody would be left who can make and change users. Raises `Conflict`."""
        before = self._store.user(user_id)
        if before is None or not _administers(before):
            return self.swap(user_id, changed)

        def checked(user: User) -> User:
            new = changed(user)
            if not _administers(new) and not self._another_administers(user_id):
                raise _the_last()
            return new

        user = self.swap(user_id, checked)
        # Two who disable each other at the same time each saw the other still there: then both stay.
        if not _administers(user) and not self._another_administers(user_id):
            self.swap(
                user_id,
                lambda one: replace(
                    one,
                    role=before.role,
                    agent=before.agent,
                    units=before.units,
                    disabled_us=before.disabled_us,
                ),
            )
            raise _the_last()
        return user

    def _another_administers(self, user_id: str) -> bool:
        return any(_administers(one) for one in self._store.users() if one.id != user_id)

    def swap(self, user_id: str, changed: Callable[[User], User]) -> User:
        """Change a user as they are now, whoever else changes them at the same time. Raises `NotFound`."""
        for _ in range(_TRIES):
            user = self._store.user(user_id)
            if user is None:
                raise NotFound(f"There is no user {user_id}.", [Detail("user", user_id, "the id of a user")])
            new = replace(changed(user), revision=user.revision + 1)
            if self._store.swap_user(user, new):
                return new
        raise Conflict(f"The user {user_id} was changed by others all the while.")


def _administers(user: User) -> bool:
    """Whether they are an administrator who may sign in, locked out for a while or not."""
    return user.role is Role.ADMINISTRATOR and user.disabled_us is None


def _the_last() -> Conflict:
    return Conflict(
        "The last administrator cannot be disabled or given another role: nobody could make users any more.",
        [Detail("name", "the last enabled administrator", "another administrator first")],
    )


def user_as_dict(user: User) -> Mapping[str, Any]:
    """A user, JSON-ready, without what is secret."""
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role.value,
        "agent": user.agent,
        "units": list(user.units),
        "signs_in_by": "password" if user.password else "the agency's sign-on" if user.issuer else "nothing",
        "created": format_us(user.created_us),
        "disabled": None if user.disabled_us is None else format_us(user.disabled_us),
        "locked_until": None if user.locked_until_us is None else format_us(user.locked_until_us),
    }


def _checked_name(name: str) -> str:
    lower = name.strip().lower()
    if not _NAME.fullmatch(lower):
        raise InvalidParameter(
            "That is no name of a user.",
            [
                Detail(
                    "name",
                    repr(name)[:100],
                    "2 to 64 of a–z, 0–9 and . _ @ + -, with a letter or digit first",
                )
            ],
        )
    return lower


def _checked_role(role: str) -> Role:
    try:
        return Role(role.replace("-", "_").replace(" ", "_"))
    except ValueError as exc:
        roles = ", ".join(Role)
        raise InvalidParameter(
            f"There is no role {role[:100]}; roles: {roles}.", [Detail("role", role[:100], roles)]
        ) from exc


def _checked_agent(agent: str) -> str:
    if not agent:
        return ""
    try:
        return agent_key(agent_from_key(agent)) or ""
    except ValueError as exc:
        raise InvalidParameter(
            f"{agent[:200]} is no agent key.",
            [Detail("agent", agent[:200], "an agent key: mailto:…, account:NAME@HOMEPAGE, …")],
        ) from exc


def _checked_units(units: Sequence[str]) -> tuple[str, ...]:
    named = tuple(sorted({unit.strip() for unit in units if unit.strip()}))
    return (EVERY_UNIT,) if EVERY_UNIT in named else named


def _with_sign_on(user: User, sign_on: tuple[str, str]) -> User:
    issuer, subject = (text.strip() for text in sign_on)
    if not issuer or not subject:
        raise InvalidParameter(
            "The agency's own sign-on knows people by issuer and subject: both are needed.",
            [Detail("subject" if issuer else "issuer", "nothing", "the `iss` and `sub` of OpenID Connect")],
        )
    # A password beside it would be a way around the sign-on, and around the second factor that it may ask for.
    return replace(user, issuer=issuer, subject=subject, password="", must_change=False)


def _check_whole(user: User) -> None:
    """Raise `InvalidParameter` for a user whose role needs more, or less, than is said of them."""
    if user.role in (Role.OFFICER, Role.TRAINING_OFFICER) and not user.agent:
        raise InvalidParameter(
            f"A user in the role {user.role.value} needs an agent key: it is what ties them to the roster.",
            [Detail("agent", "nothing", "the agent key under which statements and the roster know them")],
        )
    if user.role is Role.SUPERVISOR and not user.units:
        raise InvalidParameter(
            "A supervisor needs a unit.",
            [Detail("units", "nothing", "units as the roster spells them, or * for every unit")],
        )
    if user.role is not Role.SUPERVISOR and user.units:
        raise InvalidParameter(
            f"A user in the role {user.role.value} has no units; they are a supervisor's.",
            [Detail("units", ", ".join(user.units), "nothing")],
        )
