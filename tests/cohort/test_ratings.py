"""From s back to ratings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.cohort.ratings import points_per_s, rating_of
from lrs.competency.scales import Scale, standard_scales


@given(st.sampled_from(["fto-7", "likert-5", "unit"]), st.floats(0, 1))
def test_what_is_normalised_again_is_the_same_s(name: str, s: float) -> None:
    scale = standard_scales()[name]
    assert scale.normalise(min(scale.highest, rating_of(scale, s))) == pytest.approx(s)


def test_of_several_ratings_with_one_s_the_greatest_is_told() -> None:
    assert rating_of(standard_scales()["scaled"], 0.0) == 0.0


def test_a_scale_that_falls_is_turned_back_as_well() -> None:
    assert rating_of(Scale("school", "1", ((1.0, 1.0), (6.0, 0.0))), 0.6) == pytest.approx(3)


def test_beyond_a_scale_its_nearest_end_is_told() -> None:
    assert rating_of(Scale("half", "1", ((1.0, 0.0), (5.0, 0.5))), 0.8) == 5


def test_points_are_told_where_each_is_worth_the_same() -> None:
    assert points_per_s(standard_scales()["fto-7"]) == 6
    assert points_per_s(standard_scales()["scaled"]) is None
