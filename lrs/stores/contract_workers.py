"""The contract of the parts of a rebuild: lent to workers, who may be slow, or die, or meet."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable

import pytest

from lrs.stores.base import Part, Store
from lrs.stores.contract_concurrency import together
from lrs.stores.contract_evidence import add_with, found
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_rebuild import LONG_US, begin, do_parts, everywhere, looked_at, take
from lrs.stores.contract_samples import evidence, finding, statement, submission, voiding


class WorkersContract(StoreFixtures):
    """Nothing is lost and nothing is found twice, whoever dies on the way."""

    def test_a_part_is_lent_to_one_worker_at_a_time(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add(submission(*[statement() for _ in range(5)]))
        begun = begin(store)
        other = reopen()
        parts = [take(one, begun, f"worker {place}") for place, one in enumerate((store, other, store))]
        assert len({part.number for part in parts}) == 3
        assert [part.worker for part in parts] == ["worker 0", "worker 1", "worker 2"]
        assert {part.rebuild for part in parts} == {begun.number}
        assert other.take_part(begun.number, "worker 3", lease_us=LONG_US) is None

    def test_a_part_whose_worker_did_not_finish_in_time_goes_to_another(self, store: Store) -> None:
        add_with(store, evidence())
        begun = begin(store)
        slow = take(store, begun, "slow", lease_us=0)
        quick = take(store, begun, "quick")
        assert (quick.number, quick.worker) == (slow.number, "quick")
        assert store.take_part(begun.number, "third", lease_us=LONG_US) is None
        assert not store.finish_part(slow, looked_at(store, slow, everywhere))
        assert store.finish_part(quick, looked_at(store, quick, everywhere))
        assert not store.finish_part(slow, looked_at(store, slow, everywhere))
        assert store.generations()[-1].evidence == 1

    def test_a_part_that_nobody_else_took_can_be_finished_late(self, store: Store) -> None:
        add_with(store, evidence())
        begun = begin(store)
        slow = take(store, begun, "slow", lease_us=0)
        assert store.finish_part(slow, looked_at(store, slow, everywhere))
        assert store.generations()[-1].evidence == 1

    def test_a_part_is_finished_once(self, store: Store) -> None:
        add_with(store, evidence())
        begun = begin(store)
        part = take(store, begun, "worker")
        assert store.finish_part(part, looked_at(store, part, everywhere))
        assert not store.finish_part(part, looked_at(store, part, everywhere))
        assert store.generations()[-1].evidence == 1

    def test_findings_of_another_source_are_refused_and_nothing_is_kept(self, store: Store) -> None:
        add_with(store, evidence())
        part = take(store, begin(store), "worker")
        [one] = store.scan_part(part)
        of_another = [finding(evidence(), version="2.0"), finding(evidence(), version="3.0")]
        with pytest.raises(ValueError, match="communication"):
            store.finish_part(part, [(one, of_another)])
        assert store.generations()[-1].evidence == 0
        assert store.finish_part(part, [(one, of_another[:1])])
        assert store.generations()[-1].evidence == 1

    def test_findings_in_statements_of_another_part_are_refused(self, store: Store) -> None:
        first, second = add_with(store, evidence()), add_with(store, evidence())
        part = take(store, begin(store, part_statements=1), "worker")
        [one] = store.scan_part(part)
        assert one.id == first.id
        with pytest.raises(ValueError, match=second.id):
            store.finish_part(part, [(second, everywhere(second))])

    def test_unknown_work_is_none(self, store: Store) -> None:
        assert store.rebuild(4_711) is None
        assert store.take_part(4_711, "worker", lease_us=LONG_US) is None
        part = Part(rebuild=4_711, number=0, after_us=-1, through_us=2**62, worker="worker")
        assert not store.finish_part(part, [])

    def test_workers_who_race_do_every_part_once(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add(submission(*[statement() for _ in range(60)]))
        begun = begin(store, part_statements=3)
        stores = [store, reopen()]

        def work(number: int) -> int:
            return do_parts(stores[number % 2], begun.number, everywhere, worker=f"worker {number}")

        assert sum(int(str(done)) for done in together(work)) == 20
        now = store.rebuild(begun.number)
        assert now is not None
        assert (now.done, now.generations[0].evidence) == (60, 60)
        store.activate(now.generations[0].number)
        assert [one.statement_id for one in found(store)] == [one.id for one in store.scan()]

    def test_who_begins_the_same_at_once_begins_one(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add(submission(*[statement() for _ in range(10)]))
        stores = [store, reopen()]
        begun = together(lambda number: begin(stores[number % 2]).number)
        assert len(set(begun)) == 1

    def test_workers_go_on_while_others_store_and_void(self, store: Store) -> None:
        targets = [add_with(store, evidence()) for _ in range(20)]
        begun = begin(store)

        def work_add_or_void(number: int) -> None:
            if number % 2:
                do_parts(store, begun.number, everywhere, worker=f"worker {number}")
            else:
                for target in targets[number::8]:
                    store.add(submission(voiding(target.id)))
                    add_with(store, evidence())

        together(work_add_or_void)
        store.activate(begun.generations[0].number)
        voided = {one.id for one in store.scan() if one.voided_us is not None}
        live = [one.id for one in store.scan() if one.stored_us > begun.through_us]
        now = [one.statement_id for one in found(store)]
        assert len(voided) == 10
        assert len(now) == len(set(now))
        assert set(now) == {one.id for one in targets} - voided | (set(live) & set(now))
        assert len(now) == 10 + 10
