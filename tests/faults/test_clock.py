"""The clocks of machines step back, and differ: what was stored later has the later `stored` all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lrs.stores.base import Store
from lrs.stores.contract_samples import evidence, finding, statement, submission
from lrs.stores.mongo.store import MongoStore
from lrs.stores.opening import open_store
from lrs.stores.sqlite.store import SqliteStore

NOON = 1_768_478_400_000_000
HOUR = 3_600_000_000

pytestmark = pytest.mark.engines("sqlite", "mongodb", "mongodb standalone")


class Clock:
    """Says what it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def opened(store_url: str) -> Iterator[Callable[[Clock], Store]]:
    """Opens the store as a machine with this clock does."""
    stores: list[Store] = []
    made = open_store(store_url)
    made.initialise()
    made.close()

    def opened(clock: Clock) -> Store:
        path = store_url.removeprefix("sqlite:///")
        stores.append(
            SqliteStore(path, clock=clock) if path != store_url else MongoStore(store_url, clock=clock)
        )
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


def add(store: Store) -> int:
    """Store a statement with evidence; its instant."""
    store.add(submission(new := statement(), findings={new.id: [finding(evidence())]}))
    kept = store.get(new.id)
    assert kept is not None
    return kept.stored_us


def test_a_clock_that_steps_back_by_an_hour_dates_nothing_back(opened: Callable[[Clock], Store]) -> None:
    clock = Clock()
    store = opened(clock)
    instants = [add(store)]
    clock.now -= HOUR
    instants += [add(store), add(store)]
    # A new start knows no more of the clock than what is stored.
    again = opened(clock)
    instants.append(add(again))
    clock.now = NOON + HOUR
    instants.append(add(again))
    assert instants == [NOON, NOON + 1, NOON + 2, NOON + 3, NOON + HOUR]
    assert store.health()["integrity"] == "ok"


def test_between_machines_an_hour_apart_instants_grow_and_nothing_comes_before_what_was_claimed(
    opened: Callable[[Clock], Store],
) -> None:
    ahead, behind = Clock(), Clock()
    behind.now -= HOUR
    machines = [opened(ahead), opened(behind)]
    given_out = [0]
    for turn in range(12):
        ahead.now += 100_000
        behind.now += 100_000
        store = machines[turn % 2]
        if turn % 3 == 2:
            claimed = store.consistent_through()
            assert claimed >= given_out[-1]
            given_out.append(claimed)
        else:
            instant = add(store)
            assert instant > given_out[-1]
            given_out.append(instant)
    for store in machines:
        kept = [one.stored_us for one in store.scan()]
        assert kept == sorted(set(kept))
        assert len(kept) == 8
