"""The contract of the tally of what was refused: it adds up, within its bounds."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lrs.stores.base import Store
from lrs.stores.contract_concurrency import THREADS, together
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import OTHER as OTHER_VENDOR
from lrs.stores.contract_samples import RECRUIT
from lrs.stores.refusals import MOST_A_DAY, MOST_WITH_PATH, OTHER, Refusal

NOON = 1_768_478_400_000_000
DAY, NEXT_DAY = "2026-01-15", "2026-01-16"
ONE = Refusal(
    day=DAY,
    authority="account:VR \U0001f46e@https://lrs.example",
    code="invalid_statement",
    path="/*/verb/id",
    expected="an IRI with a scheme \U0001f46e",
    requests=2,
    statements=2**40,
    last_us=NOON,
)
FIRST, LAST = "0001-01-01", "9999-12-31"


def several(number: int, *, day: str = DAY) -> list[Refusal]:
    """As many rows of one day, each of its own path."""
    return [replace(ONE, day=day, path=f"/{place:05}", requests=1, statements=3) for place in range(number)]


class RefusalsContract(StoreFixtures):
    """How often, by day, vendor, error and place."""

    def test_a_new_tally_is_empty(self, store: Store) -> None:
        assert list(store.refusals(FIRST, LAST)) == []
        store.add_refusals([])
        assert list(store.refusals(FIRST, LAST)) == []

    def test_a_row_comes_back_as_it_was(self, store: Store, reopen: Callable[[], Store]) -> None:
        bare = replace(ONE, authority="", path="", expected="", requests=1, statements=0, last_us=-1)
        store.add_refusals([bare, ONE])
        for one in (store, reopen()):
            assert list(one.refusals(FIRST, LAST)) == [ONE, bare]

    def test_counts_add_up_and_the_later_instant_and_its_words_are_kept(self, store: Store) -> None:
        later = replace(ONE, expected="an IRI", requests=3, statements=5, last_us=NOON + 1)
        both = replace(later, requests=5, statements=2**40 + 5)
        store.add_refusals([ONE])
        store.add_refusals([later])
        assert list(store.refusals(DAY, DAY)) == [both]
        store.add_refusals([replace(ONE, requests=1, statements=0, last_us=NOON - 1)])
        assert list(store.refusals(DAY, DAY)) == [replace(both, requests=6)]

    def test_rows_of_one_call_add_up_as_well(self, store: Store) -> None:
        store.add_refusals([ONE, replace(ONE, path="/id"), ONE])
        assert [(one.path, one.requests) for one in store.refusals(DAY, DAY)] == [
            ("/*/verb/id", 4),
            ("/id", 2),
        ]

    def test_what_differs_in_anything_is_a_row_of_its_own(self, store: Store) -> None:
        rows = [
            ONE,
            replace(ONE, day=NEXT_DAY),
            replace(ONE, authority=RECRUIT),
            replace(ONE, code="conflict"),
            replace(ONE, path="/*/verb"),
        ]
        store.add_refusals(rows)
        assert sorted(one.key for one in store.refusals(FIRST, LAST)) == sorted(one.key for one in rows)

    def test_days_are_asked_for_from_one_up_to_and_with_another(self, store: Store) -> None:
        days = ["2025-12-31", DAY, NEXT_DAY, "2026-01-17", "2026-02-01"]
        store.add_refusals([replace(ONE, day=day) for day in days])
        for since in range(len(days)):
            for until in range(len(days)):
                found = store.refusals(days[since], days[until])
                assert [one.day for one in found] == days[since : until + 1]
        assert list(store.refusals("2026-01-18", "2026-01-31")) == []

    def test_most_requests_come_first_and_then_there_is_one_order(self, store: Store) -> None:
        rows = [
            replace(ONE, path="/b", requests=9),
            replace(ONE, authority=RECRUIT, requests=3),
            replace(ONE, path="/a"),
            replace(ONE, path="/b", code="conflict"),
            replace(ONE, day=NEXT_DAY, authority=OTHER_VENDOR),
        ]
        store.add_refusals(rows[::-1])
        found = list(store.refusals(FIRST, LAST))
        assert [one.requests for one in found] == [9, 3, 2, 2, 2]
        assert found == sorted(rows, key=lambda one: (-one.requests, one.key))

    def test_a_day_has_room_for_so_many_and_the_rest_is_added_up_by_vendor_and_error(
        self, store: Store
    ) -> None:
        store.add_refusals(several(MOST_WITH_PATH - 1))
        store.add_refusals(several(2 * MOST_A_DAY))
        found = store.refusals(DAY, DAY)
        assert len(found) == MOST_WITH_PATH + 1
        [rest] = [one for one in found if one.path == OTHER]
        assert (rest.authority, rest.code, rest.expected) == (ONE.authority, ONE.code, "")
        assert sum(one.requests for one in found) == MOST_WITH_PATH - 1 + 2 * MOST_A_DAY
        assert sum(one.statements for one in found) == 3 * (MOST_WITH_PATH - 1 + 2 * MOST_A_DAY)
        # What has a row keeps it, and another day has room.
        store.add_refusals([*several(1), *several(1, day=NEXT_DAY)])
        assert next(one for one in store.refusals(DAY, DAY) if one.path == "/00000").requests == 3
        assert [one.path for one in store.refusals(NEXT_DAY, NEXT_DAY)] == ["/00000"]

    def test_a_day_never_has_more_whoever_sends(self, store: Store) -> None:
        store.add_refusals(several(MOST_WITH_PATH))
        vendors = [replace(ONE, authority=f"mailto:{one}@vr.example") for one in range(2 * MOST_A_DAY)]
        for start in range(0, len(vendors), 700):
            store.add_refusals(vendors[start : start + 700])
        found = store.refusals(DAY, DAY)
        assert len(found) == MOST_A_DAY
        assert sum(one.requests for one in found) == MOST_WITH_PATH + 2 * len(vendors)
        [nobody] = [one for one in found if not one.authority]
        assert (nobody.code, nobody.path) == (OTHER, OTHER)

    def test_whoever_adds_at_once_nothing_is_lost(self, store: Store, reopen: Callable[[], Store]) -> None:
        stores = [store, reopen()]

        def add(worker: int) -> None:
            for number in range(5):
                stores[worker % 2].add_refusals([ONE, replace(ONE, path=f"/{worker}", last_us=NOON + number)])

        together(add)
        found = {one.path: one for one in store.refusals(DAY, DAY)}
        assert found[ONE.path].requests == 2 * 5 * THREADS
        assert [found[f"/{worker}"].requests for worker in range(THREADS)] == [10] * THREADS
        assert found["/0"].last_us == NOON + 4
