"""The contract of StatementRefs (xAPI-Communication 2.1.3) and of voiding (xAPI-Data 2.3.2), in any order."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from itertools import permutations

import pytest

from lrs.stores.base import Store
from lrs.stores.contract_filters import ids_found
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import (
    OTHER,
    RATED,
    RECRUIT,
    SCENARIO,
    SCORED,
    VENDOR,
    new_id,
    reference,
    statement,
    submission,
    voiding,
)
from lrs.xapi.statement import NewStatement


def add(store: Store, statements: list[NewStatement], *, at_once: bool) -> None:
    """Store them in this order, in one submission or each in its own."""
    if at_once:
        store.add(submission(*statements))
        return
    for one in statements:
        store.add(submission(one))


class ReferencesContract(StoreFixtures):
    """What statements do to each other."""

    @pytest.mark.parametrize("at_once", [True, False])
    @pytest.mark.parametrize("target_first", [True, False])
    def test_a_reference_meets_the_filters_that_its_target_meets(
        self, store: Store, target_first: bool, at_once: bool
    ) -> None:
        target = statement(context={"registration": new_id()})
        source = reference(target.id)
        add(store, [target, source] if target_first else [source, target], at_once=at_once)
        both = {target.id, source.id}
        assert set(ids_found(store, verb=SCORED)) == both
        assert set(ids_found(store, agent=RECRUIT)) == both
        assert set(ids_found(store, agent=RECRUIT, related_agents=True)) == both
        assert set(ids_found(store, activity=SCENARIO)) == both
        assert set(ids_found(store, activity=SCENARIO, related_activities=True)) == both
        assert set(ids_found(store, registration=target.parsed["context"]["registration"])) == both
        assert ids_found(store, verb=RATED) == [source.id]

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    def test_a_chain_of_references_leads_to_its_end_in_any_order(
        self, store: Store, order: tuple[int, ...]
    ) -> None:
        end = statement(verb="http://example.com/end")
        chain = [end]
        for _ in range(3):
            chain.append(reference(chain[-1].id))
        for place in order:
            store.add(submission(chain[place]))
        assert set(ids_found(store, verb="http://example.com/end")) == {one.id for one in chain}

    @pytest.mark.parametrize("at_once", [True, False])
    def test_a_circle_of_references_ends(self, store: Store, at_once: bool) -> None:
        first, second, alone = new_id(), new_id(), new_id()
        circle = [
            reference(second, statement_id=first, verb="http://example.com/one"),
            reference(first, statement_id=second, verb="http://example.com/two"),
            reference(alone, statement_id=alone),
        ]
        add(store, circle, at_once=at_once)
        assert set(ids_found(store, verb="http://example.com/one")) == {first, second}
        assert set(ids_found(store, verb="http://example.com/two")) == {first, second}
        assert ids_found(store, verb=RATED) == [alone]

    @pytest.mark.parametrize("target_first", [True, False])
    def test_a_reference_takes_over_no_authority(self, store: Store, target_first: bool) -> None:
        target = statement(authority=VENDOR)
        source = reference(target.id, authority="mailto:second@vr.example")
        add(store, [target, source] if target_first else [source, target], at_once=False)
        assert ids_found(store, authority=VENDOR) == [target.id]
        assert ids_found(store, authority="mailto:second@vr.example") == [source.id]

    def test_a_reference_to_a_voided_statement_is_found_by_its_filters(self, store: Store) -> None:
        target = statement(verb="http://example.com/wrong")
        source, void = reference(target.id), voiding(target.id)
        store.add(submission(target, source, void))
        assert ids_found(store, verb="http://example.com/wrong") == [void.id, source.id]

    def test_since_and_until_speak_of_the_reference_itself(self, store: Store) -> None:
        target = statement()
        store.add(submission(target))
        store.add(submission(source := reference(target.id)))
        [first, second] = store.scan()
        assert ids_found(store, verb=SCORED, since_us=first.stored_us) == [source.id]
        assert ids_found(store, verb=SCORED, until_us=first.stored_us) == [target.id]
        assert second.id == source.id

    @pytest.mark.parametrize("at_once", [True, False])
    def test_a_voided_statement_is_hidden_but_kept(self, store: Store, at_once: bool) -> None:
        target = statement()
        void = voiding(target.id)
        add(store, [target, void], at_once=at_once)
        assert ids_found(store) == [void.id]
        assert ids_found(store, verb=SCORED, agent=RECRUIT) == [void.id]
        kept, by = store.get(target.id), store.get(void.id)
        assert kept is not None
        assert by is not None
        assert kept.voided_us == by.stored_us
        assert by.voided_us is None
        assert store.count_statements() == 2

    @pytest.mark.parametrize("at_once", [True, False])
    def test_a_statement_that_comes_after_its_voiding_is_never_visible(
        self, store: Store, at_once: bool
    ) -> None:
        target = statement()
        void = voiding(target.id)
        add(store, [void, target], at_once=at_once)
        assert ids_found(store) == [void.id]
        kept = store.get(target.id)
        assert kept is not None
        assert kept.voided_us == kept.stored_us

    @pytest.mark.parametrize("at_once", [True, False])
    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_a_voiding_statement_cannot_be_voided(
        self, store: Store, order: tuple[int, ...], at_once: bool
    ) -> None:
        target = statement()
        void = voiding(target.id)
        of_void = voiding(void.id)
        statements = [target, void, of_void]
        add(store, [statements[place] for place in order], at_once=at_once)
        assert set(ids_found(store)) == {void.id, of_void.id}

    def test_voiding_an_unknown_id_is_accepted(self, store: Store) -> None:
        store.add(submission(void := voiding(new_id())))
        assert ids_found(store) == [void.id]

    def test_the_first_voiding_counts(self, store: Store) -> None:
        target = statement()
        first, second = voiding(target.id), voiding(target.id)
        add(store, [target, first, second], at_once=False)
        kept, by = store.get(target.id), store.get(first.id)
        assert kept is not None
        assert by is not None
        assert kept.voided_us == by.stored_us

    def test_a_statement_with_another_verb_voids_nothing(self, store: Store) -> None:
        target = statement()
        store.add(submission(target, reference(target.id, actor=OTHER)))
        assert target.id in ids_found(store)
