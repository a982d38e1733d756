"""Means, differences, slopes and correlations against textbook values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from lrs.cohort.intervals import (
    combined,
    difference,
    mean_of,
    pearson,
    pearson_interval,
    slope_of,
    spearman,
    spearman_interval,
)

VALUES = st.lists(st.integers(0, 12).map(lambda n: n / 12), min_size=4, max_size=20)


def test_a_mean_has_students_interval() -> None:
    found = mean_of([1, 2, 3, 4, 5])
    assert found.value == 3
    # t(4, 0.95) = 2.131847; sd/√n = √2.5/√5
    assert found.interval == pytest.approx((3 - 1.507443, 3 + 1.507443), abs=1e-5)


@pytest.mark.parametrize("values", [[0.5], [0.1, 0.1, 0.1]])
def test_without_spread_there_is_no_interval(values: list[float]) -> None:
    assert mean_of(values).interval is None


@given(VALUES, VALUES)
def test_a_difference_has_welchs_interval(a: list[float], b: list[float]) -> None:
    assume(min(a) < max(a) and min(b) < max(b))
    found = difference(mean_of(a), mean_of(b))
    ours = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
    assert found.value == pytest.approx(np.mean(a) - np.mean(b))
    assert found.interval == pytest.approx((ours.low, ours.high))


def test_a_difference_without_any_spread_has_no_interval() -> None:
    assert difference(mean_of([1, 1, 1]), mean_of([0, 0])).interval is None
    assert difference(mean_of([1, 2, 3]), mean_of([0, 0])).interval is not None
    assert difference(mean_of([1, 2, 3]), mean_of([0])).interval is None


def test_the_mean_of_two_controls_is_taken_away_with_half_weights() -> None:
    own, left, right = mean_of([3, 5]), mean_of([1, 3]), mean_of([2, 2.5])
    found = combined([(1, own), (-0.5, left), (-0.5, right)])
    assert found.value == pytest.approx(4 - 1 - 1.125)
    assert found.variance == pytest.approx(1 + 0.25 * 1 + 0.25 * 0.0625)


def test_a_slope_has_students_interval() -> None:
    values = [0.1, 0.3, 0.2, 0.5, 0.4]
    found, ours = slope_of(values), stats.linregress(range(5), values)
    half = stats.t.ppf(0.95, 3) * ours.stderr
    assert found.value == pytest.approx(ours.slope)
    assert found.interval == pytest.approx((ours.slope - half, ours.slope + half))


def test_values_that_are_all_equal_have_the_slope_0_and_nothing_around_it() -> None:
    assert (slope_of([0.5] * 6).value, slope_of([0.5] * 6).interval) == (0, (0, 0))


def test_correlations_are_those_of_scipy_ties_included() -> None:
    pairs = [(1, 2), (2, 1), (2, 4), (3, 3), (5, 3), (6, 7)]
    left, right = zip(*pairs, strict=True)
    assert pearson(pairs) == pytest.approx(stats.pearsonr(left, right).statistic)
    assert spearman(pairs) == pytest.approx(stats.spearmanr(left, right).statistic)


def test_a_side_that_does_not_vary_has_no_correlation() -> None:
    assert pearson([(1, 2), (1, 3), (1, 4)]) is None
    assert spearman([(1, 2), (2, 2), (3, 2)]) is None


def test_the_interval_of_pearson_is_fishers() -> None:
    ours = stats.pearsonr([1, 2, 2, 3, 5, 6], [2, 1, 4, 3, 3, 7]).confidence_interval(0.9)
    r = pearson([(1, 2), (2, 1), (2, 4), (3, 3), (5, 3), (6, 7)])
    assert r is not None
    assert pearson_interval(r, 6) == pytest.approx((ours.low, ours.high))


def test_the_interval_of_spearman_is_wider_by_bonett_and_wright() -> None:
    low, high = spearman_interval(0.5, 103) or (0, 0)
    half = 1.644854 * math.sqrt(1.125 / 100)
    assert (math.atanh(low), math.atanh(high)) == pytest.approx(
        (math.atanh(0.5) - half, math.atanh(0.5) + half), abs=1e-5
    )


def test_a_perfect_line_has_no_interval() -> None:
    assert pearson_interval(1.0, 40) is None


@given(VALUES)
def test_order_changes_no_bit(values: list[float]) -> None:
    assert mean_of(values) == mean_of(sorted(values))
