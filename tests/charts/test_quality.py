"""Question 10, drawn."""

from __future__ import annotations

from lrs.charts.quality import quality_chart
from tests.charts.answers import look, of_quality
from tests.charts.checks import check, data


def test_the_vendor_with_most_unrecognised_statements_comes_first_and_is_named() -> None:
    looks = [
        *(look("App", recognised=True, evidence=1) for _ in range(4)),
        look("App"),
        *(look("VR", why_not="no rule is for the verb gazed") for _ in range(3)),
    ]
    chart = quality_chart(of_quality(looks))
    assert chart.title == "4 statements of 8 were recognised by no plugin, 3 of them from VR."
    assert [row[:4] for row in chart.table.rows] == [("VR", 3, 0, 3), ("App", 5, 4, 1)]
    assert chart.table.rows[0][-1] == "no rule is for the verb gazed"
    assert "no fault by itself" in chart.subtitle
    check(chart)


def test_one_is_one() -> None:
    chart = quality_chart(of_quality([look("VR")]))
    assert chart.title == "1 statement of 1 was recognised by no plugin: from VR."
    check(chart)


def test_where_all_is_recognised_none_is_not() -> None:
    chart = quality_chart(of_quality([look("VR", recognised=True, evidence=1)]))
    assert chart.title == "None of 1 was recognised by no plugin."
    check(chart)


def test_the_parts_of_a_bar_are_the_statements_of_the_vendor() -> None:
    looks = [look("VR"), look("VR", voided=True), look("VR", recognised=True, evidence=1)]
    spec = quality_chart(of_quality(looks)).spec
    assert spec is not None
    parts = [(row["kind"], row["from"], row["to"]) for row in data(spec) if "middle" in row]
    assert parts == [("recognised", 0, 1), ("unrecognised", 1, 2), ("voided", 2, 3)]


def test_other_trouble_is_said_beside() -> None:
    looks = [look("VR", recognised=True, evidence=2, unusable=("late", "late")), look("VR", quarantined=True)]
    chart = quality_chart(of_quality(looks))
    assert chart.title.endswith("; 3 other things to look at.")
    assert "1 on which a plugin failed, 2 unusable ratings" in chart.summary
    check(chart)


def test_lines_that_the_report_left_off_are_one_bar() -> None:
    looks = [*(look("VR") for _ in range(3)), look("App"), look("", recognised=True, evidence=1)]
    chart = quality_chart(of_quality(looks, limit=1))
    assert [row[:2] for row in chart.table.rows] == [("VR", 3), ("(smaller lines, left off)", 2)]
    check(chart)


def test_statements_of_nobody_are_called_so() -> None:
    found = look("")
    chart = quality_chart(of_quality([found.__class__(authority="", platform="", activity="")]))
    assert chart.table.rows[0][0] == "(no vendor named)"


def test_without_a_statement_nothing_is_drawn() -> None:
    chart = quality_chart(of_quality([]))
    assert (chart.title, chart.spec) == ("No statement was stored in this time.", None)
    check(chart)
