"""Refused requests are counted in memory, written now and then, and hold nothing that was sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lrs.errors import Conflict, Detail, InvalidAttachment, InvalidParameter, InvalidStatement, LrsError
from lrs.services.refusals import LONGEST_EXPECTED, LONGEST_PATH, Refusals
from lrs.stores.refusals import MOST_A_DAY, Refusal
from lrs.stores.sqlite.store import SqliteStore

NOON = 1_768_478_400_000_000
SECOND = 1_000_000
VENDOR = "account:VR@https://lrs.example"
WRONG = InvalidStatement("The statement is not valid.", [Detail("/verb/id", '"rated"', "an IRI")])
FIRST, LAST = "0001-01-01", "9999-12-31"


class Clock:
    """Stands until it is told otherwise."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rapport.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """A store that does not wait long for others."""
    store = SqliteStore(path, busy_ms=5)
    store.initialise()
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def refusals(store: SqliteStore, clock: Clock) -> Refusals:
    return Refusals(store, clock=clock)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Meanwhile another process writes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def written(store: SqliteStore) -> int:
    """Requests that are in the store."""
    return sum(one.requests for one in store.refusals(FIRST, LAST))


def test_the_same_error_of_the_same_vendor_adds_up(refusals: Refusals, clock: Clock) -> None:
    refusals.note(VENDOR, WRONG, 3)
    clock.now += 5
    refusals.note(VENDOR, WRONG)
    assert refusals.between("2026-01-15", "2026-01-15") == [
        Refusal(
            day="2026-01-15",
            authority=VENDOR,
            code="invalid_statement",
            path="/verb/id",
            expected="an IRI",
            requests=2,
            statements=3,
            last_us=NOON + 5,
        )
    ]


def test_another_error_vendor_or_day_is_counted_apart(refusals: Refusals, clock: Clock) -> None:
    taken = Conflict("The id is taken.", [Detail("/id", "an id", "a new id")])
    refusals.note(VENDOR, WRONG)
    refusals.note(VENDOR, taken)
    refusals.note("", LrsError("Something."))
    clock.now += 86_400 * SECOND
    refusals.note(VENDOR, WRONG)
    assert [(one.day, one.authority, one.code, one.path) for one in refusals.between(FIRST, LAST)] == [
        ("2026-01-15", "", "error", ""),
        ("2026-01-15", VENDOR, "conflict", "/id"),
        ("2026-01-15", VENDOR, "invalid_statement", "/verb/id"),
        ("2026-01-16", VENDOR, "invalid_statement", "/verb/id"),
    ]
    assert [one.day for one in refusals.between("2026-01-16", "2026-01-16")] == ["2026-01-16"]


def test_it_is_written_at_most_once_a_second(refusals: Refusals, store: SqliteStore, clock: Clock) -> None:
    seen = []
    for after in (0, SECOND // 2, SECOND - 1, SECOND, SECOND + 1, 2 * SECOND):
        clock.now = NOON + after
        refusals.note(VENDOR, WRONG)
        seen.append(written(store))
    assert seen == [1, 1, 1, 4, 4, 6]


def test_what_waits_is_written_when_it_is_read_and_at_the_end(refusals: Refusals, store: SqliteStore) -> None:
    for _ in range(2):
        refusals.note(VENDOR, WRONG)
    assert written(store) == 1
    assert sum(one.requests for one in refusals.between(FIRST, LAST)) == 2
    refusals.note(VENDOR, WRONG)
    refusals.flush()
    refusals.flush()
    assert written(store) == 3


def test_a_clock_that_steps_back_holds_nothing_up(
    refusals: Refusals, store: SqliteStore, clock: Clock
) -> None:
    refusals.note(VENDOR, WRONG)
    clock.now -= 3600 * SECOND
    refusals.note(VENDOR, WRONG)
    assert written(store) == 2


def test_two_processes_add_up(store: SqliteStore, refusals: Refusals, clock: Clock, path: Path) -> None:
    with closing(SqliteStore(path)) as its_own:
        other = Refusals(its_own, clock=clock)
        for one in (refusals, other, refusals):
            one.note(VENDOR, WRONG)
        refusals.flush()
        assert [one.requests for one in other.between(FIRST, LAST)] == [3]


def test_threads_lose_nothing(refusals: Refusals, store: SqliteStore, clock: Clock) -> None:
    def note(number: int) -> None:
        clock.now += SECOND // 4
        refusals.note(VENDOR, WRONG, number % 2)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(note, range(200)))
    [row] = refusals.between(FIRST, LAST)
    assert (row.requests, row.statements) == (200, 100)


def test_a_day_of_very_many_errors_takes_no_more_room(refusals: Refusals) -> None:
    for number in range(2 * MOST_A_DAY):
        refusals.note(f"mailto:{number}@vr.example", WRONG)
    found = refusals.between(FIRST, LAST)
    assert len(found) <= MOST_A_DAY
    assert sum(one.requests for one in found) == 2 * MOST_A_DAY


def test_a_store_that_cannot_write_is_tried_again_later_and_nothing_is_lost(
    refusals: Refusals, store: SqliteStore, clock: Clock, path: Path
) -> None:
    with locked(path):
        refusals.note(VENDOR, WRONG)
    clock.now += SECOND
    refusals.note(VENDOR, WRONG)
    assert written(store) == 0  # not every second: it may have been slow in saying so
    clock.now += 10 * SECOND
    refusals.note(VENDOR, WRONG)
    assert written(store) == 3


def test_nothing_is_tried_for_ever(refusals: Refusals, store: SqliteStore, clock: Clock, path: Path) -> None:
    with locked(path):
        for _ in range(3):
            refusals.note(VENDOR, WRONG)
            clock.now += 10 * SECOND
    refusals.note(VENDOR, WRONG)
    refusals.flush()
    assert written(store) == 1


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("", ""),
        ("/verb/id", "/verb/id"),
        ("/12/attachments/3/sha2", "/*/attachments/*/sha2"),
        ("/object/definition/name/x-zanzibar", "/object/definition/name/*"),
        ("/context/extensions/https:~1~1zanzibar.example~1x", "/context/extensions/*"),
        ("/zanzibar", "/*"),
        ("part 3", "part *"),
        ("Content-Type", "Content-Type"),
        ("X-Experience-API-Version", "X-Experience-API-Version"),
        ("zanzibar", "(parameter)"),
        ("part zanzibar", "(parameter)"),
    ],
)
def test_of_where_it_was_only_names_of_ours_and_of_xapi_are_kept(
    refusals: Refusals, where: str, kept: str
) -> None:
    refusals.note(VENDOR, InvalidParameter("It is wrong.", [Detail(where, "zanzibar", "another")]))
    [row] = refusals.between(FIRST, LAST)
    assert row.path == kept


@pytest.mark.parametrize(
    ("expected", "kept"),
    [
        ("a number below max, 4711", "a number below max, …"),
        ("a number from min, -47.11, upwards", "a number from min, …, upwards"),
        ("a number up to max, 4711", "a number up to max, …"),
        ("6690E6C9-3ef0-4ed3-8b37-7f3964730bee, or no id", "…, or no id"),
        (f"a part with the hash {'ab' * 32}", "a part with the hash …"),
        ("a last line --zan --zibar\n--", "a last line …"),
        ("parts divided by lines --zanzibar", "parts divided by lines …"),
        ("lines that end with CRLF (RFC 2046)", "lines that end with CRLF (RFC 2046)"),
        ("at most 200 levels of nesting", "at most 200 levels of nesting"),
    ],
)
def test_of_what_is_expected_nothing_that_was_sent_is_kept(
    refusals: Refusals, expected: str, kept: str
) -> None:
    refusals.note(VENDOR, InvalidAttachment("It is wrong.", [Detail("/id", "zanzibar", expected)]))
    [row] = refusals.between(FIRST, LAST)
    assert row.expected == kept


def test_only_the_first_of_several_details_counts_and_long_ones_are_cut(refusals: Refusals) -> None:
    details = [Detail("/object" * 100, "", "very long " * 100), Detail("/id", "", "a UUID")]
    refusals.note(VENDOR, InvalidStatement("Two are wrong.", details))
    [row] = refusals.between(FIRST, LAST)
    assert (len(row.path), len(row.expected)) == (LONGEST_PATH, LONGEST_EXPECTED)
