import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lrs.stores.group_commit import Job
from lrs.stores.sqlite import writer as writer_module
from lrs.stores.sqlite.in_flight import InFlight
from lrs.stores.sqlite.store import SqliteStore
from lrs.stores.sqlite.writer import Writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rapport.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    store.initialise()
    yield store
    store.close()


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """The connections that writers open from now on."""
    opened: list[sqlite3.Connection] = []
    open_writer = writer_module.open_writer

    def remembered(*args: Any) -> sqlite3.Connection:
        opened.append(open_writer(*args))
        return opened[-1]

    monkeypatch.setattr(writer_module, "open_writer", remembered)
    return opened


@pytest.fixture
def work(store: SqliteStore, path: Path) -> Iterator[Callable[..., list[Job]]]:
    """Has jobs done in one group, as if all had waited."""
    writer = Writer(path, InFlight(path), lambda: 1, 20)

    def work(*jobs: Job) -> list[Job]:
        writer.work(jobs)
        return list(jobs)

    yield work
    writer.close()
