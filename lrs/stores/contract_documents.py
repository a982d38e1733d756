"""The contract of documents: state, agent profiles, activity profiles (xAPI-Communication 2.2, 2.3, 2.6, 2.7)."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from lrs.stores.base import Document, DocumentKind, DocumentScope, Store
from lrs.stores.contract_concurrency import THREADS, together
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import OTHER, RECRUIT, SCENARIO, document, new_id, state_scope

HERE = state_scope()
ATTEMPT = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
SECOND_ATTEMPT = "00000000-0000-0000-0000-000000000000"
OLD = document(b"old", "text/plain")
NEW = document(b"new", "text/html; charset=utf-8", 6)

ELSEWHERE = [
    pytest.param({"kind": DocumentKind.ACTIVITY_PROFILE, "agent": ""}, id="activity profile"),
    pytest.param({"kind": DocumentKind.AGENT_PROFILE, "activity": ""}, id="agent profile"),
    pytest.param({"activity": "https://vr.example/scenarios/elsewhere"}, id="activity"),
    pytest.param({"agent": OTHER}, id="agent"),
    pytest.param({"registration": ATTEMPT}, id="registration"),
]


def put(store: Store, scope: DocumentScope, *ids: str, updated_us: int = 5) -> None:
    """Put a document under each id, where there is none."""
    for document_id in ids:
        assert store.swap_document(scope, document_id, None, document(updated_us=updated_us))


def the_winner(
    stores: Sequence[Store], etag: str | None, rivals: Sequence[Document | None]
) -> Document | None:
    """Have all rivals swap the bookmark at once, by several stores; what the only one of them put that won."""
    answers = together(
        lambda number: stores[number % len(stores)].swap_document(HERE, "bookmark", etag, rivals[number])
    )
    assert answers.count(True) == 1
    assert answers.count(False) == THREADS - 1
    return rivals[answers.index(True)]


class DocumentsContract(StoreFixtures):
    """Putting, swapping, listing and deleting, alone and against others."""

    @pytest.mark.parametrize(
        "content",
        [b"", b"\x00", b'{"a": 1e2}\r\n', bytes(range(256)) * 40_960],
        ids=["empty", "NUL", "JSON", "10 MB"],
    )
    @pytest.mark.parametrize("content_type", ["application/json", 'Text/X-Odd ; a="b,c;\u00e9"'])
    def test_a_document_comes_back_byte_for_byte(
        self, store: Store, content: bytes, content_type: str
    ) -> None:
        new = document(content, content_type, 1_768_464_000_000_001)
        assert store.swap_document(HERE, "bookmark", None, new) is True
        assert store.document(HERE, "bookmark") == new

    def test_an_unknown_document_is_none(self, store: Store) -> None:
        put(store, HERE, "bookmark")
        assert store.document(HERE, "Bookmark") is None

    @pytest.mark.parametrize("different", ELSEWHERE)
    def test_a_document_is_in_its_scope_and_in_no_other(
        self, store: Store, different: dict[str, Any]
    ) -> None:
        elsewhere = state_scope(**different)
        assert store.swap_document(HERE, "bookmark", None, OLD)
        assert store.document(elsewhere, "bookmark") is None
        assert store.swap_document(elsewhere, "bookmark", None, NEW)
        assert (store.document(HERE, "bookmark"), store.document(elsewhere, "bookmark")) == (OLD, NEW)
        assert store.swap_document(HERE, "bookmark", OLD.etag, None)
        assert store.document(elsewhere, "bookmark") == NEW

    def test_two_registrations_and_none_are_three_places(self, store: Store) -> None:
        places = [state_scope(registration=one) for one in (ATTEMPT, None, SECOND_ATTEMPT)]
        kept = [document(bytes([number])) for number in range(3)]
        for scope, new in zip(places, kept, strict=True):
            assert store.swap_document(scope, "bookmark", None, new)
        assert [store.document(scope, "bookmark") for scope in places] == kept

    @pytest.mark.parametrize("registration", [None, ATTEMPT])
    def test_a_document_is_put_only_where_there_is_none(self, store: Store, registration: str | None) -> None:
        scope = state_scope(registration=registration)
        assert store.swap_document(scope, "bookmark", None, OLD) is True
        assert store.swap_document(scope, "bookmark", None, NEW) is False
        assert store.swap_document(scope, "bookmark", None, OLD) is False
        assert store.document(scope, "bookmark") == OLD

    def test_a_document_is_replaced_whole_when_its_etag_is_right(self, store: Store) -> None:
        assert store.swap_document(HERE, "bookmark", None, OLD)
        assert store.swap_document(HERE, "bookmark", OLD.etag, NEW) is True
        assert store.document(HERE, "bookmark") == NEW

    def test_a_document_stays_when_the_etag_is_wrong(self, store: Store) -> None:
        assert store.swap_document(HERE, "bookmark", None, OLD)
        for etag in (NEW.etag, OLD.etag.upper(), f'"{OLD.etag}"', "*", ""):
            assert store.swap_document(HERE, "bookmark", etag, NEW) is False
            assert store.swap_document(HERE, "bookmark", etag, None) is False
        assert store.document(HERE, "bookmark") == OLD

    def test_the_same_content_again_is_a_swap_like_any_other(self, store: Store) -> None:
        later = replace(OLD, updated_us=9)
        assert store.swap_document(HERE, "bookmark", None, OLD)
        assert store.swap_document(HERE, "bookmark", OLD.etag, later) is True
        assert store.document(HERE, "bookmark") == later

    def test_a_document_is_deleted_when_its_etag_is_right_and_can_be_put_again(self, store: Store) -> None:
        assert store.swap_document(HERE, "bookmark", None, OLD)
        assert store.swap_document(HERE, "bookmark", OLD.etag, None) is True
        assert store.document(HERE, "bookmark") is None
        assert store.swap_document(HERE, "bookmark", OLD.etag, NEW) is False
        assert store.swap_document(HERE, "bookmark", None, NEW) is True

    def test_nothing_in_the_place_of_nothing_is_right_and_of_something_is_not(self, store: Store) -> None:
        assert store.swap_document(HERE, "bookmark", None, None) is True
        assert store.swap_document(HERE, "bookmark", OLD.etag, None) is False
        assert store.swap_document(HERE, "bookmark", None, OLD)
        assert store.swap_document(HERE, "bookmark", None, None) is False
        assert store.document(HERE, "bookmark") == OLD

    def test_ids_are_listed_in_order(self, store: Store) -> None:
        ids = ["b", "", "a", "B", "a b", "\u00e9", "\ue000", "\U0010ffff", "10", "9", "a\x00b", "a/b?c#d%20"]
        put(store, HERE, *ids)
        assert list(store.document_ids(HERE)) == sorted(ids)

    @pytest.mark.parametrize("different", ELSEWHERE[:-1])
    def test_ids_of_another_scope_are_not_listed(self, store: Store, different: dict[str, Any]) -> None:
        put(store, HERE, "here")
        put(store, state_scope(**different), "elsewhere")
        assert list(store.document_ids(HERE)) == ["here"]
        assert list(store.document_ids(state_scope(**different))) == ["elsewhere"]

    def test_without_a_registration_the_ids_of_every_one_and_of_none_are_listed_once(
        self, store: Store
    ) -> None:
        put(store, HERE, "both", "none")
        put(store, state_scope(registration=ATTEMPT), "both", "attempt")
        put(store, state_scope(registration=SECOND_ATTEMPT), "both", "attempt", "second")
        assert list(store.document_ids(HERE)) == ["attempt", "both", "none", "second"]
        assert list(store.document_ids(state_scope(registration=ATTEMPT))) == ["attempt", "both"]
        assert list(store.document_ids(state_scope(registration=new_id()))) == []

    def test_since_is_exclusive_and_speaks_of_the_last_update(self, store: Store) -> None:
        put(store, HERE, "a", "d", updated_us=5)
        put(store, HERE, "b", updated_us=6)
        put(store, state_scope(registration=ATTEMPT), "c", "d", updated_us=7)
        assert list(store.document_ids(HERE, 4)) == ["a", "b", "c", "d"]
        assert list(store.document_ids(HERE, 5)) == ["b", "c", "d"]
        assert list(store.document_ids(HERE, 7)) == []
        assert list(store.document_ids(state_scope(registration=ATTEMPT), 6)) == ["c", "d"]
        assert store.swap_document(HERE, "a", document().etag, document(updated_us=8))
        assert list(store.document_ids(HERE, 7)) == ["a"]

    @pytest.mark.parametrize("different", ELSEWHERE[:-1])
    def test_all_in_a_scope_are_deleted_and_none_beside_it(
        self, store: Store, different: dict[str, Any]
    ) -> None:
        put(store, HERE, "a", "b")
        put(store, state_scope(**different), "a")
        assert store.delete_documents(HERE) == 2
        assert list(store.document_ids(HERE)) == []
        assert list(store.document_ids(state_scope(**different))) == ["a"]
        assert store.delete_documents(HERE) == 0

    def test_with_a_registration_only_what_is_in_it_is_deleted(self, store: Store) -> None:
        put(store, HERE, "a")
        put(store, state_scope(registration=ATTEMPT), "a", "b")
        put(store, state_scope(registration=SECOND_ATTEMPT), "c")
        assert store.delete_documents(state_scope(registration=ATTEMPT)) == 2
        assert list(store.document_ids(HERE)) == ["a", "c"]
        assert store.document(HERE, "a") is not None

    def test_without_a_registration_every_one_and_none_are_deleted(self, store: Store) -> None:
        put(store, HERE, "a")
        put(store, state_scope(registration=ATTEMPT), "a", "b")
        assert store.delete_documents(HERE) == 3
        assert list(store.document_ids(HERE)) == []

    def test_a_deleted_document_can_be_put_again(self, store: Store) -> None:
        put(store, HERE, "a")
        store.delete_documents(HERE)
        put(store, HERE, "a")
        assert list(store.document_ids(HERE)) == ["a"]

    def test_another_store_on_the_same_data_sees_and_swaps_the_same(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        other = reopen()
        assert store.swap_document(HERE, "bookmark", None, OLD)
        assert other.document(HERE, "bookmark") == OLD
        assert other.swap_document(HERE, "bookmark", OLD.etag, NEW)
        assert store.swap_document(HERE, "bookmark", OLD.etag, None) is False
        assert store.document(HERE, "bookmark") == NEW

    def test_of_many_who_put_or_swap_one_document_exactly_one_wins_each_round(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        stores = [store, reopen()]
        etag: str | None = None
        for turn in range(15):
            rivals = [document(b"%d of %d" % (turn, number)) for number in range(THREADS)]
            winner = the_winner(stores, etag, rivals)
            assert store.document(HERE, "bookmark") == winner
            assert winner is not None
            etag = winner.etag
            if turn % 3 == 2:
                # The next round finds nothing there.
                store.delete_documents(HERE)
                etag = None

    def test_of_many_who_swap_or_delete_one_document_exactly_one_wins_each_round(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        stores = [store, reopen()]
        for turn in range(15):
            old = document(b"%d" % turn)
            assert store.swap_document(HERE, "bookmark", None, old)
            rivals = [document(b"%d of %d" % (turn, number)) for number in range(THREADS // 2)]
            winner = the_winner(stores, old.etag, [*rivals, *[None] * (THREADS // 2)])
            assert store.document(HERE, "bookmark") == winner
            store.delete_documents(HERE)

    def test_no_update_is_lost_among_many(self, store: Store, reopen: Callable[[], Store]) -> None:
        stores = [store, reopen()]
        start = document(b"0")
        assert store.swap_document(HERE, "counter", None, start)

        def count(number: int) -> None:
            mine = stores[number % 2]
            for _ in range(10):
                done = False
                while not done:
                    old = mine.document(HERE, "counter")
                    assert old is not None
                    new = document(b"%d" % (int(old.content) + 1))
                    done = mine.swap_document(HERE, "counter", old.etag, new)

        together(count)
        kept = store.document(HERE, "counter")
        assert kept is not None
        assert kept.content == b"%d" % (10 * THREADS)

    def test_profiles_of_agents_and_activities_are_listed_by_what_they_are_of(self, store: Store) -> None:
        of_agent = DocumentScope(kind=DocumentKind.AGENT_PROFILE, agent=RECRUIT)
        of_activity = DocumentScope(kind=DocumentKind.ACTIVITY_PROFILE, activity=SCENARIO)
        put(store, of_agent, "languages")
        put(store, of_activity, "highscore")
        assert list(store.document_ids(of_agent)) == ["languages"]
        assert list(store.document_ids(of_activity)) == ["highscore"]
        assert store.delete_documents(of_agent) == 1
        assert list(store.document_ids(of_activity)) == ["highscore"]
