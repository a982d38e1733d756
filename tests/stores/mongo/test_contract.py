from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from lrs.stores.base import Store
from lrs.stores.contract import StoreContract
from lrs.stores.mongo.store import MongoStore
from tests.conftest import NewStore


class TestMongoStore(StoreContract):
    """Once for each topology."""

    # A new database takes longer than a new file.
    histories = 24

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        store = MongoStore(url)
        store.initialise()
        yield store
        store.close()

    @pytest.fixture
    def reopen(self, url: str) -> Iterator[Callable[[], Store]]:
        with ExitStack() as opened:

            def reopen() -> Store:
                store = MongoStore(url)
                opened.callback(store.close)
                return store

            yield reopen

    @pytest.fixture
    def fresh(self, mongo_store: NewStore, topology: str) -> Iterator[Callable[[], Store]]:
        with ExitStack() as made:

            def fresh() -> Store:
                # The one before is not needed any more.
                made.close()
                store = MongoStore(made.enter_context(mongo_store(topology)))
                made.callback(store.close)
                store.initialise()
                return store

            yield fresh
