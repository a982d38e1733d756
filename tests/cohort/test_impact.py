from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from scipy.stats import fisher_exact

from lrs.cohort.groups import Groups
from lrs.cohort.impact import ABOUT, Base, GroupImpact, ImpactAnswer, Rate, adverse_impact
from lrs.competency.estimate import Verdict

AT, BELOW, OPEN = Verdict.AT_STANDARD, Verdict.BELOW_STANDARD, Verdict.UNDETERMINED


def answer(cells: Mapping[str, tuple[int, ...]], minimum: int = 5, attribute: str = "origin") -> ImpactAnswer:
    """By group: how many are at standard, below, and undecided. The group "" is that of people without one."""
    verdicts: dict[str, Verdict] = {}
    members: dict[str, str] = {}
    for group, counts in cells.items():
        for verdict, count in zip((AT, BELOW, OPEN), counts, strict=False):
            for number in range(count):
                officer = f"{group}-{verdict}-{number}"
                verdicts[officer] = verdict
                if group:
                    members[officer] = group
    return adverse_impact(verdicts, Groups({attribute: members}, len(members), 0), minimum=minimum)


def groups_of(found: ImpactAnswer) -> dict[str, GroupImpact]:
    (impact,) = found.attributes
    return {one.group: one for one in impact.groups}


def rates(found: ImpactAnswer, base: Base = Base.DECIDED) -> dict[str, Rate]:
    return {name: rate for name, one in groups_of(found).items() for rate in one.rates if rate.base is base}


VECTOR = {"a": (60, 40), "b": (45, 55), "c": (48, 52), "d": (51, 49)}


def test_rates_of_60_45_48_and_51_percent_have_the_ratios_1_75_80_and_85() -> None:
    found = rates(answer(VECTOR))
    assert [rate.rate for rate in found.values()] == [0.60, 0.45, 0.48, 0.51]
    assert [rate.ratio for rate in found.values()] == [1, 0.75, 0.80, 0.85]


def test_only_what_is_below_four_fifths_is_flagged_and_not_four_fifths_itself() -> None:
    assert [rate.flagged for rate in rates(answer(VECTOR)).values()] == [False, True, False, False]


@pytest.mark.parametrize("people", [25, 50, 75, 175, 350, 1000, 4975])
def test_four_fifths_exactly_is_not_flagged_whatever_floating_point_makes_of_it(people: int) -> None:
    highest, lower = people * 3 // 5, people * 12 // 25
    found = rates(answer({"a": (highest, people - highest), "b": (lower, people - lower)}))
    assert found["b"].ratio == pytest.approx(0.8)
    assert not found["b"].flagged
    assert rates(answer({"a": (highest, people - highest), "b": (lower - 1, people - lower + 1)}))[
        "b"
    ].flagged


def test_beside_each_ratio_stands_fishers_exact_test_and_n() -> None:
    found = rates(answer(VECTOR))
    assert found["b"].p == pytest.approx(fisher_exact([[45, 55], [60, 40]])[1])
    assert found["a"].p is None
    assert {rate.people for rate in found.values()} == {100}


def test_the_interval_of_a_rate_is_wilsons() -> None:
    # 10 of 20 at 95 %: 0.2993 to 0.7007 (Newcombe 1998's method 3).
    found = rates(answer({"a": (10, 10)}))["a"]
    assert found.interval == pytest.approx((0.2993, 0.7007), abs=5e-5)


def test_the_interval_of_a_ratio_is_katzs() -> None:
    # ln(0.75) ± 1.96 √(1/45 - 1/100 + 1/60 - 1/100)
    found = rates(answer(VECTOR))
    assert found["b"].ratio_interval == pytest.approx((0.572895, 0.981856), abs=5e-7)
    assert found["a"].ratio_interval is None


def test_the_two_bases_are_told_apart() -> None:
    cells = {"a": (30, 10, 0), "b": (30, 10, 40)}
    assert [rate.ratio for rate in rates(answer(cells)).values()] == [1, 1]
    of_all = rates(answer(cells), Base.ALL)
    assert [(rate.people, rate.ratio, rate.flagged) for rate in of_all.values()] == [
        (40, 1, False),
        (80, 0.5, True),
    ]


