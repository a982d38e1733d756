"""The contract of moving evidence: generations, what they found, where they failed, and what was mended."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.errors import Conflict
from lrs.stores.base import Generation, Kind
from lrs.stores.contract_evidence import add_with, found, kept
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_history import STEPS, Run
from lrs.stores.contract_mending import FOUND, add_failed, failures, mend
from lrs.stores.contract_moving_samples import counts, fill, flat, moved, packed, told, unpack
from lrs.stores.contract_rebuild import always, rebuilt
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
from lrs.stores.moving import WholeStore

Fresh = Callable[[], WholeStore]


class MovingEvidenceContract(StoreFixtures):
    """What counted at an instant counts at it in the other store, and time goes on as it would have."""

    def test_every_instant_is_told_as_before_and_what_follows_too(self, fresh: Fresh) -> None:
        # Each takes two stores.
        @settings(
            deadline=None, max_examples=self.histories // 4, suppress_health_check=[HealthCheck.too_slow]
        )
        @given(steps=STEPS, more=STEPS, part_statements=st.integers(1, 4))
        def whatever_happened(
            steps: list[tuple[str, ...]], more: list[tuple[str, ...]], part_statements: int
        ) -> None:
            origin = fresh()
            run = Run(origin, part_statements)
            instants = [0]
            for name, *arguments in steps:
                getattr(run, name)(*arguments)
                instants.append(origin.consistent_through())
            before = packed(origin)
            # What was begun and not finished is not moved.
            complete = {
                one.number
                for one in before.generations
                if one.kind is not Kind.REBUILT or one.through_us is not None
            }
            luggage = replace(
                before,
                generations=[one for one in before.generations if one.number in complete],
                evidence={
                    number: [
                        chunk
                        for chunk in (
                            [one for one in chunk if one.stored_us <= through(before.generations, number)]
                            for chunk in chunks
                        )
                        if chunk
                    ]
                    for number, chunks in before.evidence.items()
                    if number in complete
                },
                failures=[
                    one
                    for one in before.failures
                    if one.generation in complete
                    and one.stored_us <= through(before.generations, one.generation)
                ],
                last_us=instants[-1],
            )
            told_before = [run.told(instant) for instant in instants]
            target = fresh()
            unpack(target, luggage)
            run.store = target
            assert [run.told(instant) for instant in instants] == told_before
            for name, *arguments in more:
                getattr(run, name)(*arguments)
                instants.append(target.consistent_through())
                assert run.told(instants[-1]) == run.model.counted(instants[-1])
            assert [run.told(instant) for instant in instants] == [run.model.counted(one) for one in instants]

        whatever_happened()

    def test_no_chunk_ends_within_a_statement(self, store: WholeStore, fresh: Fresh) -> None:
        for _ in range(4):
            add_with(store, *[evidence(rule=f"{number:03}") for number in range(300)])
        [generation] = store.generations()
        chunks = list(store.moved_evidence(generation.number, -1, FOREVER))
        assert len(chunks) > 1
        stored = [{one.stored_us for one in chunk} for chunk in chunks]
        assert sum(map(len, stored)) == 4
        assert found(moved(store, fresh())) == found(store)

    def test_evidence_is_given_out_from_one_instant_up_to_another(self, store: WholeStore) -> None:
        instants = [add_with(store, evidence()).stored_us for _ in range(4)]
        [live] = store.generations()
        given = flat(store.moved_evidence(live.number, instants[0], instants[2]))
        assert [one.stored_us for one in given] == instants[1:3]
        assert flat(store.moved_evidence(live.number + 1, -1, FOREVER)) == []

    def test_evidence_is_kept_in_the_place_of_what_the_generation_had_in_the_statement(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        first, second = add_with(store, evidence(), evidence(rule="a")), add_with(store, evidence())
        target = moved(store, fresh())
        [live] = target.generations()
        [[*of_first, of_second]] = target.moved_evidence(live.number, -1, FOREVER)
        assert len(of_first) == 2
        target.take_evidence(live.number, [of_first[1]])
        assert [one.evidence.rule for one in target.evidence_in(first.id)] == [of_first[1].evidence.rule]
        assert flat(target.moved_evidence(live.number, -1, FOREVER)) == [of_first[1], of_second]
        assert list(target.evidence_in(second.id)) == list(store.evidence_in(second.id))

    def test_evidence_in_a_statement_that_is_not_there_is_refused(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        add_with(store, evidence())
        luggage = packed(store)
        target = fresh()
        target.take_generations(luggage.generations, luggage.activations)
        [(number, [chunk])] = luggage.evidence.items()
        with pytest.raises(Conflict):
            target.take_evidence(number, chunk)
        assert flat(target.moved_evidence(number, -1, FOREVER)) == []

    @pytest.mark.parametrize("void_first", [True, False])
    def test_evidence_is_void_with_its_statement(
        self, store: WholeStore, fresh: Fresh, void_first: bool
    ) -> None:
        new = add_with(store, evidence())
        target = fresh()
        if not void_first:
            moved(store, target)
        store.add(submission(voiding(new.id)))
        moved(store, target)
        assert list(target.evidence_in(new.id)) == list(store.evidence_in(new.id))
        assert kept(target, new.id).voided_us is not None
        assert found(target) == []

    def test_a_subject_becomes_known_with_its_evidence(self, store: WholeStore, fresh: Fresh) -> None:
        failed = add_failed(store)
        target = moved(store, fresh())
        assert list(target.subjects()) == []
        assert mend(store, failed.id, finding(evidence(subject=OTHER), version="1.1"))
        moved(store, target)
        assert list(target.subjects()) == [OTHER]

    def test_a_failure_that_was_mended_since_is_mended(self, store: WholeStore, fresh: Fresh) -> None:
        failed, left = add_failed(store), add_failed(store)
        target = moved(store, fresh())
        assert failures(target) == failures(store)
        assert mend(store, failed.id)
        moved(store, target)
        assert [one.statement_id for one in failures(target)] == [left.id]
        assert found(target) == found(store)
        assert counts(target) == counts(store)
        assert not mend(target, failed.id)
        assert mend(target, left.id)

    def test_what_was_mended_gives_way_and_stays_as_it_would_have(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        failed = add_failed(store)
        broken = rebuilt(store, "2.0", always(finding(failure="still broken", version="2.0")))
        store.activate(broken.number)
        assert mend(store, failed.id)
        target = moved(store, fresh())
        [mended] = [one for one in target.generations() if one.kind is Kind.MENDED]
        assert {one.mends for one in flat(target.moved_evidence(mended.number, -1, FOREVER))} == {
            broken.number
        }
        other = rebuilt(target, "3.0")
        for number, versions in ((other.number, ["3.0"]), (broken.number, ["1.1"] * len(FOUND.evidence))):
            target.activate(number)
            assert [one.plugin_version for one in found(target)] == versions

    # Generations

    def test_a_generation_is_replaced_under_its_number_with_the_counts_it_came_with(
        self, store: WholeStore
    ) -> None:
        add_with(store, evidence())
        [live] = store.generations()
        changed = replace(live, begun_us=1, evidence=7, failures=8)
        for _ in range(2):
            store.take_generations([changed], [])
        assert list(store.generations()) == [changed]
        assert len(found(store)) == 1

    def test_a_number_of_another_source_or_kind_is_refused(self, store: WholeStore) -> None:
        add_with(store, evidence())
        [live] = store.generations()
        for wrong in (
            replace(live, kind=Kind.MENDED),
            replace(live, source=source(version="9.0")),
            replace(live, number=live.number + 7),
        ):
            beside = replace(live, number=live.number + 1, source=source("leadership"))
            with pytest.raises(Conflict):
                store.take_generations([beside, wrong], [])
            assert list(store.generations()) == [live]

    def test_what_is_found_next_is_of_the_generation_that_was_moved(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        fill(store)
        target = moved(store, fresh())
        for one in (store, target):
            add_with(one, evidence(encounter="after the move"))
        assert [one.evidence for one in target.generations()] == [one.evidence for one in store.generations()]
        assert [one.number for one in target.generations()] == [one.number for one in store.generations()]

    def test_a_new_generation_has_a_number_of_its_own(self, store: WholeStore, fresh: Fresh) -> None:
        fill(store)
        target = moved(store, fresh())
        numbers = [one.number for one in target.generations()]
        assert rebuilt(target, "9.0").number > max(numbers)

    def test_a_rebuilt_generation_is_gone_on_with_where_it_ended(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        add_with(store, evidence())
        generation = rebuilt(store, "2.0")
        target = moved(store, fresh())
        assert target.begin_rebuild([generation.source], part_statements=5) is None
        new = statement()
        target.add(submission(new))
        begun = target.begin_rebuild([generation.source], part_statements=5)
        assert begun is not None
        assert (begun.after_us, begun.statements) == (generation.through_us, 1)
        assert [one.number for one in begun.generations] == [generation.number]

    def test_a_generation_that_was_never_in_force_can_be_forgotten(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        add_with(store, evidence())
        in_force, other = rebuilt(store, "2.0"), rebuilt(store, "3.0")
        store.activate(in_force.number)
        target = moved(store, fresh())
        assert target.forget_generation(other.number) == 1
        with pytest.raises(Conflict):
            target.forget_generation(in_force.number)

    def test_a_later_activation_counts_from_then_on(self, store: WholeStore, fresh: Fresh) -> None:
        add_with(store, evidence())
        target = moved(store, fresh())
        activation = store.activate(rebuilt(store, "2.0").number)
        moved(store, target)
        for instant in (activation.at_us - 1, activation.at_us, FOREVER):
            assert told(target, instant) == told(store, instant)


def through(generations: list[Generation], number: int) -> int:
    """Up to where what a generation has is complete."""
    [one] = [one for one in generations if one.number == number]
    return FOREVER if one.through_us is None else one.through_us
