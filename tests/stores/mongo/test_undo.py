"""Writing on a server without transactions: who dies in the middle is cleared away after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from pymongo.errors import AutoReconnect

from lrs.cohort.roster import Member
from lrs.errors import StoreUnavailable
from lrs.stores.base import EvidenceQuery
from lrs.stores.contract_samples import FOREVER, evidence, finding, reference, statement, submission, voiding
from lrs.stores.mongo import undo
from lrs.stores.mongo.cluster import Cluster
from lrs.stores.mongo.models import Clock, MemberOf, Statement, Undo
from lrs.stores.mongo.store import MongoStore
from lrs.stores.mongo.units import CLOCK, Unit, Units
from lrs.xapi.query import StatementQuery


@pytest.fixture(scope="session")
def topology() -> str:
    """Only where there are no transactions."""
    return "standalone"


@pytest.fixture
def cluster(url: str) -> Iterator[Cluster]:
    cluster = Cluster(url)
    yield cluster
    cluster.close()


class Died(BaseException):
    """The process ends here, as if it was killed."""


def die(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nobody can take anything back: the process is dead."""

    def nothing(*_: object, **__: object) -> bool:
        return False

    monkeypatch.setattr(undo, "_let_go", nothing)


def dies_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die after so many steps that change something."""
    left = [steps]

    def wrap(name: str) -> None:
        real: Callable[..., object] = getattr(undo._Undoable, name)

        def step(self: object, *arguments: object, **more: object) -> object:
            if left[0] == 0:
                die(monkeypatch)
                raise Died
            left[0] -= 1
            return real(self, *arguments, **more)

        monkeypatch.setattr(undo._Undoable, name, step)

    for name in ("insert", "put", "update", "update_each", "delete", "finish"):
        wrap(name)


@pytest.mark.parametrize("steps", range(9))
def test_of_a_process_that_died_nothing_is_seen_and_the_next_clears_it_away(
    store: MongoStore, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    target = statement()
    store.add(submission(target, findings={target.id: [finding(evidence())]}))
    before = list(store.scan())
    about, void, beside = reference(target.id), voiding(target.id), statement()
    batch = submission(about, void, beside, findings={beside.id: [finding(evidence()), finding(failure="x")]})

    with monkeypatch.context() as patched:
        dies_after(steps, patched)
        with closing(MongoStore(store.url)) as dead, pytest.raises(Died):
            dead.add(batch)
        assert list(store.scan()) == before
        assert [one.id for one in store.find(StatementQuery()).statements] == [target.id]
        assert len(store.evidence(EvidenceQuery(as_of_us=FOREVER))) == 1
        assert store.count_statements() == 1
        assert store.quarantined(as_of_us=FOREVER) == []

    # Its time is over, whoever it was.
    cluster[Clock].update_one({"_id": CLOCK}, {"$set": {"until": 0}})
    store.add(submission(after := statement()))
    assert [one.id for one in store.scan()] == [target.id, after.id]
    assert cluster[Statement].count_documents({}) == 2
    assert cluster[Undo].count_documents({}) == 0
    assert store.health()["integrity"] == "ok"
    assert store.add(batch) == {about.id, void.id, beside.id}
    assert store.evidence_in(target.id)[0].voided_us is not None


def test_what_a_process_had_finished_stays_when_it_dies_before_it_throws_its_notes_away(
    store: MongoStore, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = statement()
    holder: list[str] = []
    real = undo._Undoable.finish

    def finish(self: undo._Undoable) -> None:
        holder.append(self._holder)
        real(self)
        die(monkeypatch)
        raise Died

    monkeypatch.setattr(undo._Undoable, "finish", finish)
    with closing(MongoStore(store.url)) as dead, pytest.raises(Died):
        dead.add(submission(new))
    monkeypatch.undo()
    assert cluster[Undo].count_documents({"holder": holder[0]}) > 0
    store.add(submission(statement()))
    assert store.get(new.id) is not None
    assert cluster[Undo].count_documents({}) == 0
    assert store.count_statements() == 2


def test_when_only_the_answer_was_lost_it_counts_as_done(
    store: MongoStore, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = undo._Undoable.finish

    def finish(self: undo._Undoable) -> None:
        real(self)
        raise AutoReconnect("the connection was lost")

    monkeypatch.setattr(undo._Undoable, "finish", finish)
    new = statement()
    assert store.add(submission(new)) == {new.id}
    assert store.get(new.id) is not None


def test_who_was_taken_for_dead_finishes_nothing(store: MongoStore, cluster: Cluster) -> None:
    units = Units(cluster)
    store.put_members([Member(officer="mailto:a@academy.example", phase="1")])

    def slow(unit: Unit) -> None:
        unit.put(MemberOf, [{"_id": "mailto:b@academy.example", "phase": "2"}])
        cluster[Clock].update_one({"_id": CLOCK}, {"$set": {"until": 0}})
        store.put_members([Member(officer="mailto:c@academy.example")])

    with pytest.raises(StoreUnavailable):
        units.do(slow)
    assert [one.officer for one in store.members()] == [
        "mailto:a@academy.example",
        "mailto:c@academy.example",
    ]


def test_who_waits_too_long_is_told_to_come_again(
    store: MongoStore, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "_PATIENCE_S", 0.05)
    cluster[Clock].update_one({"_id": CLOCK}, {"$set": {"holder": "somebody", "until": 2**53}})
    with pytest.raises(StoreUnavailable, match="Others are writing"):
        store.add(submission(statement()))
    last = store.last_instant()
    # Who has the clock may be dating statements now.
    assert store.consistent_through() == last
