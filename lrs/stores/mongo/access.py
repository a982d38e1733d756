"""Credentials, the server's own secrets, and the roster: a few small documents."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from lrs.cohort.roster import Member
from lrs.errors import Conflict, Detail, NotFound
from lrs.stores.base import Key
from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.models import KeyOf, MemberOf, Secret


def add_key(cluster: Cluster, key: Key) -> None:
    """Keep a key; `Conflict` when its id, or its name among keys in force, is taken."""
    try:
        cluster[KeyOf].insert_one(key_row(key))
    except DuplicateKeyError:
        if cluster[KeyOf].find_one({"_id": key.id}, {"_id": 1}) is not None:
            raise Conflict(f"The key id {key.id} is taken.", [Detail("id", key.id, "another id")]) from None
        raise Conflict(
            f"A key named {key.name} is in force.",
            [Detail("name", key.name, "another name, or revoke that key first")],
        ) from None


def revoke_key(cluster: Cluster, key_id: str, at_us: int) -> Key:
    """Revoke a key and answer it; `NotFound` when there is none."""
    change = {"$set": {"revoked": at_us, "in_force": False}}
    row = cluster[KeyOf].find_one_and_update(
        {"_id": key_id, "in_force": True}, change, return_document=ReturnDocument.AFTER
    )
    found = read_key(cluster, key_id) if row is None else _key(row)
    if found is None:
        raise NotFound(f"There is no key {key_id}.", [Detail("id", key_id, "the id of a key")])
    return found


def read_key(cluster: Cluster, key_id: str) -> Key | None:
    """The key, revoked or not."""
    row = cluster[KeyOf].find_one({"_id": key_id})
    return None if row is None else _key(row)


def read_keys(cluster: Cluster) -> list[Key]:
    """Every key, oldest first."""
    return sorted(map(_key, cluster[KeyOf].find()), key=lambda key: (key.created_us, key.id))


def key_row(key: Key) -> Row:
    """A key as a document."""
    return {
        "_id": key.id,
        "name": key.name,
        "secret_sha256": key.secret_sha256,
        "scopes": sorted(key.scopes),
        "created": key.created_us,
        "revoked": key.revoked_us,
        "in_force": key.revoked_us is None,
    }


def _key(row: Row) -> Key:
    return Key(
        id=row["_id"],
        name=row["name"],
        secret_sha256=bytes(row["secret_sha256"]),
        scopes=frozenset(row["scopes"]),
        created_us=row["created"],
        revoked_us=row["revoked"],
    )


def server_secret(cluster: Cluster, name: str) -> bytes:
    """The secret; made unless there is one."""
    made = {"$setOnInsert": {"value": secrets.token_bytes(32)}}
    while True:
        try:
            row = cluster[Secret].find_one_and_update(
                {"_id": name}, made, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            # Somebody else made it at the same time.
            continue
        if row is not None:
            return bytes(row["value"])


def read_members(
    cluster: Cluster, *, unit: str | None, phase: str | None, trainer: str | None
) -> list[Member]:
    """See `RosterStore.members`."""
    wanted = {"unit": unit, "phase": phase, "trainer": trainer}
    chosen = {name: value for name, value in wanted.items() if value is not None}
    return [member_of(row) for row in cluster[MemberOf].find(chosen).sort("_id", 1)]


def member_rows(members: Sequence[Member]) -> list[Row]:
    """Members as documents; of one officer the last."""
    rows = {
        one.officer: {
            "_id": one.officer,
            "name": one.name,
            "unit": one.unit,
            "phase": one.phase,
            "trainer": one.trainer,
            "start": one.start and one.start.isoformat(),
        }
        for one in members
    }
    return list(rows.values())


def member_of(row: Row) -> Member:
    """A document as a member."""
    start = row["start"]
    return Member(
        officer=row["_id"],
        name=row["name"],
        unit=row["unit"],
        phase=row["phase"],
        trainer=row["trainer"],
        start=None if start is None else date.fromisoformat(start),
    )
