"""Question 7, drawn."""

from __future__ import annotations

from lrs.charts.flat import flat_chart
from lrs.competency.evidence import Flag
from tests.charts.answers import of_flat, shifts
from tests.charts.checks import check, data

LOW = [2, 3, 2, 3, 3, 2, 3, 2]
NRT = (Flag.NOT_RESPONDING,)


def test_one_flat_recruit_is_one_and_nobody_is_flagged() -> None:
    chart = flat_chart(of_flat(shifts("R-1", LOW)))
    assert chart.title == (
        "1 recruit shows no change below the cut; nobody was flagged “not responding to training” on one item in "
        "3 encounters or more."
    )
    check(chart)


def test_several_are_several() -> None:
    chart = flat_chart(of_flat([*shifts("R-1", LOW, flags=NRT), *shifts("R-2", LOW, flags=NRT)]))
    assert chart.title == (
        "2 recruits show no change below the cut; 2 were flagged “not responding to training” on one item in "
        "3 encounters or more."
    )
    check(chart)


def test_the_interval_and_the_flags_of_one_recruit_stand_in_one_line() -> None:
    chart = flat_chart(of_flat(shifts("R-1", LOW, flags=NRT, indicator="de-escalates")))
    assert chart.spec is not None
    [line] = [row for row in data(chart.spec) if "nrt" in row]
    assert (line["nrt"], line["item"]) == ("⚑ NRT 8", "de escalates")
    assert line["low"] < 0 < line["high"]
    assert [row[3] for row in chart.table.rows] == ["flat", "not responding"]
    check(chart)


def test_who_is_flagged_and_not_flat_has_no_interval() -> None:
    chart = flat_chart(of_flat(shifts("R-1", [5, 5, 5], flags=NRT)))
    assert chart.title.startswith("Nobody shows no change below the cut; 1 was flagged")
    assert chart.spec is not None
    [line] = [row for row in data(chart.spec) if "nrt" in row]
    assert (line["change"], line["low"], line["nrt"]) == (None, None, "⚑ NRT 3")
    check(chart)


def test_nobody_is_nobody() -> None:
    chart = flat_chart(of_flat(shifts("R-1", [5] * 8)))
    assert chart.title == "Nobody is flat below the cut, and nobody was flagged on one item in 3 encounters."
    assert chart.spec is None
    assert chart.empty == "There is nothing to draw: of 1 pair none is flat below the cut or flagged."
    check(chart)


def test_too_few_encounters_are_no_finding() -> None:
    chart = flat_chart(of_flat(shifts("R-1", [2, 2])))
    assert (
        chart.empty == "Nobody has 8 scored encounters on a competency: nothing is said of 1 pair with fewer."
    )
    check(chart)
