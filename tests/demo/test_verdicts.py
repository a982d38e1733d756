"""The story of the three competencies: what the demo has to show is really in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lrs.competency.estimate import Verdict
from lrs.competency.evidence import Flag, SubjectType, Tier
from lrs.competency.profile import CompetencyProfile, Profile
from lrs.demo import vocabulary as v
from lrs.demo.people import HOME_PAGE, Character
from tests.demo.seen import found_in, profiles

DECIDED = set(Verdict) - {Verdict.NOT_SCORED}
"""Verdicts on what is scored."""


def three(profile: Profile) -> list[CompetencyProfile]:
    """The three competencies that ride-alongs and VR are all about."""
    return [each for each in profile.competencies if each.assessment.rubric.competency in v.INDICATORS]


@pytest.fixture
def verdicts(academy_profiles) -> Callable[..., set[Verdict]]:
    """The verdicts on recruits of a character, on every competency or one."""

    def of(character: Character, competency: str | None = None) -> set[Verdict]:
        return {
            each.assessment.estimate.verdict
            for recruit, profile in academy_profiles
            if recruit.character is character
            for each in three(profile)
            if competency in (None, each.assessment.rubric.competency)
        }

    return of


def test_the_academy_has_every_kind_of_verdict(academy_profiles):
    all_verdicts = [each.assessment.estimate.verdict for _, p in academy_profiles for each in three(p)]
    assert len(all_verdicts) == 180
    assert all(all_verdicts.count(verdict) >= 10 for verdict in DECIDED)


def test_a_quarter_of_the_academy_has_every_kind_of_verdict_too(host, small, until):
    quarter = profiles(host, found_in(host, small), until, 0.25)
    assert {each.assessment.estimate.verdict for _, p in quarter for each in three(p)} == DECIDED


def test_characters_show_in_their_verdicts(verdicts):
    assert verdicts(Character.STRONG) == {Verdict.AT_STANDARD}
    assert verdicts(Character.AWAY) == {Verdict.STALE}
    assert verdicts(Character.NEWCOMER) == {Verdict.INSUFFICIENT}
    assert verdicts(Character.ONE_RATER) == {Verdict.INSUFFICIENT}
    assert Verdict.BELOW_STANDARD in verdicts(Character.STRUGGLING)
    assert Verdict.AT_STANDARD not in verdicts(Character.STRUGGLING) | verdicts(Character.DECLINING)
    assert Verdict.UNDETERMINED in verdicts(Character.BORDERLINE)
    assert verdicts(Character.UNEVEN, v.COMMUNICATION) == {Verdict.AT_STANDARD}
    assert Verdict.BELOW_STANDARD in verdicts(Character.UNEVEN, v.LEADERSHIP)


def test_missing_evidence_shows_as_gaps(academy_profiles):
    for recruit, profile in academy_profiles:
        character = recruit.character
        gaps = {each.assessment.rubric.competency: each.gaps for each in profile.competencies}
        if character is Character.NO_LEADERSHIP:
            assert set(gaps[v.LEADERSHIP]) == set(v.INDICATORS[v.LEADERSHIP])
        if character is Character.NO_DE_ESCALATION:
            assert gaps[v.COMMUNICATION] == (v.DE_ESCALATION,)


def test_the_demo_speaks_of_the_indicators_that_the_rubrics_define(host):
    spoken_of = {**v.INDICATORS, **v.MORE_INDICATORS}
    assert {name: set(known) for name, known in spoken_of.items()} == {
        name: {indicator.id for indicator in rubric.indicators} for name, rubric in host.rubrics.items()
    }


def test_no_profile_has_evidence_that_cannot_be_scored_or_a_warning(academy_profiles):
    assert not [warning for _, profile in academy_profiles for warning in profile.warnings]
    assert not [
        each.assessment.unusable
        for _, p in academy_profiles
        for each in p.competencies
        if each.assessment.unusable
    ]


def test_every_tier_has_evidence(found):
    assert {record.evidence.tier for _, recorded in found for record in recorded} == set(Tier)


def test_every_ride_along_rating_counts(found):
    unseen = [
        posting.statement
        for posting, recorded in found
        if posting.statement["object"].get("definition", {}).get("type") == v.CHECKLIST_ITEM and not recorded
    ]
    assert unseen == []


def test_every_flag_is_raised(found):
    assert {flag for _, recorded in found for record in recorded for flag in record.evidence.flags} == set(
        Flag
    )


def test_raw_telemetry_is_never_evidence(found):
    telemetry = [
        recorded for p, recorded in found if p.statement["verb"]["id"].startswith("https://vr.example/")
    ]
    assert len(telemetry) > 5000
    assert not any(telemetry)


@pytest.mark.parametrize(("key", "counts"), [(v.MODE, "graded"), (v.LAUNCH_MODE, "Normal")])
def test_only_what_was_done_in_earnest_is_evidence(found, key, counts):
    modes = {bool(recorded): set() for _, recorded in found}
    for posting, recorded in found:
        mode = posting.statement.get("context", {}).get("extensions", {}).get(key)
        if mode is not None:
            modes[bool(recorded)].add(mode)
    assert modes[True] == {counts}
    assert len(modes[False]) > 1


def test_surveys_are_evidence_on_units_alone(found):
    records = [record.evidence for _, recorded in found for record in recorded]
    on_units = {record.subject for record in records if record.subject_type is SubjectType.UNIT}
    assert on_units == {f"account:U-{number:02}@{HOME_PAGE}" for number in range(1, 5)}
    assert {r.subject_type for r in records if r.tier is Tier.SURVEY} == {SubjectType.UNIT}


def test_the_slip_in_a_voided_report_is_in_no_profile(found, academy_profiles):
    slips = {
        record.statement_id for _, recorded in found for record in recorded if record.voided_us is not None
    }
    assert len(slips) >= 10
    used = {
        r.statement_id
        for _, p in academy_profiles
        for each in p.competencies
        for r in each.assessment.records
    }
    assert not slips & used
