"""People who sign in, and their sessions: what a store keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What a person is here. What each role may see and do: `lrs.services.access.permissions`."""

    OFFICER = "officer"
    TRAINING_OFFICER = "training_officer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who may sign in. Never deleted: the audit log names them."""

    id: str
    """16 hex digits."""
    name: str
    """What they sign in with, in lower case; no two have the same."""
    role: Role
    agent: str = ""
    """Agent key under which statements and the roster know them; empty: under none. An officer's own record."""
    units: tuple[str, ...] = ()
    """Of a supervisor: units as the roster spells them, in order; `*` alone: every unit."""
    password: str = ""
    """Argon2 hash in PHC form; empty: no password, only the agency's own sign-on."""
    issuer: str = ""
    """Of the agency's own sign-on (OpenID Connect `iss`); empty: none."""
    subject: str = ""
    """OpenID Connect `sub` at that issuer."""
    must_change: bool = False
    """The password was given by somebody else: a new one is asked for at the next sign-in."""
    created_us: int
    disabled_us: int | None = None
    """Since when they may not sign in."""
    failures: int = 0
    """Wrong passwords in a row."""
    locked_until_us: int | None = None
    """Too many of them: until then no password is looked at."""
    revision: int = 0
    """Goes up by one with each change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in. The token in the cookie is never kept."""

    token_sha256: str
    """Lower-case hex SHA-256 of the token."""
    user: str
    """Id of the user."""
    created_us: int
    seen_us: int
    """About when it was last used."""
    ends_us: int
    """When it ends, used or not."""


class UserStore(Protocol):
    """Users and sessions. Durable when a method returns, but for `touch_session`."""

    def add_user(self, user: User) -> None:
        """Keep a user; `Conflict` when the id, the name, or (where there is one) issuer with subject is taken."""

    def user(self, user_id: str) -> User | None:
        """The user, disabled or not."""

    def user_named(self, name: str) -> User | None:
        """By what they sign in with, in lower case."""

    def user_of_sign_on(self, issuer: str, subject: str) -> User | None:
        """By what the agency's own sign-on knows them as."""

    def users(self) -> Sequence[User]:
        """Everybody, in order of name."""

    def swap_user(self, expected: User, new: User) -> bool:
        """Put `new` (same id) in the place of `expected`, if that is still its revision, atomically; else False.

        `Conflict` when its name, or issuer with subject, is another user's. `new.revision` is kept as it is given.
        """

    def add_session(self, session: Session) -> None:
        """Keep a session; `Conflict` when its token is that of another."""

    def session(self, token_sha256: str) -> Session | None:
        """The session, ended or not, unless it was dropped. On the path of every page: one indexed read."""

    def touch_session(self, token_sha256: str, seen_us: int) -> None:
        """Note when it was last used; nothing when it is gone. Need not outlive a crash."""

    def drop_sessions(self, *, token_sha256: str | None = None, user: str | None = None) -> int:
        """Drop one session, or every one of a user; how many there were. Exactly one of the two is given."""

    def drop_ended_sessions(self, at_us: int) -> int:
        """Drop those that ended before an instant; how many."""
