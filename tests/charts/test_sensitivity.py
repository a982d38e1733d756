"""How a verdict hangs on the policy, drawn."""

from __future__ import annotations

from lrs.charts.sensitivity import sensitivity_chart
from lrs.competency.evidence import Tier
from tests.charts.answers import of_explanation, shifts
from tests.charts.checks import check, data
from tests.cohort.cohorts import DONE


def test_a_verdict_that_holds_is_said_to_hold() -> None:
    chart = sensitivity_chart(of_explanation(shifts("R-1", [6, 6, 7, 6, 6, 7, 6, 6])), name="Recruit 1")
    assert chart.title == (
        "The verdict on Recruit 1 in Communication, at standard, stays the same under all 4 changes tried."
    )
    assert [row[0] for row in chart.table.rows] == [
        "as it is",
        "weight of field × 0.5",
        "weight of field × 1.5",
        "half-life × 0.5",
        "half-life × 1.5",
        "at standard from",
        "below standard up to",
    ]
    check(chart)


def test_a_verdict_that_turns_is_said_to_turn_and_each_has_its_symbol() -> None:
    evidence = [*shifts("R-1", [5, 5, 5]), *shifts("R-1", [5], 30, tier=Tier.ROLE_PLAY)]
    chart = sensitivity_chart(of_explanation(evidence))
    verdicts = [row[5] for row in chart.table.rows[:-2]]
    turned = sum(verdict != verdicts[0] for verdict in verdicts[1:])
    assert turned > 0
    assert f"becomes another under {turned} of {len(verdicts) - 1} changes tried." in chart.title
    assert chart.spec is not None
    assert [row["verdict"] for row in data(chart.spec) if "verdict" in row] == verdicts
    check(chart)


def test_without_evidence_nothing_is_drawn() -> None:
    chart = sensitivity_chart(of_explanation([]))
    assert chart.title == (
        "The verdict on R-1 in Communication, insufficient, hangs on no number of the policy."
    )
    assert chart.spec is None
    check(chart)


def test_of_what_is_not_scored_nothing_is_drawn() -> None:
    chart = sensitivity_chart(of_explanation([], DONE))
    assert (chart.spec, chart.table.rows) == (None, ())
    assert chart.empty == "This competency is recorded and not scored: no number of the policy bears on it."
    check(chart)


def test_a_variant_without_an_answer_of_the_model_is_said_and_not_drawn() -> None:
    explanation = of_explanation(shifts("R-1", [6, 6, 7]))
    explanation["sensitivity"]["variants"][0]["probability_at_or_above_cut"] = None
    chart = sensitivity_chart(explanation)
    assert chart.empty == "Of 1 variant the model has no answer: it is not drawn."
    assert chart.spec is not None
    assert len([row for row in data(chart.spec) if "row" in row]) == 4
    check(chart)
