"""The contract of voiding (xAPI-Data 2.3.2), in any order: what it does, and who may."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from lrs.stores.base import EvidenceQuery, Store
from lrs.stores.contract_filters import ids_found
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_references import add
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    RECRUIT,
    SCORED,
    evidence,
    finding,
    new_id,
    reference,
    statement,
    submission,
    voiding,
)
from lrs.xapi.statement import NewStatement, StoredStatement, TermKind

STRANGER = "mailto:second@vr.example"
"""An authority that is not the target's."""


def kept(store: Store, new: NewStatement) -> StoredStatement:
    """The statement as it is kept."""
    one = store.get(new.id)
    assert one is not None
    return one


def add_with_evidence(store: Store, target: NewStatement, *others: NewStatement, target_first: bool) -> None:
    """Store them, each by itself; a plugin finds evidence in the target."""
    found = submission(target, findings={target.id: [finding(evidence())]})
    rest = [submission(one) for one in others]
    for one in [found, *rest] if target_first else [*rest, found]:
        store.add(one)


def sources(store: Store, as_of_us: int = FOREVER) -> list[str]:
    """Ids of the statements that evidence is taken from at that instant."""
    return [one.statement_id for one in store.evidence(EvidenceQuery(as_of_us=as_of_us))]


def by_nobody(new: NewStatement) -> NewStatement:
    """The statement without an authority among its terms."""
    return replace(new, terms=tuple(term for term in new.terms if term[0] is not TermKind.AUTHORITY))


class VoidingContract(StoreFixtures):
    """What makes a statement void, and what that does."""

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

    @pytest.mark.parametrize("target_first", [True, False])
    @pytest.mark.parametrize(
        "rights", [{"authority": STRANGER}, {"authority": "mailto:third@vr.example", "voids_others": True}]
    )
    def test_the_same_authority_voids_and_one_that_may_void_others_does(
        self, store: Store, rights: dict[str, Any], target_first: bool
    ) -> None:
        target = statement(authority=STRANGER)
        void = voiding(target.id, **rights)
        add_with_evidence(store, target, void, target_first=target_first)
        assert ids_found(store) == [void.id]
        since = kept(store, void if target_first else target).stored_us
        assert kept(store, target).voided_us == since
        assert [one.voided_us for one in store.evidence_in(target.id)] == [since]
        assert sources(store) == sources(store, since) == []
        assert sources(store, since - 1) == ([target.id] if target_first else [])

    @pytest.mark.parametrize("at_once", [True, False])
    @pytest.mark.parametrize("target_first", [True, False])
    def test_a_statement_of_another_authority_is_stored_and_voids_nothing(
        self, store: Store, target_first: bool, at_once: bool
    ) -> None:
        target = statement()
        void = voiding(target.id, authority=STRANGER)
        add(store, [target, void] if target_first else [void, target], at_once=at_once)
        assert set(ids_found(store)) == {target.id, void.id}
        assert kept(store, target).voided_us is None

    @pytest.mark.parametrize("target_first", [True, False])
    def test_evidence_is_not_voided_by_another_authority(self, store: Store, target_first: bool) -> None:
        target = statement()
        add_with_evidence(store, target, voiding(target.id, authority=STRANGER), target_first=target_first)
        assert sources(store) == [target.id]
        assert [one.voided_us for one in store.evidence_in(target.id)] == [None]

    @pytest.mark.parametrize("target_first", [True, False])
    def test_it_is_the_first_with_the_right_that_voids(self, store: Store, target_first: bool) -> None:
        target = statement()
        without, right = voiding(target.id, authority=STRANGER), voiding(target.id)
        add_with_evidence(store, target, without, right, voiding(target.id), target_first=target_first)
        since = kept(store, right if target_first else target).stored_us
        assert kept(store, target).voided_us == since
        assert [one.voided_us for one in store.evidence_in(target.id)] == [since]

    @pytest.mark.parametrize("voids_others", [True, False])
    def test_the_right_is_kept_until_the_target_comes(
        self, store: Store, reopen: Callable[[], Store], voids_others: bool
    ) -> None:
        target = statement()
        store.add(submission(voiding(target.id, authority=STRANGER, voids_others=voids_others)))
        other = reopen()
        other.add(submission(target))
        assert (kept(other, target).voided_us is not None) is voids_others

    @pytest.mark.parametrize("target_first", [True, False])
    def test_a_voiding_statement_that_is_sent_again_gains_no_right(
        self, store: Store, target_first: bool
    ) -> None:
        target = statement()
        void = voiding(target.id, authority=STRANGER)
        again = replace(void, voids_others=True)
        add(store, [target, void, again] if target_first else [void, again, target], at_once=False)
        assert kept(store, target).voided_us is None

    @pytest.mark.parametrize("target_first", [True, False])
    def test_who_has_no_authority_voids_nothing_unless_it_may_void_others(
        self, store: Store, target_first: bool
    ) -> None:
        target, another = by_nobody(statement()), by_nobody(statement())
        without = by_nobody(voiding(target.id))
        right = by_nobody(voiding(another.id, voids_others=True))
        statements = [target, another, without, right]
        add(store, statements if target_first else statements[::-1], at_once=False)
        assert kept(store, target).voided_us is None
        assert kept(store, another).voided_us is not None

    @pytest.mark.parametrize("rights", [{}, {"voids_others": True}])
    @pytest.mark.parametrize("target_first", [True, False])
    def test_a_voiding_statement_without_effect_cannot_be_voided_either(
        self, store: Store, target_first: bool, rights: dict[str, Any]
    ) -> None:
        void = voiding(new_id(), authority=STRANGER)
        of_void = voiding(void.id, **{"authority": STRANGER, **rights})
        add(store, [void, of_void] if target_first else [of_void, void], at_once=False)
        assert set(ids_found(store)) == {void.id, of_void.id}

    def test_the_right_to_void_others_voids_nothing_by_another_verb(self, store: Store) -> None:
        target = statement()
        store.add(submission(target, reference(target.id, voids_others=True)))
        assert kept(store, target).voided_us is None
