"""The contract of what statements say of activities: each distinct definition, oldest first."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable

import pytest

from lrs.errors import Conflict
from lrs.stores.base import Store
from lrs.stores.contract_concurrency import THREADS, together
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import OTHER, SCENARIO, statement, submission

COURSE = "https://academy.example/courses/communication"
STOP = '{"name":{"en":"Traffic stop"}}'
STOP_DE = '{"name":{"de":"Verkehrskontrolle"}}'
STOP_ODD = '{"name":{"en":"Stop \\u0000 \U0001f46e"},"extensions":{"x:y":1e2}}'


class DefinitionsContract(StoreFixtures):
    """What an activity is, by all that was said of it."""

    def test_an_activity_that_nothing_was_said_of_has_no_definition(self, store: Store) -> None:
        store.add(submission(statement()))
        assert list(store.definitions(SCENARIO)) == []
        assert list(store.definitions("https://vr.example/never")) == []

    def test_a_definition_comes_back_character_for_character(self, store: Store) -> None:
        store.add(submission(statement(), definitions=[(SCENARIO, STOP_ODD)]))
        assert list(store.definitions(SCENARIO)) == [STOP_ODD]

    def test_definitions_are_of_one_activity(self, store: Store) -> None:
        store.add(submission(statement(), definitions=[(SCENARIO, STOP), (COURSE, STOP_DE)]))
        store.add(submission(statement(), definitions=[(COURSE, STOP)]))
        assert list(store.definitions(SCENARIO)) == [STOP]
        assert list(store.definitions(COURSE)) == [STOP_DE, STOP]

    def test_definitions_are_oldest_first_within_and_between_submissions(self, store: Store) -> None:
        for batch in ([STOP_ODD, "{}"], [STOP], [STOP_DE]):
            store.add(submission(statement(), definitions=[(SCENARIO, text) for text in batch]))
        assert list(store.definitions(SCENARIO)) == [STOP_ODD, "{}", STOP, STOP_DE]

    def test_a_definition_that_is_said_again_is_kept_once_in_its_first_place(self, store: Store) -> None:
        for batch in ([STOP, STOP], [STOP_DE, STOP], [STOP]):
            store.add(submission(statement(), definitions=[(SCENARIO, text) for text in batch]))
        assert list(store.definitions(SCENARIO)) == [STOP, STOP_DE]

    def test_an_activity_may_be_defined_that_no_filter_finds(self, store: Store) -> None:
        store.add(submission(statement(), definitions=[(COURSE, STOP)]))
        assert list(store.definitions(COURSE)) == [STOP]

    def test_a_submission_in_conflict_defines_nothing(self, store: Store) -> None:
        taken = statement()
        store.add(submission(taken))
        other = statement(statement_id=taken.id, actor=OTHER)
        with pytest.raises(Conflict):
            store.add(submission(statement(), other, definitions=[(SCENARIO, STOP)]))
        assert list(store.definitions(SCENARIO)) == []
        store.add(submission(statement(), definitions=[(SCENARIO, STOP)]))
        assert list(store.definitions(SCENARIO)) == [STOP]

    def test_a_statement_sent_again_may_bring_a_new_definition(self, store: Store) -> None:
        # A definition is no part of what a statement means (xAPI-Data 2.3.1): this is no conflict.
        new = statement()
        store.add(submission(new, definitions=[(SCENARIO, STOP)]))
        assert store.add(submission(new, definitions=[(SCENARIO, STOP_DE)])) == frozenset()
        assert list(store.definitions(SCENARIO)) == [STOP, STOP_DE]

    def test_every_process_sees_the_definitions_of_all_once_each(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        other = reopen()
        for one, text in ((store, STOP), (other, STOP), (other, STOP_DE), (store, STOP_DE), (store, "{}")):
            one.add(submission(statement(), definitions=[(SCENARIO, text)]))
        assert list(store.definitions(SCENARIO)) == list(other.definitions(SCENARIO)) == [STOP, STOP_DE, "{}"]

    def test_what_many_say_at_once_is_kept_once(self, store: Store, reopen: Callable[[], Store]) -> None:
        stores = [store, reopen()]

        def say(number: int) -> None:
            for _ in range(5):
                stores[number % 2].add(
                    submission(
                        statement(), definitions=[(SCENARIO, STOP), (COURSE, f'{{"type":"{number}"}}')]
                    )
                )

        together(say)
        assert list(store.definitions(SCENARIO)) == [STOP]
        assert sorted(store.definitions(COURSE)) == [f'{{"type":"{number}"}}' for number in range(THREADS)]
