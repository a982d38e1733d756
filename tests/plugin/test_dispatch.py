"""Showing a statement only to those it can concern finds what asking everybody finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.competency.evidence import Source
from lrs.demo.statements import realistic
from lrs.plugin import Alignment, Evidence, Rubric, StatementView
from lrs.plugin.aliases import standard_aliases
from lrs.plugin.dispatch import Dispatch
from lrs.plugin.host import PluginHost
from lrs.plugin.manager import load_plugins
from lrs.plugin.recogniser import Recogniser
from lrs.plugin.testing import statement
from lrs.plugin.vocabulary import ASSESSMENT_TYPE, BASE, COMPETENCY_SCORES, MODE
from lrs.xapi.timestamps import parse_us
from tests.plugin.fakes import RATED, Fixed

VERBS = [
    RATED,
    *(f"http://adlnet.gov/expapi/verbs/{name}" for name in ("answered", "completed", "passed", "scored")),
]
NAMES = [
    "communication",
    "leadership/briefs-and-debriefs",
    "problem_solving/scan",
    "problem_solving/analyse",
    "problem_solving/respond",
    "problem_solving/assess",
    "mentoring",
    "nobody/nothing",
]
IRIS = [
    "https://a.example/anything",
    f"{BASE}competencies/communication",
    f"{BASE}competencies/community_survey",
    f"{BASE}competencies/legal_awareness",
    f"{BASE}indicators/communication/lets-others-finish",
    f"{BASE}indicators/leadership/briefs-and-debriefs",
    f"{BASE}indicators/problem_solving/scan",
]
STAGES = f"{BASE}extensions/stages"
activities = st.lists(st.sampled_from(IRIS).map(lambda iri: {"id": iri}), min_size=1, max_size=3)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A rating or result that speaks of none, one or several competencies, in any of the places."""
    extensions = {MODE: "graded"} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        extensions[ASSESSMENT_TYPE] = draw(st.sampled_from(["field-observation", "self-report", "survey"]))
    scores = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0.5, 1, 2, "x"]), max_size=8))
    said = {COMPETENCY_SCORES: scores} if scores else {}
    if draw(st.booleans()):
        said[STAGES] = draw(st.lists(st.sampled_from(["scan", "Analysis", "respond", 7]), max_size=3))
    return statement(
        verb=draw(
            st.sampled_from([*VERBS, "http://id.tincanapi.com/verb/mentored", "https://a.example/other"])
        ),
        object={"id": draw(st.sampled_from(IRIS))},
        result={
            "score": {"raw": 4, "min": 1, "max": 7},
            "success": True,
            "duration": "PT2H",
            **({"extensions": said} if said else {}),
        },
        context={
            "instructor": {"mbox": "mailto:trainer@academy.example"},
            "team": {"objectType": "Group", "mbox": "mailto:unit@academy.example"},
            "contextActivities": draw(
                st.dictionaries(st.sampled_from(["parent", "grouping", "category", "other"]), activities)
            ),
            "extensions": extensions,
        },
    )


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return load_plugins()


@pytest.fixture(scope="module")
def recognisers(host: PluginHost) -> Sequence[Recogniser]:
    """Every recogniser of every plugin that is installed, in the order in which they are asked."""
    return [each for loaded in host.loaded for each in loaded.recognisers]


def asking_everybody(recognisers: Sequence[Recogniser], shown: dict[str, Any]) -> list[Evidence]:
    view = StatementView(shown)
    return [found for each in recognisers for found in each.recognise(view) or ()]


def found_by(host: PluginHost, shown: dict[str, Any]) -> list[Evidence]:
    (findings,) = host.recognise([shown])
    assert not any(finding.failure for finding in findings)
    return [evidence for finding in findings for evidence in finding.evidence]


def demonstrated() -> Iterator[dict[str, Any]]:
    return realistic(600)


def test_in_the_demo_everything_is_found_that_asking_everybody_finds(
    host: PluginHost, recognisers: Sequence[Recogniser]
) -> None:
    found = 0
    for shown in demonstrated():
        evidence = found_by(host, shown)
        assert evidence == asking_everybody(recognisers, shown)
        found += len(evidence)
    assert found > 300


@given(shown=statements())
def test_whatever_a_statement_speaks_of_everything_is_found_that_asking_everybody_finds(
    host: PluginHost, recognisers: Sequence[Recogniser], shown: dict[str, Any]
) -> None:
    assert found_by(host, shown) == asking_everybody(recognisers, shown)


def asked(shown: dict[str, Any], *recognisers: Recogniser) -> list[str]:
    """Names of those of one plugin who are shown a statement."""
    source = Source(plugin="any", version="0", digest="", rubrics="[]")
    dispatch = Dispatch([(source, recognisers)], standard_aliases())
    concerned = dispatch.chosen(shown["verb"]["id"]).concerned(StatementView(shown))
    return [each.name for _, some in concerned for each in some]


