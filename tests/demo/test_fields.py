"""The other competencies, and that the questions of a training officer have something to show."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest

from lrs.cohort.roster import Member
from lrs.competency.estimate import Verdict
from lrs.competency.evidence import Evidence, Flag, SubjectType, Tier
from lrs.competency.profile import CompetencyProfile, Profile
from lrs.demo import vocabulary as v
from lrs.demo.academy import generate, roster
from lrs.demo.people import Character, Recruit, cohort
from tests.demo.seen import Found, us

DAY_US = 86_400_000_000


@pytest.fixture(scope="module")
def evidence(found: Found) -> list[Evidence]:
    return [record.evidence for _, recorded in found for record in recorded if record.voided_us is None]


@pytest.fixture(scope="module")
def members(until: datetime) -> dict[str, Member]:
    return {member.officer: member for member in roster(until=until)}


def on(
    competency: str, academy_profiles: list[tuple[Recruit, Profile]]
) -> list[tuple[Recruit, CompetencyProfile]]:
    """What the profile of each recruit says of this one."""
    return [
        (recruit, each)
        for recruit, profile in academy_profiles
        for each in profile.competencies
        if each.assessment.rubric.competency == competency
    ]


def test_every_competency_has_evidence_on_each_of_its_indicators(evidence, host):
    seen = {(piece.competency, piece.indicator) for piece in evidence}
    lacking = {(name, id_) for name, rubric in host.rubrics.items() for id_ in rubric.indicator_ids} - seen
    # A talk in a group is the one kind of mentoring that nobody sends.
    assert lacking == {("mentoring", "in-a-group")}


@pytest.mark.parametrize("competency", [v.PROBLEM_SOLVING, v.PARTNERSHIP, v.DIGITAL, v.LEGAL])
def test_a_field_has_more_than_one_verdict_and_some_that_decide(academy_profiles, competency):
    verdicts = {each.assessment.estimate.verdict for _, each in on(competency, academy_profiles)}
    assert verdicts & {Verdict.AT_STANDARD, Verdict.BELOW_STANDARD}
    assert len(verdicts) >= 3
    assert Verdict.NOT_SCORED not in verdicts


def test_some_tests_of_the_law_are_out_of_date_and_some_will_be_within_a_month(academy_profiles):
    days_left = []
    stale = 0
    for _, each in on(v.LEGAL, academy_profiles):
        found = each.assessment.estimate
        stale += found.verdict is Verdict.STALE
        if found.verdict is Verdict.AT_STANDARD:
            newest = next(gate for gate in found.gates if gate.name == "newest")
            days_left.append(newest.needed - newest.found)
    assert stale >= 5
    assert sum(days <= 30 for days in days_left) >= 5
    assert sum(days > 30 for days in days_left) >= 20


def test_who_passed_every_test_of_the_law_this_year_is_at_standard_until_a_year_is_over(
    found, host, academy_profiles
):
    from lrs.competency.assessment import assess
    from lrs.competency.policy import Policy

    best = next(
        each.assessment
        for recruit, each in on(v.LEGAL, academy_profiles)
        if recruit.character is Character.STRONG and all(one.s == 1 for one in each.assessment.rated)
    )
    newest_us = max(record.evidence.observed_us for record in best.records)
    rubric = host.rubrics[v.LEGAL]
    verdicts = {
        days: assess(best.records, rubric, Policy(), newest_us + days * DAY_US).estimate.verdict
        for days in (1, 364, 365)
    }
    assert verdicts == {1: Verdict.AT_STANDARD, 364: Verdict.AT_STANDARD, 365: Verdict.STALE}


def test_reflections_are_shown_and_never_scored(academy_profiles, evidence):
    verdicts = {each.assessment.estimate.verdict for _, each in on(v.REFLECTION, academy_profiles)}
    assert verdicts == {Verdict.NOT_SCORED}
    pieces = [piece for piece in evidence if piece.competency == v.REFLECTION]
    assert len(pieces) > 50
    assert {(piece.rating, piece.flags) for piece in pieces} == {(None, (Flag.COMPLETED,))}


def test_the_text_of_a_reflection_is_sent_and_reaches_no_evidence(found):
    texts = 0
    for posting, recorded in found:
        text = posting.statement.get("result", {}).get("response", "")
        if "what the recruit has written" in text:
            texts += 1
            assert text not in repr(recorded)
    assert texts > 50


def test_hours_of_mentoring_and_the_panel_are_of_every_unit_and_of_nobody_else(evidence):
    for competency in (v.MENTORING, v.SURVEY):
        pieces = [piece for piece in evidence if piece.competency == competency]
        assert {piece.subject_type for piece in pieces} == {SubjectType.UNIT}
        assert len({piece.subject for piece in pieces}) == 4


def test_there_are_more_than_thirty_recruits_with_both_vr_and_ride_alongs(evidence):
    tiers = defaultdict(set)
    for piece in evidence:
        if piece.competency == v.COMMUNICATION:
            tiers[piece.subject].add(piece.tier)
    assert sum({Tier.FIELD, Tier.VR_AUTOMATIC} <= theirs for theirs in tiers.values()) > 40


def test_two_training_officers_have_rated_the_same_often_enough_to_tell_how_far_they_agree(evidence):
    raters = defaultdict(set)
    for piece in evidence:
        if piece.competency == v.COMMUNICATION and piece.rating is not None:
            raters[piece.subject, piece.encounter, piece.indicator].add(piece.rater)
    assert sum(len(theirs) > 1 for theirs in raters.values()) > 100


def test_somebody_is_flagged_as_not_responding_on_one_item_three_times(evidence):
    flagged = Counter(
        (piece.subject, piece.indicator) for piece in evidence if Flag.NOT_RESPONDING in piece.flags
    )
    assert max(flagged.values()) >= 3


def test_phase_two_has_somebody_who_was_never_seen_to_de_escalate(members, evidence):
    seen = {piece.subject for piece in evidence if piece.indicator == v.DE_ESCALATION}
    unseen = [m for m in members.values() if m.phase == "2" and m.officer not in seen]
    assert unseen


def test_the_roster_is_everybody_with_a_profile_and_nobody_else(members, evidence):
    on_officers = {piece.subject for piece in evidence if piece.subject_type is SubjectType.OFFICER}
    assert on_officers == set(members)
    assert {member.name for member in members.values()} >= {"Recruit 001", "Recruit 060"}


def test_the_roster_has_the_phases_and_units_that_the_statements_have(members, academy):
    groupings = defaultdict(set)
    for posting in academy:
        text = str(posting.statement)
        for phase in "123":
            if f"field-training/phase-{phase}'" in text:
                who = next(key for key, m in members.items() if f"'{_account(key)}'" in text)
                groupings[who].add(phase)
    assert groupings
    assert all(phases == {members[who].phase} for who, phases in groupings.items())
    assert {m.unit for m in members.values()} == {unit.agent["account"]["name"] for unit in cohort(1).units}


def _account(key: str) -> str:
    return key.removeprefix("account:").partition("@")[0]


def test_the_trainer_on_the_roster_has_rated_the_recruit(members, evidence):
    raters = defaultdict(set)
    for piece in evidence:
        raters[piece.subject].add(piece.rater)
    assert all(member.trainer in raters[member.officer] for member in members.values())


def test_training_starts_before_the_first_rating_in_the_field(members, evidence):
    first = {}
    for piece in evidence:
        if piece.tier is Tier.FIELD:
            first[piece.subject] = min(piece.observed_us, first.get(piece.subject, piece.observed_us))
    for officer, observed_us in first.items():
        start = members[officer].start
        assert start is not None
        assert us(datetime.fromisoformat(f"{start.isoformat()}T00:00:00+00:00")) <= observed_us


def test_the_same_arguments_give_the_same_roster_and_another_size_another(until):
    assert roster(until=until, scale=0.25) == roster(until=until, scale=0.25)
    assert roster(until=until, scale=0.25) == roster(until=until)[:15]
    later = roster(until=until + timedelta(days=7), scale=0.25)
    assert {b.start - a.start for a, b in zip(roster(until=until, scale=0.25), later, strict=True)} == {
        timedelta(days=7)
    }


def test_even_the_smallest_academy_has_every_field(until):
    tiny = generate(until=until, scale=0.05)
    text = str([posting.statement for posting in tiny])
    assert all(f"/{competency}" in text for competency in v.MORE_INDICATORS)
