from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lrs.stores.base import Store
from lrs.stores.contract import StoreContract
from lrs.stores.sqlite.store import SqliteStore


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, path: Path) -> Iterator[Store]:
        store = SqliteStore(path)
        store.initialise()
        yield store
        store.close()

    @pytest.fixture
    def reopen(self, path: Path) -> Iterator[Callable[[], Store]]:
        opened: list[Store] = []

        def reopen() -> Store:
            opened.append(SqliteStore(path))
            return opened[-1]

        yield reopen
        for store in opened:
            store.close()

    @pytest.fixture
    def fresh(self, tmp_path: Path) -> Iterator[Callable[[], Store]]:
        made: list[Store] = []

        def fresh() -> Store:
            for store in made:
                store.close()
            made.append(SqliteStore(tmp_path / f"{len(made)}.db"))
            made[-1].initialise()
            return made[-1]

        yield fresh
        for store in made:
            store.close()
