"""The contract of StatementRefs (xAPI-Communication 2.1.3), in any order, and who is answered from them."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from lrs.stores.base import Store
from lrs.stores.contract_filters import REGISTRATION, ids_found
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
from lrs.xapi.query import StatementQuery
from lrs.xapi.statement import NewStatement

MINE = "mailto:second@vr.example"
"""The authority that may read only its own statements."""


def add(store: Store, statements: list[NewStatement], *, at_once: bool) -> None:
    """Store them in this order, in one submission or each in its own."""
    if at_once:
        store.add(submission(*statements))
        return
    for one in statements:
        store.add(submission(one))


class ReferencesContract(StoreFixtures):
    """What a statement takes over from those that it refers to, and for whom."""

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
        source = reference(target.id, authority=MINE)
        add(store, [target, source] if target_first else [source, target], at_once=False)
        assert ids_found(store, authority=VENDOR) == [target.id]
        assert ids_found(store, authority=MINE) == [source.id]

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

    @pytest.mark.parametrize("target_first", [True, False])
    @pytest.mark.parametrize("others_of_mine", [0, 5])
    @pytest.mark.parametrize(
        "query",
        [
            {"verb": SCORED},
            {"agent": RECRUIT},
            {"agent": RECRUIT, "related_agents": True},
            {"agent": VENDOR, "related_agents": True},
            {"activity": SCENARIO},
            {"activity": SCENARIO, "related_activities": True},
            {"registration": REGISTRATION},
            {"verb": RATED, "agent": RECRUIT, "registration": REGISTRATION},
        ],
    )
    def test_who_reads_only_its_own_statements_finds_none_by_what_it_refers_to(
        self, store: Store, query: dict[str, Any], others_of_mine: int, target_first: bool
    ) -> None:
        target = statement(context={"registration": REGISTRATION})
        source = reference(target.id, authority=MINE)
        mine = [source, reference(source.id, authority=MINE)]
        # With these, fewer statements meet the other filter than are mine.
        mine += [
            statement(actor=OTHER, target="x:y", verb="x:z", authority=MINE) for _ in range(others_of_mine)
        ]
        add(store, [target, *mine] if target_first else [*mine, target], at_once=False)
        assert {one.id for one in mine[:2]} <= set(ids_found(store, **query))
        assert ids_found(store, **query, authority=MINE) == []

    @pytest.mark.parametrize("target_first", [True, False])
    def test_who_reads_only_its_own_statements_finds_them_by_their_own_terms(
        self, store: Store, target_first: bool
    ) -> None:
        target = statement()
        source = reference(target.id, authority=MINE, context={"registration": REGISTRATION})
        # What it refers to has the verb and the agent as well.
        like_its_target = reference(target.id, authority=MINE, actor=RECRUIT, verb=SCORED)
        mine = [source, like_its_target]
        add(store, [target, *mine] if target_first else [*mine, target], at_once=False)
        assert set(ids_found(store, authority=MINE)) == {source.id, like_its_target.id}
        assert ids_found(store, registration=REGISTRATION, verb=RATED, agent=OTHER, authority=MINE) == [
            source.id
        ]
        assert ids_found(store, verb=SCORED, agent=RECRUIT, authority=MINE) == [like_its_target.id]

    @pytest.mark.parametrize("ascending", [True, False])
    def test_pages_of_who_reads_only_its_own_statements_are_full(self, store: Store, ascending: bool) -> None:
        target = statement()
        own = [statement(authority=MINE) for _ in range(4)]
        store.add(submission(target))
        for one in own:
            store.add(submission(one, *[reference(target.id, authority=MINE) for _ in range(3)]))
        query = StatementQuery(verb=SCORED, authority=MINE, limit=2, ascending=ascending)
        first = store.find(query)
        second = store.find(replace(query, after=first.next))
        assert [one.id for one in (*first.statements, *second.statements)] == [
            one.id for one in (own if ascending else reversed(own))
        ]
        assert first.next is not None
        assert second.next is None

    def test_who_reads_only_its_own_statements_does_not_see_those_that_are_voided(self, store: Store) -> None:
        target = statement(authority=MINE)
        void = voiding(target.id, authority=MINE)
        store.add(submission(target, void))
        assert ids_found(store, authority=MINE) == [void.id]
        assert ids_found(store, verb=SCORED, authority=MINE) == []
