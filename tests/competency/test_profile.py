from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lrs.competency.evidence import Flag, RecordedEvidence, SubjectType, Tier
from lrs.competency.policy import Policy
from lrs.competency.profile import Profile, build_profile
from lrs.competency.rubric import Rubric

Make = Callable[..., RecordedEvidence]
Shifts = Callable[..., list[RecordedEvidence]]
Build = Callable[..., Profile]


@pytest.fixture
def build(subject: str, rubric: Rubric, policy: Policy, now_us: int) -> Build:
    """Builds the profile of some evidence."""

    def profile(evidence: list[RecordedEvidence], **other: Any) -> Profile:
        arguments: dict[str, Any] = {
            "rubrics": {"communication": rubric},
            "policy": policy,
            "as_of_us": now_us,
            "plugins": {"communication": "1.0"},
        }
        return build_profile(subject, evidence, **{**arguments, **other})

    return profile


def only(profile: Profile) -> dict[str, Any]:
    (competency,) = profile.as_dict()["competencies"]
    return dict(competency)


def test_a_profile_is_ready_for_json(build: Build, shifts: Shifts, subject: str) -> None:
    body = json.loads(json.dumps(build(shifts([5, 4, 6])).as_dict(), allow_nan=False))
    assert body["subject"] == subject
    assert body["as_of"] == "2024-10-04T00:00:00.000000Z"
    assert body["about"].startswith("A summary of recorded evidence against this agency's rubric")


def test_a_profile_names_rubric_model_policy_and_plugins(
    build: Build, shifts: Shifts, rubric: Rubric, policy: Policy
) -> None:
    profile = build(shifts([5]))
    assert only(profile)["rubric"] == {"version": "1.2.0", "digest": rubric.digest}
    assert only(profile)["model"] == {"id": "decayed_beta/1", "policy_digest": policy.digest}
    assert profile.as_dict()["model"]["policy"] == policy.as_dict()
    assert profile.as_dict()["plugins"] == {"communication": "1.0"}


def test_a_profile_names_each_statement_it_rests_on_once(build: Build, evidence: Make) -> None:
    pair = [evidence(5, number=7, indicator=name) for name in ("offers-choices", "lets-others-finish")]
    assert only(build(pair))["statements"] == [
        {
            "id": pair[0].statement_id,
            "sha256": pair[0].statement_sha256,
            "plugin": "communication",
            "plugin_version": "1.0",
        }
    ]


def test_numbers_leave_with_six_decimals(build: Build, shifts: Shifts) -> None:
    estimate = only(build(shifts([5, 4, 6], ages=[0, 30, 60])))["estimate"]
    assert estimate["score"] == 0.642857
    assert estimate["interval"] == [0.175262, 0.914009]


def test_a_rubric_without_evidence_is_insufficient_and_all_gaps(build: Build) -> None:
    found = only(build([]))
    assert found["verdict"] == "insufficient"
    assert found["gaps"] == ["lets-others-finish", "offers-choices"]
    assert found["estimate"]["score"] is None


def test_every_rubric_is_in_the_profile_in_order_of_its_id(build: Build, rubric: Rubric) -> None:
    other = replace(rubric, competency="a_first_one")
    found = build([], rubrics={"communication": rubric, "a_first_one": other}).as_dict()
    assert [one["competency"] for one in found["competencies"]] == ["a_first_one", "communication"]


def test_a_competency_is_weighed_by_its_own_policy(build: Build, shifts: Shifts, rubric: Rubric) -> None:
    table = {"competencies": {"communication": {"half_life_days": 365}}}
    found = only(build(shifts([5], ages=[365]), policy=Policy.from_mapping(table)))
    assert found["estimate"]["mass"] == 0.5
    assert found["model"]["policy_digest"] == Policy(half_life_days=365).digest


def test_an_indicator_with_scored_evidence_is_no_gap(build: Build, evidence: Make) -> None:
    found = only(build([evidence(5, indicator="offers-choices", age=2)]))
    assert found["gaps"] == ["lets-others-finish"]
    assert found["indicators"][1] == {
        "indicator": "offers-choices",
        "name": "Offers choices",
        "evidence": 1,
        "shown": 0,
        "not_observed": 0,
        "not_responding": 0,
        "newest": "2024-10-02T00:00:00.000000Z",
        "gap": False,
    }


