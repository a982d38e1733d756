"""There is no room left to write: nothing of a batch is stored, and all goes on when there is room again."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests import mongo
from tests.faults.vendors import Client, batch, ids_of, integrity, until
from tests.serving import Server, serving

NO_ROOM = 14031
WRITING = ("insert", "update", "delete", "findAndModify")


@contextmanager
def files_may_not_grow(server: Server) -> Iterator[None]:
    """Within it no file of these processes can become larger than it is."""
    file = Path(server.store.removeprefix("sqlite:///"))
    largest = max(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    processes = server.processes()
    for process in processes:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        for process in processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (hard, hard))


def refused_until_there_is_room(server: Server, full: AbstractContextManager[None]) -> str:
    """What is said meanwhile."""
    with Client(server, server.key("all")) as client:
        assert client.post(before := batch()) == 200
        large = json.dumps(later := batch(500)).encode()
        with full:
            error = client.told_to_come_again("POST", "/xapi/statements", large)
            assert client.ids() == set(ids_of(before))
            assert server.answers("/health")
        until(lambda: server.answers("/ready"))
        assert client.request("POST", "/xapi/statements", large)[0] == 200
        assert client.ids() == set(ids_of(before + later))
    assert error["code"] == "store_unavailable"
    assert integrity(server.store) == "ok"
    return str(error["message"])


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process can be set on Linux alone")
@pytest.mark.engines("sqlite")
def test_a_file_that_may_not_grow_takes_no_batch_and_takes_it_when_it_may(server: Server) -> None:
    refused_until_there_is_room(server, files_may_not_grow(server))


def test_a_server_of_mongodb_without_room_takes_no_batch_and_takes_it_when_there_is_some(
    tmp_path: Path, harmed: mongo.OwnServer, harmed_url: str
) -> None:
    with serving(tmp_path, harmed_url) as server:
        assert "no room" in refused_until_there_is_room(server, harmed.refusing(NO_ROOM, WRITING))
        with harmed.refusing(NO_ROOM, WRITING):
            assert not server.answers("/ready")
        until(lambda: server.answers("/ready"))
