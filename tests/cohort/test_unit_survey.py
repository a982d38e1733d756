"""Question 4: a unit's survey beside control units."""

from __future__ import annotations

import pytest

from lrs.cohort.unit_survey import UnitSurvey, unit_survey
from lrs.competency.evidence import RecordedEvidence, SubjectType, Tier
from tests.cohort.cohorts import DAY_US, NOW_US, cohort, key, seen

DATE_US = NOW_US - 84 * DAY_US


def survey(unit: str, periods: list[float], replies: int = 5) -> list[RecordedEvidence]:
    """One list entry a period of 28 days, half of them before DATE_US: the mean of its replies, from 2 to 4."""
    first = 84 + 28 * (len(periods) // 2)
    return [
        seen(
            unit,
            mean + (-1, 0, 1, 0, 0)[n % 5],
            first - 28 * number - n - 1,
            encounter=f"{unit}/{number}/{n}",
            tier=Tier.SURVEY,
            scale="likert-5",
            subject_type=SubjectType.UNIT,
            rater="survey",
        )
        for number, mean in enumerate(periods)
        for n in range(replies)
    ]


def ask(*units: list[RecordedEvidence], unit: str = "U-1", **options: object) -> UnitSurvey:
    evidence = [piece for one in units for piece in one]
    found = {one.subject: one.assessments[0] for one in cohort(evidence)}
    return unit_survey(found, key(unit), as_of_us=NOW_US, **{"date_us": DATE_US, **options})  # type: ignore[arg-type]


def test_the_change_of_a_unit_is_taken_beside_that_of_its_controls() -> None:
    found = ask(
        survey("U-1", [3.0, 3.2, 3.1, 3.9, 4.0, 3.8]),
        survey("U-2", [3.0, 3.1, 3.2, 3.2, 3.3, 3.1]),
        survey("U-3", [2.5, 2.7, 2.6, 2.7, 2.6, 2.8]),
    ).as_dict()
    assert [one["change"]["points"]["value"] for one in found["units"]] == pytest.approx([0.8, 0.1, 0.1])
    assert (found["change"]["given"], found["scale"]) == (True, "likert-5")
    change = found["change"]["points"]
    assert change["value"] == pytest.approx(0.7)
    # Each side varies by 0.01 over three periods: (2 + 4/4) · 0.01/3 = 0.1², on 8 degrees of freedom: t is 1.8595
    low, high = change["interval"]
    assert low == pytest.approx(0.7 - (high - 0.7))
    assert low == pytest.approx(0.7 - 1.859548 * 0.1, abs=1e-5)


def test_too_few_periods_are_refused_with_the_numbers() -> None:
    found = ask(survey("U-1", [3, 3, 4, 4]), survey("U-2", [3.0, 3.1, 3.2, 3.2, 3.3, 3.1])).as_dict()[
        "change"
    ]
    assert (found["given"], found["s"], found["points"]) == (False, None, None)
    assert found["refused"] == (
        "of the unit itself, 3 periods with enough replies are needed on either side; "
        "there are 2 before the date and 2 from it on"
    )


def test_without_a_control_unit_there_is_no_change_beside_anything() -> None:
    found = ask(survey("U-1", [3.0, 3.2, 3.1, 3.9, 4.0, 3.8])).as_dict()
    assert found["units"][0]["change"]["points"]["value"] == pytest.approx(0.8)
    assert "no control unit" in found["change"]["refused"]


def test_a_period_with_few_replies_is_shown_and_does_not_count() -> None:
    found = ask(survey("U-1", [3.0] * 6, replies=4), survey("U-2", [3.0] * 6))
    assert [period.counts for period in found.units[0].periods] == [False] * 6
    assert found.change is None


def test_a_period_with_few_replies_shows_no_mean_and_says_why() -> None:
    few = ask(survey("U-1", [3.0] * 6, replies=1), survey("U-2", [3.0] * 6))
    small, large = ([*one["periods"]] for one in few.as_dict()["units"])
    assert {(one["s"], one["rating"], one["withheld"]) for one in small} == {
        (None, None, "fewer than 5 replies")
    }
    assert {(one["rating"], one["withheld"]) for one in large} == {(3.0, None)}
    place = few.table().titles.index("rating")
    assert [row[place] for row in few.table().rows] == [None] * 6 + [3.0] * 6


def test_no_period_reaches_over_the_date() -> None:
    found = ask(survey("U-1", [3.0] * 6), period_days=40)
    assert all(period.ends_us <= DATE_US or period.begins_us >= DATE_US for period in found.units[0].periods)
    assert [period.after for period in found.units[0].periods] == sorted(
        bool(period.after) for period in found.units[0].periods
    )


def test_controls_may_be_named() -> None:
    units = [survey(name, [3.0, 3.1, 3.2, 3.2, 3.3, 3.1]) for name in ("U-1", "U-2", "U-3")]
    assert [one.unit for one in ask(*units, controls=[key("U-3")]).units] == [key("U-1"), key("U-3")]
    assert [one.unit for one in ask(*units).units] == [key("U-1"), key("U-2"), key("U-3")]


def test_without_a_date_there_are_steps_alone() -> None:
    found = ask(survey("U-1", [3.0] * 6), survey("U-2", [3.0] * 6), date_us=None).as_dict()
    assert len(found["units"][0]["periods"]) >= 6
    assert {period["after"] for period in found["units"][0]["periods"]} == {None}
    assert found["change"]["refused"] == "no date was given"


def test_ratings_of_officers_are_no_replies() -> None:
    found = ask(survey("U-1", [3.0] * 6), [seen("U-1", 7, 3, subject_type=SubjectType.UNIT)])
    assert sum(period.replies for period in found.units[0].periods) == 30


def test_it_claims_no_cause() -> None:
    assert "not thereby moved by a course" in " ".join(ask(survey("U-1", [3.0])).notes)


def test_the_table_has_a_line_for_every_period() -> None:
    table = ask(survey("U-1", [3.0] * 6), survey("U-2", [3.0] * 6)).table()
    assert len(table.rows) == 12
    assert {len(row) for row in table.rows} == {len(table.titles)}
