"""A survey of a unit that was sent under an officer's account never speaks of that officer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from lrs.cohort.roster import Member
from lrs.competency.evidence import SubjectType
from lrs.plugin import Evidence, StatementView, Tier
from lrs.services.exporting_profiles import Format, ProfileExport
from tests.services.agencies import ACADEMY, Agency, Judge, key_of, plugin, rating

SURVEYED = "https://academy.example/verbs/surveyed"


@dataclass
class Surveyor(Judge):
    """A recogniser: what a Group answered becomes evidence on a unit."""

    name: str = "surveyor"
    verbs: frozenset[str] = frozenset({SURVEYED})
    tier: Tier = Tier.SURVEY

    def recognise(self, view: StatementView) -> list[Evidence]:
        return [
            one._replace(subject_type=SubjectType.UNIT, tier=self.tier) for one in super().recognise(view)
        ]


@pytest.fixture
def surveyed(agency: Agency) -> Agency:
    agency.install(juggling=plugin("1", Judge(), Surveyor()))
    return agency


def survey(agency: Agency, account: str) -> str:
    """A vendor's survey whose actor is a Group with this account; the statement's id."""
    group = {"objectType": "Group", "account": {"homePage": ACADEMY, "name": account}}
    [statement_id] = agency.post(rating(account, 1, verb={"id": SURVEYED}, actor=group))
    return statement_id


def test_a_survey_under_an_officers_account_is_not_in_their_profile(surveyed: Agency) -> None:
    surveyed.rate("R-1", *[6] * 6)
    statement_id = survey(surveyed, "R-1")
    profiles, now, subject = surveyed.profiles, surveyed.now(), key_of("R-1")
    [from_cohort] = profiles.cohort(now).profiles
    shown = [
        profiles.profile(subject, now).as_dict(),
        from_cohort.as_dict(),
        *(one.as_dict() for one in profiles.explanations(subject, now)),
        *(one.as_dict() for one in profiles.explanations(subject, now, "juggling")),
    ]
    assert len(shown) == 4
    assert not any(statement_id in json.dumps(one) for one in shown)
    [standing] = profiles.standings([subject], now)[subject]
    assert standing.verdict == "at_standard"


def test_a_survey_is_in_the_profile_of_a_key_that_is_no_officers_by_then(surveyed: Agency) -> None:
    statement_id = survey(surveyed, "R-1")
    before = surveyed.now()
    shown = surveyed.bytes_of("R-1", before)
    assert all(statement_id.encode() in one for one in shown)
    surveyed.rate("R-1", 6)
    assert surveyed.bytes_of("R-1", before) == shown
    assert not any(statement_id.encode() in one for one in surveyed.bytes_of("R-1", surveyed.now()))


def test_an_export_of_the_roster_has_no_units(surveyed: Agency, tmp_path: Path) -> None:
    # A survey is not scored, and would not show in a row.
    surveyed.install(juggling=plugin("1", Surveyor(tier=Tier.FIELD)))
    survey(surveyed, "R-1")
    surveyed.store.put_members([Member(officer=key_of("R-1"))])
    path = tmp_path / "profiles.json"
    export = ProfileExport(surveyed.profiles, surveyed.host, surveyed.store)
    export.file(path, form=Format.JSON, as_of_us=surveyed.now())
    [row] = json.loads(path.read_text("utf-8"))["rows"]
    assert row["warnings"] == []
    assert row["newest"] is None


def test_a_comparison_judges_an_officer_without_the_survey(surveyed: Agency) -> None:
    surveyed.rate("R-1", *[4] * 10)
    survey(surveyed, "R-1")
    surveyed.install(juggling=plugin("2", Judge(harder=3), Surveyor()))
    surveyed.reprofile.run()
    [turned] = surveyed.comparing.compare("juggling").turned
    for side in (turned.before, turned.after):
        assert side is not None
        assert {one.evidence.subject_type for one in side.records} == {SubjectType.OFFICER}
