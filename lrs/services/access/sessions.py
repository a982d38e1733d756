"""Signing in and out: passwords with a lock-out, the agency's own sign-on, sessions that are kept by the server."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from lrs.errors import Detail, InvalidParameter, TooManyTries, Unauthenticated
from lrs.services.access.passwords import hashed, judge, matches, outdated
from lrs.services.access.throttle import Throttle
from lrs.services.access.users import Users
from lrs.services.audit import Audit
from lrs.stores.base import AccessStore
from lrs.stores.users import Session, User, UserStore

_MINUTE_US = 60_000_000
FAILURES = 5
"""Wrong passwords in a row after which an account is locked …"""
LOCKED_MINUTES = 15
"""… for so long."""
_TOUCH_US = _MINUTE_US
"""The last use of a session is noted no more often than this: else each page would cost a write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long sessions last, and how often one address may try to sign in."""

    hours: int
    """From signing in to the end."""
    idle_minutes: int
    """Unused for so long, a session ends."""
    tries_a_minute: int
    """Of one address; 0: no limit."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, for the length of one request."""

    user: User
    session: Session
    csrf: str
    """What a form of theirs has to bring."""


class Sessions:
    """Begins, finds and ends them."""

    def __init__(
        self,
        store: UserStore,
        secrets_of: AccessStore,
        users: Users,
        audit: Audit,
        *,
        clock: Callable[[], int],
        terms: Terms,
    ) -> None:
        self._store = store
        self._secrets = secrets_of
        self._users = users
        self._audit = audit
        self._clock = clock
        self._terms = terms
        self._addresses = Throttle(terms.tries_a_minute, _MINUTE_US, clock=clock)

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The token of a new session.

        Raises `Unauthenticated`, the same for every reason, a locked name among them, so that nobody learns which names
        there are; `TooManyTries` of an address, whatever name it tried.
        """
        if not self._addresses.allowed(address):
            raise TooManyTries("Too many tries from this address; wait a minute.")
        user = self._store.user_named(name.strip().lower()[:100])
        if user is None or not self._may_try(user):
            matches(password, "")  # as long as it takes for a user who is not locked
            self._addresses.count(address)
            raise _wrong()
        if not matches(password, user.password) or user.disabled_us is not None:
            self._addresses.count(address)
            self._audit.note(f"user:{user.id}", "sign-in refused")
            raise _wrong()
        again = hashed(password) if outdated(user.password) else user.password
        let_in = self._users.swap(user.id, lambda one: _let_in(one, user, password=again))
        return self._begin(let_in, "password")

    def sign_in_by_sign_on(self, issuer: str, subject: str) -> str:
        """The token of a new session of whom the agency's own sign-on has vouched for. Raises `Unauthenticated`."""
        user = self._store.user_of_sign_on(issuer, subject)
        if user is not None and user.disabled_us is not None:
            self._audit.note(f"user:{user.id}", "sign-in refused", by="sign-on")
        if user is None or user.disabled_us is not None:
            raise Unauthenticated(
                "Your sign-on is known to the agency and to nobody here: an administrator has to make you a user.",
                [Detail("sub", subject[:200], "the subject of a user; see lrs user create --subject")],
            )
        return self._begin(user, "sign-on")

    def find(self, token: str | None) -> SignedIn | None:
        """Who has this token; None when nobody has, or the session has ended."""
        if not token or len(token) > 100:
            return None
        now_us, kept = self._clock(), _digest(token)
        session = self._store.session(kept)
        if session is None:
            return None
        idle_us = self._terms.idle_minutes * _MINUTE_US
        user = self._store.user(session.user)
        ended = now_us >= session.ends_us or now_us - session.seen_us >= idle_us
        if ended or user is None or user.disabled_us is not None:
            self._store.drop_sessions(token_sha256=kept)
            return None
        if now_us - session.seen_us >= _TOUCH_US:
            self._store.touch_session(kept, now_us)
        return SignedIn(user, session, self._csrf(kept))

    def sign_out(self, signed_in: SignedIn) -> None:
        """End a session, here and wherever else its token is."""
        self._store.drop_sessions(token_sha256=signed_in.session.token_sha256)
        self._audit.note(f"user:{signed_in.user.id}", "sign out")

    def change_password(self, signed_in: SignedIn, old: str, new: str) -> str:
        """Change one's own password. Every session ends, and the token of a new one is answered.

        Raises `Unauthenticated` for a wrong old one, `InvalidParameter` for a new one that will not do.
        """
        user = signed_in.user
        judge(new, user.name)
        if not self._may_try(user):
            self.sign_out(signed_in)
            raise _wrong()
        if not matches(old, user.password):
            self._audit.note(f"user:{user.id}", "change of password refused")
            raise _wrong()
        if matches(new, user.password):
            raise InvalidParameter(
                "That is the password of now.", [Detail("new", "the same password", "another one")]
            )
        kept = hashed(new)
        changed = self._users.swap(user.id, lambda one: _let_in(one, user, password=kept, must_change=False))
        self._store.drop_sessions(user=user.id)
        self._audit.note(f"user:{user.id}", "change password")
        return self._begin(changed, "password")

    def same_csrf(self, signed_in: SignedIn, sent: str) -> bool:
        """Whether a form brought what it has to."""
        return hmac.compare_digest(signed_in.csrf.encode(), sent.encode("utf-8", "surrogatepass"))

    def _may_try(self, user: User) -> bool:
        """Count a try before the password is looked at, so that many at once are no way around; False: locked."""
        now_us = self._clock()

        def counted(one: User) -> User:
            if one.locked_until_us is not None and now_us < one.locked_until_us:
                return one
            failures = 1 if one.locked_until_us is not None else one.failures + 1
            until = now_us + LOCKED_MINUTES * _MINUTE_US if failures > FAILURES else None
            return replace(one, failures=failures, locked_until_us=until)

        before = self._store.user(user.id)
        now = self._users.swap(user.id, counted)
        if now.locked_until_us is None:
            return True
        if before is not None and before.locked_until_us != now.locked_until_us:
            self._audit.note(f"user:{user.id}", "locked out", minutes=LOCKED_MINUTES)
        return False

    def _begin(self, user: User, by: str) -> str:
        now_us, token = self._clock(), secrets.token_urlsafe(32)
        session = Session(
            token_sha256=_digest(token),
            user=user.id,
            created_us=now_us,
            seen_us=now_us,
            ends_us=now_us + self._terms.hours * 60 * _MINUTE_US,
        )
        self._store.drop_ended_sessions(now_us)
        self._store.add_session(session)
        now = self._store.user(user.id)
        if now is None or now.password != user.password or now.disabled_us is not None:
            # Whoever changed that has ended every session there was; this one came a moment too late.
            self._store.drop_sessions(token_sha256=session.token_sha256)
            raise _wrong()
        self._audit.note(f"user:{user.id}", "sign in", by=by)
        return token

    def _csrf(self, token_sha256: str) -> str:
        return hmac.digest(self._secrets.server_secret("csrf"), token_sha256.encode(), hashlib.sha256).hex()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _let_in(now: User, looked_at: User, **changed: Any) -> User:
    """Somebody whose password was right. Raises `Unauthenticated` when that has changed, or they were disabled."""
    if now.password != looked_at.password or now.disabled_us is not None:
        raise _wrong()
    return replace(now, failures=0, locked_until_us=None, **changed)


def _wrong() -> Unauthenticated:
    return Unauthenticated(
        f"The name or the password is wrong. After {FAILURES} wrong passwords a name is locked for "
        f"{LOCKED_MINUTES} minutes."
    )
