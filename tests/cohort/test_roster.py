"""The roster: CSV in and out, and the fate of each row."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.cohort.roster import Member, matching, short_name
from lrs.cohort.roster_changes import Changes, Fate, changes
from lrs.cohort.roster_csv import read_roster, write_roster
from lrs.errors import InvalidInput
from tests.cohort.cohorts import key

HOME = "https://academy.example"


def imported(text: str, members: list[Member] | None = None, **options: bool) -> Changes:
    return changes(read_roster(text.encode(), HOME), members or [], **options)


def test_a_row_is_a_member() -> None:
    [row] = read_roster(
        b"account,name,unit,phase,trainer,start\nR-1,Recruit 1,North,2,T-1,2026-01-12\n", HOME
    )
    assert (row.row, row.officer, row.problems) == (2, key("R-1"), ())
    assert row.values == {
        "officer": key("R-1"),
        "name": "Recruit 1",
        "unit": "North",
        "phase": "2",
        "trainer": key("T-1"),
        "start": date(2026, 1, 12),
    }


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfaccount;unit\r\nR-1;North\r\n",
        b'"account","unit"\n"R-1","North"\n',
        b"Unit,Account\n\nNorth , R-1\n\n",
    ],
    ids=["BOM and semicolons", "quotes", "other order and blank lines"],
)
def test_what_spreadsheets_write_is_read(data: bytes) -> None:
    [row] = read_roster(data, HOME)
    assert row.values == {"officer": key("R-1"), "unit": "North"}


def test_an_agent_key_is_taken_whole() -> None:
    rows = read_roster(b"account\nmailto:r.1@Academy.Example\naccount:R-1@https://other.example\n", HOME)
    assert [row.officer for row in rows] == [
        "mailto:r.1@academy.example",
        "account:R-1@https://other.example",
    ]


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (",North,,", "account", "an agent key"),
        ("account:R-1,North,,", "account", "an agent key"),
        ("R-1,North,T-1,12/01/2026", "start", "2026-11-23"),
        ("R-1,North,T-1,2026-02-30", "start", "calendar"),
        ("R-1,North,R-1,", "trainer", "somebody else"),
        ("R-1,No\x07rth,,", "unit", "printable"),
        (f"R-1,{'x' * 201},,", "unit", "at most 200"),
    ],
)
def test_a_bad_cell_is_refused_with_row_column_and_reason(line: str, column: str, expected: str) -> None:
    [fate] = imported(f"account,unit,trainer,start\n{line}\n").rows
    assert fate.fate is Fate.REFUSED
    [problem] = fate.problems
    assert problem.path == f"row 2, {column}"
    assert expected in problem.expected


def test_every_bad_cell_of_a_row_is_told() -> None:
    [fate] = imported("account,start,trainer\nR-1,soon,mailto:\n").rows
    assert [problem.path for problem in fate.problems] == ["row 2, start", "row 2, trainer"]


def test_a_row_of_another_length_is_refused() -> None:
    assert imported("account,unit\nR-1\n").rows[0].problems[0].found == "1 cells"


def test_a_name_without_a_home_page_is_refused() -> None:
    [row] = read_roster(b"account\nR-1\n")
    assert "home_page" in row.problems[0].expected


def test_the_second_row_of_one_officer_is_refused() -> None:
    fates = imported(f"account,unit\nR-1,North\n{key('R-1')},South\n").rows
    assert [fate.fate for fate in fates] == [Fate.ADDED, Fate.REFUSED]
    assert "row 2 has it" in fates[1].problems[0].expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"name\nR-1\n",
        b"account,rank\nR-1,5\n",
        b"account,unit,unit\n",
        b"account\n\xff\n",
        b'account\n"R-1\n',
    ],
    ids=["empty", "no account", "unknown column", "column twice", "not UTF-8", "open quote"],
)
def test_what_is_no_roster_is_refused_whole(data: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_roster(data, HOME)
    assert caught.value.details


def test_the_fates_are_added_changed_with_what_and_unchanged() -> None:
    now = [
        Member(officer=key("R-1"), unit="North", start=date(2026, 1, 12)),
        Member(officer=key("R-2"), unit="South"),
    ]
    found = imported("account,unit,start\nR-1,East,2026-01-12\nR-2,South,\nR-3,West,\n", now)
    assert [fate.fate for fate in found.rows] == [Fate.CHANGED, Fate.UNCHANGED, Fate.ADDED]
    assert found.rows[0].changes == {"unit": ("North", "East")}
    assert [member.officer for member in found.to_put] == [key("R-1"), key("R-3")]
    assert found.removed == ()


def test_what_the_file_has_no_column_for_stays_and_an_empty_cell_clears() -> None:
    now = [Member(officer=key("R-1"), unit="North", phase="1")]
    [fate] = imported("account,phase\nR-1,\n", now).rows
    assert fate.member == Member(officer=key("R-1"), unit="North")
    assert fate.changes == {"phase": ("1", "")}


def test_to_replace_removes_whom_no_row_names_and_not_who_stands_in_a_refused_row() -> None:
    now = [Member(officer=key(name)) for name in ("R-1", "R-2", "R-3")]
    found = imported("account,start\nR-1,\nR-2,soon\n", now, replace_all=True)
    assert found.removed == (key("R-3"),)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)


@given(
    st.lists(
        st.builds(
            Member,
            officer=st.text("ab1-", min_size=1, max_size=4).map(key),
            name=NAMES,
            unit=NAMES,
            phase=NAMES,
            trainer=st.sampled_from(["", key("T-1")]),
            start=st.none() | st.dates(),
        ),
        unique_by=lambda member: member.officer,
    )
)
def test_what_is_written_is_read_as_the_same(members: list[Member]) -> None:
    # One leading apostrophe before a sign is what keeps a spreadsheet from computing it.
    plain = [m for m in members if not any(t.startswith("'") for t in (m.name, m.unit, m.phase))]
    found = changes(read_roster(write_roster(plain).encode()), plain)
    assert [fate.fate for fate in found.rows] == [Fate.UNCHANGED] * len(plain)


def test_a_cell_that_looks_like_a_formula_is_written_as_text() -> None:
    text = write_roster([Member(officer=key("R-1"), name="=1+1")])
    assert "'=1+1" in text
    assert read_roster(text.encode())[0].values["name"] == "=1+1"


def test_members_are_chosen_by_unit_phase_and_trainer() -> None:
    members = [
        Member(officer=key("R-2"), unit="North", phase="2", trainer=key("T-1")),
        Member(officer=key("R-1"), unit="North", phase="1", trainer=key("T-2")),
    ]
    assert [m.officer for m in matching(members, unit="North")] == [key("R-1"), key("R-2")]
    assert [m.officer for m in matching(members, phase="2", trainer="T-1")] == [key("R-2")]
    assert [m.officer for m in matching(members, trainer=key("T-2"))] == [key("R-1")]
    assert matching(members, phase="") == ()


def test_a_short_name_is_that_of_the_account() -> None:
    assert [short_name(text) for text in (key("R-1"), "mailto:a@b.example", "no key")] == [
        "R-1",
        "mailto:a@b.example",
        "no key",
    ]
