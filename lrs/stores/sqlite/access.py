"""Credentials and the server's own secrets, as rows and back."""

from __future__ import annotations

import secrets
import sqlite3
from functools import lru_cache
from typing import Any

from lrs.errors import Conflict, Detail, NotFound
from lrs.stores.base import Key
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.sql import query


def adding(key: Key) -> Work:
    """Keep a key; `Conflict` when its id, or its name among keys in force, is taken."""
    row = key_row(key)

    def work(connection: sqlite3.Connection) -> None:
        taken = connection.execute(query("key_taken"), {"id": key.id, "name": key.name}).fetchone()
        if taken and taken[0]:
            raise Conflict(f"The key id {key.id} is taken.", [Detail("id", key.id, "another id")])
        if taken and key.revoked_us is None:
            raise Conflict(
                f"A key named {key.name} is in force.",
                [Detail("name", key.name, "another name, or revoke that key first")],
            )
        connection.execute(query("insert_key"), row)

    return work


def key_row(key: Key) -> tuple[Any, ...]:
    """Values of `insert_key`."""
    return (key.id, key.name, key.secret_sha256, " ".join(sorted(key.scopes)), key.created_us, key.revoked_us)


def revoking(key_id: str, at_us: int) -> Work:
    """Revoke a key and answer it; `NotFound` when there is none."""

    def work(connection: sqlite3.Connection) -> Key:
        connection.execute(query("revoke_key"), {"id": key_id, "at": at_us})
        found = read_key(connection, key_id)
        if found is None:
            raise NotFound(f"There is no key {key_id}.", [Detail("id", key_id, "the id of a key")])
        return found

    return work


def making_secret(name: str) -> Work:
    """Make the secret unless another process has; answer the one that is kept."""

    def work(connection: sqlite3.Connection) -> bytes:
        connection.execute(query("insert_secret"), (name, secrets.token_bytes(32)))
        return bytes(connection.execute(query("secret"), (name,)).fetchone()[0])

    return work


def read_secret(connection: sqlite3.Connection, name: str) -> bytes | None:
    """The secret; None when it was never asked for."""
    row = connection.execute(query("secret"), (name,)).fetchone()
    return None if row is None else bytes(row[0])


def read_key(connection: sqlite3.Connection, key_id: str) -> Key | None:
    """The key, revoked or not."""
    row = connection.execute(query("key"), (key_id,)).fetchone()
    return None if row is None else _key(row)


def read_keys(connection: sqlite3.Connection) -> list[Key]:
    """Every key, oldest first."""
    # There are dozens: sorted here, with no index for it.
    return sorted(map(_key, connection.execute(query("keys"))), key=lambda key: (key.created_us, key.id))


@lru_cache(maxsize=1_000)
def _key(row: tuple[Any, ...]) -> Key:
    key_id, name, secret_sha256, scopes, created, revoked = row
    return Key(
        id=key_id,
        name=name,
        secret_sha256=secret_sha256,
        scopes=frozenset(scopes.split()),
        created_us=created,
        revoked_us=revoked,
    )
