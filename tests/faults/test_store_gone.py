"""The store is gone, and comes back: who asks meanwhile is told to come again, and nobody has to be restarted."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import mongo
from tests.faults.conftest import OwnMongo, new_database
from tests.faults.vendors import Client, Notes, Vendors, batch, ids_of, integrity, until
from tests.serving import Server, serving

PASSWORD = "p4ssw0rd-of-the-store"
STATE = "/xapi/activities/state?activityId=https%3A%2F%2Fexample.com%2F1&stateId=s&agent="
AGENT = "%7B%22mbox%22%3A%22mailto%3Aa%40example.com%22%7D"
SOON = "serverSelectionTimeoutMS=500&connectTimeoutMS=500"

Going = Callable[[], contextlib.AbstractContextManager[None]]
"""Within it the store is gone."""

pytestmark = pytest.mark.engines("sqlite", "mongodb", "mongodb standalone")


@pytest.fixture
def store_and_going(engine: str, tmp_path: Path, harmed_mongo: OwnMongo) -> Iterator[tuple[str, Going]]:
    """The URL of a store that can go: its folder is taken away, or its server is killed."""
    if engine == "sqlite":
        disk = tmp_path / "disk"
        disk.mkdir()

        @contextlib.contextmanager
        def unplugged() -> Iterator[None]:
            disk.rename(tmp_path / "elsewhere")
            yield
            (tmp_path / "elsewhere").rename(disk)

        yield f"sqlite:///{disk / 'served.db'}", unplugged
        return
    server = harmed_mongo(engine.partition(" ")[2] or mongo.TOPOLOGIES[0])

    @contextlib.contextmanager
    def killed() -> Iterator[None]:
        server.kill()
        try:
            yield
        finally:
            server.start()

    user = f"rapport-{uuid.uuid4().hex[:8]}"
    server.client.admin.command("createUser", user, pwd=PASSWORD, roles=["root"])
    url = new_database(server).replace("//", f"//{user}:{PASSWORD}@")
    yield f"{url}?authSource=admin&{SOON}", killed


@pytest.fixture
def going(store_and_going: tuple[str, Going]) -> Going:
    return store_and_going[1]


@pytest.fixture
def server(tmp_path: Path, store_and_going: tuple[str, Going]) -> Iterator[Server]:
    with serving(tmp_path, store_and_going[0]) as running:
        yield running


def test_while_the_store_is_gone_everybody_is_told_to_come_again_and_served_when_it_is_back(
    server: Server, going: Going, capfd: pytest.CaptureFixture[str]
) -> None:
    with Client(server, server.key("all")) as client:
        assert client.post(before := batch()) == 200
        with going():
            until(lambda: not server.answers("/ready"))
            said = [
                client.told_to_come_again("GET", "/ready"),
                client.told_to_come_again("GET", "/xapi/statements"),
                client.told_to_come_again("POST", "/xapi/statements", json.dumps(batch()).encode()),
                client.told_to_come_again("PUT", STATE + AGENT, b"{}"),
                client.told_to_come_again("GET", STATE + AGENT),
            ]
            assert server.answers("/health")
        until(lambda: server.answers("/ready"))
        assert client.ids() == set(ids_of(before))
        assert client.post(batch()) == 200
        assert client.request("PUT", STATE + AGENT, b"{}")[0] == 204
    assert {error["code"] for error in said} <= {"store_unavailable", "store_mismatch"}
    assert PASSWORD not in json.dumps(said)
    assert PASSWORD not in "".join(capfd.readouterr())


def test_vendors_that_come_again_lose_nothing_when_the_store_goes_in_the_middle(
    server: Server, going: Going
) -> None:
    key = server.key("all")
    with Vendors([server], key, Notes()) as vendors:
        for _ in range(2):
            vendors.wait_for(10)
            with going():
                vendors.wait_until_refused(4)
            vendors.wait_for(10)
    assert {status for status, *_ in vendors.refused} == {503}
    assert all(headers["Retry-After"] for *_, headers in vendors.refused)
    with Client(server, key) as client:
        vendors.notes.check(client.ids())
        assert client.post(batch()) == 200
    assert integrity(server.store) == "ok"
