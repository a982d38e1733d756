"""Servers to do harm to: MongoDB's apart from those that other tests share, and ours over any store."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pymongo import common

from tests import mongo
from tests.faults.proxy import Proxy, wire_to
from tests.serving import Server, serving

OwnMongo = Callable[..., mongo.OwnServer]
"""Gives the server of a topology (else one with transactions)."""


@pytest.fixture
def server(tmp_path: Path, store_url: str) -> Iterator[Server]:
    with serving(tmp_path, store_url) as running:
        yield running


# Without the second one what a transaction wrote is at first in the memory of the test server's process alone, whatever
# write concern was asked for. With it, it is on disk when it is acknowledged, as in MongoDB.
OPTIONS = ("--enable-test-commands", "--sync-on-commit")


@pytest.fixture(scope="session")
def harmed_mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnMongo]:
    """Servers of MongoDB that take orders to fail; each is started when it is first asked for."""
    running: dict[str, mongo.OwnServer] = {}
    with ExitStack() as stack:

        def give(topology: str = mongo.TOPOLOGIES[0]) -> mongo.OwnServer:
            if topology not in running:
                folder = tmp_path_factory.mktemp("harmed")
                try:
                    running[topology] = stack.enter_context(mongo.own_server(folder, topology, *OPTIONS))
                except mongo.Missing as missing:
                    if os.environ.get("CI"):
                        raise
                    pytest.skip(str(missing))
            return running[topology]

        yield give


@pytest.fixture(params=mongo.TOPOLOGIES)
def topology(request: pytest.FixtureRequest) -> str:
    """With transactions, and without."""
    return str(request.param)


@pytest.fixture
def harmed(harmed_mongo: OwnMongo, topology: str) -> mongo.OwnServer:
    """A server of MongoDB that a test may kill, if it starts it again."""
    return harmed_mongo(topology)


@pytest.fixture
def harmed_url(harmed: mongo.OwnServer) -> str:
    """A store there that nobody has made yet."""
    return new_database(harmed)


def new_database(server: mongo.OwnServer) -> str:
    """The URL of one that nobody drops: it goes with the server's folder, and dropping takes long."""
    return mongo.url_of(server.uri, f"harmed_{uuid.uuid4().hex[:16]}")


@pytest.fixture
def wire(harmed: mongo.OwnServer) -> Iterator[Proxy]:
    """A wire to it that can be cut."""
    with wire_to(harmed.port) as proxy:
        yield proxy


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver looks for a server that it has lost at once, and not every half second."""
    monkeypatch.setattr(common, "MIN_HEARTBEAT_INTERVAL", 0.01)
