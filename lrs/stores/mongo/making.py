"""Making the collections and indexes of a database, spreading them over shards, and clearing away what is left over."""

from __future__ import annotations

from datetime import timedelta

from pymongo.errors import DuplicateKeyError, OperationFailure

from lrs.errors import ConfigError
from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.files import Files
from lrs.stores.mongo.models import (
    MODELS,
    REPLACED,
    SHARDED,
    Clock,
    StoredAttachment,
    StoredDocument,
    indexes_of,
    name_of,
)
from lrs.stores.mongo.undo import settle_debts
from lrs.stores.mongo.units import CLOCK, SCHEMA, check_not_newer

_INDEX_NOT_FOUND = 27
_NAMESPACE_EXISTS = 48
_LEFT_OVER = timedelta(days=1)


def make(cluster: Cluster, files: Files, *, shard: bool) -> None:
    """Bring the database into the state of this version; doing it again changes nothing.

    Raises `ConfigError` when it is to be spread over shards and the server is none of a sharded cluster.
    """
    if shard and not cluster.sharded:
        raise ConfigError(
            f"The database cannot be sharded: the URL leads to a {cluster.topology}, not to the mongos of a sharded"
            " cluster."
        )
    clock = cluster[Clock].find_one({"_id": CLOCK})
    if clock is not None:
        check_not_newer(clock)
    _drop_replaced(cluster)
    _make_collections(cluster)
    if cluster.transactions:
        # It may have been a lone server when a process died.
        settle_debts(cluster)
    if shard:
        _spread(cluster)
    _make_clock(cluster)
    # Last: an older database is of this version once all is there that this version needs.
    cluster[Clock].update_one({"_id": CLOCK, "schema": {"$lt": SCHEMA}}, {"$set": {"schema": SCHEMA}})
    files.delete(_left_over(cluster))


def _drop_replaced(cluster: Cluster) -> None:
    """Before the new ones are made: some servers refuse two indexes of the same fields."""
    for model, names in REPLACED.items():
        for name in sorted(cluster[model].index_information().keys() & set(names)):
            try:
                cluster[model].drop_index(name)
            except OperationFailure as error:
                # Somebody else is doing it at the same time.
                if error.code != _INDEX_NOT_FOUND:
                    raise


def _make_collections(cluster: Cluster) -> None:
    there = set(cluster.database.list_collection_names())
    for model in MODELS:
        indexes = list(indexes_of(model))
        if indexes:
            cluster[model].create_indexes(indexes)
        elif name_of(model) not in there:
            try:
                cluster.database.create_collection(name_of(model))
            except OperationFailure as error:
                # Somebody else is making them at the same time.
                if error.code != _NAMESPACE_EXISTS:
                    raise


def _spread(cluster: Cluster) -> None:
    """By a hash of `_id`: with any other key, `_id` would not be kept unique."""
    name = cluster.database.name
    admin = cluster.client.admin
    admin.command({"enableSharding": name})
    spread = {name_of(model): "_id" for model in SHARDED} | {"fs.chunks": "files_id"}
    for collection, field in spread.items():
        # What is filled already is sharded only where the index is there.
        cluster.database[collection].create_index([(field, "hashed")])
        admin.command({"shardCollection": f"{name}.{collection}", "key": {field: "hashed"}})


def _make_clock(cluster: Cluster) -> None:
    counts = (
        "last",
        "dated",
        "newest",
        "turn",
        "statements",
        "evidence",
        "quarantined",
        "generations",
        "rebuilds",
    )
    new: Row = {"schema": SCHEMA, **dict.fromkeys(counts, 0), "holder": None, "debt": []}
    try:
        cluster[Clock].update_one({"_id": CLOCK}, {"$setOnInsert": new}, upsert=True)
    except DuplicateKeyError:
        return


def _left_over(cluster: Cluster) -> list[bytes]:
    """Files that no document names: what should have named them was not committed, a day ago or more."""
    now = cluster.client.admin.command("hello")["localTime"]
    old = {"uploadDate": {"$lt": now - _LEFT_OVER}}
    found = [row["_id"] for row in cluster.database["fs.files"].find(old, {"_id": 1})]
    named = {
        row["file"]
        for model in (StoredAttachment, StoredDocument)
        for row in cluster[model].find({"file": {"$exists": True}}, {"file": 1})
    }
    return [key for key in found if key not in named]
