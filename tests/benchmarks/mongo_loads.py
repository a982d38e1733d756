"""MongoDB: batches through the services, beside a bare `insert_many` of the same documents and indexes.

Both in this process, on one server: that of `LRS_TEST_MONGO_URI`, else one that is started for it, as in the tests.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pymongo import MongoClient, WriteConcern
from pymongo.database import Database

from lrs.config import Config
from lrs.services.ingest import Body
from lrs.services.wiring import Rapport
from lrs.xapi.versions import Version
from tests import mongo
from tests.benchmarks.figures import Load, Sample
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Cores, cpu_s, family, pinned
from tests.benchmarks.server import BASE_URL
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.transactions import in_transactions
from tests.benchmarks.writing import Measured

OURS = Load(name="mongo-500", concurrency=1, statements=500, stored=0)
BARE = Load(name="mongo-rows-500", concurrency=1, statements=500, stored=0)

# What stands in for MongoDB in tests takes seconds for a batch.
_LONGER = 4.0

Document = dict[str, Any]
Group = Mapping[str, Sequence[Document]]
"""What is written for one batch, by collection."""


def names() -> list[str]:
    """The names of the load and of its limit."""
    return [OURS.name, BARE.name]


def in_mongo(plan: Plan, cores: Cores) -> Measured:
    """One run of both; none where there is no server of MongoDB."""
    if not any(map(plan.wants, names())):
        return
    with tempfile.TemporaryDirectory(dir=plan.folder, prefix="mongo-") as folder:
        servers = mongo.Servers(Path(folder))
        try:
            with pinned(cores.server):
                server = servers.server()
            with server.database() as url:
                yield OURS, _through_services(plan, url)
                indexes, groups = _what_is_there(url)
            with server.database() as url:
                yield BARE, _bare(plan, url, indexes, groups)
        except mongo.Missing as missing:
            say(f"mongo: not measured, for {missing}.")
        finally:
            servers.close()


def _cpu_s() -> float:
    """Of this process, and of the server that it has started."""
    return cpu_s(family(os.getpid()))


def _through_services(plan: Plan, url: str) -> Sample:
    """Every batch as a request would bring it: parsed, validated, shown to all plugins, stored."""
    rapport = Rapport.open(Config(store=url, base_url=BASE_URL))
    try:
        rapport.store.initialise()
        key, secret = rapport.access.create_key("vendor")
        vendor = rapport.access.authenticate(key.id, secret)
        bodies = list(batches(lines(plan, 0, plan.rows), OURS.statements))
        return in_transactions(
            plan,
            bodies,
            lambda body: rapport.ingest.post(Body("application/json", body), Version.V1, vendor),
            _cpu_s,
            longer=_LONGER,
        )
    finally:
        rapport.store.close()


def _what_is_there(url: str) -> tuple[Mapping[str, Mapping[str, Any]], Sequence[Group]]:
    """The indexes of all collections that grew with the statements, and their documents by batch."""
    with MongoClient[Document](url) as client:
        database = client.get_default_database()
        found = {name: list(database[name].find()) for name in sorted(database.list_collection_names())}
        grown = {name: rows for name, rows in found.items() if rows and "stored" in rows[0]}
        indexes = {name: database[name].index_information() for name in grown}
    order = sorted(row["stored"] for row in grown["statement"])
    places = {stored: place // BARE.statements for place, stored in enumerate(order)}
    groups: list[dict[str, list[Document]]] = [{} for _ in range(max(places.values()) + 1)]
    for name, rows in grown.items():
        for row in rows:
            place = places.get(row["stored"], 0)
            groups[place].setdefault(name, []).append(row)
    return indexes, groups


def _bare(plan: Plan, url: str, indexes: Mapping[str, Mapping[str, Any]], groups: Sequence[Group]) -> Sample:
    """The same documents into collections with the same indexes, acknowledged as safely."""
    with MongoClient[Document](url) as client:
        database = client.get_default_database(write_concern=WriteConcern("majority", j=True))
        _make_indexes(database, indexes)

        def commit(group: Group) -> None:
            for name, rows in group.items():
                database[name].insert_many(rows)

        return in_transactions(plan, groups, commit, _cpu_s, longer=_LONGER)


def _make_indexes(database: Database[Document], indexes: Mapping[str, Mapping[str, Any]]) -> None:
    for collection, of_collection in indexes.items():
        for name, told in of_collection.items():
            if name != "_id_":
                options = {key: value for key, value in told.items() if key not in ("key", "v", "ns")}
                database[collection].create_index(told["key"], name=name, **options)