def test_self_report_fills_no_gap(build: Build, evidence: Make, subject: str) -> None:
    found = only(build([evidence(5, indicator="offers-choices", tier=Tier.SELF_REPORT, rater=subject)]))
    assert "offers-choices" in found["gaps"]
    assert found["indicators"][1]["shown"] == 1


def test_evidence_on_the_competency_as_a_whole_is_scored_and_fills_no_gap(
    build: Build, evidence: Make
) -> None:
    found = only(build([evidence(5)]))
    assert found["estimate"]["mass"] == 1
    assert len(found["gaps"]) == 2


def test_what_was_not_observed_is_missing_and_never_zero(build: Build, evidence: Make) -> None:
    seen = evidence(6, number=1)
    unseen = evidence(None, number=2, indicator="offers-choices", flags=(Flag.NOT_OBSERVED,))
    found = only(build([seen, unseen]))
    assert found["estimate"] == only(build([seen]))["estimate"]
    assert [item["statement_id"] for item in found["flags"]["not_observed"]] == [unseen.statement_id]
    assert found["indicators"][1]["not_observed"] == 1


def test_not_responding_is_a_flag_beside_the_number(build: Build, evidence: Make) -> None:
    flagged = evidence(2, indicator="offers-choices", flags=(Flag.NOT_RESPONDING,))
    found = only(build([flagged]))
    assert found["estimate"]["mass"] == 1
    assert [item["statement_id"] for item in found["flags"]["not_responding"]] == [flagged.statement_id]


def test_not_responding_without_a_number_adds_no_mass(build: Build, evidence: Make) -> None:
    found = only(build([evidence(None, flags=(Flag.NOT_RESPONDING,))]))
    assert found["estimate"]["mass"] == 0
    assert len(found["flags"]["not_responding"]) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"scale": "fto-9"}, "its scale fto-9 is not in the rubric (fto-7, likert-5, unit)"),
        ({"rating": 8}, "8 is not on the scale fto-7, 1 to 7"),
        ({"rating": float("nan")}, "nan is not on the scale fto-7, 1 to 7"),
        ({"indicator": "smiles"}, "its indicator smiles is not in the rubric"),
        ({"tier": Tier.SURVEY}, "a survey speaks of a unit and never of one officer"),
        (
            {"rater": "account:R-1@https://academy.example"},
            "the rater is the subject, and it is not marked as self_report",
        ),
    ],
)
def test_what_cannot_be_scored_is_listed_with_a_warning(
    build: Build, evidence: Make, change: dict[str, Any], reason: str
) -> None:
    broken = evidence(**{"rating": 5, **change})
    found = only(build([broken]))
    assert [(item["statement_id"], item["reason"]) for item in found["unusable"]] == [
        (broken.statement_id, reason)
    ]
    assert found["warnings"] == [f"{broken.statement_id} is not scored on communication: {reason}."]
    assert found["estimate"]["mass"] == 0
    json.dumps(found, allow_nan=False)


def test_a_survey_of_a_unit_is_shown_and_not_scored(build: Build, evidence: Make) -> None:
    unit = evidence(5, tier=Tier.SURVEY, subject_type=SubjectType.UNIT)
    found = only(build([unit]))
    assert [(tier["tier"], tier["scored"], tier["ratio"]) for tier in found["tiers"]] == [
        ("survey", False, 0.666667)
    ]
    assert found["unusable"] == []


def test_evidence_that_no_rubric_is_for_is_a_warning(build: Build, evidence: Make) -> None:
    profile = build([evidence(competency="problem_solving", number=n) for n in range(2)])
    assert profile.warnings == (
        "2 pieces of evidence on problem_solving, which no rubric defines: not in this profile.",
    )


