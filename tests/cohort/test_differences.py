from __future__ import annotations

import pytest

from lrs.cohort.differences import bounded, difference, in_same_encounters, on_same_officers
from lrs.cohort.votes import Ballot


def ballot(officer: str, rater: str, encounter: str, value: float) -> Ballot:
    return Ballot(officer=officer, rater=rater, encounter=encounter, value=value)


def test_in_one_encounter_each_rater_is_held_against_the_mean_of_the_others() -> None:
    votes = [ballot("R", "a", "1", 2), ballot("R", "b", "1", 4), ballot("R", "c", "1", 6)]
    found = in_same_encounters(votes)
    assert found == {"a": {("R", "1"): -3}, "b": {("R", "1"): 0}, "c": {("R", "1"): 3}}


def test_an_encounter_that_one_rater_saw_compares_nobody() -> None:
    assert in_same_encounters([ballot("R", "a", "1", 2), ballot("R", "b", "2", 4)]) == {}


def test_on_one_officer_every_other_rater_has_one_voice() -> None:
    votes = [ballot("R", "a", "1", 3), ballot("R", "c", "9", 5)]
    votes += [ballot("R", "b", str(number), 1) for number in range(5)]
    assert on_same_officers(votes)["a"] == {"R": 0}


def test_the_mean_comes_with_students_interval() -> None:
    # 1, 2, 3: mean 2, standard error 1/√3, t(2) = 4.302653.
    found = difference([1, 2, 3], 0.95)
    assert found is not None
    assert (found.mean, found.n) == (2, 3)
    assert found.interval == pytest.approx((2 - 2.484138, 2 + 2.484138), abs=1e-6)


@pytest.mark.parametrize("values", [[1.5], [1.5, 1.5]])
def test_where_a_spread_cannot_be_estimated_there_is_no_interval(values) -> None:
    found = difference(values, 0.95)
    assert found is not None
    assert (found.mean, found.interval) == (1.5, None)
    assert bounded(found) == (1.5, None, None)


def test_of_nothing_there_is_no_difference() -> None:
    assert difference([], 0.95) is None
    assert bounded(None) == (None, None, None)
