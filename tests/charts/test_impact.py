"""Question 9, drawn: a place to look, and no finding."""

from __future__ import annotations

import pytest

from lrs.charts.impact import impact_chart
from tests.charts.answers import of_impact
from tests.charts.checks import check, data

VECTOR = {"a": (60, 40), "b": (45, 55), "c": (48, 52), "d": (51, 49)}


def test_the_title_counts_the_groups_below_four_fifths() -> None:
    chart = impact_chart(of_impact(VECTOR))
    assert chart.title == (
        "1 of 3 groups compared has a rate at standard below four fifths of the highest in communication: a place to "
        "look, and no finding."
    )
    assert chart.empty == ""
    assert "not a finding of discrimination" in chart.summary
    check(chart, 0.8)


def test_four_fifths_itself_is_not_below() -> None:
    spec = impact_chart(of_impact(VECTOR)).spec
    assert spec is not None
    rows = [row for row in data(spec) if "kind" in row]
    assert [(row["ratio"], row["kind"]) for row in rows] == [
        (1, "highest"),
        (0.75, "below 0.80"),
        (0.8, "0.80 or more"),
        (0.85, "0.80 or more"),
    ]
    assert rows[1]["row"] == "1|origin: b (n 100)"


def test_a_withheld_group_is_named_and_has_no_number() -> None:
    chart = impact_chart(of_impact({**VECTOR, "e": (2, 1), "f": (3, 9)}))
    assert chart.empty == (
        "Withheld, for a cell has fewer than 5 people or would give another away: e (origin) and f (origin)."
    )
    assert chart.spec is not None
    withheld = [row for row in data(chart.spec) if row.get("group") in ("e", "f")]
    assert [(row["ratio"], row["low"], row["text"]) for row in withheld] == [(None, None, "— withheld")] * 2
    assert [row[3:13] for row in chart.table.rows if row[1] in ("e", "f")] == [(None,) * 10] * 2
    check(chart, 0.8)


def test_where_no_group_may_be_shown_nothing_is_drawn() -> None:
    chart = impact_chart(of_impact({"a": (3, 1), "b": (2, 2)}))
    assert chart.title == "Nothing can be shown of the groups' rates at standard in communication."
    assert (chart.spec, "a (origin) and b (origin)" in chart.empty) == (None, True)
    check(chart)


def test_where_nobody_is_at_standard_there_is_no_ratio() -> None:
    chart = impact_chart(of_impact({"a": (0, 10), "b": (0, 10)}))
    assert chart.spec is None
    assert chart.empty.startswith("There is nothing to draw: there is no ratio")
    check(chart)


def test_one_group_alone_is_compared_with_none() -> None:
    chart = impact_chart(of_impact({"a": (10, 10)}))
    assert chart.title == "No group is compared with another in communication."
    check(chart, 0.8)


def test_one_attribute_can_be_named_and_must_be_there() -> None:
    report = of_impact(VECTOR)
    assert impact_chart(report, "origin").id == "impact-origin"
    assert impact_chart(report, "origin").table == impact_chart(report).table
    with pytest.raises(ValueError, match="age is not in the report"):
        impact_chart(report, "age")
