"""Question 8: what goes stale."""

from __future__ import annotations

import pytest

from lrs.cohort.stale import Stale, stale
from lrs.competency.evidence import RecordedEvidence
from tests.cohort.cohorts import cohort, key, seen


def ask(*evidence: RecordedEvidence, within_days: float = 30) -> Stale:
    return stale(cohort(evidence), {}, within_days=within_days)


def many(name: str, count: int, age: float) -> list[RecordedEvidence]:
    return [seen(name, 5, age, encounter=f"shift-{n}", rater=f"T-{n % 2}") for n in range(count)]


def test_mass_halves_every_half_life_and_is_lost_when_it_falls_below_3() -> None:
    # 12 votes of 30 days: M = 6, which is 3 after one half-life of 30 days.
    [line] = ask(*many("R-1", 12, 30)).as_dict()["lines"]
    assert (line["first"], line["days"], line["days_until_stale"]) == ("mass", 30.0, 150.0)
    assert line["on"] == "2024-11-03T00:00:00.000000Z"
    assert line["verdict"] == "at_standard"


def test_evidence_is_stale_at_180_days() -> None:
    [line] = ask(*many("R-1", 300, 170)).as_dict()["lines"]
    assert (line["first"], line["days"]) == ("stale", 10.0)
    assert line["days_until_mass_gate"] > 10


def test_what_lasts_longer_is_left_out() -> None:
    assert ask(*many("R-1", 12, 30), within_days=29.9).lines == ()


def test_soonest_comes_first() -> None:
    found = ask(*many("R-2", 12, 30), *many("R-1", 12, 31), *many("R-3", 300, 170))
    assert [line.officer["officer"] for line in found.lines] == [key("R-3"), key("R-1"), key("R-2")]


def test_what_is_stale_or_too_little_already_is_counted_and_no_news() -> None:
    found = ask(*many("R-1", 3, 181), *many("R-2", 2, 5))
    assert (found.lines, found.already_stale, found.already_too_little) == ((), 1, 1)


def test_too_little_mass_goes_stale_all_the_same() -> None:
    [line] = ask(*many("R-1", 2, 160)).lines
    assert (line.first, line.days, line.days_until_mass_gate) == ("stale", pytest.approx(20), None)


def test_an_officer_without_evidence_has_nothing_to_lose() -> None:
    assert stale(cohort([], officers=["R-1"]), {}).as_dict()["lines"] == []


def test_the_table_has_a_line_each() -> None:
    table = ask(*many("R-1", 12, 30)).table()
    assert {len(row) for row in table.rows} == {len(table.titles)}
