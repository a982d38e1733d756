"""A commit to MongoDB is several commands: each of them in turn fails, is cut, or is the last before the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest

from lrs.errors import StoreUnavailable
from lrs.stores.base import Submission
from lrs.stores.contract_samples import (
    evidence,
    finding,
    reference,
    statement,
    submission,
    voiding,
)
from lrs.stores.mongo import undo, units
from lrs.stores.mongo.store import MongoStore
from tests import mongo
from tests.faults.proxy import Fault, Proxy, at
from tests.faults.vendors import until

# More than any commit has.
MOST_COMMANDS = 60
READING = ("find", "aggregate")
SHORT = "&serverMonitoringMode=poll&connectTimeoutMS=2000&socketTimeoutMS=2000"
NO_ROOM = 14031

pytestmark = pytest.mark.usefixtures("eager")


@pytest.fixture
def store(harmed_url: str) -> Iterator[MongoStore]:
    """The store as those see it who have a good connection."""
    store = MongoStore(harmed_url)
    store.initialise()
    yield store
    store.close()


@pytest.fixture
def wired(wire: Proxy, harmed_url: str) -> Callable[..., MongoStore]:
    """Opens the same store at the end of the wire; it waits so long for a server to be there."""
    return lambda wait_ms=2_000: MongoStore(
        f"{wire.url(harmed_url)}{SHORT}&serverSelectionTimeoutMS={wait_ms}"
    )


def new_batch(target: str) -> Submission:
    """Statements that touch every collection a commit can touch: one refers to `target`, one voids it."""
    beside, about, void = statement(), reference(target), voiding(target)
    found = {beside.id: [finding(evidence()), finding(failure="broken")]}
    return submission(void, about, beside, findings=found)


def check(store: MongoStore, before: list[str], batch: Submission, target: str) -> bool:
    """Whether the batch is there: the whole of it, or nothing; and everything else agrees with that."""
    *_, beside = ids = [one.id for one in batch.statements]
    listed = [one.id for one in store.scan()]
    there = listed != before
    assert listed == (before + ids if there else before)
    # Whoever writes next clears away what was left.
    store.add(submission(after := statement()))
    listed = [one.id for one in store.scan()]
    assert listed == [*before, *(ids if there else ()), after.id]
    assert store.health()["integrity"] == "ok"
    assert store.count_statements() == len(listed)
    assert len(store.evidence_in(beside)) == there
    [of_target] = store.evidence_in(target)
    assert (of_target.voided_us is not None) is there
    assert store.count_evidence() == store.generations()[0].evidence
    return there


def add_target(store: MongoStore) -> str:
    """A new statement with evidence in it."""
    store.add(submission(target := statement(), findings={target.id: [finding(evidence())]}))
    return target.id


def acknowledged(store: MongoStore, batch: Submission) -> bool:
    """Whether the store takes the batch; else it says what is wrong."""
    try:
        store.add(batch)
    except StoreUnavailable as error:
        return error.details == ()
    return True


def writes_of_a_commit(store: MongoStore, wired: MongoStore, wire: Proxy) -> list[int]:
    """Which commands of a commit write: what reads is asked again, and changes nothing."""
    batch = new_batch(add_target(store))
    wired.count_statements()
    wire.count_anew()
    wired.add(batch)
    numbers = [number for number, name in enumerate(wire.passed, 1) if name not in READING]
    assert 3 < len(numbers) < MOST_COMMANDS
    return numbers


@pytest.mark.parametrize(
    ("topology", "fault"),
    [
        ("replica set", Fault.CUT_COMMAND),
        ("replica set", Fault.CUT_ANSWER),
        # Without transactions nothing keeps off what comes when it was taken back already.
        ("replica set", Fault.LATE),
        ("standalone", Fault.CUT_COMMAND),
        ("standalone", Fault.LOST_ANSWER),
    ],
    indirect=["topology"],
)
def test_a_connection_that_is_cut_at_any_command_leaves_a_batch_whole_or_absent(
    store: MongoStore, wired: Callable[..., MongoStore], wire: Proxy, fault: Fault
) -> None:
    with closing(wired()) as cut:
        for number in writes_of_a_commit(store, cut, wire):
            batch = new_batch(target := add_target(store))
            before = [one.id for one in store.scan()]
            wire.count_anew(at(number, fault))
            taken = acknowledged(cut, batch)
            wire.count_anew()
            if wire.pass_on_late_ones():
                mongo.forget_the_dead(store.url)
            there = check(store, before, batch, target)
            assert there or not taken
            # The vendor sends it again.
            cut.add(batch)
            assert {one.id for one in batch.statements} <= {one.id for one in store.scan()}


def test_a_process_that_dies_at_any_command_leaves_nothing(
    store: MongoStore, wired: Callable[..., MongoStore], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A dead process asks no more whether it was committed.
    monkeypatch.setattr(units, "_PATIENCE_S", 0.5)
    with closing(wired()) as whole:
        numbers = writes_of_a_commit(store, whole, wire)
    for number in numbers:
        batch = new_batch(target := add_target(store))
        before = [one.id for one in store.scan()]
        with closing(wired(wait_ms=50)) as dying:
            dying.count_statements()
            wire.count_anew(at(number, Fault.GONE))
            taken = acknowledged(dying, batch)
        wire.come_back()
        mongo.forget_the_dead(store.url)
        assert check(store, before, batch, target) is taken
        assert len(store.add(batch)) == (0 if taken else len(batch.statements))


def test_who_was_writing_when_the_store_went_writes_as_soon_as_it_is_back(
    store: MongoStore, wired: Callable[..., MongoStore], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By far less than the minute for which MongoDB keeps a transaction, and a lone server's clock its holder.
    monkeypatch.setattr(units, "_PATIENCE_S", 5.0)
    monkeypatch.setattr(undo, "_PATIENCE_S", 5.0)
    with closing(wired(wait_ms=100)) as cut:
        for number in (1, 3, 6, 10):
            cut.count_statements()
            wire.count_anew(at(number, Fault.GONE))
            batch = new_batch(add_target(store))
            assert not acknowledged(cut, batch)
            wire.come_back()
            wire.count_anew()
            until(partial(acknowledged, cut, batch), patience_s=10)
            assert {one.id for one in batch.statements} <= {one.id for one in store.scan()}
    store.add(submission(statement()))
    assert store.health()["integrity"] == "ok"


WRITING = ["insert", "update", "delete", "findAndModify", "commitTransaction"]


def test_a_command_that_is_refused_for_want_of_room_leaves_nothing_of_a_batch(
    store: MongoStore, harmed: mongo.OwnServer
) -> None:
    for number in range(MOST_COMMANDS):
        batch = new_batch(target := add_target(store))
        before = [one.id for one in store.scan()]
        with harmed.refusing(NO_ROOM, WRITING, skip=number, times=1):
            taken = acknowledged(store, batch)
        assert check(store, before, batch, target) is taken
        assert len(store.add(batch)) == (0 if taken else len(batch.statements))
        if taken:
            return
    pytest.fail(f"a commit has more than {MOST_COMMANDS} commands")