def test_where_nobody_is_at_standard_there_is_no_ratio() -> None:
    found = rates(answer({"a": (0, 10), "b": (0, 20)}))
    assert [(rate.ratio, rate.flagged, rate.ratio_interval) for rate in found.values()] == [
        (None, False, None)
    ] * 2


def test_of_two_highest_rates_that_of_more_people_is_what_others_are_held_to() -> None:
    found = rates(answer({"a": (10, 10), "b": (20, 20), "c": (10, 30)}))
    assert [name for name, rate in found.items() if rate.highest] == ["b"]


def test_a_group_of_few_is_withheld_and_so_is_the_next_that_would_give_it_away() -> None:
    found = groups_of(answer({**VECTOR, "few": (3, 1), "next": (20, 20)}))
    assert [name for name, one in found.items() if one.suppressed] == ["few", "next"]
    assert found["few"].rates == found["next"].rates == ()


def test_a_withheld_group_is_never_the_highest() -> None:
    found = answer({"few": (4, 0), "a": (30, 30), "b": (20, 30), "c": (10, 40)})
    assert [name for name, rate in rates(found).items() if rate.highest] == ["a"]


def test_no_number_of_a_withheld_group_is_written_anywhere() -> None:
    written = answer({"a": (60, 40), "b": (45, 55), "few": (3, 1)}).as_dict()
    (attribute,) = written["attributes"]
    assert {"group": "few", "suppressed": True, "rates": []} in attribute["groups"]
    assert written["smallest_cell_shown"] == 5


def test_people_without_a_group_are_counted_and_protect_a_lone_withheld_group() -> None:
    # The few could be worked out from the totals, if those without a group were told.
    (impact,) = answer({"a": (60, 40), "b": (45, 55), "few": (3, 1), "": (10, 10)}).attributes
    assert impact.without_group is None
    assert [one.group for one in impact.groups if one.suppressed] == ["few"]
    (impact,) = answer({"a": (60, 40), "b": (45, 55), "": (10, 10, 7)}).attributes
    assert impact.without_group == 27


def test_the_minimum_is_the_agencys_to_choose() -> None:
    cells = {"a": (60, 40), "b": (7, 9)}
    assert not any(one.suppressed for one in groups_of(answer(cells)).values())
    assert all(one.suppressed for one in groups_of(answer(cells, minimum=10)).values())


def test_attributes_are_each_by_themselves() -> None:
    verdicts = {f"{n}": AT if n % 2 else BELOW for n in range(40)}
    members = {
        "sex": {f"{n}": "mf"[n % 2] for n in range(40)},
        "age": {f"{n}": "xy"[n // 20] for n in range(40)},
    }
    found = adverse_impact(verdicts, Groups(members, 40, 0))
    assert [one.attribute for one in found.attributes] == ["sex", "age"]
    assert [[rate.rate for rate in group.rates] for group in found.attributes[1].groups] == [[0.5, 0.5]] * 2


def test_a_competency_that_is_never_scored_says_nothing_here() -> None:
    found = adverse_impact({"r": Verdict.NOT_SCORED}, Groups({"sex": {"r": "f"}}, 1, 0))
    assert found.attributes[0].groups == ()


def test_it_says_that_it_is_a_screening_figure_and_no_finding() -> None:
    found = answer(VECTOR)
    assert "not a finding of discrimination" in ABOUT
    assert found.notes[0] == ABOUT


def test_json_has_every_number_with_its_margin() -> None:
    written = json.loads(json.dumps(answer(VECTOR).as_dict()))
    rate = written["attributes"][0]["groups"][1]["rates"][0]
    assert (rate["of"], rate["at_standard"], rate["people"], rate["ratio"]) == ("decided", 45, 100, 0.75)
    assert (rate["below_four_fifths"], len(rate["interval"]), len(rate["ratio_interval"])) == (True, 2, 2)


def test_the_table_has_a_line_for_each_group_and_base_and_one_for_what_is_withheld() -> None:
    table = answer({"a": (60, 40), "few": (3, 1), "next": (20, 20), "b": (50, 50)}).table()
    assert all(len(line) == len(table.titles) for line in table.rows)
    assert [line[1:3] for line in table.rows] == [
        ("a", "decided"),
        ("a", "all"),
        ("b", "decided"),
        ("b", "all"),
        ("few", None),
        ("next", None),
    ]
