"""Whether the database can be read and written, and facts about it for `lrs doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from lrs.stores.mongo.cluster import Cluster
from lrs.stores.mongo.models import (
    MODELS,
    SHARDED,
    Clock,
    Failed,
    Found,
    Statement,
    Undo,
    by,
    indexes_of,
    name_of,
)
from lrs.stores.mongo.units import CLOCK, check_schema

_PING = "ping"


def ping(cluster: Cluster) -> None:
    """Write where a real write would go, and read the clock."""
    check_schema(cluster[Clock].find_one({"_id": CLOCK}))
    cluster[Clock].update_one({"_id": _PING}, {"$inc": {"turn": 1}}, upsert=True)


def facts(cluster: Cluster) -> Mapping[str, Any]:
    """Engine, version, topology, durability, sizes in bytes, counts, and what is wrong (`integrity`: ok, or what)."""
    clock = check_schema(cluster[Clock].find_one({"_id": CLOCK}))
    sizes = cluster.database.command("dbStats")
    found: dict[str, Any] = {
        "engine": "mongodb",
        "version": cluster.client.server_info()["version"],
        "database": cluster.database.name,
        "topology": cluster.topology,
        "schema": clock["schema"],
        "durability": "acknowledged by a majority, in the journal",
        "transactions": "yes" if cluster.transactions else "no: one process writes at a time, with undo",
        "bytes": int(sizes["storageSize"]),
        "index_bytes": int(sizes["indexSize"]),
    }
    if "fsTotalSize" in sizes:
        found["free_bytes"] = int(sizes["fsTotalSize"] - sizes["fsUsedSize"])
    if cluster.sharded:
        found["sharded"] = ", ".join(_sharded(cluster)) or "nothing"
    found |= {
        "clock_apart_ms": _apart_ms(cluster),
        "statements": clock["statements"],
        "evidence": clock["evidence"],
        "quarantined": clock["quarantined"],
        "integrity": "; ".join(_problems(cluster, clock)) or "ok",
    }
    return found


def _apart_ms(cluster: Cluster) -> int:
    """By how many milliseconds our clock is ahead of the server's; the way there and back is in it."""
    said = cluster.client.admin.command("hello")["localTime"].replace(tzinfo=UTC)
    return int((datetime.now(UTC) - said).total_seconds() * 1_000)


def _sharded(cluster: Cluster) -> Iterator[str]:
    config = cluster.client["config"]["collections"]
    for model in SHARDED:
        row = config.find_one({"_id": f"{cluster.database.name}.{name_of(model)}"})
        if row is not None and not row.get("dropped"):
            yield f"{name_of(model)} by {dict(row['key'])}"


def _problems(cluster: Cluster, clock: Mapping[str, Any]) -> Iterator[str]:
    for model in MODELS:
        there = set(cluster[model].index_information())
        missing = [index.document["name"] for index in indexes_of(model)]
        for name in sorted(set(missing) - there):
            yield f"the index {name} of {name_of(model)} is missing: run `lrs init`"
    if cluster[Undo].find_one({}, {"_id": 1}) is not None and clock.get("holder") is None:
        yield "a process died while it wrote: the next one to write takes that back"
    # In one order: what is stored meanwhile makes the second figure larger, never smaller.
    statements = cluster[Statement].count_documents({"stored": by(clock["last"])})
    if statements != clock["statements"]:
        yield f"{clock['statements']} statements were counted, {statements} are there"
    for model in (Found, Failed):
        beyond = cluster[model].find_one(
            {"stored": {"$gt": clock["newest"], **by(clock["last"])}}, {"_id": 1}
        )
        if beyond is not None:
            yield f"{name_of(model)} has rows of statements that are not there"
