"""The contract of contests and rejoinders."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest

from lrs.errors import Conflict, LrsError
from lrs.stores.base import Store
from lrs.stores.contests import Contest, ContestState, Rejoinder
from lrs.stores.contract_concurrency import THREADS, together
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import OTHER, RECRUIT, new_id


def uuid(number: int) -> str:
    """A UUID that sorts as its number does."""
    return str(UUID(int=number))


CONTEST = Contest(
    id=uuid(1),
    statement_id=uuid(100),
    officer=RECRUIT,
    raised_by="00000000000000a1",
    raised_us=1_768_464_000_000_000,
    due_us=1_771_056_000_000_000,
    reason="It was not my shift. \U0001f46e",
)
GRANTED = replace(
    CONTEST,
    id=uuid(2),
    state=ContestState.GRANTED,
    decided_by="00000000000000b2",
    decided_us=1_768_464_000_000_007,
    reasons="The roster says so.",
    voiding_id=uuid(200),
    reissued_id=uuid(201),
    settled=True,
    revision=3,
)
REJOINDER = Rejoinder(
    id=uuid(1),
    statement_id=uuid(100),
    officer=RECRUIT,
    written_by="00000000000000a1",
    written_us=1_768_464_000_000_000,
    text="What I said before that is missing.\nAll of it. \U0001f46e",
)


class ContestsContract(StoreFixtures):
    """What an officer says against an item."""

    def test_a_new_store_has_neither(self, store: Store) -> None:
        assert store.contest(CONTEST.id) is None
        assert list(store.contests()) == []
        assert list(store.contests(officers=[RECRUIT], statement_ids=[uuid(100)])) == []
        assert list(store.rejoinders()) == []

    def test_contests_come_back_as_they_were(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add_contest(CONTEST)
        store.add_contest(GRANTED)
        for one in (store, reopen()):
            assert [one.contest(CONTEST.id), one.contest(GRANTED.id)] == [CONTEST, GRANTED]
            assert list(one.contests()) == [CONTEST, GRANTED]
            assert one.contest(uuid(3)) is None

    def test_a_taken_id_is_a_conflict(self, store: Store) -> None:
        store.add_contest(CONTEST)
        with pytest.raises(Conflict):
            store.add_contest(replace(CONTEST, statement_id=uuid(101)))
        assert list(store.contests()) == [CONTEST]

    def test_of_one_officer_and_statement_one_contest_is_open(self, store: Store) -> None:
        store.add_contest(CONTEST)
        with pytest.raises(Conflict):
            store.add_contest(replace(CONTEST, id=uuid(2)))
        beside = [
            replace(CONTEST, id=uuid(3), officer=OTHER),
            replace(CONTEST, id=uuid(4), statement_id=uuid(101)),
            replace(GRANTED, id=uuid(5)),
        ]
        for one in beside:
            store.add_contest(one)
        assert list(store.contests()) == [CONTEST, *beside]

    @pytest.mark.parametrize("state", [one for one in ContestState if one is not ContestState.OPEN])
    def test_what_was_decided_may_be_contested_again(self, store: Store, state: ContestState) -> None:
        decided = replace(CONTEST, state=state, revision=1)
        again = replace(CONTEST, id=uuid(2))
        store.add_contest(CONTEST)
        assert store.swap_contest(CONTEST, decided)
        store.add_contest(again)
        assert list(store.contests()) == [decided, again]

    def test_what_is_decided_is_open_again_only_if_no_other_is(self, store: Store) -> None:
        decided = replace(CONTEST, state=ContestState.REFUSED)
        again = replace(CONTEST, id=uuid(2))
        store.add_contest(decided)
        assert store.swap_contest(decided, replace(CONTEST, revision=1))
        assert store.swap_contest(replace(CONTEST, revision=1), replace(decided, revision=2))
        store.add_contest(again)
        with pytest.raises(Conflict):
            store.swap_contest(replace(decided, revision=2), replace(CONTEST, revision=3))
        assert list(store.contests()) == [replace(decided, revision=2), again]

    def test_a_contest_is_swapped_for_all_who_ask(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add_contest(CONTEST)
        other = reopen()
        assert other.contest(CONTEST.id) == CONTEST
        new = replace(GRANTED, id=CONTEST.id)
        assert store.swap_contest(CONTEST, new)
        for one in (store, other):
            assert list(one.contests()) == [new]
            assert list(one.contests(state=ContestState.OPEN)) == []
            assert list(one.contests(state=ContestState.GRANTED)) == [new]

    def test_a_swap_of_another_revision_or_of_none_changes_nothing(self, store: Store) -> None:
        store.add_contest(GRANTED)
        assert not store.swap_contest(replace(GRANTED, revision=2), replace(GRANTED, revision=4))
        assert not store.swap_contest(CONTEST, replace(CONTEST, revision=1))
        assert list(store.contests()) == [GRANTED]

    def test_one_contest_cannot_become_another(self, store: Store) -> None:
        store.add_contest(CONTEST)
        with pytest.raises(ValueError, match=GRANTED.id):
            store.swap_contest(CONTEST, GRANTED)
        assert list(store.contests()) == [CONTEST]

    def test_of_decisions_at_once_one_is_kept(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add_contest(CONTEST)
        stores = [store, reopen(), reopen()]
        decisions = [
            replace(CONTEST, state=ContestState.REFUSED, reasons=f"{number}", revision=1)
            for number in range(THREADS)
        ]
        answers = together(lambda number: stores[number % 3].swap_contest(CONTEST, decisions[number]))
        assert sorted(map(bool, answers)) == [False] * (THREADS - 1) + [True]
        assert store.contest(CONTEST.id) == decisions[answers.index(True)]

    def test_of_contests_of_one_item_raised_at_once_one_is_kept(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        stores = [store, reopen(), reopen()]
        answers = together(lambda number: stores[number % 3].add_contest(replace(CONTEST, id=uuid(number))))
        winners = [number for number, answer in enumerate(answers) if not isinstance(answer, Conflict)]
        assert [one.id for one in store.contests()] == [uuid(number) for number in winners]
        assert len(winners) == 1

    def test_contests_are_in_order_of_when_they_were_raised_and_of_id(self, store: Store) -> None:
        later, same, earlier = (
            replace(CONTEST, id=uuid(number), statement_id=new_id(), raised_us=raised)
            for number, raised in ((1, 9), (3, 5), (2, 5))
        )
        for one in (later, same, earlier):
            store.add_contest(one)
        for found in (
            store.contests(),
            store.contests(officers=[RECRUIT]),
            store.contests(state=CONTEST.state),
        ):
            assert list(found) == [earlier, same, later]

    def test_contests_are_asked_for_by_officers_statements_and_state(self, store: Store) -> None:
        everything = [
            replace(CONTEST, id=new_id(), statement_id=uuid(statement), officer=officer, state=state)
            for statement, officer, state in product(range(3), (RECRUIT, OTHER, "x"), ContestState)
        ]
        for one in everything:
            store.add_contest(one)
        everything.sort(key=lambda one: one.id)
        for officers, statements, state in product(
            (None, [], [RECRUIT], [OTHER, "x", OTHER], ["nobody"]),
            (None, [], [uuid(0)], [uuid(2), uuid(1), uuid(2)], [uuid(9)]),
            (None, ContestState.OPEN, ContestState.WITHDRAWN),
        ):
            expected = [
                one
                for one in everything
                if (officers is None or one.officer in officers)
                and (statements is None or one.statement_id in statements)
                and state in (None, one.state)
            ]
            found = store.contests(officers=officers, statement_ids=statements, state=state)
            assert list(found) == expected, (officers, statements, state)

    def test_any_number_of_statements_and_officers_may_be_named(self, store: Store) -> None:
        store.add_contest(CONTEST)
        store.add_rejoinder(REJOINDER)
        statements = [uuid(number) for number in range(1_500)]
        officers = [RECRUIT, *(f"mailto:{number}@academy.example" for number in range(1_500))]
        assert list(store.contests(statement_ids=statements)) == [CONTEST]
        assert list(store.contests(officers=officers)) == [CONTEST]
        assert list(store.rejoinders(officers=officers, statement_ids=statements)) == [REJOINDER]

    # Rejoinders

    def test_rejoinders_come_back_as_they_were(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add_rejoinder(REJOINDER)
        for one in (store, reopen()):
            assert list(one.rejoinders()) == [REJOINDER]

    def test_an_officer_may_write_more_than_one(self, store: Store) -> None:
        again = replace(REJOINDER, id=uuid(2))
        store.add_rejoinder(again)
        store.add_rejoinder(REJOINDER)
        assert list(store.rejoinders()) == [REJOINDER, again]

    def test_a_rejoinder_stays_as_it_was_written(self, store: Store) -> None:
        store.add_rejoinder(REJOINDER)
        with pytest.raises(Conflict):
            store.add_rejoinder(replace(REJOINDER, text="Something else."))
        assert list(store.rejoinders()) == [REJOINDER]

    def test_what_cannot_be_kept_keeps_nothing(self, store: Store) -> None:
        with pytest.raises((UnicodeError, LrsError)):
            store.add_rejoinder(replace(REJOINDER, text="\ud800"))
        with pytest.raises((UnicodeError, LrsError)):
            store.add_contest(replace(CONTEST, reason="\ud800"))
        assert list(store.rejoinders()) == []
        assert list(store.contests()) == []

    def test_rejoinders_are_asked_for_by_officers_and_statements(self, store: Store) -> None:
        everything = [
            replace(REJOINDER, id=new_id(), statement_id=uuid(statement), officer=officer, written_us=written)
            for statement, officer, written in product(range(3), (RECRUIT, OTHER, "x"), (7, 3))
        ]
        for one in everything:
            store.add_rejoinder(one)
        everything.sort(key=lambda one: (one.written_us, one.id))
        for officers, statements in product(
            (None, [], [RECRUIT], [OTHER, "x", OTHER], ["nobody"]),
            (None, [], [uuid(0)], [uuid(2), uuid(1), uuid(2)], [uuid(9)]),
        ):
            expected = [
                one
                for one in everything
                if (officers is None or one.officer in officers)
                and (statements is None or one.statement_id in statements)
            ]
            assert list(store.rejoinders(officers=officers, statement_ids=statements)) == expected
