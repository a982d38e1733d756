"""The contract of the audit log: a chain that only grows."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pytest

from lrs.errors import LrsError
from lrs.stores.audit import FIRST, AuditEntry, AuditQuery, Happening, seal, sealed
from lrs.stores.base import Store
from lrs.stores.contract_concurrency import THREADS, together
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import OTHER, RECRUIT

NOON = 1_768_478_400_000_000
RICH = Happening(
    at_us=NOON,
    actor="user:00000000000000a1",
    action="read profile",
    subjects=(RECRUIT, OTHER, "account:R-017@https://academy.example"),
    detail={
        "z.$a": [1, 2**40, -1, 0.1, 1e300, None, True, "\U0001f46e \u0000 \ud800"],
        "a": {"b": {}, "": []},
    },
)
BARE = Happening(at_us=-1, actor="system", action="change roster")


def chained(happenings: Iterable[Happening]) -> list[AuditEntry]:
    """What a chain of these is."""
    chain: list[AuditEntry] = []
    for one in happenings:
        chain.append(sealed(chain[-1] if chain else None, one))
    return chain


def many() -> list[Happening]:
    """One of each kind, by a clock that steps back now and then."""
    kinds = product((RECRUIT, OTHER, None), ("user:1", "key:1", "system"), ("read profile", "change roster"))
    return [
        Happening(
            at_us=NOON + 10 * number - 25 * (number % 3),
            actor=actor,
            action=action,
            subjects=() if subject is None else (subject, "mailto:beside@academy.example"),
            detail={"number": number},
        )
        for number, (subject, actor, action) in enumerate(list(kinds) * 2)
    ]


def wanted(entries: Iterable[AuditEntry], query: AuditQuery) -> list[AuditEntry]:
    """Which of the entries a query means, said a second time and simply."""
    found = []
    for entry in entries:
        what = entry.happening
        if (
            (query.subject is None or query.subject in what.subjects)
            and query.actor in (None, what.actor)
            and query.action in (None, what.action)
            and (query.since_us is None or what.at_us >= query.since_us)
            and (query.until_us is None or what.at_us < query.until_us)
            and (query.before is None or entry.number < query.before)
        ):
            found.append(entry)
    return sorted(found, key=lambda entry: -entry.number)[: query.limit]


class AuditContract(StoreFixtures):
    """What was done, and that it cannot be undone."""

    def test_a_new_log_is_empty(self, store: Store) -> None:
        assert store.audit_head() is None
        assert list(store.audit(AuditQuery())) == []
        assert list(store.audit(AuditQuery(subject=RECRUIT, since_us=0, until_us=NOON))) == []
        assert list(store.scan_audit()) == []

    def test_the_first_entry_has_zeros_before_it(self, store: Store) -> None:
        entry = store.append_audit(RICH)
        assert entry == AuditEntry(number=1, happening=RICH, previous=FIRST, sha256=seal(1, RICH, FIRST))

    def test_each_entry_holds_the_hash_of_the_one_before(self, store: Store) -> None:
        assert [store.append_audit(one) for one in (RICH, BARE, BARE)] == chained([RICH, BARE, BARE])

    def test_entries_come_back_as_they_were_and_their_hash_is_theirs(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        entries = [store.append_audit(one) for one in (RICH, BARE)]
        for one in (store, reopen()):
            assert list(one.scan_audit()) == entries
            assert list(one.audit(AuditQuery())) == entries[::-1]
            assert one.audit_head() == entries[-1]
            for read in one.scan_audit():
                assert read.sha256 == seal(read.number, read.happening, read.previous)

    def test_a_chain_goes_on_in_another_process(self, store: Store, reopen: Callable[[], Store]) -> None:
        other = reopen()
        for number in range(6):
            (store, other)[number % 2].append_audit(BARE)
        assert list(store.scan_audit()) == chained([BARE] * 6)

    def test_whoever_appends_at_once_there_is_one_chain(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        stores = [store, reopen(), reopen(), reopen()]

        def append(worker: int) -> list[AuditEntry]:
            return [
                stores[worker % 4].append_audit(
                    Happening(at_us=NOON, actor=f"user:{worker}", action="read profile", detail={"n": number})
                )
                for number in range(10)
            ]

        answers = together(append)
        chain = list(store.scan_audit())
        assert chain == chained(one.happening for one in chain)
        assert len(chain) == 10 * THREADS
        for worker, answer in enumerate(answers):
            # Each got its own, and in its order.
            assert answer == [one for one in chain if one.happening.actor == f"user:{worker}"]
            assert [one.happening.detail["n"] for one in chain if one in answer] == list(range(10))

    def test_who_ends_before_another_begins_has_a_smaller_number(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        other = reopen()
        numbers = [one.append_audit(BARE).number for one in (store, other, other, store)]
        assert numbers == [1, 2, 3, 4]

    def test_what_cannot_be_kept_leaves_no_gap(self, store: Store) -> None:
        store.append_audit(BARE)
        for bad in (
            Happening(at_us=NOON, actor="user:\ud800", action="read profile"),
            Happening(at_us=NOON, actor="system", action="read profile", subjects=(RECRUIT, "\ud800")),
            Happening(at_us=NOON, actor="system", action="read profile", detail={"a": object()}),
        ):
            with pytest.raises((UnicodeError, TypeError, LrsError)):
                store.append_audit(bad)
        store.append_audit(RICH)
        assert list(store.scan_audit()) == chained([BARE, RICH])

    def test_a_log_is_scanned_on_from_a_number(self, store: Store) -> None:
        entries = [store.append_audit(one) for one in many()]
        assert list(store.scan_audit(0)) == entries
        assert list(store.scan_audit(5)) == entries[5:]
        assert list(store.scan_audit(len(entries))) == []

    def test_a_log_longer_than_a_chunk_is_scanned_whole(self, store: Store) -> None:
        entries = chained([BARE] * 501)
        for _ in entries:
            store.append_audit(BARE)
        assert list(store.scan_audit()) == entries

    def test_every_filter_and_every_pair_of_them_is_heeded(self, store: Store) -> None:
        entries = [store.append_audit(one) for one in many()]
        asked = 0
        for subject, actor, action, since, until in product(
            (None, RECRUIT, "mailto:nobody@academy.example"),
            (None, "user:1", "user:2"),
            (None, "read profile", "read"),
            (None, NOON, NOON + 100, NOON + 10_000),
            (None, NOON + 150, NOON + 10_000, NOON - 1_000),
        ):
            query = AuditQuery(subject=subject, actor=actor, action=action, since_us=since, until_us=until)
            expected = wanted(entries, query)
            asked += bool(expected)
            assert list(store.audit(query)) == expected, query
        assert asked > 20

    def test_since_is_with_the_instant_and_until_without_it(self, store: Store) -> None:
        before, at, after = (
            store.append_audit(Happening(at_us=NOON + shift, actor="system", action="x"))
            for shift in (-1, 0, 1)
        )
        assert list(store.audit(AuditQuery(since_us=NOON))) == [after, at]
        assert list(store.audit(AuditQuery(until_us=NOON))) == [before]
        assert list(store.audit(AuditQuery(since_us=NOON, until_us=NOON + 1))) == [at]

    def test_an_entry_is_found_by_each_of_whom_it_is_about(self, store: Store) -> None:
        entry = store.append_audit(RICH)
        store.append_audit(BARE)
        for subject in RICH.subjects:
            assert list(store.audit(AuditQuery(subject=subject))) == [entry]

    @pytest.mark.parametrize(
        "filters", [{}, {"subject": RECRUIT}, {"actor": "user:1"}, {"action": "read profile"}], ids=str
    )
    def test_pages_go_on_where_the_last_one_ended(self, store: Store, filters: dict[str, Any]) -> None:
        entries = [store.append_audit(one) for one in many()]
        met: list[AuditEntry] = []
        before = None
        while page := store.audit(AuditQuery(before=before, limit=4, **filters)):
            assert len(page) <= 4
            met += page
            before = page[-1].number
            # What comes meanwhile is on none of the later pages.
            store.append_audit(many()[0])
        assert met == wanted(entries, AuditQuery(limit=10_000, **filters))

    def test_a_page_has_a_hundred_entries_unless_it_is_said(self, store: Store) -> None:
        for _ in range(101):
            store.append_audit(BARE)
        assert [one.number for one in store.audit(AuditQuery())] == list(range(101, 1, -1))

    def test_what_a_caller_changes_later_is_not_in_the_log(self, store: Store) -> None:
        detail = {"list": [1]}
        store.append_audit(Happening(at_us=NOON, actor="system", action="x", detail=detail))
        detail["list"].append(2)
        [entry] = store.scan_audit()
        assert entry.happening.detail == {"list": [1]}
        entry.happening.detail["list"].append(3)
        head = store.audit_head()
        assert head is not None
        assert head.happening.detail == {"list": [1]}
        assert head.sha256 == seal(1, head.happening, FIRST)

    def test_nothing_of_the_store_changes_or_deletes_an_entry(self, store: Store) -> None:
        store.append_audit(RICH)
        named = {name for name in dir(store) if "audit" in name and not name.startswith("_")}
        assert named <= {"append_audit", "audit", "scan_audit", "audit_head", "moved_audit", "take_audit"}
