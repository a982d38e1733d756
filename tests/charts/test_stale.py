"""Question 8, drawn."""

from __future__ import annotations

from lrs.charts.stale import MOST_LINES, stale_chart
from tests.charts.answers import of_stale, shifts
from tests.charts.checks import check, data


def test_the_title_says_how_many_within_how_many_days() -> None:
    evidence = [*shifts("R-1", [5] * 6), *shifts("R-2", [5] * 5)]
    chart = stale_chart(of_stale(evidence))
    assert chart.title == (
        "2 recruits go stale or lose the evidence mass that a verdict needs in communication within 30 days, "
        "unless new evidence comes."
    )
    assert [row[0] for row in chart.table.rows] == ["Recruit 2", "Recruit 1"]
    assert chart.empty == ""
    check(chart)


def test_one_recruit_and_one_day_are_one() -> None:
    chart = stale_chart(of_stale(shifts("R-1", [5] * 4, 10.4), within_days=1))
    assert chart.title.startswith("1 recruit goes stale or loses the evidence mass")
    assert "within 1 day, " in chart.title
    check(chart)


def test_which_comes_first_is_a_symbol_and_a_word() -> None:
    old = [*shifts("R-1", [5] * 200, 170), *shifts("R-2", [5] * 5)]
    chart = stale_chart(of_stale(old))
    assert chart.spec is not None
    rows = [row for row in data(chart.spec) if "first" in row]
    assert {row["first"] for row in rows} <= {"stale", "too little mass"}
    assert chart.spec["layer"][1]["encoding"]["shape"]["scale"]["range"] == ["triangle-down", "square"]
    check(chart)


def test_nothing_within_the_days_draws_nothing_and_says_what_is_too_late() -> None:
    chart = stale_chart(of_stale(shifts("R-1", [5]), within_days=7))
    assert chart.title == "Nothing goes stale or loses the evidence mass that a verdict needs within 7 days."
    assert (chart.spec, chart.empty) == (
        None,
        "There is nothing to draw within 7 days; 1 is without a verdict already.",
    )
    check(chart)


def test_of_very_many_the_soonest_are_drawn_and_all_are_in_the_table() -> None:
    evidence = [piece for n in range(MOST_LINES + 5) for piece in shifts(f"R-{n:02}", [5] * (5 + n % 2))]
    chart = stale_chart(of_stale(evidence))
    assert chart.spec is not None
    drawn = [row["days"] for row in data(chart.spec) if "days" in row]
    assert (len(drawn), len(chart.table.rows)) == (MOST_LINES, MOST_LINES + 5)
    assert drawn == sorted(row[4] for row in chart.table.rows)[:MOST_LINES]
    assert f"the soonest {MOST_LINES} are drawn" in chart.subtitle
    check(chart)
