"""A cohort at a glance, drawn."""

from __future__ import annotations

from lrs.charts.verdicts import verdicts_chart
from tests.charts.answers import of_standings, shifts
from tests.charts.checks import check, data

NAMES = {"communication": "Communication"}


def test_each_verdict_is_counted_and_the_decided_ones_are_in_the_title() -> None:
    evidence = [*shifts("R-1", [6] * 8), *shifts("R-2", [2] * 8), *shifts("R-3", [4] * 8)]
    chart = verdicts_chart(of_standings(evidence, "R-1", "R-2", "R-3", "R-4"), NAMES)
    assert chart.title == "2 of 4 verdicts are decided by the evidence, 1 of them below standard."
    assert chart.table.titles[1:] == (
        "At standard",
        "Undetermined",
        "Below standard",
        "Insufficient",
        "Stale",
        "n",
    )
    assert chart.table.rows == (("Communication", 1, 1, 1, 1, 0, 4),)
    check(chart)


def test_one_verdict_is_one() -> None:
    chart = verdicts_chart(of_standings(shifts("R-1", [6] * 8)), NAMES)
    assert chart.title == "1 of 1 verdict is decided by the evidence, none of them below standard."
    check(chart)


def test_none_decided_is_none() -> None:
    chart = verdicts_chart(of_standings([], "R-1", "R-2"), NAMES)
    assert chart.title == "None of 2 verdicts is decided by the evidence."
    check(chart)


def test_a_part_has_symbol_number_and_colour() -> None:
    spec = verdicts_chart(of_standings([], "R-1", "R-2"), {}).spec
    assert spec is not None
    [part] = [row for row in data(spec) if "middle" in row]
    assert (part["text"], part["verdict"], part["competency"]) == ("○ 2", "insufficient", "communication")


def test_an_empty_cohort_draws_nothing() -> None:
    chart = verdicts_chart([], NAMES)
    assert (chart.title, chart.spec) == ("There is no verdict to show.", None)
    check(chart)
