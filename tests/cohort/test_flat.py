"""Question 7: flat below the cut, or not responding again and again."""

from __future__ import annotations

import pytest

from lrs.cohort.flat import FlatAnswer, flat
from lrs.competency.evidence import Flag, RecordedEvidence
from tests.cohort.cohorts import cohort, key, seen

NRT = (Flag.NOT_RESPONDING,)


def shifts(name: str, ratings: list[float]) -> list[RecordedEvidence]:
    """Oldest first, a day apart."""
    return [seen(name, x, len(ratings) - n) for n, x in enumerate(ratings)]


def ask(*people: list[RecordedEvidence], **options: int) -> FlatAnswer:
    return flat(cohort(piece for one in people for piece in one), {}, **options)


def test_no_change_below_the_cut_is_flat() -> None:
    found = ask(shifts("R-1", [2, 3, 2, 3, 3, 2, 3, 2])).as_dict()
    [one] = found["flat"]
    assert (one["officer"], one["encounters"], one["verdict"]) == (key("R-1"), 8, "insufficient")
    assert one["mean"] == {"s": 0.25, "rating": 2.5, "scale": "fto-7"}
    assert one["slope_per_encounter"]["value"] == pytest.approx(0.0)
    low, high = one["change_points"]["interval"]
    assert low < 0 < high


@pytest.mark.parametrize(
    "ratings",
    [
        pytest.param([5, 4, 5, 4, 4, 5, 4, 5], id="no change above the cut"),
        pytest.param([1, 1, 2, 2, 3, 3, 4, 4], id="rising"),
        pytest.param([4, 4, 3, 3, 2, 2, 1, 1], id="falling"),
    ],
)
def test_others_are_not(ratings: list[float]) -> None:
    assert ask(shifts("R-1", ratings)).flat == ()


def test_the_same_low_rating_each_time_is_flat() -> None:
    assert len(ask(shifts("R-1", [2] * 8)).flat) == 1


def test_only_the_newest_encounters_are_looked_at() -> None:
    assert len(ask(shifts("R-1", [6, 6, 6, 6, *[2, 3, 2, 3, 3, 2, 3, 2]])).flat) == 1
    assert ask(shifts("R-1", [6, 6, 6, 6, *[2, 3, 2, 3, 3, 2, 3, 2]]), encounters=12).flat == ()


def test_of_those_with_too_few_encounters_nothing_is_said() -> None:
    found = ask(shifts("R-1", [2] * 7), shifts("R-2", [2] * 8))
    assert (found.looked_at, found.too_few, len(found.flat)) == (1, 1, 1)


def test_nrt_on_one_item_in_three_encounters_is_told_with_its_statements() -> None:
    flagged = [seen("R-1", 2, age, indicator="de-escalates", flags=NRT) for age in (9, 5, 1)]
    [one] = ask(flagged).as_dict()["not_responding"]
    assert (one["indicator"], one["encounters"]) == ("de-escalates", 3)
    assert one["statements"] == sorted(record.statement_id for record in flagged)


def test_nrt_on_several_items_or_thrice_in_one_encounter_is_not() -> None:
    items = [seen("R-1", 2, age, indicator=item, flags=NRT) for age, item in ((1, "de-escalates"), (2, None))]
    assert ask([*items, seen("R-1", 2, 3, indicator="lets-others-finish", flags=NRT)]).flagged == ()
    once = [seen("R-1", x, 4, indicator="de-escalates", flags=NRT, encounter="shift") for x in (1, 2, 3)]
    assert ask(once).flagged == ()
    assert len(ask(once, nrt_times=1).flagged) == 1


def test_the_table_has_both() -> None:
    flagged = [seen("R-2", 2, age, indicator="de-escalates", flags=NRT) for age in (9, 5, 1)]
    table = ask(shifts("R-1", [2] * 8), flagged).table()
    assert {len(row) for row in table.rows} == {len(table.titles)}
    assert [dict(zip(table.titles, row, strict=True))["why"] for row in table.rows] == [
        "flat",
        "not responding",
    ]
