"""Making a database: what there is afterwards, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lrs.errors import ConfigError, Conflict, StoreMismatch
from lrs.stores.base import EvidenceQuery
from lrs.stores.contract_samples import FOREVER, evidence, finding, statement, submission
from lrs.stores.contract_users import OFFICER
from lrs.stores.mongo.cluster import Cluster
from lrs.stores.mongo.models import MODELS, Clock, Found, Statement, indexes_of, name_of
from lrs.stores.mongo.rows import packed
from lrs.stores.mongo.store import MongoStore


@pytest.fixture
def cluster(url: str) -> Iterator[Cluster]:
    cluster = Cluster(url)
    yield cluster
    cluster.close()


def test_every_declared_index_is_there(store: MongoStore, cluster: Cluster) -> None:
    for model in MODELS:
        declared = {index.document["name"] for index in indexes_of(model)}
        assert declared <= set(cluster[model].index_information())
    assert {name_of(model) for model in MODELS} <= set(cluster.database.list_collection_names())


def test_an_index_that_is_missing_is_told_and_made_again(store: MongoStore, cluster: Cluster) -> None:
    cluster[Found].drop_index("by_subject")
    health = store.health()
    assert "by_subject" in health["integrity"]
    assert [remark.bad for remark in store.remarks(health) if remark.fact == "integrity"] == [True]
    store.initialise()
    assert store.health()["integrity"] == "ok"


def test_an_index_of_an_older_version_gives_way_to_the_one_in_its_place(
    store: MongoStore, cluster: Cluster
) -> None:
    store.add(submission(statement()))
    cluster[Statement].drop_index("by_refers_to")
    older = {"refers_to": {"$exists": True}}
    cluster[Statement].create_index("refers_to", name="by_reference", partialFilterExpression=older)
    assert "by_refers_to" in store.health()["integrity"]
    store.initialise()
    store.initialise()
    there = cluster[Statement].index_information()
    assert "by_refers_to" in there
    assert "by_reference" not in there
    assert store.health()["integrity"] == "ok"


def test_who_refers_to_new_statements_is_looked_up_along_an_index(
    store: MongoStore, cluster: Cluster
) -> None:
    store.add(submission(*(statement() for _ in range(3))))
    wanted = {"refers_to": {"$in": [packed(statement().id) for _ in range(3)]}}
    asked = {"find": name_of(Statement), "filter": wanted}
    plan = str(cluster.database.command({"explain": asked, "verbosity": "queryPlanner"}))
    assert "'indexName': 'by_refers_to'" in plan
    assert "COLLSCAN" not in plan


def test_what_is_not_made_says_what_to_do(url: str) -> None:
    store = MongoStore(url)
    for ask in (store.ping, store.count_statements, store.consistent_through, store.health):
        with pytest.raises(StoreMismatch, match="lrs init"):
            ask()
    with pytest.raises(StoreMismatch, match="lrs init"):
        store.add(submission(statement()))
    store.close()


def test_a_store_of_a_newer_version_is_left_alone(store: MongoStore, cluster: Cluster) -> None:
    cluster[Clock].update_one({"_id": "clock"}, {"$set": {"schema": 99}})
    for ask in (store.ping, store.initialise, store.count_statements):
        with pytest.raises(StoreMismatch, match="newer version"):
            ask()
    with pytest.raises(StoreMismatch, match="newer version"):
        store.add(submission(statement()))
    assert cluster[Statement].find_one() is None


NEW_IN_2 = ("user", "session", "audit_log", "contest", "rejoinder", "refusal")


def test_a_store_of_schema_1_is_refused_until_it_is_initialised_and_keeps_everything(
    store: MongoStore, cluster: Cluster
) -> None:
    new = statement()
    store.add(submission(new, findings={new.id: [finding(evidence())]}))
    before = list(store.scan()), store.evidence(EvidenceQuery(as_of_us=FOREVER)), store.last_instant()
    for name in NEW_IN_2:
        cluster.database.drop_collection(name)
    cluster[Clock].update_one({"_id": "clock"}, {"$set": {"schema": 1}})
    for ask in (store.ping, store.count_statements, store.health):
        with pytest.raises(StoreMismatch, match="lrs init"):
            ask()
    with pytest.raises(StoreMismatch, match="lrs init"):
        store.add(submission(statement()))

    store.initialise()
    assert (
        list(store.scan()),
        store.evidence(EvidenceQuery(as_of_us=FOREVER)),
        store.last_instant(),
    ) == before
    health = store.health()
    assert (health["schema"], health["integrity"]) == (2, "ok")
    store.add_user(OFFICER)
    with pytest.raises(Conflict):
        store.add_user(replace(OFFICER, id="00000000000000a2"))
    store.add(submission(statement()))
    assert store.count_statements() == 2


def test_a_server_that_is_no_cluster_cannot_be_sharded(url: str, cluster: Cluster) -> None:
    store = MongoStore(url)
    with pytest.raises(ConfigError, match="mongos"):
        store.initialise(shard=True)
    assert cluster.database.list_collection_names() == []
    store.close()


def test_the_facts_say_which_topology_it_is(store: MongoStore, topology: str) -> None:
    health = store.health()
    assert health["topology"].startswith(topology)
    assert health["durability"] == "acknowledged by a majority, in the journal"
    assert abs(health["clock_apart_ms"]) < 60_000
    facts = {remark.fact for remark in store.remarks(health)}
    assert ("topology" in facts) is (topology == "standalone")


@pytest.mark.parametrize(
    ("different", "bad"),
    [
        ({"version": "5.0.3"}, True),
        ({"integrity": "something"}, True),
        ({"members": 2}, False),
        ({"shard_key": "none"}, False),
        ({"clock_apart_ms": -3_000}, False),
        ({"free_bytes": 5}, False),
    ],
)
def test_a_fact_that_is_not_as_it_should_be_comes_with_advice(
    store: MongoStore, different: dict[str, object], bad: bool
) -> None:
    fine = {
        "version": "8.0.1",
        "integrity": "ok",
        "topology": "replica set rs0",
        "members": 3,
        "clock_apart_ms": 3,
        "bytes": 1_000,
        "free_bytes": 10**12,
    }
    assert list(store.remarks(fine)) == []
    [remark] = store.remarks({**fine, **different})
    assert remark.fact in different
    assert remark.bad is bad
    assert remark.advice
