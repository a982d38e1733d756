"""Question 3, drawn: refused where the report refuses, and never a claim on one officer."""

from __future__ import annotations

import pytest

from lrs.charts.vr_field import vr_field_chart
from tests.charts.answers import of_vr_field
from tests.charts.checks import check, data


def test_below_thirty_pairs_nothing_is_drawn_and_the_reason_is_said() -> None:
    chart = vr_field_chart(of_vr_field([(n / 40, 1 + n * 6 / 40) for n in range(29)]))
    assert chart.title == "Whether VR and field ratings of communication go together cannot be said."
    assert (chart.spec, chart.empty) == (None, "Not drawn: 30 officers with both are needed; there are 29.")
    assert len(chart.table.rows) == 29
    check(chart)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (
            [(n / 40, 1 + n * 5 / 40 + n % 3 / 4) for n in range(30)],
            "communication go together over 30 recruits (r = 0.9",
        ),
        (
            [(n / 40, 7 - (n * 7 % 30) / 10 - n / 10) for n in range(30)],
            "communication run against each other over 30 recruits (r = −",
        ),
        ([(n / 40, 1 + (n * 7 % 30) / 6) for n in range(30)], "It stays open whether VR and field ratings"),
    ],
)
def test_the_title_says_what_the_interval_says(pairs: list[tuple[float, float]], words: str) -> None:
    chart = vr_field_chart(of_vr_field(pairs))
    assert words in chart.title
    assert chart.spec is not None
    assert len(list(data(chart.spec))) == 30
    assert "VR is not the field" in chart.summary
    check(chart)


def test_nobody_with_both_is_refused() -> None:
    chart = vr_field_chart(of_vr_field([]))
    assert (chart.spec, chart.empty) == (None, "Not drawn: 30 officers with both are needed; there are 0.")
    check(chart)


def test_without_a_competency_there_is_nothing_to_compare() -> None:
    chart = vr_field_chart({**of_vr_field([]), "competencies": []})
    assert (chart.title, chart.spec) == ("No competency was compared.", None)
    check(chart)


def test_a_competency_can_be_named_and_must_be_there() -> None:
    report = of_vr_field([])
    assert vr_field_chart(report, "communication") == vr_field_chart(report)
    with pytest.raises(ValueError, match="leadership is not in the report"):
        vr_field_chart(report, "leadership")
