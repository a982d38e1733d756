"""The contract of what counts at an instant, when several generations looked at the same statements."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from lrs.competency.evidence import Finding, RecordedEvidence
from lrs.errors import Conflict, NotFound
from lrs.stores.base import Kind, Store
from lrs.stores.contract_evidence import add_with, found, kept
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_rebuild import always, nothing, rebuilt, work_through
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    RECRUIT,
    evidence,
    finding,
    source,
    statement,
    submission,
    voiding,
)
from lrs.xapi.statement import StoredStatement

UNKNOWN = 4_711
"""A number that no generation has."""


def versions(records: list[RecordedEvidence]) -> dict[str, str]:
    """By statement, the version that found evidence in it; each statement once."""
    assert len({one.statement_id for one in records}) == len(records)
    return {one.statement_id: one.plugin_version for one in records}


class CountingContract(StoreFixtures):
    """Which evidence counts, now and then."""

    def test_what_is_found_again_does_not_count_until_it_is_activated(self, store: Store) -> None:
        first, second = add_with(store, evidence()), add_with(store, evidence())
        before = found(store)
        generation = rebuilt(store, "2.0")
        assert (generation.kind, generation.source) == (Kind.REBUILT, source(version="2.0"))
        assert (generation.through_us, generation.evidence) == (second.stored_us, 2)
        assert found(store) == before
        assert [one.generation.kind for one in store.activations(FOREVER)] == [Kind.LIVE]
        activation = store.activate(generation.number)
        assert (activation.generation, activation.through_us) == (generation, second.stored_us)
        assert versions(found(store)) == {first.id: "2.0", second.id: "2.0"}
        assert list(store.activations(FOREVER)) == [activation]

    def test_an_instant_before_the_switch_has_what_counted_then(self, store: Store) -> None:
        first, gone = add_with(store, evidence()), add_with(store, evidence())
        store.add(submission(void := voiding(gone.id)))
        then = store.consistent_through()
        before = found(store, then)
        activation = store.activate(rebuilt(store, "2.0").number)
        assert found(store, then) == found(store, activation.at_us - 1) == before
        assert versions(before) == {first.id: "1.0"}
        assert [one.at_us for one in store.activations(activation.at_us - 1)] == [0]
        now = {first.id: "2.0", void.id: "2.0"}
        assert versions(found(store, activation.at_us)) == versions(found(store)) == now

    def test_what_is_found_live_later_counts_beside_it_whatever_found_it(self, store: Store) -> None:
        first = add_with(store, evidence())
        generation = rebuilt(store, "2.0")
        between = add_with(store, evidence())
        store.activate(generation.number)
        later = statement()
        store.add(submission(later, findings={later.id: [finding(evidence(), version="3.0")]}))
        assert versions(found(store)) == {first.id: "2.0", between.id: "1.0", later.id: "3.0"}

    def test_a_switch_is_of_one_plugin(self, store: Store) -> None:
        both = [finding(evidence()), finding(evidence(competency="leadership"), plugin="leadership")]
        store.add(submission(new := statement(), findings={new.id: both}))
        store.activate(rebuilt(store, "2.0").number)
        assert {(one.plugin, one.plugin_version) for one in found(store)} == {
            ("communication", "2.0"),
            ("leadership", "1.0"),
        }

    def test_one_may_switch_again_and_back(self, store: Store) -> None:
        add_with(store, evidence())
        second, third = rebuilt(store, "2.0"), rebuilt(store, "3.0")
        switches = [store.activate(one.number) for one in (second, third, second)]
        assert [one.plugin_version for switch in switches for one in found(store, switch.at_us)] == [
            "2.0",
            "3.0",
            "2.0",
        ]
        for switch in switches:
            assert list(store.activations(switch.at_us)) == [switch]

    def test_what_a_plugin_does_not_find_any_more_is_gone_from_the_switch_on(self, store: Store) -> None:
        add_with(store, evidence())
        activation = store.activate(rebuilt(store, "2.0", nothing).number)
        assert found(store) == []
        assert len(found(store, activation.at_us - 1)) == 1

    def test_an_extended_generation_counts_as_far_as_when_it_was_activated(self, store: Store) -> None:
        first = add_with(store, evidence())
        generation = rebuilt(store, "2.0")
        store.activate(generation.number)
        second = add_with(store, evidence())
        extended = rebuilt(store, "2.0")
        assert (extended.number, extended.through_us) == (generation.number, second.stored_us)
        assert extended.evidence == 2
        assert versions(found(store)) == {first.id: "2.0", second.id: "1.0"}
        again = store.activate(generation.number)
        assert versions(found(store)) == {first.id: "2.0", second.id: "2.0"}
        assert versions(found(store, again.at_us - 1)) == {first.id: "2.0", second.id: "1.0"}

    def test_a_generation_can_be_looked_at_as_if_it_was_in_force(self, store: Store) -> None:
        first = add_with(store, evidence())
        generation = rebuilt(store, "2.0")
        later = add_with(store, evidence())
        before = found(store)
        as_if: dict[str, Any] = {"instead": {"communication": generation.number}}
        assert versions(found(store, **as_if)) == {first.id: "2.0", later.id: "1.0"}
        assert versions(found(store, first.stored_us, **as_if)) == {first.id: "2.0"}
        assert found(store) == before
        third = rebuilt(store, "3.0")
        store.activate(third.number)
        assert versions(found(store, **as_if)) == {first.id: "2.0", later.id: "1.0"}
        assert versions(found(store)) == {first.id: "3.0", later.id: "3.0"}

    def test_as_if_takes_complete_generations_of_the_plugin_alone(self, store: Store) -> None:
        add_with(store, evidence())
        [live] = store.generations()
        begun = store.begin_rebuild([source(version="2.0")], part_statements=1)
        assert begun is not None
        for number in (live.number, begun.generations[0].number):
            with pytest.raises(Conflict):
                found(store, instead={"communication": number})
        for plugin, number in (("communication", UNKNOWN), ("leadership", live.number)):
            with pytest.raises(NotFound):
                found(store, instead={plugin: number})

    def test_officers_are_those_of_whom_evidence_counts(self, store: Store) -> None:
        add_with(store, evidence())
        generation = rebuilt(store, "2.0", always(finding(evidence(subject=OTHER), version="2.0")))
        assert list(store.officers(FOREVER)) == [RECRUIT]
        activation = store.activate(generation.number)
        assert list(store.officers(FOREVER)) == [OTHER]
        assert list(store.officers(activation.at_us - 1)) == [RECRUIT]

    def test_failures_count_as_evidence_does(self, store: Store) -> None:
        new = statement()
        store.add(submission(new, findings={new.id: [finding(failure="live")]}))
        broken = always(finding(failure="rebuilt", version="2.0"))
        first, second = rebuilt(store, "2.0", broken), rebuilt(store, "3.0")
        assert (first.failures, first.evidence) == (1, 0)
        reasons = []
        instants = [store.consistent_through()]
        instants += [store.activate(one.number).at_us for one in (first, second)]
        for instant in instants:
            reasons.append([one.reason for one in store.quarantined(as_of_us=instant)])
            assert reasons[-1] == [one.reason for one in store.quarantined(as_of_us=instant, subject=RECRUIT)]
        assert reasons == [["live"], ["rebuilt"], []]
        assert store.count_quarantined() == 1

    def test_of_one_statement_the_evidence_is_what_counts_now_voided_or_not(self, store: Store) -> None:
        new = add_with(store, evidence())
        store.activate(rebuilt(store, "2.0").number)
        store.add(submission(voiding(new.id)))
        [one] = store.evidence_in(new.id)
        assert one.plugin_version == "2.0"
        assert one.voided_us is not None

    def test_evidence_is_in_order_whatever_found_it(self, store: Store) -> None:
        places = [(rule, indicator) for rule in "cab" for indicator in ("y", None, "x")]
        for _ in range(3):
            new = statement()
            ways = [
                finding(
                    *[evidence(rule=rule + name, indicator=indicator) for rule, indicator in places],
                    plugin=name,
                )
                for name in ("first", "second")
            ]
            store.add(submission(new, findings={new.id: ways}))
        expected = [
            (one.stored_us, rule, indicator or "")
            for one in store.scan()
            for rule, indicator in sorted(
                (rule + name, indicator or "") for rule, indicator in places for name in ("first", "second")
            )
        ]

        def as_found() -> list[tuple[int, str, str]]:
            return [(one.stored_us, one.evidence.rule, one.evidence.indicator or "") for one in found(store)]

        assert as_found() == expected

        again = [evidence(rule=f"{rule}first", indicator=indicator) for rule, indicator in places]
        look = always(finding(*again, plugin="first", version="2"))
        [generation] = work_through(store, [source("first", "2")], look)
        store.activate(generation.number)
        assert as_found() == expected

    @pytest.mark.parametrize("when", ["before the rebuild", "during it", "before the switch", "after it"])
    def test_voiding_takes_out_what_any_generation_found(self, store: Store, when: str) -> None:
        target, other = add_with(store, evidence()), add_with(store, evidence())
        void = voiding(target.id)

        def at(moment: str) -> None:
            if when == moment:
                store.add(submission(void))

        def look(one: StoredStatement) -> Sequence[Finding]:
            if one.id == other.id:
                at("during it")
            return [finding(evidence(), version="2.0")]

        at("before the rebuild")
        generation = rebuilt(store, "2.0", look)
        at("before the switch")
        activation = store.activate(generation.number)
        at("after it")
        since = kept(store, void.id).stored_us
        both = {target.id, other.id}
        now = set(versions(found(store)))
        assert now - {void.id} == {other.id}
        assert set(versions(found(store, since - 1))) == both
        assert {target.id} & set(versions(found(store, since))) == set()
        assert set(versions(found(store, activation.at_us))) >= {other.id}
        [one] = store.evidence_in(target.id)
        assert one.voided_us == since

    def test_counts_are_of_what_was_found_live(self, store: Store) -> None:
        add_with(store, evidence())
        rebuilt(store, "2.0")
        assert (store.count_evidence(), store.count_quarantined()) == (1, 0)
