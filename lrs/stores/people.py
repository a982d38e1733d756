"""What is refused of users, sessions, contests and rejoinders, said alike by every engine."""

from __future__ import annotations

from lrs.errors import Conflict, Detail
from lrs.stores.contests import Contest
from lrs.stores.users import User


def id_taken(kind: str, wanted: str) -> Conflict:
    """The id of a new user, contest or rejoinder is that of another."""
    return Conflict(f"The {kind} id {wanted} is taken.", [Detail("id", wanted, "another id")])


def name_taken(user: User) -> Conflict:
    """Somebody else signs in with that name."""
    return Conflict(f"The name {user.name} is taken.", [Detail("name", user.name, "another name")])


def sign_on_taken(user: User) -> Conflict:
    """The agency's own sign-on knows somebody else as that."""
    return Conflict(
        f"The sign-on of {user.name} is that of another user.",
        [Detail("subject", f"{user.subject} at {user.issuer}", "one that no other user has")],
    )


def token_taken() -> Conflict:
    """Two sessions with one token; the token itself is not told."""
    return Conflict("The token of the session is taken.")


def contested_already(contest: Contest) -> Conflict:
    """An open contest of the same officer and statement is there."""
    return Conflict(
        f"Statement {contest.statement_id} is contested by this officer already.",
        [Detail("statement_id", "a contest that is open", "a decision on that one first")],
    )


def check_same_id(expected: User | Contest, new: User | Contest) -> None:
    """Raise `ValueError` when one is to be put in the place of another."""
    if new.id != expected.id:
        raise ValueError(f"{expected.id} cannot become {new.id}")


def check_one_given(token_sha256: str | None, user: str | None) -> None:
    """Raise `ValueError` unless it is said which sessions are to be dropped, in one way."""
    if (token_sha256 is None) is (user is None):
        raise ValueError("drop_sessions takes a token or a user")
