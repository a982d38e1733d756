from collections.abc import Iterator

import pytest

from lrs.stores.mongo.store import MongoStore
from tests import mongo
from tests.conftest import NewStore


@pytest.fixture(scope="session", params=mongo.TOPOLOGIES)
def topology(request: pytest.FixtureRequest) -> str:
    """Each in turn: a server with transactions and one without."""
    return str(request.param)


@pytest.fixture
def url(mongo_store: NewStore, topology: str) -> Iterator[str]:
    """A database that nobody has made yet."""
    with mongo_store(topology) as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[MongoStore]:
    store = MongoStore(url)
    store.initialise()
    yield store
    store.close()
