"""The contract of generations: which there are, which is in force since when, and which are not wanted any more."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable

import pytest

from lrs.competency.evidence import RecordedEvidence
from lrs.errors import Conflict, NotFound
from lrs.stores.base import Activation, Generation, Kind, Store
from lrs.stores.contract_concurrency import THREADS, together
from lrs.stores.contract_counting import UNKNOWN, versions
from lrs.stores.contract_evidence import add_with, found
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_rebuild import nothing, rebuilt, work_through
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    evidence,
    finding,
    source,
    statement,
    submission,
    voiding,
)


class GenerationsContract(StoreFixtures):
    """What a generation is, and when it is switched to."""

    def test_where_nothing_was_found_is_no_generation(self, store: Store) -> None:
        store.add(submission(statement()))
        assert list(store.generations()) == []
        assert list(store.activations(FOREVER)) == []

    def test_the_first_finding_of_a_plugin_begins_a_generation_that_counts_from_the_beginning(
        self, store: Store
    ) -> None:
        first = add_with(store, evidence(), evidence(indicator=None))
        store.add(submission(voiding(first.id)))
        [generation] = store.generations()
        assert generation == Generation(
            number=generation.number,
            source=source(),
            kind=Kind.LIVE,
            begun_us=generation.begun_us,
            through_us=None,
            evidence=2,
            failures=0,
        )
        assert 0 < generation.begun_us <= first.stored_us
        assert generation.number > 0
        for instant in (0, FOREVER):
            assert list(store.activations(instant)) == [
                Activation(generation=generation, at_us=0, through_us=-1)
            ]

    def test_a_failure_begins_a_generation_too(self, store: Store) -> None:
        store.add(submission(new := statement(), findings={new.id: [finding(failure="broken")]}))
        [generation] = store.generations()
        assert (generation.evidence, generation.failures) == (0, 1)

    def test_each_source_has_a_generation_and_the_first_of_each_plugin_is_in_force(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        other = reopen()
        for one, plugin, version in (
            (store, "b", "1"),
            (other, "a", "1"),
            (other, "b", "1"),
            (store, "b", "2"),
            (store, "a", "1"),
            (other, "b", "2"),
        ):
            new = statement()
            one.add(submission(new, findings={new.id: [finding(evidence(), plugin=plugin, version=version)]}))
        generations = store.generations()
        assert [one.source for one in generations] == [source("b", "1"), source("a", "1"), source("b", "2")]
        assert [one.evidence for one in generations] == [2, 2, 2]
        numbers = [one.number for one in generations]
        assert numbers == sorted(set(numbers))
        assert [one.generation for one in store.activations(0)] == [generations[1], generations[0]]
        assert len(found(store)) == 6

    def test_whoever_comes_first_there_is_one_generation(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        stores = [store, reopen()]

        def add(number: int) -> None:
            new = statement()
            stores[number % 2].add(submission(new, findings={new.id: [finding(evidence())]}))

        together(add)
        [generation] = store.generations()
        assert generation.evidence == THREADS
        assert len(store.activations(0)) == 1

    def test_a_refused_submission_begins_no_generation(self, store: Store) -> None:
        taken, new = statement(), statement()
        store.add(submission(taken))
        other = statement(statement_id=taken.id, actor=OTHER)
        with pytest.raises(Conflict):
            store.add(submission(new, other, findings={new.id: [finding(evidence())]}))
        assert list(store.generations()) == []

    def test_a_plugin_that_found_nothing_live_can_be_activated(self, store: Store) -> None:
        store.add(submission(new := statement()))
        activation = store.activate(rebuilt(store, "2.0").number)
        assert found(store, activation.at_us - 1) == []
        assert list(store.activations(activation.at_us - 1)) == []
        assert versions(found(store)) == {new.id: "2.0"}
        add_with(store, evidence())
        assert list(store.activations(FOREVER)) == [activation]
        assert list(store.activations(activation.at_us - 1)) == []

    def test_a_switch_is_later_than_every_claim_and_earlier_than_what_is_stored_later(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        other = reopen()
        add_with(store, evidence())
        generation = rebuilt(store, "2.0").number
        for _ in range(10):
            claimed = other.consistent_through()
            activation = store.activate(generation)
            assert activation.at_us > claimed
            assert other.consistent_through() >= activation.at_us
            new = add_with(other, evidence())
            assert new.stored_us > activation.at_us
            assert store.activate(generation).at_us > new.stored_us

    def test_what_was_claimed_does_not_change_by_a_switch(self, store: Store) -> None:
        add_with(store, evidence())
        generation = rebuilt(store, "2.0").number
        claims: list[tuple[int, list[RecordedEvidence]]] = []

        def switch_add_or_ask(number: int) -> None:
            for _ in range(8):
                if number == 0:
                    store.activate(generation)
                elif number % 2:
                    add_with(store, evidence())
                else:
                    instant = store.consistent_through()
                    claims.append((instant, found(store, instant)))

        together(switch_add_or_ask)
        assert len(claims) == 8 * (THREADS // 2 - 1)
        for instant, then in claims:
            assert found(store, instant) == then

    def test_only_a_complete_rebuilt_generation_can_be_activated(self, store: Store) -> None:
        add_with(store, evidence())
        [live] = store.generations()
        begun = store.begin_rebuild([source(version="2.0")], part_statements=1)
        assert begun is not None
        before = list(store.activations(FOREVER))
        for number in (live.number, begun.generations[0].number):
            with pytest.raises(Conflict):
                store.activate(number)
        with pytest.raises(NotFound):
            store.activate(UNKNOWN)
        assert list(store.activations(FOREVER)) == before

    def test_a_generation_that_never_counted_can_be_forgotten(self, store: Store) -> None:
        for _ in range(3):
            add_with(store, evidence())
        before, generation = found(store), rebuilt(store, "2.0")
        assert store.forget_generation(generation.number) == 3
        assert [one.kind for one in store.generations()] == [Kind.LIVE]
        assert found(store) == before
        with pytest.raises(NotFound):
            store.activate(generation.number)
        again = rebuilt(store, "2.0")
        assert again.number > generation.number
        assert again.evidence == 3
        store.activate(again.number)
        assert len(versions(found(store))) == 3

    def test_a_generation_can_be_forgotten_while_it_is_made(self, store: Store) -> None:
        for _ in range(3):
            add_with(store, evidence())
        begun = store.begin_rebuild([source(version="2.0"), source("leadership")], part_statements=1)
        assert begun is not None
        part = store.take_part(begun.number, "worker", lease_us=10**9)
        assert part is not None
        [one] = store.scan_part(part)
        looked = [(one, [finding(evidence(), version="2.0"), finding(evidence(), plugin="leadership")])]
        assert store.finish_part(part, looked)
        assert store.forget_generation(begun.generations[0].number) == 1
        assert store.rebuild(begun.number) is None
        work_through(store, [source("leadership")], nothing)
        assert [(one.source, one.evidence) for one in store.generations() if one.kind is Kind.REBUILT] == [
            (source("leadership"), 0)
        ]

    def test_what_was_ever_in_force_is_kept(self, store: Store) -> None:
        add_with(store, evidence())
        [live] = store.generations()
        first, second = rebuilt(store, "2.0"), rebuilt(store, "3.0")
        for one in (first, second):
            store.activate(one.number)
        before = store.generations()
        for one in (live, first, second):
            with pytest.raises(Conflict):
                store.forget_generation(one.number)
        with pytest.raises(NotFound):
            store.forget_generation(UNKNOWN)
        assert store.generations() == before
