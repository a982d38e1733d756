from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.competency.scales import Scale, standard_scales


@pytest.mark.parametrize(
    ("name", "rating", "s"),
    [
        ("fto-7", 1, 0.0),
        ("fto-7", 4, 0.5),
        ("fto-7", 5, 2 / 3),
        ("fto-7", 7, 1.0),
        ("likert-5", 1, 0.0),
        ("likert-5", 2, 0.25),
        ("likert-5", 5, 1.0),
        ("unit", 0.37, 0.37),
        ("scaled", -1, 0.0),
        ("scaled", -0.5, 0.0),
        ("scaled", 0, 0.0),
        ("scaled", 0.25, 0.25),
        ("scaled", 1, 1.0),
        ("hours", 0, 0.0),
        ("hours", 1.5, 0.0015),
        ("hours", 1000, 1.0),
    ],
)
def test_a_standard_scale_turns_a_rating_into_s(name: str, rating: float, s: float) -> None:
    assert standard_scales()[name].normalise(rating) == pytest.approx(s, abs=1e-15)


@pytest.mark.parametrize("rating", [0.999, 7.001, math.nan, math.inf, -math.inf])
def test_a_rating_outside_of_the_scale_is_refused(rating: float) -> None:
    with pytest.raises(ValueError, match="is not on the scale fto-7, 1 to 7"):
        standard_scales()["fto-7"].normalise(rating)


def test_a_table_of_several_anchors_is_piecewise_linear() -> None:
    bent = Scale("bent", "1", ((0.0, 0.0), (2.0, 0.5), (10.0, 1.0)))
    assert [bent.normalise(rating) for rating in (0, 1, 2, 6, 10)] == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_a_scale_on_which_one_is_the_best_falls() -> None:
    marks = Scale("marks", "1", ((1.0, 1.0), (6.0, 0.0)))
    assert [marks.normalise(rating) for rating in (1, 3.5, 6)] == [1.0, 0.5, 0.0]


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (((1.0, 0.0),), "two points"),
        (((1.0, 0.0), (1.0, 1.0)), "rise from each to the next"),
        (((2.0, 0.0), (1.0, 1.0)), "rise from each to the next"),
        (((1.0, 0.0), (2.0, 1.1)), r"s is in \[0, 1\]"),
        (((1.0, 0.0), (2.0, 1.0), (3.0, 0.5)), "rises all along"),
        (((1.0, 0.5), (2.0, 0.5)), "rises all along"),
    ],
)
def test_a_table_that_is_no_scale_is_refused(points: tuple[tuple[float, float], ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Scale("broken", "1", points)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_better_rating_never_has_a_lower_s(one: float, other: float) -> None:
    scale = standard_scales()["scaled"]
    low, high = sorted((one, other))
    assert 0 <= scale.normalise(low) <= scale.normalise(high) <= 1
