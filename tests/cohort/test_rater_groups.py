from __future__ import annotations

import pytest

from lrs.cohort.groups import Groups
from lrs.cohort.rater_groups import RaterGroup, RaterGroupAnswer, rater_group_effects
from lrs.cohort.votes import Ballot

SIZES = {"x": 8, "y": 8}


def effects(sizes: dict[str, int], *, minimum: int = 5, lower: float = 2.0) -> RaterGroupAnswer:
    """Rater `a` gives officers of group x `lower` points less than `b` does, and all others the same as `b`."""
    votes: list[Ballot] = []
    members: dict[str, str] = {}
    for group, size in sizes.items():
        for number in range(size):
            officer = f"{group}{number}"
            if group != "none":
                members[officer] = group
            given = 3.0 + number % 3
            # A tenth more or less, so that there is a spread.
            off = (lower if group == "x" else 0.0) + (0.1 if number % 2 else -0.1)
            votes.append(Ballot(officer=officer, rater="a", encounter="s", value=given - off))
            votes.append(Ballot(officer=officer, rater="b", encounter="s", value=given))
    return rater_group_effects(votes, Groups({"origin": members}, len(members), 0), minimum=minimum)


def cells(found: RaterGroupAnswer, rater: str = "a") -> dict[str, RaterGroup]:
    (attribute,) = found.attributes
    return {cell.group: cell for cell in attribute.cells if cell.rater == rater}


def test_a_rater_who_is_severe_on_one_group_alone_is_seen() -> None:
    found = cells(effects(SIZES))
    assert found["x"].difference is not None
    assert found["y"].difference is not None
    assert found["x"].difference.mean == pytest.approx(-2)
    assert found["y"].difference.mean == pytest.approx(0)
    assert found["x"].beside_rest == pytest.approx(-2)
    assert found["x"].beside_rest_interval is not None
    low, high = found["x"].beside_rest_interval
    assert low < -2 < high < 0
    assert (found["x"].officers, found["x"].difference.n) == (8, 8)


def test_a_rater_who_is_severe_on_everybody_has_no_effect_of_groups() -> None:
    votes = [
        Ballot(officer=f"{group}{n}", rater=rater, encounter="s", value=4.0 - 2 * (rater == "a"))
        for group in "xy"
        for n in range(6)
        for rater in "ab"
    ]
    members = {f"{group}{n}": group for group in "xy" for n in range(6)}
    found = cells(rater_group_effects(votes, Groups({"origin": members}, 12, 0)))
    assert found["x"].difference is not None
    assert (found["x"].difference.mean, found["x"].beside_rest) == (-2, 0)
    # All differences are equal: their spread cannot be estimated.
    assert (found["x"].difference.interval, found["x"].beside_rest_interval) == (None, None)


def test_few_officers_of_a_group_are_withheld_with_another_group_of_the_rater() -> None:
    found = cells(effects({"x": 3, "y": 8, "z": 20}))
    assert [group for group, cell in found.items() if cell.suppressed] == ["x", "y"]
    assert (found["x"].officers, found["x"].difference, found["x"].beside_rest) == (None, None, None)


def test_officers_without_a_group_protect_it_as_well() -> None:
    found = cells(effects({"x": 3, "y": 20, "none": 10}))
    assert [group for group, cell in found.items() if cell.suppressed] == ["x"]
    assert "none" not in found
    assert "" not in found


def test_the_officers_that_only_one_rater_rated_say_nothing() -> None:
    alone = [Ballot(officer=f"x{n}", rater="a", encounter="s", value=3.0) for n in range(9)]
    members = {f"x{n}": "x" for n in range(9)}
    assert rater_group_effects(alone, Groups({"origin": members}, 9, 0)).attributes[0].cells == ()


def test_it_says_what_it_is_and_what_it_withholds() -> None:
    found = effects({"x": 3, "y": 8})
    assert "not a finding of discrimination" in found.notes[0]
    assert all(
        cell
        == {
            "rater": cell["rater"],
            "group": cell["group"],
            "suppressed": True,
            "officers": None,
            "difference": None,
            "beside_rest": None,
            "beside_rest_interval": None,
        }
        for cell in found.as_dict()["attributes"][0]["cells"]
    )


def test_the_table_has_a_line_for_each_rater_and_group() -> None:
    table = effects(SIZES).table()
    assert [line[1:3] for line in table.rows] == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    assert all(len(line) == len(table.titles) for line in table.rows)
