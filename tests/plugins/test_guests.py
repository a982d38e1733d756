from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from lrs.competency.evidence import SubjectType, Tier
from lrs.plugin.manager import PluginHost, load_plugins
from lrs.plugin.shapes import standard_shapes
from lrs.plugin.testing import host_with, recognise, statement
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version
from tests.plugins.guests import ALL_GUESTS, EXAMPLES, GUESTS, example, golden

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return host_with(*GUESTS.values())


def told(evidence: Any) -> Any:
    """Evidence as its golden file writes it."""
    return json.loads(json.dumps([piece._asdict() for piece in evidence]))


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_a_valid_statement(name: str) -> None:
    seen = example(name)
    assert check_statement(seen, Version(seen["version"])) == []


@pytest.mark.parametrize("competency", GUESTS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_guest_finds_in_each_example_just_the_evidence_that_is_in_it(name: str, competency: str) -> None:
    expected = golden(name, competency)
    assert expected
    assert {piece["competency"] for piece in expected} == {competency}
    assert told(recognise(GUESTS[competency], example(name, competency))) == expected


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_other_guest_sees_anything_in_what_speaks_to_communication_alone(
    name: str, host: PluginHost
) -> None:
    (findings,) = host.recognise([example(name)])
    found = [finding.source.plugin for finding in findings]
    # The one example with scores for two competencies is evidence of both.
    also = ["lrs_leadership"] if name == "vr-scenario-scores" else []
    assert found == ["lrs_communication", *also]
    assert all(finding.failure is None for finding in findings)


def test_there_is_an_example_for_every_shape() -> None:
    matched = {piece["rule"] for name in EXAMPLES for piece in golden(name)}
    for shape in standard_shapes().values():
        assert matched & {rule["id"] for rule in shape.rules}, shape.name


def test_the_guests_are_installed_under_their_own_names() -> None:
    loaded = load_plugins()
    by_name = {info.name: info for info in loaded.plugins}
    for competency in ALL_GUESTS:
        assert by_name[competency].competencies == (competency,)
        assert by_name[competency].distribution == "rapport-lrs"
        assert by_name[competency].summary.endswith(".")


@pytest.mark.parametrize("competency", GUESTS)
def test_every_indicator_has_an_anchor_at_one_four_and_seven(competency: str, host: PluginHost) -> None:
    rubric = host.rubrics[competency]
    assert rubric.cut is not None
    assert rubric.cut.s == pytest.approx(0.4166667)
    for indicator in rubric.indicators:
        assert set(indicator.anchors) == {"1", "4", "7"}


@pytest.mark.parametrize(
    ("competency", "digest"),
    [
        ("communication", "c91bbba3a33d3f84010a2d850bc2dda27e0997b8ca027bc820a9766754cc8963"),
        ("cultural_competency", "7c5eedf547ce379600a5527d0f9ee6d60dd824c3d7e8137d4da49b4051ad25cc"),
        ("leadership", "78e9f9795b1dcb937d0cf63ff53a7648b22c8df8c8694b60b0ba9c688835bc81"),
    ],
)
def test_a_rubric_of_this_version_keeps_the_digest_that_profiles_have_named(
    competency: str, digest: str, host: PluginHost
) -> None:
    rubric = host.rubrics[competency]
    assert (rubric.version, rubric.digest) == ("1.0.0", digest)


@pytest.mark.parametrize("competency", GUESTS)
def test_the_alignment_of_a_guest_is_data_without_rules_of_its_own(competency: str) -> None:
    data = json.loads((files(GUESTS[competency].__name__) / "alignment.json").read_text("utf-8"))
    assert data["competency"] == competency
    assert set(data["shapes"]) == set(standard_shapes())
    assert "rules" not in data


def test_an_agency_can_say_what_its_own_activities_speak_to() -> None:
    item = "https://academy.example/items/7"
    seen = statement(
        object=item,
        result={"score": {"raw": 5, "min": 1, "max": 7}},
        context={"instructor": {"mbox": "mailto:rater@academy.example"}},
    )
    assert recognise(GUESTS["leadership"], seen) == []
    (found,) = recognise(GUESTS["leadership"], seen, config={"activities": {item: "takes-ownership"}})
    assert found.indicator == "takes-ownership"


def test_an_agency_can_turn_a_shape_off() -> None:
    config = {"shapes_off": ["self-report", "evaluation"]}
    with pytest.raises(Exception, match="self-report"):
        recognise(GUESTS["communication"], example("self-report"), config=config)
    assert (
        recognise(GUESTS["communication"], example("self-report"), config={"shapes_off": ["evaluation"]})
        == []
    )


def test_a_survey_speaks_of_the_unit_alone(host: PluginHost) -> None:
    (findings,) = host.recognise([example("survey")])
    ((found,),) = [finding.evidence for finding in findings]
    assert (found.tier, found.subject_type) == (Tier.SURVEY, SubjectType.UNIT)


@pytest.mark.parametrize("verb", ["gazed", "grabbed", "nodded"])
def test_raw_telemetry_is_never_looked_at(verb: str, host: PluginHost) -> None:
    seen = {**example("vr-scenario-scores"), "verb": {"id": f"https://vr.example/verbs/{verb}"}}
    assert host.recognise([seen]) == [()]


def test_a_statement_recognised_again_gives_the_same_evidence(host: PluginHost) -> None:
    statements = [example(name) for name in EXAMPLES]
    assert host.recognise(statements) == load_again().recognise(list(map(dict, statements)))


def load_again() -> PluginHost:
    return host_with(*reversed(GUESTS.values()))


def test_recognising_leaves_a_statement_as_it_was(host: PluginHost) -> None:
    for name in EXAMPLES:
        seen = example(name)
        host.recognise([seen])
        host.explain(seen)
        assert seen == example(name)
