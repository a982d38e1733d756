"""Question 5, drawn: the bars add up to the score."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.charts.contributions import MOST, contributions, refused_why
from lrs.charts.waterfall import waterfall_chart
from lrs.competency.evidence import RecordedEvidence, Tier
from lrs.competency.policy import Policy
from tests.charts.answers import ago, of_explanation, shifts
from tests.charts.checks import check, data
from tests.cohort.cohorts import DONE, seen


def test_the_bars_go_from_the_cut_to_the_score_in_order_of_observation() -> None:
    explanation = of_explanation([seen("R-1", 7, 30), seen("R-1", 3, 0), seen("R-1", 5, 60)])
    chart = waterfall_chart(explanation, name="Recruit 1")
    # weights ¼ (60 days), ½ (30 days), 1 (today); s ⅔, 1, ⅓; M 1.75, cut 0.41667
    moves = [row[7] for row in chart.table.rows[1:-1]]
    assert moves == pytest.approx([0.25 * 0.25 / 1.75, 0.5 * 0.583333 / 1.75, -0.083333 / 1.75], abs=1e-5)
    assert [row[0] for row in chart.table.rows] == ["cut", "encounter", "encounter", "encounter", "score"]
    assert chart.table.rows[0][9] == explanation["estimate"]["cut"]
    assert chart.table.rows[-1][9] == pytest.approx(chart.table.rows[-2][9], abs=2e-6)
    check(chart)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.floats(1, 7),
            st.floats(0, 200),
            st.sampled_from([Tier.FIELD, Tier.ROLE_PLAY]),
            st.sampled_from(["T-1", "T-2"]),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_whatever_was_seen_the_contributions_add_up_to_the_score(
    pieces: list[tuple[float, float, Tier, str]],
) -> None:
    evidence = [
        seen("R-1", rating, age, tier=tier, rater=rater, encounter=f"e{n % 40}")
        for n, (rating, age, tier, rater) in enumerate(pieces)
    ]
    explanation = of_explanation(evidence)
    if refused_why(explanation):
        assert "so old" in refused_why(explanation)
        return
    found = explanation["estimate"]
    steps = contributions(explanation)
    total = found["cut"] + sum(step.moves for step in steps)
    # Each weight leaves with 6 decimals.
    assert total == pytest.approx(found["score"], abs=1e-5 + len(evidence) * 1e-6 / found["mass"])
    assert sum(step.encounters for step in steps) == len({f"e{n % 40}" for n in range(len(pieces))})


def test_the_title_says_where_the_score_lies_and_what_moves_it_most() -> None:
    chart = waterfall_chart(of_explanation([seen("R-1", 7, 30), seen("R-1", 3, 0)]), name="Recruit 1")
    assert chart.title == (
        "The score of Recruit 1 in Communication, 0.56, lies 0.14 above the cut; "
        f"of 2 encounters the one of {ago(30)} moves it most (+0.19)."
    )


@pytest.mark.parametrize(
    ("rating", "where"), [(7, "0.58 above the cut"), (3.5, "at the cut"), (1, "0.42 below the cut")]
)
def test_one_encounter_is_one(rating: float, where: str) -> None:
    chart = waterfall_chart(of_explanation([seen("R-1", rating, 1)]))
    assert f"lies {where} and rests on 1 encounter." in chart.title
    assert "The score of R-1 in" in chart.title
    check(chart)


def test_two_raters_of_one_encounter_are_one_bar() -> None:
    evidence = [seen("R-1", x, 1, rater=rater, encounter="shift") for rater, x in (("T-1", 3), ("T-2", 6))]
    [step] = contributions(of_explanation(evidence))
    assert (step.encounters, step.raters) == (1, ("T-1", "T-2"))


def many(number: int) -> list[RecordedEvidence]:
    return shifts("R-1", [5] * number)


def test_of_very_many_the_lightest_are_one_bar_and_come_first() -> None:
    chart = waterfall_chart(of_explanation(many(60)))
    assert chart.spec is not None
    bars = [row for row in data(chart.spec) if "kind" in row]
    assert len(bars) == MOST
    assert (bars[0]["kind"], bars[0]["label"]) == ("others", f"{60 - MOST + 1} others")
    assert chart.table.rows[1][4] == 60 - MOST + 1
    assert "the 24 that weigh most by themselves, the rest in one bar" in chart.subtitle
    check(chart)


def test_as_many_as_there_is_room_for_stand_by_themselves() -> None:
    assert all(step.observed for step in contributions(of_explanation(many(MOST))))


def test_without_evidence_nothing_is_drawn() -> None:
    chart = waterfall_chart(of_explanation([]))
    assert (chart.title, chart.spec) == ("There is no score of R-1 in Communication.", None)
    assert chart.empty == "There is no scored evidence."
    check(chart)


def test_what_is_not_scored_cannot_be_taken_apart() -> None:
    chart = waterfall_chart(of_explanation([], DONE))
    assert (chart.title, chart.spec) == ("Reflection of R-1 is not scored.", None)
    check(chart)


def test_evidence_of_which_no_weight_is_left_is_refused() -> None:
    chart = waterfall_chart(of_explanation(shifts("R-1", [5], 3000)))
    assert (chart.spec, "so old that nothing of its weight is left" in chart.empty) == (None, True)
    check(chart)


def test_the_score_of_a_model_that_is_no_weighted_mean_is_not_taken_apart() -> None:
    explanation = of_explanation(shifts("R-1", [7, 1], 1), policy=Policy(half_life_days=1))
    explanation["estimate"] = {**explanation["estimate"], "score": 0.9}
    chart = waterfall_chart(explanation)
    assert (chart.spec, chart.table.rows) == (None, ())
    assert "is made by the model decayed_beta/1 and is no weighted mean" in chart.empty
    check(chart)


def test_what_is_never_scored_has_no_bar() -> None:
    evidence = [*shifts("R-1", [5, 4]), seen("R-1", 7, 1, tier=Tier.SELF_REPORT, rater="R-1")]
    assert sum(step.encounters for step in contributions(of_explanation(evidence))) == 2
