"""Question 4, drawn: of units, and never with a cause."""

from __future__ import annotations

from lrs.charts.unit_survey import MOST_CONTROLS, unit_survey_chart
from tests.charts.answers import of_unit_survey, replies
from tests.charts.checks import check, data
from tests.cohort.cohorts import DAY_US, NOW_US

DATE_US = NOW_US - 84 * DAY_US
OWN = replies("U-1", [3.0, 3.2, 3.1, 3.9, 4.0, 3.8])
CONTROLS = (
    replies("U-2", [3.0, 3.1, 3.2, 3.2, 3.3, 3.1]),
    replies("U-3", [2.5, 2.7, 2.6, 2.7, 2.6, 2.8]),
)


def test_the_title_says_the_change_beside_that_of_the_controls() -> None:
    chart = unit_survey_chart(of_unit_survey(OWN, *CONTROLS, date_us=DATE_US))
    assert chart.title == (
        "From 12 July 2024 on the communication of U-1 stands 0.70 points higher than before, beyond the change of "
        "its control units (90 % interval 0.51 to 0.89)."
    )
    assert chart.empty == ""
    assert "no one officer" in chart.summary
    check(chart)


def test_a_change_that_is_refused_is_said_and_the_steps_are_drawn() -> None:
    chart = unit_survey_chart(of_unit_survey(OWN, date_us=DATE_US))
    assert chart.title == "The communication of U-1 goes from 3.00 to 3.80 over 6 periods (30 replies)."
    assert chart.empty == (
        "No change is given: no control unit has enough periods on either side: its change would be compared with "
        "nothing."
    )
    check(chart)


def test_one_period_is_one() -> None:
    chart = unit_survey_chart(of_unit_survey(replies("U-1", [3]), date_us=None))
    assert chart.title == "The communication of U-1 has a mean of 3.00 in its one period (5 replies)."
    check(chart)


def test_a_period_with_too_few_replies_is_no_step() -> None:
    found = replies("U-1", [3, 3, 3, 4])
    chart = unit_survey_chart(of_unit_survey([*found[:2], *found[5:7], *found[10:]], date_us=None))
    assert chart.spec is not None
    assert len([row for row in data(chart.spec) if "begins" in row]) == 2
    withheld = [row for row in chart.table.rows if row[7]]
    assert len(withheld) == 2
    assert {row[5:7] for row in withheld} == {(None, None)}
    check(chart)


def test_without_enough_replies_nothing_is_drawn() -> None:
    chart = unit_survey_chart(of_unit_survey(replies("U-1", [3], 2), date_us=None))
    assert chart.title == "No period of the communication of U-1 has enough replies to show a mean."
    assert (chart.spec, chart.empty) == (
        None,
        "There is nothing to draw: no period has 5 replies or more.",
    )
    check(chart)


def test_no_replies_at_all_draw_nothing() -> None:
    assert unit_survey_chart(of_unit_survey(date_us=None)).spec is None


def test_steps_that_touch_are_joined_and_a_gap_stays_open() -> None:
    broken = [*replies("U-1", [3, 3.4, 3.8, 3.2])[:10], *replies("U-1", [3, 3.4, 3.8, 3.2])[15:]]
    spec = unit_survey_chart(of_unit_survey(broken, date_us=None)).spec
    assert spec is not None
    assert len([row for row in data(spec) if "begins" in row]) == 3
    assert len([row for row in data(spec) if "to" in row]) == 1


def test_controls_without_a_colour_of_their_own_share_one() -> None:
    units = [replies(f"U-{n}", [3, 3.5]) for n in range(1, MOST_CONTROLS + 5)]
    chart = unit_survey_chart(of_unit_survey(*units, date_us=None))
    assert chart.spec is not None
    groups = {row["group"] for row in data(chart.spec) if "begins" in row}
    assert (len(groups), "other controls" in groups) == (MOST_CONTROLS + 2, True)
    check(chart)
