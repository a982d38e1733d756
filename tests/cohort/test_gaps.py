"""Question 1: the grid of missing evidence."""

from __future__ import annotations

from lrs.cohort.gaps import gaps
from lrs.cohort.roster import Member
from lrs.competency.evidence import Flag, Tier
from tests.cohort.cohorts import DONE, RUBRIC, cohort, key, seen

RUBRICS = {"communication": RUBRIC}


def test_an_indicator_without_scored_evidence_is_an_empty_cell() -> None:
    found = gaps(
        cohort(
            [
                seen("R-1", 5, 3, indicator="lets-others-finish"),
                seen("R-1", 4, 1, indicator="lets-others-finish"),
                seen("R-1", None, 2, indicator="de-escalates", flags=(Flag.NOT_OBSERVED,)),
                seen("R-1", 6, 2, indicator="de-escalates", tier=Tier.SELF_REPORT),
            ]
        ),
        {},
        RUBRICS,
    )
    [row] = found.as_dict()["officers"]
    full, empty = row["cells"]
    assert (full["scored"], full["newest"], full["empty"]) == (2, "2024-10-03T00:00:00.000000Z", False)
    assert (empty["scored"], empty["shown"], empty["not_observed"], empty["empty"]) == (0, 1, 1, True)
    assert row["empty"] == 1
    assert [one["officers_empty"] for one in found.as_dict()["indicators"]] == [0, 1]


def test_an_officer_without_any_evidence_is_empty_throughout() -> None:
    [row] = gaps(cohort([], officers=["R-9"]), {}, RUBRICS).rows
    assert [cell.empty for cell in row.cells] == [True, True]


def test_evidence_on_the_whole_competency_fills_no_cell_and_is_counted_beside() -> None:
    [row] = gaps(cohort([seen("R-1", 5), seen("R-1", 5, tier=Tier.SURVEY)]), {}, RUBRICS).rows
    assert (row.empty, row.whole) == (2, {"communication": 1})


def test_one_indicator_may_be_asked_for_and_only_those_who_lack_it() -> None:
    people = cohort(
        [seen("R-1", 5, indicator="de-escalates"), seen("R-2", 5, indicator="lets-others-finish")]
    )
    found = gaps(people, {}, RUBRICS, indicator="de-escalates", lacking=True)
    assert [(row.officer["officer"], row.empty) for row in found.rows] == [(key("R-2"), 1)]
    assert found.looked_at == 2
    assert [indicator for _, indicator, _ in found.indicators] == ["de-escalates"]


def test_the_roster_says_who_it_is() -> None:
    member = Member(officer=key("R-1"), name="Recruit 1", unit="North", phase="2", trainer=key("T-1"))
    [row] = gaps(cohort([], officers=["R-1"]), {member.officer: member}, RUBRICS).as_dict()["officers"]
    assert [row[name] for name in ("name", "unit", "phase", "trainer")] == [
        "Recruit 1",
        "North",
        "2",
        key("T-1"),
    ]


def test_where_nothing_is_scored_a_completion_fills_the_cell() -> None:
    done = seen(
        "R-1", None, indicator="completes-it", flags=(Flag.COMPLETED,), scale="unit", competency="reflection"
    )
    rubrics = {"reflection": DONE}
    people = cohort([done], DONE, officers=["R-2"])
    assert [(row.cells[0].completed, row.cells[0].empty) for row in gaps(people, {}, rubrics).rows] == [
        (1, False),
        (0, True),
    ]


def test_the_table_has_a_line_for_every_cell() -> None:
    table = gaps(cohort([seen("R-1", 5, indicator="de-escalates")], officers=["R-2"]), {}, RUBRICS).table()
    assert len(table.rows) == 4
    assert {len(row) for row in table.rows} == {len(table.titles)}
    line = dict(zip(table.titles, table.rows[1], strict=True))
    assert (line["officer"], line["indicator"], line["scored"], line["empty"]) == (
        key("R-1"),
        "de-escalates",
        1,
        False,
    )
