"""Whether the database can be read and written, and facts about it for `lrs doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo.errors import ExecutionTimeout, OperationFailure

from lrs.stores.base import Remark
from lrs.stores.mongo.cluster import Cluster
from lrs.stores.mongo.models import (
    MODELS,
    SHARDED,
    Clock,
    Failed,
    Found,
    Statement,
    by,
    indexes_of,
    name_of,
)
from lrs.stores.mongo.units import CLOCK, check_schema

_PING = "ping"
_COUNT_MS = 20_000
_OLDEST = 6
_ENOUGH = 3
_APART_MS = 1_000
_LITTLE_BYTES = 1024**3


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
        found["shard_key"] = ", ".join(_sharded(cluster)) or "none"
    elif cluster.transactions:
        found["members"] = len(cluster.hello.get("hosts", ()))
    found |= {
        "clock_apart_ms": _apart_ms(cluster),
        "statements": clock["statements"],
        "evidence": clock["evidence"],
        "quarantined": clock["quarantined"],
        "integrity": "; ".join(_problems(cluster, clock)) or "ok",
    }
    return found


def remarks(health: Mapping[str, Any]) -> Iterator[Remark]:
    """What is to be done about the facts."""
    if health["integrity"] != "ok":
        advice = "Run `lrs init` for a missing index. For anything else stop the servers and compare with a backup."
        yield Remark("integrity", advice, bad=True)
    if int(health["version"].partition(".")[0]) < _OLDEST:
        yield Remark("version", f"Upgrade MongoDB to {_OLDEST}.0 or newer.", bad=True)
    if health["topology"] == "standalone":
        yield Remark(
            "topology",
            "Make it a replica set, if only of one: then there are transactions, and many can write.",
        )
    if health.get("members", _ENOUGH) < _ENOUGH:
        yield Remark(
            "members", "Three members keep what was acknowledged when a machine is lost; fewer do not."
        )
    if health.get("shard_key") == "none":
        yield Remark("shard_key", "Everything is on one shard: run `lrs init --shard` before it grows.")
    if abs(health["clock_apart_ms"]) > _APART_MS:
        yield Remark(
            "clock_apart_ms", "Set the clocks by NTP: the one ahead dates what all store from then on."
        )
    if health.get("free_bytes", health["bytes"]) < max(_LITTLE_BYTES, health["bytes"] // 10):
        yield Remark("free_bytes", "Make room: a full disk stops every write.")


def _apart_ms(cluster: Cluster) -> int:
    """By how many milliseconds our clock is ahead of the server's; the way there and back is in it."""
    said = cluster.client.admin.command("hello")["localTime"].replace(tzinfo=UTC)
    return int((datetime.now(UTC) - said).total_seconds() * 1_000)


def _sharded(cluster: Cluster) -> Iterator[str]:
    config = cluster.client["config"]["collections"]
    for model in SHARDED:
        try:
            row = config.find_one({"_id": f"{cluster.database.name}.{name_of(model)}"})
        except OperationFailure as error:
            yield f"not told ({error.code}): the user may not read the database config"
            return
        if row is not None and not row.get("dropped"):
            yield f"{name_of(model)} by {dict(row['key'])}"


def _problems(cluster: Cluster, clock: Mapping[str, Any]) -> Iterator[str]:
    for model in MODELS:
        there = set(cluster[model].index_information())
        missing = [index.document["name"] for index in indexes_of(model)]
        for name in sorted(set(missing) - there):
            yield f"the index {name} of {name_of(model)} is missing: run `lrs init`"
    if clock.get("debt"):
        yield "a process died while it wrote, and what it left is not taken back: `lrs init` does"
    try:
        statements = cluster[Statement].count_documents({"stored": by(clock["last"])}, maxTimeMS=_COUNT_MS)
    except ExecutionTimeout:
        # So many that the index is not read through in time.
        statements = clock["statements"]
    if statements != clock["statements"]:
        yield f"{clock['statements']} statements were counted, {statements} are there"
    for model in (Found, Failed):
        beyond = cluster[model].find_one(
            {"stored": {"$gt": clock["newest"], **by(clock["last"])}}, {"_id": 1}
        )
        if beyond is not None:
            yield f"{name_of(model)} has rows of statements that are not there"
