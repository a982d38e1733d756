"""The roster over a real store."""

from __future__ import annotations

import pytest

from lrs.errors import InvalidInput, InvalidParameter
from lrs.services.roster import Roster
from lrs.services.wiring import Rapport
from tests.clients import Xapi
from tests.services.academy import ACADEMY, ROSTER, key, post
from tests.web.api.conftest import rating


@pytest.fixture
def roster(rapport: Rapport) -> Roster:
    return Roster(rapport.store, home_page=ACADEMY)


def test_an_import_again_changes_nothing(roster: Roster) -> None:
    first, second = roster.import_csv(ROSTER), roster.import_csv(ROSTER)
    assert [first.as_dict()[fate] for fate in ("added", "changed", "unchanged")] == [4, 0, 0]
    assert [second.as_dict()[fate] for fate in ("added", "changed", "unchanged")] == [0, 0, 4]
    assert [member.officer for member in roster.members()] == [
        key(name) for name in ("R-001", "R-002", "R-003", "R-009")
    ]


def test_a_refused_row_refuses_all(roster: Roster) -> None:
    done = roster.import_csv(b"account,start\nR-001,2026-01-12\nR-002,soon\n")
    assert (done.stored, [row.fate for row in done.changes.rows]) == (False, ["added", "refused"])
    assert roster.members() == ()


def test_the_others_are_taken_when_that_is_asked_for(roster: Roster) -> None:
    assert roster.import_csv(b"account,start\nR-001,\nR-002,soon\n", skip_refused=True).stored
    assert [member.officer for member in roster.members()] == [key("R-001")]


def test_a_dry_run_tells_and_changes_nothing(roster: Roster) -> None:
    done = roster.import_csv(ROSTER, dry_run=True)
    assert (done.stored, done.as_dict()["added"]) == (False, 4)
    assert roster.members() == ()


def test_to_replace_removes_whom_the_file_does_not_name(roster: Roster) -> None:
    roster.import_csv(ROSTER)
    done = roster.import_csv(b"account\nR-001\nR-005\n", replace=True)
    assert done.changes.removed == (key("R-002"), key("R-003"), key("R-009"))
    assert [member.officer for member in roster.members()] == [key("R-001"), key("R-005")]
    assert roster.members()[0].unit == "North"


def test_a_file_that_names_nobody_does_not_empty_the_roster(roster: Roster) -> None:
    roster.import_csv(ROSTER)
    with pytest.raises(InvalidInput, match="would empty"):
        roster.import_csv(b"account\n", replace=True)
    assert len(roster.members()) == 4


def test_replace_and_skip_refused_do_not_go_together(roster: Roster) -> None:
    with pytest.raises(InvalidParameter):
        roster.import_csv(ROSTER, replace=True, skip_refused=True)


def test_it_is_told_how_many_have_no_evidence(roster: Roster, xapi: Xapi) -> None:
    post(xapi, rating("R-001", 5))
    assert roster.import_csv(ROSTER).without_evidence == 3


def test_members_are_found_by_unit_phase_and_trainers_name(roster: Roster) -> None:
    roster.import_csv(ROSTER)
    assert [one.officer for one in roster.members(unit="North", trainer="T-01")] == [key("R-002")]
    assert [one.officer for one in roster.members(phase="2")] == [key(n) for n in ("R-001", "R-002", "R-009")]
    assert [one.officer for one in roster.members(trainer=key("T-00"))] == [key("R-001"), key("R-003")]
