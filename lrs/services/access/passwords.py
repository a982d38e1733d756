"""Passwords: made, judged, hashed with Argon2id (RFC 9106), verified in the same time whether there is one or not."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from lrs.errors import Detail, InvalidParameter

SHORTEST = 12
LONGEST = 256
"""Characters; more only cost the server time."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without what looks alike."""


def generated() -> str:
    """A password of 16 characters in groups of four: 93 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def judge(password: str, name: str) -> None:
    """Raise `InvalidParameter` for a password that will not do for a user of that name."""
    if not SHORTEST <= len(password) <= LONGEST:
        found = f"{len(password)} characters"
    elif name and name in password.casefold():
        found = "one that contains the name of the user"
    elif len(set(password)) < 5:
        found = "hardly any different characters"
    else:
        return
    raise InvalidParameter(
        f"The password will not do: it has {found}.",
        [Detail("password", found, f"{SHORTEST} to {LONGEST} characters, without the user's name")],
    )


def hashed(password: str) -> str:
    """Its Argon2id hash in PHC form, with a salt of its own."""
    return _hasher().hash(password)


def matches(password: str, known: str) -> bool:
    """Whether it is the password of a hash; with an empty hash never, after as long a time."""
    try:
        matched = _hasher().verify(known or _decoy(), password[:LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return matched and bool(known)


def outdated(known: str) -> bool:
    """Whether a hash was made with weaker parameters than those of now."""
    return _hasher().check_needs_rehash(known)


@cache
def _hasher() -> PasswordHasher:
    # OWASP's first choice of memory and passes for Argon2id; one lane, for there are as many workers as cores.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _decoy() -> str:
    """The hash of a password that nobody has."""
    return hashed(secrets.token_urlsafe(32))
