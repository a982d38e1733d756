"""The audit log in MongoDB: several processes, and who is too late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice

import pytest

from lrs.errors import StoreUnavailable
from lrs.stores.audit import sealed
from lrs.stores.contract_audit import BARE, RICH, chained
from lrs.stores.mongo import audit
from lrs.stores.mongo.cluster import Cluster
from lrs.stores.mongo.models import Logged
from lrs.stores.mongo.store import MongoStore
from tests.stores.appenders import acknowledged, appender, assert_one_chain


@pytest.fixture
def cluster(url: str) -> Iterator[Cluster]:
    cluster = Cluster(url)
    yield cluster
    cluster.close()


def test_processes_that_append_write_one_chain(store: MongoStore) -> None:
    with appender(store.url, "a", count=40) as one, appender(store.url, "b", count=40) as other:
        told = [*acknowledged(one), *acknowledged(other)]
    assert len(told) == 80
    assert_one_chain(store, told)


def test_a_process_that_is_killed_while_it_appends_leaves_a_chain(store: MongoStore) -> None:
    with appender(store.url, "a", count=0) as one:
        told = list(islice(acknowledged(one), 10))
        one.kill()
        told += acknowledged(one)
    store.append_audit(BARE)
    assert_one_chain(store, told, lost=2)


def test_who_finds_the_number_taken_seals_the_next_one(
    store: MongoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its look at the head and its writing, another was quicker: twice."""
    read_head = audit.read_head
    rivals = [RICH, BARE]

    def late(cluster: Cluster) -> object:
        head = read_head(cluster)
        if rivals:
            cluster[Logged].insert_one(audit.entry_row(sealed(head, rivals.pop(0))))
        return head

    monkeypatch.setattr(audit, "read_head", late)
    assert store.append_audit(RICH).number == 3
    monkeypatch.undo()
    assert list(store.scan_audit()) == chained([RICH, BARE, RICH])


def test_who_is_always_too_late_is_told_to_come_again(
    store: MongoStore, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append_audit(BARE)
    monkeypatch.setattr(audit, "_PATIENCE_S", 0.05)
    monkeypatch.setattr(audit, "read_head", lambda _: None)
    with pytest.raises(StoreUnavailable, match="Others are writing"):
        store.append_audit(RICH)
    monkeypatch.undo()
    assert list(store.scan_audit()) == chained([BARE])
    with closing(MongoStore(store.url)) as other:
        assert other.append_audit(RICH).number == 2


def test_a_page_about_one_person_walks_their_index(store: MongoStore, cluster: Cluster) -> None:
    named = {
        name: [field for field, _ in index["key"]]
        for name, index in cluster[Logged].index_information().items()
    }
    assert named["by_subject"] == ["subjects", "_id"]
    assert named["by_actor"] == ["actor", "_id"]
    assert named["by_action"] == ["action", "_id"]
