"""Question 2, drawn."""

from __future__ import annotations

import pytest

from lrs.charts.theme import PALETTE
from lrs.charts.trend import trend_chart
from lrs.competency.evidence import RecordedEvidence, Tier
from tests.charts.answers import of_trend, shifts
from tests.charts.checks import check, data
from tests.cohort.cohorts import seen


def around(before: list[float], after: list[float]) -> list[RecordedEvidence]:
    """A day apart, the first of `after` on the date."""
    return [*shifts("R-1", before, 31), *shifts("R-1", after, 31 - len(after))]


@pytest.mark.parametrize(
    ("before", "after", "title"),
    [
        pytest.param(
            [2, 3, 2, 3, 2],
            [5, 5, 6, 5, 4],
            "Recruit 1 is rated 2.60 points higher in communication from 4 September 2024 on than before; "
            "the 90 % interval (+1.85 to +3.35) lies above 0.",
            id="higher",
        ),
        pytest.param(
            [5, 5, 6, 5, 4],
            [2, 3, 2, 3, 2],
            "Recruit 1 is rated 2.60 points lower in communication from 4 September 2024 on than before; "
            "the 90 % interval (−3.35 to −1.85) lies below 0.",
            id="lower",
        ),
        pytest.param(
            [4, 5, 4, 5, 4],
            [4, 5, 4, 5, 4],
            "Recruit 1 is rated the same in communication from 4 September 2024 on as before; "
            "the 90 % interval (−0.64 to +0.64) has 0 in it.",
            id="the same",
        ),
    ],
)
def test_the_title_says_the_change_and_how_sure_it_is(
    before: list[float], after: list[float], title: str
) -> None:
    chart = trend_chart(of_trend(around(before, after)))
    assert (chart.title, chart.empty) == (title, "")
    check(chart)


def test_a_change_that_is_refused_is_not_drawn_and_the_dots_are() -> None:
    chart = trend_chart(of_trend(around([2, 3], [5])))
    assert chart.title == "1 of 3 scored ratings of Recruit 1 in communication is at or above the cut."
    assert chart.empty == (
        "No change is given: 5 scored encounters are needed on either side; there are 2 before the date and 1 from "
        "the date."
    )
    check(chart)


def test_without_a_date_there_is_no_date_and_nothing_is_missing() -> None:
    chart = trend_chart(of_trend(shifts("R-1", [4, 5]), None))
    assert chart.title == "2 of 2 scored ratings of Recruit 1 in communication are at or above the cut."
    assert chart.empty == ""
    check(chart)


def test_one_rating_is_one() -> None:
    chart = trend_chart(of_trend(shifts("R-1", [4]), None))
    assert chart.title == "1 of 1 scored rating of Recruit 1 in communication is at or above the cut."
    check(chart)


def test_nobody_rated_draws_nothing_and_says_so() -> None:
    chart = trend_chart(of_trend([]))
    assert (chart.title, chart.spec) == ("No rating of Recruit 1 in communication is recorded.", None)
    assert chart.empty == "There is no rating to draw."
    check(chart)


def test_an_indicator_is_in_the_title() -> None:
    evidence = shifts("R-1", [4, 5], indicator="de-escalates")
    chart = trend_chart(of_trend(evidence, None, indicator="de-escalates"))
    assert "in communication, de escalates are" in chart.title


def test_what_is_shown_and_not_scored_is_told_apart() -> None:
    chart = trend_chart(
        of_trend([*shifts("R-1", [4, 5]), seen("R-1", 7, 3, tier=Tier.SELF_REPORT, rater="R-1")])
    )
    assert "hollow: shown and never scored (1)" in chart.subtitle
    assert chart.spec is not None
    assert [row["scored"] for row in data(chart.spec) if "scored" in row] == [
        "shown, not scored",
        "scored",
        "scored",
    ]
    check(chart)


def test_of_many_raters_those_with_most_ratings_have_a_colour_and_the_rest_share_one() -> None:
    evidence = [seen("R-1", 4, n + 1, rater=f"T-{n % 12:02}") for n in range(30)]
    chart = trend_chart(of_trend(evidence))
    assert chart.spec is not None
    groups = {row["group"] for row in data(chart.spec) if "group" in row}
    assert len(groups) == len(PALETTE)
    assert groups == {*(f"T-{n:02}" for n in range(len(PALETTE) - 1)), "other raters"}
    assert {row[2] for row in chart.table.rows if row[0] == "rating"} == {f"T-{n:02}" for n in range(12)}
    check(chart)


def test_the_same_answer_gives_the_same_chart() -> None:
    report = of_trend(around([2, 3, 2, 3, 2], [5, 5, 6, 5, 4]))
    assert trend_chart(report) == trend_chart(report)


def test_it_does_not_say_why() -> None:
    chart = trend_chart(of_trend(around([2, 3, 2, 3, 2], [5, 5, 6, 5, 4])))
    assert "does not say why" in chart.summary
    assert "improv" not in (chart.title + chart.subtitle + chart.summary).lower()
