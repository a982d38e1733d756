"""Knows, shows, does: never one number."""

from __future__ import annotations

from lrs.charts.tiers import tiers_chart
from lrs.competency.evidence import Flag, Tier
from tests.charts.answers import of_explanation, of_profile
from tests.charts.checks import check, data
from tests.cohort.cohorts import DONE, seen

ALL = [
    seen("R-1", 5, 3),
    seen("R-1", 4, 2, rater="T-2"),
    seen("R-1", 6, 5, tier=Tier.ROLE_PLAY),
    seen("R-1", 0.5, 6, tier=Tier.VR_AUTOMATIC, scale="unit", rater="sim"),
    seen("R-1", 1, 7, tier=Tier.QUIZ, scale="unit", rater="quiz"),
    seen("R-1", 7, 8, tier=Tier.SELF_REPORT, rater="R-1"),
]


def test_each_tier_stands_by_itself_and_says_what_it_shows() -> None:
    chart = tiers_chart(of_profile(ALL))
    assert chart.title == (
        "Communication was rated once in quizzes, once in role-play, once in VR scored by the simulation and twice in "
        "the field."
    )
    assert [row[:2] for row in chart.table.rows] == [
        ("knows", "quiz"),
        ("shows", "role-play"),
        ("shows", "VR, scored by the simulation"),
        ("does", "field"),
        ("beside", "self-report"),
        ("the cut", None),
    ]
    assert chart.table.rows[-2][5] == "no"
    check(chart)


def test_an_empty_tier_is_drawn_as_empty() -> None:
    chart = tiers_chart(of_profile(ALL[:1]))
    assert chart.title == (
        "Communication was rated once in the field; never in quizzes, in role-play or in VR scored by the simulation."
    )
    assert chart.spec is not None
    rows = [row for row in data(chart.spec) if "label" in row]
    assert [row["label"] for row in rows] == ["— none recorded"] * 3 + ["0.67 · 1 vote, 1 rater"]
    assert [row["ratio"] for row in rows][:3] == [None] * 3
    check(chart)


def test_without_any_evidence_nothing_is_drawn() -> None:
    chart = tiers_chart(of_profile([]))
    assert (
        chart.title == "Communication was rated neither in quizzes, nor in role-play or VR, nor in the field."
    )
    assert (chart.spec, chart.empty) == (None, "Nothing is recorded at any tier.")
    check(chart)


def test_what_is_not_scored_has_counts_and_no_means() -> None:
    done = seen("R-1", None, 1, competency="reflection", scale="unit", flags=(Flag.COMPLETED,))
    rated = seen("R-1", 1, 1, competency="reflection", scale="unit")
    chart = tiers_chart(of_profile([done, rated], DONE))
    assert chart.empty == "This competency is recorded and not scored: there are counts, and no means."
    assert {row[2] for row in chart.table.rows} == {None}
    check(chart)


def test_an_explanation_has_the_same_tiers_as_the_profile() -> None:
    assert tiers_chart(of_explanation(ALL)) == tiers_chart(of_profile(ALL))
