"""Question 3: VR beside the ride-along."""

from __future__ import annotations

import math

import pytest

from lrs.cohort.vr_field import MIN_PAIRS, VrField, vr_field
from lrs.competency.evidence import RecordedEvidence, Tier
from tests.cohort.cohorts import RUBRIC, cohort, seen

RUBRICS = {"communication": RUBRIC}


def officer(name: str, vr: float, field: float, encounters: int = 3) -> list[RecordedEvidence]:
    """VR scores in [0, 1] and field ratings from 1 to 7, all the same."""
    return [
        piece
        for age in range(1, encounters + 1)
        for piece in (
            seen(name, vr, age, scale="unit", tier=Tier.VR_AUTOMATIC, rater="sim"),
            seen(name, field, age),
        )
    ]


def ask(people: list[list[RecordedEvidence]], **options: int) -> VrField:
    return vr_field(cohort(piece for person in people for piece in person), {}, RUBRICS, **options)


def line(count: int) -> list[list[RecordedEvidence]]:
    return [officer(f"R-{n}", n / 40, 1 + n * 6 / 40) for n in range(count)]


def test_below_thirty_pairs_it_refuses_and_still_shows_them() -> None:
    [found] = ask(line(MIN_PAIRS - 1)).as_dict()["competencies"]
    assert (found["given"], found["n"], found["pearson"], found["spearman"]) == (False, 29, None, None)
    assert found["refused"] == "30 officers with both are needed; there are 29"
    assert len(found["pairs"]) == 29


def test_a_known_correlation_has_fishers_interval() -> None:
    # 15 officers at each corner of (low, low), (high, high), 5 at each of the others: r = (30 - 10) / 40
    corners = [(0.25, 2.5)] * 15 + [(0.75, 5.5)] * 15 + [(0.25, 5.5)] * 5 + [(0.75, 2.5)] * 5
    [found] = ask([officer(f"R-{n}", *corner) for n, corner in enumerate(corners)]).as_dict()["competencies"]
    assert (found["given"], found["n"]) == (True, 40)
    assert found["pearson"]["r"] == pytest.approx(0.5)
    half = 1.6448536 / math.sqrt(37)
    assert found["pearson"]["interval"] == pytest.approx(
        [math.tanh(0.5493061 - half), math.tanh(0.5493061 + half)], abs=1e-5
    )
    assert found["spearman"]["r"] == pytest.approx(0.5)
    assert found["spearman"]["interval"][0] < found["pearson"]["interval"][0]


def test_officers_with_too_few_encounters_on_a_side_are_left_out_and_counted() -> None:
    one_sided = [seen("R-x", 5, age) for age in range(1, 9)]
    [found] = ask([*line(30), one_sided, officer("R-y", 0.5, 4, encounters=2)]).as_dict()["competencies"]
    assert (found["n"], found["left_out"]) == (30, 2)
    [found] = ask([*line(30), officer("R-y", 0.5, 4, encounters=2)], min_encounters=2).as_dict()[
        "competencies"
    ]
    assert (found["n"], found["left_out"]) == (31, 0)


def test_where_one_side_does_not_vary_it_refuses() -> None:
    [found] = ask([officer(f"R-{n}", 0.5, 1 + n / 10) for n in range(30)]).as_dict()["competencies"]
    assert found["refused"].startswith("all officers have the same mean on one side")


def test_role_play_rated_by_an_instructor_is_neither_side() -> None:
    [found] = ask([[seen("R-1", 5, age, tier=Tier.ROLE_PLAY) for age in range(1, 9)]]).as_dict()[
        "competencies"
    ]
    assert (found["n"], found["left_out"]) == (0, 0)


def test_it_says_that_vr_is_not_the_field() -> None:
    assert "VR is not the field" in " ".join(ask([]).notes)


def test_the_table_has_a_line_for_every_pair() -> None:
    table = ask(line(3)).table()
    assert {len(row) for row in table.rows} == {len(table.titles)}
    last = dict(zip(table.titles, table.rows[-1], strict=True))
    assert (last["vr"], last["vr_encounters"]) == (0.05, 3)
