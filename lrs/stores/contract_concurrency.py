"""The contract of writing and reading at the same time, from several threads."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from lrs.errors import Conflict
from lrs.stores.base import Store
from lrs.stores.contract_filters import ids_found
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import SCORED, new_id, statement, submission
from lrs.xapi.query import Cursor, StatementQuery
from lrs.xapi.statement import NewStatement, StoredStatement

THREADS = 8


def together(work: Callable[[int], object]) -> list[object]:
    """Run it in several threads that start at once; their answers, or what they raised."""
    start = Barrier(THREADS)

    def run(number: int) -> object:
        start.wait()
        try:
            return work(number)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def pages(store: Store, *, limit: int, ascending: bool = False) -> Iterator[tuple[StoredStatement, ...]]:
    """Every page of the statements with the usual verb."""
    after: Cursor | None = None
    while True:
        page = store.find(StatementQuery(verb=SCORED, limit=limit, ascending=ascending, after=after))
        yield page.statements
        if page.next is None:
            return
        after = page.next


class ConcurrencyContract(StoreFixtures):
    """Laws that hold whoever comes first."""

    def test_of_the_same_statement_sent_at_once_one_is_new(self, store: Store) -> None:
        new = statement()
        answers = together(lambda _: store.add(submission(new)))
        assert sorted(answers, key=str) == sorted([{new.id}, *[frozenset()] * (THREADS - 1)], key=str)

    def test_of_different_statements_with_one_id_sent_at_once_one_wins(self, store: Store) -> None:
        wanted = new_id()
        rivals = [
            statement(statement_id=wanted, actor=f"mailto:{number}@vr.example") for number in range(THREADS)
        ]
        beside = [statement() for _ in range(THREADS)]
        answers = together(lambda number: store.add(submission(beside[number], rivals[number])))
        winners = [number for number, answer in enumerate(answers) if not isinstance(answer, Conflict)]
        assert len(winners) == 1
        kept = store.get(wanted)
        assert kept is not None
        assert kept.raw.endswith(rivals[winners[0]].body[1:])
        assert set(ids_found(store)) == {wanted, beside[winners[0]].id}

    def test_who_ends_before_another_begins_is_stored_earlier(self, store: Store) -> None:
        order: list[tuple[str, str]] = []  # appending is atomic: the order of the list is that of events

        def write(_number: int) -> None:
            for _ in range(25):
                new = statement()
                order.append(("begin", new.id))
                store.add(submission(new))
                order.append(("end", new.id))

        together(write)
        stored = {one.id: one.stored_us for one in store.scan()}
        assert len(stored) == 25 * THREADS
        newest_ended = 0
        newest_before: dict[str, int] = {}
        for event, statement_id in order:
            if event == "begin":
                newest_before[statement_id] = newest_ended
            else:
                assert stored[statement_id] > newest_before[statement_id]
                newest_ended = max(newest_ended, stored[statement_id])

    def test_reading_on_from_the_newest_seen_misses_nothing(self, store: Store) -> None:
        seen: list[str] = []

        def write_or_read(number: int) -> None:
            if number > 0:
                for _ in range(25):
                    store.add(submission(statement(), statement()))
                return
            newest = -1
            while len(seen) < 50 * (THREADS - 1):
                for one in store.scan(newest):
                    seen.append(one.id)
                    newest = one.stored_us

        together(write_or_read)
        assert seen == [one.id for one in store.scan()]

    @pytest.mark.parametrize("ascending", [True, False])
    def test_pages_neither_skip_nor_repeat_while_others_write(self, store: Store, ascending: bool) -> None:
        before = [statement() for _ in range(60)]
        store.add(submission(*before))
        walks: list[list[str]] = []

        def write_or_page(number: int) -> None:
            if number % 2:
                for _ in range(10):
                    store.add(submission(statement()))
            else:
                walks.append([one.id for page in pages(store, limit=7, ascending=ascending) for one in page])

        together(write_or_page)
        expected = [one.id for one in (before if ascending else reversed(before))]
        assert len(walks) == THREADS // 2
        for walk in walks:
            assert len(walk) == len(set(walk))
            assert [one for one in walk if one in set(expected)] == expected

    def test_a_batch_is_seen_whole_or_not_at_all(self, store: Store) -> None:
        sizes: list[int] = []

        def write_or_count(number: int) -> None:
            for _ in range(10):
                if number % 2:
                    store.add(submission(*[statement() for _ in range(7)]))
                else:
                    sizes.append(len(store.find(StatementQuery(limit=1_000)).statements))

        together(write_or_count)
        assert {size % 7 for size in sizes} == {0}

    def test_consistent_through_never_claims_what_can_be_missed(self, store: Store) -> None:
        claims: list[tuple[int, set[str]]] = []

        def write_or_ask(number: int) -> None:
            for _ in range(30):
                if number % 2:
                    store.add(submission(statement()))
                else:
                    instant = store.consistent_through()
                    claims.append((instant, {one.id for one in store.scan()}))

        together(write_or_ask)
        everything = list(store.scan())
        assert len(claims) == 30 * THREADS // 2
        for instant, readable in claims:
            assert {one.id for one in everything if one.stored_us <= instant} <= readable

    def test_consistent_through_reaches_what_was_just_stored(self, store: Store) -> None:
        new: NewStatement = statement()
        store.add(submission(new))
        kept = store.get(new.id)
        assert kept is not None
        assert store.consistent_through() >= kept.stored_us

    def test_what_is_stored_later_is_later_than_what_was_claimed(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        other = reopen()
        for _ in range(20):
            claimed = store.consistent_through()
            other.add(submission(new := statement()))
            kept = store.get(new.id)
            assert kept is not None
            assert kept.stored_us > claimed
