"""Statements that almost count: what is missing is said, and nothing is made of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lrs.plugin import Outcome
from lrs.plugin.testing import explain, host_with, recognise
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version
from tests.plugins.guests import ASSESSMENT_TYPE, EXAMPLES, GUESTS, MODE, R, example

COMMUNICATION = GUESTS["communication"]
LAUNCH = "https://w3id.org/xapi/cmi5/context/extensions/launchmode"
UNIT = {"objectType": "Group", "mbox": "mailto:north@academy.example"}


def changed(name: str, *path: str, to: Any = None) -> dict[str, Any]:
    """An example with the member at this path set, or taken out."""
    seen = example(name)
    place: Any = seen
    for key in path[:-1]:
        place = place[key]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return seen


def outcome(statement: dict[str, Any], rule: str) -> Outcome:
    (found,) = (each for each in explain(COMMUNICATION, statement) if each.rule == rule)
    return found


@pytest.mark.parametrize(
    ("statement", "rule", "reason"),
    [
        (
            changed("vr-scenario-scores", "context", "extensions", MODE, to="guided"),
            "vr-scenario",
            "mode is 'guided'; only 'graded' counts",
        ),
        (
            changed("vr-scenario-one-score", "context", "extensions"),
            "vr-scenario",
            "mode is absent; only 'graded' counts",
        ),
        (
            changed("vr-dialogue-choice", "context", "extensions", MODE, to="freeplay"),
            "vr-dialogue-choice",
            "mode is 'freeplay'; only 'graded' counts",
        ),
        (
            changed("vr-dialogue-choice", "context", "extensions"),
            "quiz-answer",
            "context type is 'http://adlnet.gov/expapi/activities/simulation'; that does not count here",
        ),
        (
            changed("cmi5-passed", "context", "extensions", LAUNCH, to="Browse"),
            "e-learning",
            "launchmode is 'browse'; only 'Normal' counts",
        ),
        (
            changed("e-learning-completed", "result", "score"),
            "e-learning",
            "there is no rating: completion alone says nothing of competency; "
            "result.score or result.success must be there",
        ),
        (
            changed("quiz-answer", "result", "success"),
            "quiz-answer",
            "there is no rating: result.score or result.success must be there",
        ),
        (
            changed("ride-along-officer-is-actor", "context", "instructor"),
            "ride-along",
            "nobody but the actor is named, so that it is not known who rated whom: name the rater in "
            "context.instructor, or the officer in context.contextAgents or the extension officer",
        ),
        (
            changed("ride-along-rater-is-actor", "context", "contextAgents"),
            "ride-along",
            "nobody but the actor is named, so that it is not known who rated whom: name the rater in "
            "context.instructor, or the officer in context.contextAgents or the extension officer",
        ),
        (
            changed("ride-along-officer-is-actor", "result", "score", "min"),
            "ride-along",
            "score.raw has no min and max beside it, so that nobody knows what it is out of",
        ),
        (
            changed("ride-along-officer-in-extension", "object", "definition"),
            "ride-along-response",
            "object type is absent; only 'checklist-item' counts",
        ),
        (
            changed("supervisor-evaluation", "actor", to=UNIT),
            "supervisor-evaluation",
            "actor type is 'Group'; only 'Agent' counts",
        ),
        (
            changed("survey", "actor", to={"mbox": "mailto:one@academy.example"}),
            "survey",
            "actor type is 'Agent'; only 'Group' counts",
        ),
        (
            changed(
                "survey",
                "actor",
                to={"objectType": "Group", "member": [{"mbox": "mailto:one@academy.example"}]},
            ),
            "survey",
            "the Group has no identifier, so that it is not known which unit it is",
        ),
        (
            changed("role-play", "context", "extensions", ASSESSMENT_TYPE, to="rehearsal"),
            "role-play",
            "assessment-type is 'rehearsal'; only 'role-play' counts",
        ),
    ],
)
def test_a_near_miss_names_the_condition_that_failed(
    statement: dict[str, Any], rule: str, reason: str
) -> None:
    assert recognise(COMMUNICATION, statement) == []
    found = outcome(statement, rule)
    assert not found.matched
    assert reason in found.reasons


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("self-report", "self report is shown, never scored"),
        ("survey", "survey is shown, never scored"),
        ("stakeholder-feedback", "context is shown, never scored"),
        ("ride-along-not-observed", "not observed is missing, never 0"),
    ],
)
def test_what_is_shown_and_never_scored_says_so(name: str, remark: str) -> None:
    first, *_ = explain(COMMUNICATION, example(name))
    assert (first.matched, first.reasons) == (True, (remark,))


def test_a_run_without_its_mode_does_not_slip_in_as_a_rating_of_the_field() -> None:
    seen = changed("vr-scenario-one-score", "context", "extensions")
    seen["verb"] = {"id": "http://adlnet.gov/expapi/verbs/responded"}
    seen["context"]["instructor"] = {"mbox": "mailto:rater@academy.example"}
    del seen["object"]["definition"]
    assert recognise(COMMUNICATION, seen) == []


def test_a_survey_that_names_an_officer_is_still_of_the_unit() -> None:
    officer = example("ride-along-officer-is-actor")["actor"]
    seen = changed("survey", "context", "extensions", f"{R}/extensions/officer", to=officer)
    (found,) = recognise(COMMUNICATION, seen)
    assert found.subject == "account:unit-north@https://academy.example"


@pytest.mark.parametrize("mark", ["survey", "self-report", "stakeholder-feedback"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_marked_as_shown_only_never_gets_a_tier_that_is_scored(name: str, mark: str) -> None:
    seen = example(name)
    seen["context"].setdefault("extensions", {})[ASSESSMENT_TYPE] = mark
    assert {found.tier.value for found in recognise(COMMUNICATION, seen)} <= {
        "survey",
        "self_report",
        "context",
    }


HOST = host_with(*GUESTS.values())


def members(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every member that a statement need not have."""
    if isinstance(value, dict):
        for key, below in value.items():
            if path or key in ("result", "context"):
                yield (*path, key)
            if key in (
                "result",
                "context",
                "object",
                "definition",
                "contextActivities",
                "extensions",
                "score",
            ):
                yield from members(below, (*path, key))


@settings(deadline=None)
@given(data=st.data())
def test_what_is_recognised_is_just_what_is_explained(data: st.DataObject) -> None:
    """Whatever is missing or swapped: the two never disagree, and nothing is raised."""
    seen = copy.deepcopy(
        example(data.draw(st.sampled_from(EXAMPLES)), data.draw(st.sampled_from(sorted(GUESTS))))
    )
    other = example(data.draw(st.sampled_from(EXAMPLES)))
    for part in data.draw(st.sets(st.sampled_from(["actor", "verb", "object", "result", "context"]))):
        seen[part] = other[part]
    for path in data.draw(st.sets(st.sampled_from(sorted(members(seen))), max_size=3)):
        place = seen
        for key in path[:-1]:
            place = place.get(key, {})
        place.pop(path[-1], None)
    assume(check_statement(seen, Version(seen["version"])) == [])
    (findings,) = HOST.recognise([seen])
    assert [finding.failure for finding in findings if finding.failure] == []
    explained = {each.plugin: each.evidence for each in HOST.explain(seen) if each.matched}
    assert {finding.source.plugin: finding.evidence for finding in findings} == explained
    assert not any(reason.startswith("it failed") for each in HOST.explain(seen) for reason in each.reasons)
