"""People who sign in and their sessions, as rows and back."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from lrs.stores import people
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.sql import query
from lrs.stores.users import Role, Session, User


def adding(user: User) -> Work:
    """Keep a user; `Conflict` when the id, the name or the sign-on is taken."""
    row = user_row(user)

    def work(connection: sqlite3.Connection) -> None:
        if read_user(connection, user.id) is not None:
            raise people.id_taken("user", user.id)
        _check_unique(connection, user)
        connection.execute(query("insert_user"), row)

    return work


def swapping(expected: User, new: User) -> Work:
    """Put `new` in the place of `expected`, if that is still its revision; whether it was."""
    people.check_same_id(expected, new)
    row = {**user_row(new), "expected": expected.revision}

    def work(connection: sqlite3.Connection) -> bool:
        there = read_user(connection, expected.id)
        if there is None or there.revision != expected.revision:
            return False
        _check_unique(connection, new)
        return connection.execute(query("swap_user"), row).rowcount == 1

    return work


def _check_unique(connection: sqlite3.Connection, user: User) -> None:
    named = read_named(connection, user.name)
    if named is not None and named.id != user.id:
        raise people.name_taken(user)
    same = read_of_sign_on(connection, user.issuer, user.subject)
    if same is not None and same.id != user.id:
        raise people.sign_on_taken(user)


def read_user(connection: sqlite3.Connection, user_id: str) -> User | None:
    """The user, disabled or not."""
    return _one(connection.execute(query("user"), (user_id,)))


def read_named(connection: sqlite3.Connection, name: str) -> User | None:
    """The user of that name."""
    return _one(connection.execute(query("user_named"), (name,)))


def read_of_sign_on(connection: sqlite3.Connection, issuer: str, subject: str) -> User | None:
    """The user that an issuer knows as a subject; None where either is empty."""
    return _one(connection.execute(query("user_of_sign_on"), (issuer, subject)))


def read_users(connection: sqlite3.Connection) -> list[User]:
    """Everybody, in order of name."""
    return [_user(row) for row in connection.execute(query("users"))]


def adding_session(session: Session) -> Work:
    """Keep a session; `Conflict` when the token is another's."""
    key = bytes.fromhex(session.token_sha256)
    row = (key, session.user, session.created_us, session.seen_us, session.ends_us)

    def work(connection: sqlite3.Connection) -> None:
        if connection.execute(query("session"), (key,)).fetchone():
            raise people.token_taken()
        connection.execute(query("insert_session"), row)

    return work


def touching(token_sha256: str, seen_us: int) -> Work:
    """Note when a session was last used."""
    values = seen_us, bytes.fromhex(token_sha256)

    def work(connection: sqlite3.Connection) -> None:
        connection.execute(query("touch_session"), values)

    return work


def dropping(name: str, value: object) -> Work:
    """Delete sessions by one of the statements that do; how many there were."""

    def work(connection: sqlite3.Connection) -> int:
        return connection.execute(query(name), (value,)).rowcount

    return work


def read_session(connection: sqlite3.Connection, token_sha256: str) -> Session | None:
    """The session, ended or not."""
    row = connection.execute(query("session"), (bytes.fromhex(token_sha256),)).fetchone()
    if row is None:
        return None
    _, user, created, seen, ends = row
    return Session(token_sha256=token_sha256, user=user, created_us=created, seen_us=seen, ends_us=ends)


def user_row(user: User) -> dict[str, Any]:
    """Values of `insert_user`."""
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role.value,
        "agent": user.agent,
        "units": json.dumps(user.units, ensure_ascii=False),
        "password": user.password,
        "issuer": user.issuer,
        "subject": user.subject,
        "must_change": int(user.must_change),
        "created": user.created_us,
        "disabled": user.disabled_us,
        "failures": user.failures,
        "locked": user.locked_until_us,
        "revision": user.revision,
    }


def _one(rows: sqlite3.Cursor) -> User | None:
    row = rows.fetchone()
    return None if row is None else _user(row)


def _user(row: tuple[Any, ...]) -> User:
    key, name, role, agent, units, password, issuer, subject, must_change, *rest = row
    created, disabled, failures, locked, revision = rest
    return User(
        id=key,
        name=name,
        role=Role(role),
        agent=agent,
        units=tuple(json.loads(units)),
        password=password,
        issuer=issuer,
        subject=subject,
        must_change=bool(must_change),
        created_us=created,
        disabled_us=disabled,
        failures=failures,
        locked_until_us=locked,
        revision=revision,
    )
