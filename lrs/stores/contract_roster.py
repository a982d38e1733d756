"""The contract of the roster: who is in training."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from lrs.cohort.roster import Member
from lrs.errors import LrsError
from lrs.stores.base import Store
from lrs.stores.contract_concurrency import together
from lrs.stores.contract_evidence import add_with, found
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import OTHER, RECRUIT, evidence

MEMBER = Member(
    officer=RECRUIT,
    name="Recruit \U0001f46e",
    unit="Unit 1",
    phase="2",
    trainer=OTHER,
    start=date(2026, 1, 12),
)


class RosterContract(StoreFixtures):
    """Where, since when, with whom."""

    def test_a_new_roster_is_empty(self, store: Store) -> None:
        assert list(store.members()) == []
        assert store.remove_members([RECRUIT]) == 0

    def test_members_come_back_as_they_were_in_order(self, store: Store, reopen: Callable[[], Store]) -> None:
        bare = Member(officer="account:O-1@https://academy.example")
        store.put_members([MEMBER, bare])
        for one in (store, reopen()):
            assert list(one.members()) == [bare, MEMBER]

    def test_a_member_takes_the_place_of_the_one_with_the_same_officer(self, store: Store) -> None:
        beside = replace(MEMBER, officer=OTHER)
        store.put_members([MEMBER, beside])
        store.put_members([])
        later = Member(officer=RECRUIT, phase="3")
        store.put_members([later])
        assert list(store.members()) == [beside, later]
        store.put_members([MEMBER, later, MEMBER])
        assert list(store.members()) == [beside, MEMBER]

    def test_all_are_put_or_none(self, store: Store) -> None:
        store.put_members([MEMBER])
        bad = replace(MEMBER, officer="account:\ud800@https://academy.example")
        with pytest.raises((UnicodeError, LrsError)):
            store.put_members([replace(MEMBER, phase="3"), Member(officer=OTHER), bad])
        assert list(store.members()) == [MEMBER]

    def test_members_are_asked_for_by_unit_phase_and_trainer(self, store: Store) -> None:
        everybody = [
            Member(officer=f"{unit}{phase}{trainer}", unit=unit, phase=phase, trainer=trainer)
            for unit in ("", "a", "b")
            for phase in ("", "1", "11")
            for trainer in ("", "t")
        ]
        store.put_members(everybody)
        for unit in (None, "", "a", "A"):
            for phase in (None, "", "1"):
                for trainer in (None, "", "t"):
                    expected = sorted(
                        one.officer
                        for one in everybody
                        if unit in (None, one.unit)
                        and phase in (None, one.phase)
                        and trainer in (None, one.trainer)
                    )
                    answer = store.members(unit=unit, phase=phase, trainer=trainer)
                    assert [one.officer for one in answer] == expected

    def test_who_is_taken_off_keeps_evidence(self, store: Store) -> None:
        add_with(store, evidence())
        store.put_members([MEMBER, replace(MEMBER, officer=OTHER)])
        assert store.remove_members([RECRUIT, RECRUIT, "mailto:nobody@academy.example"]) == 1
        assert [one.officer for one in store.members()] == [OTHER]
        assert len(found(store, subjects=[RECRUIT])) == 1

    def test_whoever_puts_at_once_one_whole_roster_is_there(self, store: Store) -> None:
        officers = [f"mailto:{number}@academy.example" for number in range(20)]
        together(
            lambda worker: store.put_members([Member(officer=one, phase=str(worker)) for one in officers])
        )
        members = store.members()
        assert sorted(one.officer for one in members) == sorted(officers)
        assert len({one.phase for one in members}) == 1
