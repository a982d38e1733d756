"""The guests with a field of their own: what is evidence, and what must never be."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from lrs.competency.rubric import Rubric
from lrs.plugin import Evidence, Flag, SubjectType, Tier
from lrs.plugin.host import PluginHost
from lrs.plugin.testing import explain, host_with, recognise, statement
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version
from tests.plugins.guests import (
    ALL_GUESTS,
    ASSESSMENT_TYPE,
    EXAMPLES,
    FIELD_EXAMPLES,
    FIELD_GUESTS,
    HERE,
    MODE,
    R,
    example,
    field_example,
    field_golden,
)

UNSCORED = {"bias_reflection", "community_survey", "mentoring"}
OF_UNITS = {"community_survey", "mentoring"}
LAUNCH = "https://w3id.org/xapi/cmi5/context/extensions/launchmode"
UNIT = {"objectType": "Group", "account": {"homePage": "https://academy.example", "name": "U-0001"}}


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return host_with(*ALL_GUESTS.values())


def told(evidence: Any) -> Any:
    """Evidence as its golden file writes it."""
    return json.loads(json.dumps([piece._asdict() for piece in evidence]))


def changed(name: str, *path: str, to: Any = None) -> dict[str, Any]:
    """An example with the member at this path set, or taken out."""
    seen = field_example(name)
    place: Any = seen
    for key in path[:-1]:
        place = place.setdefault(key, {})
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return seen


def found_in(name: str, seen: dict[str, Any] | None = None) -> list[Evidence]:
    """What the guest of this example finds in it, or in a changed one."""
    return recognise(FIELD_GUESTS[FIELD_EXAMPLES[name]], field_example(name) if seen is None else seen)


def test_every_guest_of_a_field_has_an_example_and_every_example_is_listed() -> None:
    assert set(FIELD_EXAMPLES.values()) == set(FIELD_GUESTS)
    assert sorted(FIELD_EXAMPLES) == sorted(path.stem for path in (HERE / "fields" / "examples").iterdir())


@pytest.mark.parametrize("name", FIELD_EXAMPLES)
def test_each_example_is_a_valid_statement(name: str) -> None:
    seen = field_example(name)
    assert check_statement(seen, Version(seen["version"])) == []


@pytest.mark.parametrize("name", FIELD_EXAMPLES)
def test_each_example_is_just_the_evidence_that_is_in_it_and_of_no_other_guest(
    name: str, host: PluginHost
) -> None:
    expected = field_golden(name)
    assert expected
    (findings,) = host.recognise([field_example(name)])
    assert [(finding.source.plugin, finding.failure) for finding in findings] == [
        (f"lrs_{FIELD_EXAMPLES[name]}", None)
    ]
    assert told(findings[0].evidence) == expected


@pytest.mark.parametrize("name", FIELD_EXAMPLES)
def test_what_is_explained_is_what_is_recognised(name: str, host: PluginHost) -> None:
    explained = [piece for outcome in host.explain(field_example(name)) for piece in outcome.evidence]
    assert sorted(explained, key=repr) == sorted(found_in(name), key=repr)


@pytest.mark.parametrize("name", FIELD_EXAMPLES)
def test_recognising_leaves_a_statement_as_it_was(name: str, host: PluginHost) -> None:
    seen = field_example(name)
    host.recognise([seen])
    host.explain(seen)
    assert seen == field_example(name)


def test_the_examples_of_the_first_three_are_evidence_of_no_field(host: PluginHost) -> None:
    for name in EXAMPLES:
        (findings,) = host.recognise([example(name)])
        assert {finding.source.plugin for finding in findings} <= {"lrs_communication", "lrs_leadership"}


@pytest.mark.parametrize("competency", FIELD_GUESTS)
def test_a_rubric_says_whether_it_is_scored_and_of_whom_it_is(competency: str, host: PluginHost) -> None:
    rubric = host.rubrics[competency]
    assert rubric.scored is (competency not in UNSCORED)
    assert (rubric.cut is not None) is rubric.scored
    assert rubric.subject is (SubjectType.UNIT if competency in OF_UNITS else SubjectType.OFFICER)
    assert Rubric.from_dict(rubric.as_dict()) == rubric


@pytest.mark.parametrize("competency", sorted(set(FIELD_GUESTS) - UNSCORED))
def test_every_indicator_of_a_scored_rubric_has_an_anchor_at_either_end_and_one_acceptable(
    competency: str, host: PluginHost
) -> None:
    rubric = host.rubrics[competency]
    assert rubric.cut is not None
    scale = rubric.cut.scale
    ends = {f"{scale.lowest:g}", f"{rubric.cut.acceptable:g}", f"{scale.highest:g}"}
    assert {frozenset(indicator.anchors) for indicator in rubric.indicators} == {frozenset(ends)}


@pytest.mark.parametrize("competency", sorted(OF_UNITS))
def test_nothing_but_a_unit_is_the_subject_of_a_units_competency(competency: str) -> None:
    data = json.loads((files(f"lrs_{competency}") / "alignment.json").read_text("utf-8"))
    stated = [rule["subject"] for rule in data.get("rules", ())]
    assert all(one == "unit" or one["is"] == "unit" for one in stated)
    assert set(data.get("shapes", ())) <= {"survey"}


class TestLegalAwareness:
    @pytest.mark.parametrize("name", ["legal-test-passed", "legal-test-failed"])
    def test_what_was_only_browsed_does_not_count(self, name: str) -> None:
        seen = changed(name, "context", "extensions", LAUNCH, to="Browse")
        assert found_in(name, seen) == []

    def test_a_test_is_passed_or_failed_whatever_its_score_is(self) -> None:
        (found,) = found_in("legal-test-passed")
        assert (found.rating, found.scale) == (1.0, "unit")

    def test_an_answer_to_one_question_renews_nothing(self) -> None:
        seen = changed("legal-test-passed", "verb", to={"id": "http://adlnet.gov/expapi/verbs/answered"})
        assert found_in("legal-test-passed", seen) == []

    def test_a_rating_on_the_street_renews_nothing(self) -> None:
        seen = statement(
            object=f"{R}/indicators/legal_awareness/lawful-use-of-force",
            result={"score": {"raw": 6, "min": 1, "max": 7}},
            context={"instructor": {"mbox": "mailto:rater@academy.example"}},
        )
        assert recognise(FIELD_GUESTS["legal_awareness"], seen) == []

    def test_a_course_that_was_completed_and_not_passed_does_not_count(self) -> None:
        seen = changed("legal-test-passed", "verb", to={"id": "http://adlnet.gov/expapi/verbs/completed"})
        assert found_in("legal-test-passed", seen) == []

    def test_a_verb_and_a_result_that_contradict_each_other_are_no_evidence(self) -> None:
        seen = changed("legal-certificate", "result", "success", to=False)
        assert found_in("legal-certificate", seen) == []
        reasons = [
            reason for outcome in explain(FIELD_GUESTS["legal_awareness"], seen) for reason in outcome.reasons
        ]
        assert "the verb says earned and result.success says otherwise" in reasons


class TestPartnership:
    def test_a_meeting_without_a_known_rater_does_not_count(self) -> None:
        assert found_in("partner-meeting", changed("partner-meeting", "context", "contextAgents")) == []

    def test_what_the_partner_says_is_shown_and_never_scored(self) -> None:
        seen = changed("partner-meeting", "context", "extensions", ASSESSMENT_TYPE, to="stakeholder-feedback")
        (found,) = found_in("partner-meeting", seen)
        assert found.tier is Tier.CONTEXT

    def test_what_an_officer_says_of_the_own_meeting_is_a_self_report(self) -> None:
        seen = changed("partner-meeting", "context", "extensions", ASSESSMENT_TYPE, to="self-report")
        assert {found.tier for found in found_in("partner-meeting", seen)} <= {Tier.SELF_REPORT}


class TestDigitalEngagement:
    def test_an_exercise_that_was_not_graded_does_not_count(self) -> None:
        seen = changed("desk-day", "context", "extensions", MODE, to="freeplay")
        assert found_in("desk-day", seen) == []


class TestReflection:
    def test_that_it_was_completed_is_all_that_is_recorded(self) -> None:
        (found,) = found_in("reflection")
        assert (found.rating, found.flags, found.tier) == (None, (Flag.COMPLETED,), Tier.CONTEXT)

    def test_the_text_never_reaches_the_evidence(self, host: PluginHost) -> None:
        secret = "my own words 7/7 N.O."
        seen = changed("reflection", "result", "response", to=secret)
        (findings,) = host.recognise([seen])
        assert findings
        assert "own words" not in repr(findings)
        assert "own words" not in repr(host.explain(seen))

    @pytest.mark.parametrize("text", ["7", "1", "N.O.", "NRT", "no", "I will never do this again.", ""])
    def test_whatever_the_text_is_the_evidence_is_the_same(self, text: str) -> None:
        seen = (
            changed("reflection", "result", "response", to=text)
            if text
            else changed("reflection", "result", "response")
        )
        assert found_in("reflection", seen) == found_in("reflection")

    def test_a_score_of_it_is_not_read_either(self) -> None:
        seen = changed("reflection", "result", "score", to={"raw": 1, "min": 1, "max": 7, "scaled": 0.1})
        assert found_in("reflection", seen) == found_in("reflection")

    def test_one_that_was_only_begun_does_not_count(self) -> None:
        assert found_in("reflection", changed("reflection", "result", "completion", to=False)) == []

    def test_what_somebody_else_says_of_it_does_not_count(self) -> None:
        seen = changed("reflection", "verb", to={"id": "http://id.tincanapi.com/verb/rated"})
        assert found_in("reflection", seen) == []

    def test_it_is_the_authors_also_where_the_context_names_another_officer(self) -> None:
        other = {"account": {"homePage": "https://academy.example", "name": "R-9999"}}
        seen = changed("reflection", "context", "extensions", f"{R}/extensions/officer", to=other)
        assert found_in("reflection", seen) == found_in("reflection")


class TestMentoring:
    def test_no_one_officer_stands_in_the_evidence(self) -> None:
        for name in ("mentoring-by-an-officer", "mentoring-of-a-unit"):
            (found,) = found_in(name)
            assert found.subject == "account:U-0001@https://academy.example"
            assert not any(who in repr(found) for who in ("T-0031", "R-0417"))

    def test_hours_of_an_officer_without_a_team_do_not_count(self) -> None:
        seen = changed("mentoring-by-an-officer", "context", "team")
        assert found_in("mentoring-by-an-officer", seen) == []

    def test_a_team_without_a_name_is_no_unit(self) -> None:
        nameless = {"objectType": "Group", "member": [{"mbox": "mailto:one@academy.example"}]}
        seen = changed("mentoring-by-an-officer", "context", "team", to=nameless)
        assert found_in("mentoring-by-an-officer", seen) == []

    @pytest.mark.parametrize("duration", ["P1M", "P1Y2D", "P8W"])
    def test_a_duration_that_is_no_number_of_hours_up_to_1000_does_not_count(self, duration: str) -> None:
        seen = changed("mentoring-of-a-unit", "result", "duration", to=duration)
        assert found_in("mentoring-of-a-unit", seen) == []

    def test_without_a_duration_it_is_told_what_is_missing(self) -> None:
        seen = changed("mentoring-of-a-unit", "result", "duration")
        reasons = {
            reason for outcome in explain(FIELD_GUESTS["mentoring"], seen) for reason in outcome.reasons
        }
        assert "there is no rating: result.duration must be there" in reasons

    def test_two_talks_on_one_day_are_two(self) -> None:
        second = changed("mentoring-by-an-officer", "id", to="7b4c2d00-0000-4000-8000-0000000000ff")
        both = recognise(FIELD_GUESTS["mentoring"], field_example("mentoring-by-an-officer"), second)
        assert len({found.encounter for found in both}) == 2

    def test_what_somebody_says_about_the_mentor_is_no_hours(self) -> None:
        seen = changed(
            "mentoring-of-a-unit", "context", "extensions", ASSESSMENT_TYPE, to="stakeholder-feedback"
        )
        assert found_in("mentoring-of-a-unit", seen) == []


class TestCommunitySurvey:
    def test_it_is_never_of_one_officer(self) -> None:
        officer = {
            "objectType": "Agent",
            "account": {"homePage": "https://academy.example", "name": "R-0417"},
        }
        assert found_in("panel", changed("panel", "actor", to=officer)) == []

    def test_it_is_of_the_unit_also_where_an_officer_is_named(self) -> None:
        officer = {"account": {"homePage": "https://academy.example", "name": "R-0417"}}
        seen = changed("panel", "context", "extensions", f"{R}/extensions/officer", to=officer)
        assert found_in("panel", seen) == found_in("panel")

    def test_it_is_shown_and_never_scored(self) -> None:
        (found,) = found_in("panel")
        assert (found.tier, found.subject_type) == (Tier.SURVEY, SubjectType.UNIT)

    def test_a_mean_of_a_wave_counts_as_well(self) -> None:
        seen = changed("panel", "result", to={"score": {"raw": 3.4, "min": 1, "max": 5}})
        (found,) = found_in("panel", seen)
        assert (found.rating, found.scale) == (3.4, "likert-5")
