"""Question 1, drawn."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from lrs.charts.gaps import EMPTY, MOST_COLUMNS, MOST_ROWS, gaps_chart
from lrs.competency.rubric import Indicator, Rubric
from tests.charts.answers import of_gaps
from tests.charts.checks import check, data
from tests.cohort.cohorts import RUBRIC, seen

WAITS = "lets-others-finish"
CALMS = "de-escalates"


def wide(indicators: int) -> Rubric:
    """A second competency, with so many indicators."""
    return dataclasses.replace(
        RUBRIC,
        competency="leadership",
        name="Leadership",
        indicators=tuple(Indicator(f"i-{n}", f"Does {n}", "Does it.") for n in range(indicators)),
    )


def cells(report: dict[str, Any]) -> list[dict[str, Any]]:
    spec = gaps_chart(report).spec
    assert spec is not None
    return list(data(spec))


@pytest.mark.parametrize(
    ("covered", "title"),
    [
        (0, "3 of 3 recruits lack evidence of “De-escalates”."),
        (2, "1 of 3 recruits lacks evidence of “De-escalates”."),
        (3, "None of 3 recruits lacks evidence of “De-escalates”."),
    ],
)
def test_the_title_says_how_many_lack_evidence_of_the_indicator(covered: int, title: str) -> None:
    evidence = [seen(f"R-{n}", 5, indicator=CALMS) for n in range(covered)]
    chart = gaps_chart(of_gaps(evidence, "R-0", "R-1", "R-2", indicator=CALMS))
    assert chart.title == title
    check(chart)


def test_of_several_indicators_the_one_that_is_missing_most_often_is_named() -> None:
    evidence = [
        seen("R-1", 5, indicator=WAITS),
        seen("R-1", 5, indicator=CALMS),
        seen("R-2", 5, indicator=WAITS),
    ]
    chart = gaps_chart(of_gaps(evidence, "R-1", "R-2"))
    assert chart.title == (
        "1 of 2 recruits lacks evidence of one or more of 2 indicators; most often of “De-escalates” (1 recruit)."
    )
    check(chart)


def test_an_empty_cell_has_a_symbol_and_a_full_one_none() -> None:
    found = cells(of_gaps([seen("R-1", 5, indicator=WAITS)], "R-1"))
    assert [(row["of"], row["mark"]) for row in found] == [
        ("Lets others finish", ""),
        ("De-escalates", EMPTY),
    ]


def test_nobody_is_nobody() -> None:
    chart = gaps_chart(of_gaps([]))
    assert (chart.title, chart.spec) == ("No recruit was looked at.", None)
    check(chart)


def test_where_nobody_lacks_evidence_and_only_those_were_asked_for_nothing_is_drawn() -> None:
    chart = gaps_chart(of_gaps([seen("R-1", 5, indicator=CALMS)], "R-1", indicator=CALMS, lacking=True))
    assert chart.title == "None of 1 recruit lacks evidence of “De-escalates”."
    assert (chart.spec, chart.empty) == (None, "There is nothing to draw: nobody lacks evidence.")
    check(chart)


def test_two_recruits_of_one_name_have_a_row_each() -> None:
    report = of_gaps([], "R-1", "R-2")
    for row in report["officers"]:
        row["name"] = "Kim"
    assert len({row["row"] for row in cells(report)}) == 2


def test_indicators_stand_together_by_competency() -> None:
    report = of_gaps([], "R-1", rubrics=(RUBRIC, wide(2)))
    spec = gaps_chart(report).spec
    assert spec is not None
    columns = [name.partition("|")[2] for name in spec["layer"][0]["encoding"]["x"]["sort"]]
    assert columns == [
        "► communication",
        "Lets others finish",
        "De-escalates",
        "► leadership",
        "Does 0",
        "Does 1",
    ]
    check(gaps_chart(report))


def test_of_more_indicators_than_a_phone_has_room_for_each_competency_is_one_column_with_a_number() -> None:
    report = of_gaps([seen("R-1", 5, indicator=CALMS)], "R-1", rubrics=(RUBRIC, wide(MOST_COLUMNS)))
    found = cells(report)
    assert [(row["of"], row["kind"], row["mark"]) for row in found] == [
        ("communication", "partly", "1"),
        ("leadership", "empty", str(MOST_COLUMNS)),
    ]
    assert "20 indicators in all; ask for one competency to see each" in gaps_chart(report).subtitle
    check(gaps_chart(report))


def test_every_cell_is_in_the_table() -> None:
    chart = gaps_chart(of_gaps([seen("R-1", 5, indicator=WAITS)], "R-1", "R-2", rubrics=(RUBRIC, wide(20))))
    assert len(chart.table.rows) == 2 * 22
    assert chart.table.rows[0][:4] == ("Recruit 1", "communication", "Lets others finish", 1)


def test_of_very_many_recruits_those_who_lack_most_are_drawn_in_their_order_and_all_are_in_the_table() -> (
    None
):
    names = [f"R-{n:03}" for n in range(MOST_ROWS + 5)]
    evidence = [seen(name, 5, indicator=CALMS) for name in names[:5]]
    chart = gaps_chart(of_gaps(evidence, *names))
    assert chart.spec is not None
    drawn = list(dict.fromkeys(row["recruit"] for row in data(chart.spec)))
    assert drawn == [f"Recruit {n:03}" for n in range(5, MOST_ROWS + 5)]
    assert len({row[0] for row in chart.table.rows}) == MOST_ROWS + 5
    assert f"Drawn: the {MOST_ROWS} who lack most." in chart.subtitle
    check(chart)
