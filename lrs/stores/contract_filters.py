"""The contract of finding: each filter, their joining, order, pages (xAPI-Communication 2.1.3)."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from typing import Any

import pytest

from lrs.stores.base import Store
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import (
    OTHER,
    RATED,
    RECRUIT,
    SCENARIO,
    SCORED,
    VENDOR,
    agent,
    new_id,
    reference,
    statement,
    submission,
)
from lrs.xapi.actors import agent_key
from lrs.xapi.query import StatementQuery
from lrs.xapi.statement import NewStatement

REGISTRATION = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
COURSE = "https://academy.example/courses/communication"
TEAM = {"objectType": "Group", "member": [agent(OTHER), agent("mailto:third@academy.example")]}
ELSEWHERE = "https://vr.example/scenarios/elsewhere"


def ids_found(store: Store, **query: Any) -> list[str]:
    """The ids on one page."""
    return [one.id for one in store.find(StatementQuery(**query)).statements]


class FiltersContract(StoreFixtures):
    """`find`, without references."""

    @pytest.mark.parametrize(
        ("query", "matching"),
        [
            ({"verb": RATED}, {"verb": RATED}),
            ({"agent": OTHER}, {"actor": OTHER}),
            ({"agent": OTHER}, {"actor": TEAM}),
            ({"agent": OTHER}, {"target": agent(OTHER)}),
            ({"agent": OTHER, "related_agents": True}, {"actor": OTHER}),
            ({"agent": OTHER, "related_agents": True}, {"context": {"instructor": agent(OTHER)}}),
            ({"agent": OTHER, "related_agents": True}, {"authority": OTHER}),
            ({"activity": ELSEWHERE}, {"target": ELSEWHERE}),
            ({"activity": ELSEWHERE, "related_activities": True}, {"target": ELSEWHERE}),
            (
                {"activity": COURSE, "related_activities": True},
                {"context": {"contextActivities": {"parent": [{"id": COURSE}]}}},
            ),
            ({"registration": REGISTRATION}, {"context": {"registration": REGISTRATION}}),
            ({"authority": OTHER}, {"authority": OTHER}),
        ],
    )
    def test_a_filter_finds_what_matches_and_nothing_else(
        self, store: Store, query: dict[str, Any], matching: dict[str, Any]
    ) -> None:
        wanted = statement(**matching)
        store.add(submission(statement(), wanted, statement(target="https://vr.example/scenarios/third")))
        assert ids_found(store, **query) == [wanted.id]

    def test_without_related_agents_an_instructor_does_not_count(self, store: Store) -> None:
        store.add(submission(statement(context={"instructor": agent(OTHER)})))
        assert ids_found(store, agent=OTHER) == []

    def test_without_related_activities_a_parent_does_not_count(self, store: Store) -> None:
        store.add(submission(statement(context={"contextActivities": {"parent": [{"id": COURSE}]}})))
        assert ids_found(store, activity=COURSE) == []

    def test_without_filters_everything_is_found_newest_first(self, store: Store) -> None:
        batch = [statement() for _ in range(3)]
        store.add(submission(*batch))
        assert ids_found(store) == [one.id for one in reversed(batch)]

    def test_filters_are_joined_by_and(self, store: Store) -> None:
        both = statement(verb=RATED, actor=OTHER, context={"registration": REGISTRATION})
        store.add(
            submission(
                statement(verb=RATED),
                statement(actor=OTHER, context={"registration": REGISTRATION}),
                both,
                statement(verb=RATED, actor=OTHER),
            )
        )
        query = {"verb": RATED, "agent": OTHER, "registration": REGISTRATION, "activity": SCENARIO}
        assert ids_found(store, **query, authority=VENDOR) == [both.id]

    def test_a_filter_that_nothing_ever_met_finds_nothing(self, store: Store) -> None:
        store.add(submission(statement()))
        assert ids_found(store, verb="http://example.com/never") == []
        assert ids_found(store, verb=SCORED, agent="mailto:nobody@academy.example") == []

    def test_a_filter_does_not_find_the_same_text_of_another_kind(self, store: Store) -> None:
        store.add(submission(statement(target=SCENARIO)))
        assert ids_found(store, verb=SCENARIO) == []

    def test_since_is_exclusive_and_until_inclusive(self, store: Store) -> None:
        store.add(submission(*[statement() for _ in range(5)]))
        kept = list(store.scan())
        span = {"since_us": kept[0].stored_us, "until_us": kept[2].stored_us}
        for filters in ({}, {"verb": SCORED}):
            assert ids_found(store, **span, **filters, ascending=True) == [kept[1].id, kept[2].id]

    def test_since_and_until_that_leave_nothing_find_nothing(self, store: Store) -> None:
        store.add(submission(statement()))
        [kept] = store.scan()
        assert ids_found(store, since_us=kept.stored_us, until_us=kept.stored_us) == []

    @pytest.mark.parametrize("filters", [{}, {"verb": SCORED}, {"verb": SCORED, "agent": RECRUIT}])
    def test_ascending_is_oldest_first(self, store: Store, filters: dict[str, Any]) -> None:
        batch = [statement() for _ in range(4)]
        store.add(submission(*batch))
        assert ids_found(store, ascending=True, **filters) == [one.id for one in batch]
        assert ids_found(store, **filters) == [one.id for one in reversed(batch)]

    @pytest.mark.parametrize("ascending", [True, False])
    @pytest.mark.parametrize("filters", [{}, {"verb": SCORED}, {"verb": SCORED, "agent": RECRUIT}])
    def test_pages_are_as_long_as_asked_for_and_the_last_has_no_next(
        self, store: Store, filters: dict[str, Any], ascending: bool
    ) -> None:
        batch = [statement() for _ in range(6)]
        store.add(submission(*batch))
        query = StatementQuery(limit=3, ascending=ascending, **filters)
        first = store.find(query)
        assert first.next is not None
        second = store.find(StatementQuery(limit=3, ascending=ascending, after=first.next, **filters))
        assert second.next is None
        assert [len(first.statements), len(second.statements)] == [3, 3]
        found = [one.id for one in (*first.statements, *second.statements)]
        assert found == [one.id for one in (batch if ascending else reversed(batch))]

    def test_a_page_of_one_filter_among_many_others_is_found(self, store: Store) -> None:
        rare = [statement(verb=RATED) for _ in range(3)]
        store.add(submission(*[statement() for _ in range(1_200)], *rare))
        assert ids_found(store, verb=RATED, agent=RECRUIT) == [one.id for one in reversed(rare)]

    def test_what_is_found_is_what_get_answers(self, store: Store) -> None:
        store.add(submission(new := statement()))
        assert list(store.find(StatementQuery(verb=SCORED)).statements) == [store.get(new.id)]

    def test_an_account_with_odd_characters_is_found_by_its_key(self, store: Store) -> None:
        actor = {"account": {"homePage": "https://academy.example", "name": "O'Neil \u0000 % \U0001f46e"}}
        new: NewStatement = statement(actor=actor)
        store.add(submission(new, reference(new_id())))
        assert ids_found(store, agent=agent_key(actor)) == [new.id]
