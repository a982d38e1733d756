"""What was refused, added up over days: by vendor, and by vendor, error and place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lrs.cohort.refused import MOST_REASONS, refused, refused_table

NOON_US = 1_768_478_400_000_000
NOON = "2026-01-15T12:00:00.000000Z"


@dataclass(frozen=True, kw_only=True)
class Row:
    authority: str = "account:VR@https://lrs.example"
    code: str = "invalid_statement"
    path: str = "/verb/id"
    expected: str = "an IRI"
    requests: int = 1
    statements: int = 2
    last_us: int = NOON_US


QUIZ = Row(authority="account:Quiz@https://lrs.example", code="conflict", path="/id", requests=2)


def told(*rows: Row) -> dict[str, object]:
    return refused(rows, "2026-01-14", "2026-01-15").as_dict()


def test_without_any_it_says_the_days_and_nothing_else() -> None:
    assert told() == {
        "since": "2026-01-14",
        "until": "2026-01-15",
        "requests": 0,
        "statements": 0,
        "by_vendor": [],
        "reasons": [],
        "more_reasons": 0,
    }


def test_days_add_up_and_the_latest_says_what_was_expected() -> None:
    rows = [Row(requests=3), Row(expected="an IRI with a scheme", last_us=NOON_US + 1), Row(last_us=5)]
    for order in (rows, rows[::-1]):
        [reason] = refused(order, "", "").reasons
        assert (reason.requests, reason.statements) == (5, 6)
        assert (reason.expected, reason.last_us) == ("an IRI with a scheme", NOON_US + 1)


def test_vendors_are_added_up_over_all_their_errors_the_worst_first() -> None:
    found = told(Row(), QUIZ, Row(path="/id", last_us=NOON_US - 1), Row(code="malformed_json", path=""))
    assert found["by_vendor"] == [
        {"authority": Row().authority, "requests": 3, "statements": 6, "last": NOON},
        {"authority": QUIZ.authority, "requests": 2, "statements": 2, "last": NOON},
    ]
    assert (found["requests"], found["statements"]) == (5, 8)


def test_of_the_reasons_the_most_frequent_are_told() -> None:
    rows = [Row(path=f"/{number:03}", requests=number + 1) for number in range(MOST_REASONS + 3)]
    found = refused(rows, "", "").as_dict()
    assert [one["requests"] for one in found["reasons"]] == list(range(MOST_REASONS + 3, 3, -1))
    assert found["more_reasons"] == 3
    assert found["requests"] == sum(one.requests for one in rows)


def test_as_many_requests_come_in_one_order() -> None:
    rows = [Row(path="/b"), replace(QUIZ, requests=1), Row(path="/a"), Row(code="conflict")]
    for order in (rows, rows[::-1]):
        assert [(one.authority, one.code, one.path) for one in refused(order, "", "").reasons] == [
            (QUIZ.authority, "conflict", "/id"),
            (Row().authority, "conflict", "/verb/id"),
            (Row().authority, "invalid_statement", "/a"),
            (Row().authority, "invalid_statement", "/b"),
        ]


def test_a_part_is_a_flat_table() -> None:
    found = refused([Row(), QUIZ], "", "").as_dict()
    table = refused_table(found["reasons"])
    assert table.titles == ("authority", "code", "path", "expected", "requests", "last")
    assert table.rows[0] == (QUIZ.authority, "conflict", "/id", "an IRI", 2, NOON)
    assert refused_table([]).rows == ()
