from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrs.cohort.agreement import Level, intraclass, krippendorff

_ = math.nan
PUBLISHED = [  # Krippendorff (2011): 4 observers, 12 units
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
SHROUT_FLEISS = [  # Shrout and Fleiss (1979), table 2: 6 targets, 4 judges
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]

tables = arrays(
    np.float64,
    st.tuples(st.integers(2, 5), st.integers(2, 7)),
    elements=st.one_of(st.integers(0, 6).map(float), st.just(math.nan)),
)
levels = st.sampled_from(list(Level))


@pytest.mark.parametrize(
    ("level", "published"),
    [(Level.NOMINAL, 0.743), (Level.ORDINAL, 0.815), (Level.INTERVAL, 0.849), (Level.RATIO, 0.797)],
)
def test_alpha_is_the_published_one(level: Level, published: float) -> None:
    assert krippendorff(PUBLISHED, level).value == pytest.approx(published, abs=5e-4)


def test_alpha_says_what_it_rests_on() -> None:
    # Of the 12 units one has a single value; 41 values less that one.
    found = krippendorff(PUBLISHED, Level.NOMINAL)
    assert (found.raters, found.units, found.ratings) == (4, 11, 40)


@pytest.mark.parametrize("level", list(Level))
def test_alpha_of_perfect_agreement_is_1(level: Level) -> None:
    assert krippendorff([[1, 2, 5, 2], [1, 2, 5, 2], [1, _, 5, 2]], level).value == 1.0


@given(tables, levels, st.randoms(use_true_random=False))
def test_alpha_does_not_change_with_the_order_of_raters_and_units(table, level, random) -> None:
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    before, after = krippendorff(table, level), krippendorff(table[rows][:, columns], level)
    assert after.value == pytest.approx(before.value, abs=1e-12)
    assert (after.units, after.ratings) == (before.units, before.ratings)


@given(tables, levels)
def test_a_unit_that_one_rater_alone_has_rated_changes_nothing(table, level) -> None:
    alone = np.full((table.shape[0], 1), math.nan)
    alone[0] = 6
    assert krippendorff(np.hstack([table, alone]), level) == krippendorff(table, level)


@given(tables, levels)
def test_alpha_is_never_above_1(table, level) -> None:
    value = krippendorff(table, level).value
    assert value is None or value <= 1 + 1e-12


@given(tables)
def test_interval_alpha_does_not_change_with_the_unit_of_measurement(table) -> None:
    before, after = krippendorff(table, Level.INTERVAL), krippendorff(3 * table - 7, Level.INTERVAL)
    assert after.value == pytest.approx(before.value, abs=1e-9)


@given(tables)
def test_ordinal_alpha_knows_the_order_of_values_and_not_how_far_they_lie_apart(table) -> None:
    before, after = krippendorff(table, Level.ORDINAL), krippendorff(np.exp(table), Level.ORDINAL)
    assert after.value == pytest.approx(before.value, abs=1e-12)


def test_a_rater_who_reverses_the_scale_brings_alpha_below_0() -> None:
    value = krippendorff([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]], Level.INTERVAL).value
    assert value is not None
    assert value < 0


@pytest.mark.parametrize("table", [[[3, 3], [3, 3]], [[1, _], [_, 2]], np.empty((2, 0)), np.empty((0, 0))])
def test_where_nothing_varies_or_nothing_is_shared_there_is_no_alpha(table) -> None:
    assert krippendorff(table, Level.INTERVAL).value is None


def test_ratios_take_nothing_below_0() -> None:
    with pytest.raises(ValueError, match="below 0"):
        krippendorff([[-1, 2], [1, 2]], Level.RATIO)


def test_two_zeros_are_no_distance_apart_as_ratios() -> None:
    assert krippendorff([[0, 1], [0, 1]], Level.RATIO).value == 1.0


@pytest.mark.parametrize("function", [lambda t: krippendorff(t, Level.NOMINAL), intraclass])
def test_what_is_no_table_is_refused(function) -> None:
    with pytest.raises(ValueError, match="table"):
        function([1, 2, 3])


# Intraclass correlation


def test_the_correlations_are_the_published_ones() -> None:
    found = intraclass(SHROUT_FLEISS)
    assert found is not None
    values = [round(one.value, 2) for one in (found.oneway, found.agreement, found.consistency)]
    assert values == [0.17, 0.29, 0.71]


def test_their_intervals_are_those_of_the_f_tests() -> None:
    # As R's psych::ICC, which follows McGraw and Wong, gives them for the same table.
    found = intraclass(SHROUT_FLEISS)
    assert found is not None
    bounds = [
        (round(one.low, 3), round(one.high, 3)) for one in (found.oneway, found.agreement, found.consistency)
    ]
    assert bounds == [(-0.133, 0.723), (0.019, 0.761), (0.342, 0.946)]


def test_perfect_agreement_is_1_by_each_of_them() -> None:
    found = intraclass([[1, 1, 1], [4, 4, 4], [2, 2, 2]])
    assert found is not None
    for one in (found.oneway, found.agreement, found.consistency):
        assert (one.value, one.low, one.high) == (1, 1, 1)


def test_a_rater_who_is_severe_all_along_counts_against_agreement_and_not_against_consistency() -> None:
    found = intraclass([[1, 2], [2, 3], [3, 4], [5, 6]])
    assert found is not None
    assert found.consistency.value == pytest.approx(1)
    assert found.agreement.value < 1


@given(
    arrays(
        np.float64, st.tuples(st.integers(3, 6), st.integers(2, 4)), elements=st.integers(0, 6).map(float)
    ),
    st.randoms(use_true_random=False),
)
def test_the_correlations_do_not_change_with_the_order_of_targets_and_raters(table, random) -> None:
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    before, after = intraclass(table), intraclass(table[rows][:, columns])
    assume(before is not None)
    assert before is not None
    assert after is not None
    for name in ("oneway", "agreement", "consistency"):
        one, other = getattr(before, name), getattr(after, name)
        assert other.value == pytest.approx(one.value, abs=1e-9)
        if one.low is None:
            assert (other.low, other.high, one.high) == (None, None, None)
            continue
        assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=1e-6)
        assert one.low <= one.value + 1e-9 <= one.high + 2e-9


def test_a_target_with_a_gap_is_left_out() -> None:
    assert intraclass([*SHROUT_FLEISS, [1, _, 9, 9]]) == intraclass(SHROUT_FLEISS)


@pytest.mark.parametrize(
    "table", [[[1, 2]], [[1], [2]], [[2, 2], [2, 2]], [[1, 2], [1, 2]], np.empty((0, 2))]
)
def test_without_targets_that_differ_there_is_no_correlation(table) -> None:
    assert intraclass(table) is None


def test_both_write_themselves_as_json() -> None:
    assert krippendorff(PUBLISHED, Level.NOMINAL).as_dict() == {
        "alpha": 0.743421,
        "level": "nominal",
        "raters": 4,
        "units": 11,
        "ratings": 40,
    }
    found = intraclass(SHROUT_FLEISS)
    assert found is not None
    written = found.as_dict()
    assert (written["targets"], written["raters"], written["interval_level"]) == (6, 4, 0.95)
    assert written["coefficients"][0] == {
        "name": "ICC(1)",
        "value": 0.165742,
        "interval": [-0.132932, 0.72256],
    }