def aligned(rubric: Rubric, **more: Any) -> dict[str, Any]:
    rule = {
        "id": "own",
        "verbs": [RATED],
        "rater": "system",
        "tier": "quiz",
        "rating": ["score"],
        "scale": "fto-7",
    }
    return {"competency": rubric.competency, "version": "1", "rules": [rule], **more}


def test_an_alignment_is_not_shown_what_speaks_of_other_competencies(rubric: Rubric) -> None:
    alignment = Alignment.from_dict(aligned(rubric), rubric)
    assert asked(statement(object={"id": IRIS[1]}), alignment) == []
    assert asked(statement(object={"id": f"{BASE}competencies/juggling"}), alignment) == [
        "juggling-alignment"
    ]


def test_an_alignment_is_shown_scores_of_its_competency(rubric: Rubric) -> None:
    alignment = Alignment.from_dict(aligned(rubric), rubric)
    scored = statement(object={"id": IRIS[0]}, result={"extensions": {COMPETENCY_SCORES: {"juggling": 1}}})
    assert asked(scored, alignment) == ["juggling-alignment"]


def test_a_recogniser_may_look_for_a_result_extension(rubric: Rubric) -> None:
    coded = Fixed("coded", [])
    coded.keys = frozenset({STAGES})  # type: ignore[attr-defined]
    assert asked(statement(result={"extensions": {STAGES: ["scan"]}}), coded) == ["coded"]
    assert asked(statement(result={"extensions": {f"{STAGES}-else": ["scan"]}}), coded) == []
    assert asked(statement(context={"extensions": {STAGES: ["scan"]}}), coded) == []


def test_what_says_nothing_of_stages_is_not_copied_for_the_one_who_counts_them(host: PluginHost) -> None:
    (guest,) = (one for one in host.loaded if one.info.name == "problem_solving")
    solved = {"id": f"{BASE}competencies/problem_solving"}
    rated = statement(object=solved, result={"score": {"raw": 4, "min": 1, "max": 7}})
    assert asked(rated, *guest.recognisers) == ["problem_solving-alignment"]
    counted = {**rated, "result": {"extensions": {STAGES: ["scan"]}}}
    assert asked(counted, *guest.recognisers) == ["problem_solving-alignment", "problem_solving-stages"]


def test_an_alignment_that_lists_the_beginning_of_an_id_is_always_asked(rubric: Rubric) -> None:
    alignment = Alignment.from_dict(aligned(rubric, activities={"https://vr.example/*": "juggling"}), rubric)
    assert asked(statement(object={"id": IRIS[0]}), alignment) == ["juggling-alignment"]


def test_an_alignment_with_a_rule_of_fixed_indicators_is_always_asked(rubric: Rubric) -> None:
    data = aligned(rubric)
    data["rules"][0]["indicators"] = ["juggling"]
    assert asked(statement(object={"id": IRIS[0]}), Alignment.from_dict(data, rubric)) == [
        "juggling-alignment"
    ]


def test_what_derives_from_an_alignment_is_always_asked(rubric: Rubric) -> None:
    class Further(Alignment):
        """May look anywhere."""

    assert asked(statement(object={"id": IRIS[0]}), Further.from_dict(aligned(rubric), rubric)) != []


@pytest.mark.parametrize("keys", [None, "juggling", ["juggling"]])
def test_a_recogniser_whose_keys_are_no_set_is_always_asked(keys: Any) -> None:
    coded = Fixed("coded", [])
    coded.keys = keys  # type: ignore[attr-defined]
    assert asked(statement(object={"id": IRIS[0]}), coded) == ["coded"]


def test_those_concerned_are_asked_in_order_beside_those_always_asked(rubric: Rubric) -> None:
    alignment = Alignment.from_dict(aligned(rubric), rubric)
    both = statement(object={"id": f"{BASE}competencies/juggling"})
    assert asked(both, Fixed("a", []), alignment, Fixed("z", [])) == ["a", "juggling-alignment", "z"]


@given(
    moment=st.datetimes(),
    fraction=st.sampled_from(["", ".5", ",25", ".1234567899"]),
    zone=st.sampled_from(["", "Z", "z", "+00:00", "+01", "-0530", "+14:00", "-23:59"]),
    between=st.sampled_from("Tt "),
    second=st.sampled_from([None, "60"]),
)
def test_the_instant_of_a_view_is_that_of_its_timestamp(
    moment: Any, fraction: str, zone: str, between: str, second: str | None
) -> None:
    text = (
        f"{moment:%Y-%m-%d}".rjust(10, "0")
        + between
        + f"{moment:%H:%M:}{second or f'{moment:%S}'}{fraction}{zone}"
    )
    try:
        instant = parse_us(text)
    except ValueError:
        return  # no valid statement has it
    assert StatementView(statement(timestamp=text)).timestamp_us == instant
