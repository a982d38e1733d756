"""Question 6, drawn: a caterpillar, and no judgement."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from lrs.charts.raters import raters_chart
from lrs.competency.evidence import RecordedEvidence
from tests.charts.answers import of_raters, shifts
from tests.charts.checks import check, data
from tests.cohort.cohorts import seen

_BIAS = {"T-1": -1, "T-2": 0, "T-3": 0, "T-4": 1}


def ratings(prefix: str = "", officers: int = 24) -> Iterator[RecordedEvidence]:
    """T-1 a point below what it sees, T-4 a point above; each sees every officer three times."""
    chance = random.Random(5)
    for number in range(officers):
        level = chance.gauss(4, 0.8)
        for age in (9.0, 5.0, 2.0):
            for rater, added in _BIAS.items():
                rating = min(7.0, max(1.0, float(round(level + added + chance.gauss(0, 0.6)))))
                yield seen(
                    f"{prefix}R-{number:02}",
                    rating,
                    age,
                    rater=prefix + rater,
                    indicator="de-escalates",
                    encounter=f"{rater} {age}",
                )


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return of_raters(ratings())


def test_the_title_says_how_many_stand_out(report: dict[str, Any]) -> None:
    chart = raters_chart(report)
    assert chart.title == (
        "Of 4 raters of communication, 1 stands out as more severe and 1 as more lenient than the mean of all raters."
    )
    assert chart.empty == ""
    assert "no judgement of the rater" in chart.summary
    check(chart)


def test_the_rows_are_sorted_from_the_most_severe_to_the_most_lenient(report: dict[str, Any]) -> None:
    spec = raters_chart(report).spec
    assert spec is not None
    rows = [row for row in data(spec) if "low" in row]
    assert [row["logits"] for row in rows] == sorted((row["logits"] for row in rows), reverse=True)
    assert [row["stand"] for row in rows] == ["more severe", "zero inside", "zero inside", "more lenient"]
    assert rows[0]["row"].partition("|")[2] == "T-1 (n 72)"


def test_networks_stand_apart_and_are_not_compared() -> None:
    chart = raters_chart(of_raters([*ratings(), *ratings("X-")]))
    assert "2 networks (A, B, …) that no officer links: compare within a network only" in chart.subtitle
    assert chart.spec is not None
    labels = [row["row"].partition("|")[2] for row in data(chart.spec) if "low" in row]
    assert [label[0] for label in labels] == list("AAAABBBB")
    check(chart)


def test_too_few_ratings_are_refused_with_the_reason() -> None:
    chart = raters_chart(of_raters(shifts("R-1", [4, 5, 4])))
    assert chart.title == "How severe the 2 raters of communication are cannot be said."
    assert chart.spec is None
    assert chart.empty.startswith("There is no severity of 2 raters: ")
    assert len(chart.table.rows) == 2
    check(chart)


def test_the_one_rater_is_one() -> None:
    chart = raters_chart(of_raters([seen("R-1", 4, 1)]))
    assert chart.title == "How severe the one rater of communication is cannot be said."
    check(chart)


def test_without_ratings_there_is_nobody_to_compare() -> None:
    chart = raters_chart(of_raters([]))
    assert (chart.spec, chart.empty) == (None, "There is no rating by a person to compare.")
    check(chart)
