"""`stored` and `consistent_through` with clocks that stand still, step back and differ."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.stores.contract_evidence import add_with
from lrs.stores.contract_mending import FOUND, MENDED
from lrs.stores.contract_rebuild import rebuilt
from lrs.stores.contract_samples import evidence, finding, statement, submission
from lrs.stores.sqlite.in_flight import InFlight
from lrs.stores.sqlite.store import SqliteStore

NOON = 1_768_478_400_000_000


class Clock:
    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(store: SqliteStore, path: Path) -> Iterator[Callable[[Clock], SqliteStore]]:
    """Opens the file with a clock."""
    stores: list[SqliteStore] = []

    def opened(clock: Clock) -> SqliteStore:
        stores.append(SqliteStore(path, clock=clock))
        return stores[-1]

    yield opened
    for one in stores:
        one.close()


def test_stored_is_read_from_the_clock(opened: Callable[[Clock], SqliteStore], clock: Clock) -> None:
    opened(clock).add(submission(new := statement()))
    kept = opened(clock).get(new.id)
    assert kept is not None
    assert kept.stored_us == NOON
    assert kept.raw.startswith(b'{"stored":"2026-01-15T12:00:00.000000Z",')


def test_a_clock_that_stands_still_or_steps_back_gives_increasing_instants(
    opened: Callable[[Clock], SqliteStore], clock: Clock
) -> None:
    store = opened(clock)
    for now in (NOON, NOON, NOON - 5_000_000, NOON + 1, NOON + 10):
        clock.now = now
        store.add(submission(statement(), statement()))
    assert [kept.stored_us - NOON for kept in store.scan()] == [0, 1, 2, 3, 4, 5, 6, 7, 10, 11]


def test_when_nobody_writes_it_is_consistent_through_now(
    opened: Callable[[Clock], SqliteStore], clock: Clock
) -> None:
    store = opened(clock)
    assert store.consistent_through() == NOON
    store.add(submission(statement()))
    clock.now = NOON + 60_000_000
    assert store.consistent_through() == NOON + 60_000_000


def test_while_another_process_writes_it_is_consistent_through_the_newest_statement(
    opened: Callable[[Clock], SqliteStore], clock: Clock, path: Path
) -> None:
    store = opened(clock)
    store.add(submission(statement()))
    clock.now = NOON + 60_000_000
    other = InFlight(path)
    with other.writing():
        assert store.consistent_through() == NOON
    assert store.consistent_through() == NOON + 60_000_000
    other.close()


def test_when_the_clock_stepped_back_it_is_consistent_through_the_newest_statement(
    opened: Callable[[Clock], SqliteStore], clock: Clock
) -> None:
    store = opened(clock)
    store.add(submission(statement()))
    clock.now = NOON - 60_000_000
    assert store.consistent_through() == NOON


# Each example makes a store of its own.
@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(-3, 3)), max_size=12))
def test_nothing_is_stored_at_or_before_what_was_claimed(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, bool, int]]
) -> None:
    path = tmp_path_factory.mktemp("clock") / "rapport.db"
    clocks = [Clock(), Clock()]
    stores = [SqliteStore(path, clock=clock) for clock in clocks]
    stores[0].initialise()
    claimed = 0
    for which, asks, step in steps:
        clocks[which].now += step
        if asks:
            claimed = max(claimed, stores[which].consistent_through())
        else:
            stores[which].add(submission(new := statement()))
            kept = stores[not which].get(new.id)
            assert kept is not None
            assert kept.stored_us > claimed
    for store in stores:
        store.close()


def test_while_another_process_writes_a_switch_can_be_seen_at_once(
    opened: Callable[[Clock], SqliteStore], clock: Clock, path: Path
) -> None:
    store = opened(clock)
    add_with(store, evidence())
    activation = store.activate(rebuilt(store, "2.0").number)
    other = InFlight(path)
    with other.writing():
        assert store.consistent_through() == activation.at_us == NOON + 1
    other.close()


# Each example makes a store of its own.
@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["ask", "add", "activate", "mend"]), st.integers(-3, 3)),
        max_size=15,
    )
)
def test_instants_are_given_out_in_order_whatever_for(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, str, int]]
) -> None:
    path = tmp_path_factory.mktemp("clock") / "rapport.db"
    clocks = [Clock(), Clock()]
    stores = [SqliteStore(path, clock=clock) for clock in clocks]
    stores[0].initialise()
    generation = rebuilt(stores[0], "2.0").number
    failed = [statement() for _ in steps]
    broken = {one.id: [finding(failure="broken")] for one in failed}
    stores[0].add(submission(*failed, findings=broken))
    claimed, given_out = 0, max((one.stored_us for one in stores[0].scan()), default=0)
    for (which, what, step), broke in zip(steps, failed, strict=True):
        clocks[which].now += step
        store = stores[which]
        if what == "ask":
            now = store.consistent_through()
            assert now >= given_out
            claimed = max(claimed, now)
            continue
        if what == "add":
            store.add(submission(new := statement()))
            [instant] = [one.stored_us for one in store.scan() if one.id == new.id]
        elif what == "activate":
            instant = store.activate(generation).at_us
        else:
            assert store.mend(broke.id, "communication", FOUND, MENDED)
            instant = store.evidence_in(broke.id)[0].mended_us or 0
        assert instant > max(claimed, given_out)
        given_out = instant
    for store in stores:
        store.close()
