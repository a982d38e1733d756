from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lrs.cohort.suppression import suppressed

tables = st.dictionaries(
    st.sampled_from("abcdef"),
    st.lists(st.integers(0, 12), min_size=2, max_size=2).filter(any),
    max_size=6,
)


def test_large_cells_are_shown() -> None:
    assert suppressed({"a": (60, 40), "b": (5, 5)}) == frozenset()


def test_a_row_of_few_people_is_withheld_with_the_smallest_of_the_others() -> None:
    assert suppressed({"a": (60, 40), "b": (45, 55), "c": (20, 20), "d": (4, 0)}) == {"c", "d"}


def test_a_row_with_a_small_cell_is_withheld_however_many_people_it_has() -> None:
    assert "a" in suppressed({"a": (96, 4), "b": (50, 50), "c": (50, 50)})


def test_a_cell_of_nobody_is_shown() -> None:
    assert suppressed({"a": (20, 0), "b": (10, 10)}) == frozenset()


def test_two_withheld_rows_whose_sum_has_a_small_cell_take_a_third_with_them() -> None:
    # 2 + 2 of below standard would be known from the totals: one more row, until the sum is 5 or more.
    assert suppressed({"a": (10, 2), "b": (11, 2), "c": (20, 20), "d": (50, 50)}) == {"a", "b", "c"}


def test_a_minimum_of_1_withholds_nothing() -> None:
    assert suppressed({"a": (1, 0), "b": (1, 1)}, 1) == frozenset()


@given(tables, st.integers(1, 8))
def test_nothing_small_can_be_worked_out_from_the_totals(rows, minimum) -> None:
    hidden = suppressed(rows, minimum)
    shown = rows.keys() - hidden
    for name in shown:
        assert sum(rows[name]) >= minimum
        assert all(cell == 0 or cell >= minimum for cell in rows[name])
    left = [sum(rows[name][column] for name in hidden) for column in (0, 1)]
    if hidden and shown:
        # What the totals less the rows that are shown leave is of several rows, and small nowhere.
        assert len(hidden) >= 2
        assert all(cell == 0 or cell >= minimum for cell in left)


@given(tables, st.integers(1, 8), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, minimum, random) -> None:
    names = list(rows)
    random.shuffle(names)
    assert suppressed({name: rows[name] for name in names}, minimum) == suppressed(rows, minimum)
