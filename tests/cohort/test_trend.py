"""Question 2: one officer around a date."""

from __future__ import annotations

import random

import pytest

from lrs.cohort.roster import who
from lrs.cohort.smoothing import band, point_at
from lrs.cohort.trend import Trend, trend
from lrs.competency.evidence import RecordedEvidence, Tier
from tests.cohort.cohorts import DAY_US, NOW_US, key, one, seen

DATE_US = NOW_US - 30 * DAY_US


def steps(before: list[float], after: list[float], **parts: str) -> list[RecordedEvidence]:
    """Shifts a day apart, the last of `before` the day before DATE_US, the first of `after` on it."""
    early = [seen("R-1", x, 30 + len(before) - n, **parts) for n, x in enumerate(before)]
    return [*early, *(seen("R-1", x, 30 - n, **parts) for n, x in enumerate(after))]


def ask(evidence: list[RecordedEvidence], **options: object) -> Trend:
    return trend(one(evidence), who(key("R-1"), {}), **options)  # type: ignore[arg-type]


def test_before_and_after_are_means_of_encounters_and_what_was_seen_on_the_date_is_after() -> None:
    found = ask(steps([2, 3, 2, 3, 2], [5, 5, 6, 5, 4]), date_us=DATE_US).as_dict()
    assert found["before"]["mean"]["rating"] == pytest.approx(2.4)
    assert found["after"]["mean"]["rating"] == pytest.approx(5.0)
    assert found["change"]["points"]["value"] == pytest.approx(2.6)
    assert found["change"]["s"]["value"] == pytest.approx(2.6 / 6, abs=1e-6)
    low, high = found["change"]["points"]["interval"]
    # Welch on sd √0.3 and √0.5, five each: error 0.4, 7.53 degrees of freedom, t 1.876
    assert (low, high) == pytest.approx((2.6 - 0.7505, 2.6 + 0.7505), abs=1e-3)


def test_too_few_encounters_on_a_side_are_refused_with_the_number() -> None:
    found = ask(steps([2, 3, 2, 3, 2], [5, 5]), date_us=DATE_US).as_dict()["change"]
    assert (found["given"], found["s"]) == (False, None)
    assert found["refused"] == "5 scored encounters are needed on either side; there are 2 from the date"


def test_several_ratings_of_one_encounter_are_one() -> None:
    items = [seen("R-1", 5, 20 + n / 10, encounter="shift") for n in range(8)]
    found = ask([*steps([2] * 5, []), *items], date_us=DATE_US)
    assert found.after is not None
    assert found.after.encounters == 1
    assert found.refused is not None


def test_two_raters_of_one_encounter_are_two_dots_and_one_encounter() -> None:
    both = [seen("R-1", 3, 40, encounter="shift", rater=rater) for rater in ("T-1", "T-2")]
    found = ask(both, date_us=DATE_US)
    assert found.before is not None
    assert (len(found.dots), found.before.encounters, len(found.before.raters)) == (2, 1, 2)


def test_without_a_date_there_are_dots_and_no_sides() -> None:
    found = ask(steps([2, 3], [4])).as_dict()
    assert (len(found["dots"]), found["before"], found["change"]["refused"]) == (3, None, "no date was given")


def test_self_report_is_a_dot_and_counts_in_nothing() -> None:
    own = seen("R-1", 7, 20, tier=Tier.SELF_REPORT, rater="R-1")
    found = ask([*steps([2, 3], [4]), own], date_us=DATE_US)
    assert found.after is not None
    assert [dot.vote.tier for dot in found.dots if not dot.scored] == [Tier.SELF_REPORT]
    assert found.after.encounters == 1


def test_one_indicator_may_be_asked_for() -> None:
    found = ask([seen("R-1", 5, 3, indicator="de-escalates"), seen("R-1", 2, 2)], indicator="de-escalates")
    assert [dot.rating for dot in found.dots] == [pytest.approx(5)]


def test_a_window_leaves_out_what_is_further_from_the_date() -> None:
    far = seen("R-1", 1, 300)
    found = ask([*steps([2, 3], [4]), far], date_us=DATE_US, window_days=60)
    assert len(found.dots) == 3


def test_it_says_that_it_does_not_show_why_and_when_raters_or_tiers_differ() -> None:
    plain = " ".join(ask(steps([2] * 5, [4] * 5), date_us=DATE_US).notes)
    assert "does not show that the training" in plain
    assert "Nobody rated on both sides" not in plain
    early = [seen("R-1", 2, 31 + n, rater="T-1") for n in range(5)]
    late = [seen("R-1", 4, 5 + n, rater="T-2", tier=Tier.VR_AUTOMATIC) for n in range(5)]
    other = " ".join(ask([*early, *late], date_us=DATE_US).notes)
    assert "Nobody rated on both sides" in other
    assert "different tiers" in other


def test_a_dot_names_its_statements_and_lies_on_the_rubrics_scale() -> None:
    record = seen("R-1", 4, 3, scale="likert-5")
    [dot] = ask([record]).as_dict()["dots"]
    assert (dot["s"], dot["rating"], dot["statements"]) == (0.75, 5.5, [record.statement_id])


def test_the_order_of_evidence_changes_no_bit() -> None:
    evidence = steps([2, 3, 2, 4, 3, 1], [5, 3, 6, 4, 5])
    shuffled = evidence[:]
    random.Random(7).shuffle(shuffled)
    assert ask(shuffled, date_us=DATE_US).as_dict() == ask(evidence, date_us=DATE_US).as_dict()


def test_where_all_weights_are_equal_the_band_is_the_mean_with_students_interval() -> None:
    point = point_at(NOW_US, [NOW_US] * 5, [0.1, 0.2, 0.3, 0.4, 0.5], 14)
    assert point.s == pytest.approx(0.3)
    assert point.near == pytest.approx(5)
    assert point.interval == pytest.approx((0.3 - 0.1507443, 0.3 + 0.1507443), abs=1e-6)


def test_the_band_weighs_what_is_one_bandwidth_away_by_the_root_of_1_over_e() -> None:
    point = point_at(0, [0, 14 * DAY_US], [0.0, 1.0], 14)
    assert point.s == pytest.approx(0.6065307 / 1.6065307)


def test_where_little_is_near_the_band_has_no_interval() -> None:
    points = band([0, DAY_US, 400 * DAY_US], [0.2, 0.4, 0.9], 14)
    assert points[-1].interval is None
    assert points[-1].s == pytest.approx(0.9)


def test_the_band_has_a_bounded_number_of_points_from_the_first_to_the_last() -> None:
    points = band([0, 3000 * DAY_US], [0.2, 0.4], 14)
    assert (points[0].at_us, points[-1].at_us) == (0, 3000 * DAY_US)
    assert len(points) <= 61
    assert band([], [], 14) == ()