def test_evidence_of_a_plugin_that_is_gone_or_changed_is_a_warning(build: Build, evidence: Make) -> None:
    items = [evidence(number=1, plugin="gone"), evidence(number=2, plugin_version="0.9")]
    assert build(items).warnings == (
        "1 piece of evidence found by communication 0.9; 1.0 is loaded now.",
        "1 piece of evidence found by gone 1.0, which is not loaded.",
    )


def test_the_warnings_of_the_caller_come_first(build: Build) -> None:
    assert build([], warnings=["Two statements are quarantined."]).warnings == (
        "Two statements are quarantined.",
    )


def test_evidence_dated_after_it_was_recorded_is_never_scored(build: Build, evidence: Make) -> None:
    found = only(build([evidence(5, age=-400)]))
    assert found["estimate"]["mass"] == 0
    assert found["unusable"][0]["reason"] == "it is dated more than a day after it was recorded"
    assert len(found["warnings"]) == 1


def test_a_clock_that_is_hours_ahead_is_no_reason_to_refuse(build: Build, evidence: Make) -> None:
    assert only(build([evidence(5, age=-0.5)]))["estimate"]["mass"] == 1


def test_what_was_stored_later_is_no_part_of_the_profile(build: Build, evidence: Make, now_us: int) -> None:
    later = evidence(1, number=1, stored_us=now_us + 1)
    assert build([evidence(5), later]).as_dict() == build([evidence(5)]).as_dict()


def test_what_was_voided_by_then_is_no_part_of_the_profile(build: Build, evidence: Make, now_us: int) -> None:
    voided = evidence(1, number=1, voided_us=now_us)
    assert build([evidence(5), voided]).as_dict() == build([evidence(5)]).as_dict()


def test_what_was_found_later_is_no_part_of_the_profile(build: Build, evidence: Make, now_us: int) -> None:
    mended = evidence(1, number=1, age=5, mended_us=now_us + 1)
    assert build([evidence(5), mended]).as_dict() == build([evidence(5)]).as_dict()


def test_what_was_found_by_then_is_part_of_the_profile(build: Build, evidence: Make, now_us: int) -> None:
    assert only(build([evidence(1, age=5, mended_us=now_us)]))["counts"]["encounters"] == 1


def test_a_profile_of_an_earlier_date_stays_the_same_when_evidence_is_voided_later(
    build: Build, evidence: Make, now_us: int
) -> None:
    assert build([evidence(5, voided_us=now_us + 1)]).as_dict() == build([evidence(5)]).as_dict()


def test_a_competency_of_units_is_in_no_officers_profile(
    build: Build, rubric: Rubric, evidence: Make
) -> None:
    of_units = replace(rubric, competency="partnership", subject=SubjectType.UNIT)
    rubrics = {"communication": rubric, "partnership": of_units}
    found = build([evidence(5)], rubrics=rubrics).as_dict()["competencies"]
    assert [one["competency"] for one in found] == ["communication"]


def test_a_competency_of_units_is_in_a_units_profile(build: Build, rubric: Rubric, evidence: Make) -> None:
    of_units = replace(rubric, subject=SubjectType.UNIT)
    found = only(build([evidence(5, subject_type=SubjectType.UNIT)], rubrics={"communication": of_units}))
    assert found["counts"]["encounters"] == 1


def test_evidence_on_an_officer_for_a_competency_of_units_is_listed_with_a_warning(
    build: Build, rubric: Rubric, evidence: Make
) -> None:
    found = only(build([evidence(5)], rubrics={"communication": replace(rubric, subject=SubjectType.UNIT)}))
    assert found["unusable"][0]["reason"] == "the competency is of a unit and never of one officer"
    assert found["counts"]["encounters"] == 0


def test_people_are_never_mixed(build: Build, evidence: Make) -> None:
    with pytest.raises(ValueError, match="in the profile of"):
        build([evidence(subject="mailto:other@academy.example")])


def test_no_profile_speaks_of_fitness_bias_character_or_employment(build: Build, shifts: Shifts) -> None:
    text = json.dumps(build(shifts([2] * 9)).as_dict()).lower()
    for word in (
        "fit for",
        "fitness",
        "unfit",
        "bias",
        "character",
        "employ",
        "dismiss",
        "terminate",
        "hire",
    ):
        assert word not in text
