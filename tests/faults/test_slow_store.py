"""The store is slow, or the way to it is bad: who would wait too long is told to come again."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.locking import held
from tests.faults.proxy import Command, Fault, Plan, Proxy
from tests.faults.vendors import Client, Notes, Vendors, batch, ids_of, integrity, until
from tests.serving import Server, serving

ANSWER_MS = 500
QUICK = f"&serverSelectionTimeoutMS=1000&connectTimeoutMS=1000&socketTimeoutMS={ANSWER_MS}"


@pytest.fixture
def wired(tmp_path: Path, wire: Proxy, harmed_url: str) -> Iterator[Server]:
    """A server at the end of a wire to MongoDB."""
    with serving(tmp_path, wire.url(harmed_url) + QUICK) as running:
        yield running


def test_a_store_that_is_slow_within_limits_is_waited_for(wired: Server, wire: Proxy) -> None:
    with Client(wired, wired.key("all")) as client:
        wire.delay_s = 0.02
        assert client.post(sent := batch()) == 200
        assert client.ids() == set(ids_of(sent))


def test_a_store_that_is_too_slow_is_not_waited_for_and_nothing_is_half_written(
    wired: Server, wire: Proxy
) -> None:
    with Client(wired, wired.key("all")) as client:
        assert client.post(before := batch()) == 200
        wire.delay_s = ANSWER_MS / 1_000 + 0.3
        late = batch()
        body = json.dumps(late).encode()
        said = [
            client.told_to_come_again("POST", "/xapi/statements", body),
            client.told_to_come_again("GET", "/ready"),
            client.told_to_come_again("GET", "/xapi/statements"),
        ]
        began = time.monotonic()
        assert wired.answers("/health")
        assert time.monotonic() - began < 1
        wire.delay_s = 0
        until(lambda: wired.answers("/ready"))
        stored = client.ids()
        assert stored in (set(ids_of(before)), set(ids_of(before + late)))
        until(lambda: client.request("POST", "/xapi/statements", body)[0] == 200)
        assert client.ids() == set(ids_of(before + late))
    for error in said:
        assert "MongoDB" in error["message"]
        assert error["code"] == "store_unavailable"


def some_are_cut(seed: int) -> Plan:
    """One command in thirty, at one point or another."""
    chance = random.Random(seed)

    def plan(_: Command) -> Fault | None:
        faults = (Fault.CUT_COMMAND, Fault.LOST_ANSWER, Fault.CUT_ANSWER)
        return chance.choice(faults) if chance.random() < 1 / 30 else None

    return plan


def test_vendors_lose_nothing_by_a_connection_that_is_cut_again_and_again(wired: Server, wire: Proxy) -> None:
    key = wired.key("all")
    wire.count_anew(some_are_cut(seed=1))
    with Vendors([wired], key, Notes()) as vendors:
        vendors.wait_for(25)
        wire.go_away()
        wire.come_back()
        vendors.wait_for(5)
        wire.count_anew()
    assert {status for status, *_ in vendors.refused} <= {503}
    with Client(wired, key) as client:
        vendors.notes.check(client.ids())
        assert client.post(batch()) == 200
    assert integrity(wired.store) == "ok"


@pytest.mark.engines("sqlite")
def test_while_another_process_has_the_file_writers_are_told_to_come_again_and_readers_are_served(
    server: Server,
) -> None:
    file = Path(server.store.removeprefix("sqlite:///"))
    with Client(server, server.key("all")) as client:
        assert client.post(before := batch()) == 200
        with held(file):
            error = client.told_to_come_again("POST", "/xapi/statements", json.dumps(batch()).encode())
            assert "locked" in error["message"]
            client.told_to_come_again("GET", "/ready")
            assert client.ids() == set(ids_of(before))
            assert server.answers("/health")
        until(lambda: server.answers("/ready"))
        assert client.post(batch()) == 200
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
