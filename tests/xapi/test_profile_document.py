"""Our xAPI Profile, by the xAPI Profiles specification 1.0 (part two)."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest

from lrs import schemas
from lrs.plugin import vocabulary
from lrs.xapi.jsonpath import compile_path
from tests.xapi import profile_page
from tests.xapi.page_examples import R, examples

PROFILE: Mapping[str, Any] = schemas.xapi_profile()
CONCEPTS = {concept["id"]: concept for concept in PROFILE["concepts"]}
TEMPLATES = {template["id"]: template for template in PROFILE["templates"]}
PATTERNS = {pattern["id"]: pattern for pattern in PROFILE["patterns"]}
VERSION = PROFILE["versions"][0]["id"]
OTHERS = ("http://adlnet.gov/expapi/", "http://id.tincanapi.com/", "https://w3id.org/xapi/cmi5/")
MEMBERS = ("alternates", "optional", "oneOrMore", "sequence", "zeroOrMore")
EXTENSIONS = [concept for concept in CONCEPTS.values() if concept["type"].endswith("Extension")]


def everything() -> list[Mapping[str, Any]]:
    return [*CONCEPTS.values(), *TEMPLATES.values(), *PATTERNS.values()]


def members(pattern: Mapping[str, Any]) -> list[str]:
    [kind] = [name for name in MEMBERS if name in pattern]
    return [pattern[kind]] if isinstance(pattern[kind], str) else list(pattern[kind])


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for name, value in node.items():
            yield name
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def nodes(node: Any) -> Iterator[Any]:
    yield node
    for value in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from nodes(value)


# By the tables


def test_the_profile_is_valid_by_the_tables() -> None:
    assert schemas.problems(schemas.authoring("xapi-profile.json"), dict(PROFILE)) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (["conformsTo"], None),
        (["@context"], "https://example.org/context"),
        (["@context"], ["https://example.org/context"]),
        (["type"], "profile"),
        (["seeAlso"], "the manual"),
        (["prefLabel"], {}),
        (["prefLabel"], {"en_US": "x"}),
        (["prefLabel"], {"en": ""}),
        (["versions"], []),
        (["versions", 0, "generatedAtTime"], "yesterday"),
        (["author", "type"], "Group"),
        (["concepts", 0, "type"], "Extension"),
        (["concepts", 0, "inScheme"], None),
        (["concepts", 0, "schema"], "https://example.org/schema"),
        (["concepts", 0, "recommendedActivityTypes"], ["https://example.org/type"]),
        (["templates", 0, "verb"], "rated"),
        (["templates", 0, "contextParentActivityType"], "https://example.org/type"),
        (["templates", 0, "objectStatementRefTemplate"], ["https://example.org/template"]),
        (["templates", 0, "colour"], "red"),
        (["templates", 0, "rules"], []),
        (["templates", 0, "rules", 0], {"location": "$.actor"}),
        (["templates", 0, "rules", 0, "presence"], "optional"),
        (["templates", 0, "rules", 0, "none"], []),
        (["patterns", 0, "definition"], None),
        (["patterns", 0, "oneOrMore"], "https://example.org/template"),
        (["patterns", 0, "sequence"], None),
    ],
)
def test_what_breaks_the_tables_is_found(where: list[str | int], value: Any) -> None:
    broken: Any = copy.deepcopy(dict(PROFILE))
    node = broken
    for step in where[:-1]:
        node = node[step]
    if value is None:
        del node[where[-1]]
    else:
        node[where[-1]] = value
    assert schemas.problems(schemas.authoring("xapi-profile.json"), broken)
    assert not schemas.compiled("xapi-profile.json").is_valid(broken)


def test_nothing_in_it_is_empty() -> None:
    assert [node for node in nodes(PROFILE) if node in ({}, [], "", None)] == []


# Ids


def test_every_id_is_its_own_and_below_ours() -> None:
    ids = [
        PROFILE["id"],
        *(version["id"] for version in PROFILE["versions"]),
        *(one["id"] for one in everything()),
    ]
    assert len(ids) == len(set(ids))
    assert all(id_.startswith(R) for id_ in ids)


def test_nothing_of_others_is_defined_again() -> None:
    assert not [one["id"] for one in everything() if one["id"].startswith(OTHERS)]


def test_everything_is_in_the_version_that_is_described() -> None:
    assert {one["inScheme"] for one in everything()} == {VERSION}


def test_versions_that_come_after_another_say_of_which() -> None:
    assert all("wasRevisionOf" in version for version in PROFILE["versions"][:-1])


def test_every_iri_of_ours_that_it_names_is_defined_in_it() -> None:
    defined = {PROFILE["id"], VERSION, *(one["id"] for one in everything())}
    named = {iri for text in strings(PROFILE) for iri in re.findall(rf"{re.escape(R)}[\w/.-]+", text)}
    assert named <= defined


def test_every_other_iri_belongs_to_a_vocabulary_that_is_known() -> None:
    known = (*OTHERS, R, "https://w3id.org/xapi/profiles")
    named = {iri for text in strings(PROFILE) for iri in re.findall(r"https?://[^\s'\"\]]+", text)}
    assert not [iri for iri in named if not iri.startswith(known)]


def test_the_vocabulary_that_the_plugins_read_is_defined() -> None:
    read = {
        iri
        for iri in vars(vocabulary).values()
        if isinstance(iri, str) and iri.startswith((f"{R}extensions/", f"{R}roles/"))
    }
    assert read <= set(CONCEPTS)


# Concepts


@pytest.mark.parametrize("extension", EXTENSIONS, ids=lambda extension: extension["id"].rsplit("/", 1)[1])
def test_the_schema_of_an_extension_is_one_by_draft_7(extension: dict[str, Any]) -> None:
    jsonschema.Draft7Validator.check_schema(json.loads(extension["inlineSchema"]))


@pytest.mark.parametrize("name", examples())
def test_extensions_of_an_example_are_where_they_belong_and_valid(name: str) -> None:
    sent = examples()[name].statement
    places = {"ContextExtension": sent["context"], "ResultExtension": sent["result"]}
    for kind, part in places.items():
        for key, value in part.get("extensions", {}).items():
            if key.startswith(R):
                assert CONCEPTS[key]["type"] == kind
                jsonschema.Draft7Validator(json.loads(CONCEPTS[key]["inlineSchema"])).validate(value)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("mode", "Graded"),
        ("assessment-type", "interview"),
        ("officer", {"name": "somebody"}),
        ("officer", {"objectType": "Group", "mbox": "mailto:a@example.com"}),
        ("encounter", ""),
        ("competency-scores", {}),
        ("competency-scores", {"communication": 1.2}),
        ("competency-scores", {"communication/": 1}),
        ("not-observed", "yes"),
        ("not-responding", 1),
    ],
)
def test_the_schema_of_an_extension_refuses_what_does_not_count(name: str, wrong: Any) -> None:
    schema = json.loads(CONCEPTS[f"{R}extensions/{name}"]["inlineSchema"])
    assert not jsonschema.Draft7Validator(schema).is_valid(wrong)


def test_the_definition_of_an_activity_is_one_of_xapi() -> None:
    definitions = schemas.compiled("xapi-1.0.3/definition.json")
    activities = [concept for concept in CONCEPTS.values() if concept["type"] == "Activity"]
    assert activities
    for activity in activities:
        plain = {name: value for name, value in activity["activityDefinition"].items() if name != "@context"}
        assert definitions.is_valid(plain)
        assert CONCEPTS[plain["type"]]["type"] == "ActivityType"


def test_each_kind_of_assessment_has_an_activity_with_a_type_of_that_name() -> None:
    schema = json.loads(CONCEPTS[vocabulary.ASSESSMENT_TYPE]["inlineSchema"])
    for kind in schema["enum"]:
        definition = CONCEPTS[f"{R}assessments/{kind}"]["activityDefinition"]
        assert definition["type"] == f"{R}activity-types/{kind}"


@pytest.mark.parametrize("name", examples())
def test_the_activities_of_the_profile_are_sent_as_it_defines_them(name: str) -> None:
    categories = examples()[name].statement["context"]["contextActivities"]["category"]
    assert {"id": VERSION} in categories
    for activity in categories:
        if activity["id"].startswith(f"{R}assessments/"):
            defined = CONCEPTS[activity["id"]]["activityDefinition"]
            assert activity["definition"] == {name: defined[name] for name in ("type", "name")}


# Templates


def test_the_types_that_templates_name_are_types() -> None:
    for template in TEMPLATES.values():
        named = [iri for name in template for iri in _types(template, name) if iri.startswith(R)]
        assert {CONCEPTS[iri]["type"] for iri in named} <= {"ActivityType"}


def _types(template: Mapping[str, Any], name: str) -> list[str]:
    if not name.endswith("ActivityType"):
        return []
    return [template[name]] if isinstance(template[name], str) else list(template[name])


def test_no_two_templates_have_the_same_determining_properties() -> None:
    names = {"verb", "objectActivityType", "attachmentUsageType"}
    determining = [
        json.dumps({name: template[name] for name in template if name in names or name.startswith("context")})
        for template in TEMPLATES.values()
    ]
    assert len(determining) == len(set(determining))


def test_every_path_is_one_and_begins_at_the_statement() -> None:
    for template in TEMPLATES.values():
        for rule in template["rules"]:
            for path in (rule["location"], rule.get("selector", "$")):
                compile_path(path)
                assert all(part.strip().startswith("$") for part in path.split("|"))


# Patterns


def test_every_member_of_a_pattern_is_there() -> None:
    assert {member for pattern in PATTERNS.values() for member in members(pattern)} <= {*PATTERNS, *TEMPLATES}


def test_every_template_is_in_a_primary_pattern() -> None:
    primary = [id_ for id_, pattern in PATTERNS.items() if pattern.get("primary")]
    assert {end for id_ in primary for end in _ends(id_, ())} == set(TEMPLATES)


def test_every_pattern_is_primary_or_a_part() -> None:
    parts = {member for pattern in PATTERNS.values() for member in members(pattern)}
    assert all(pattern.get("primary") or id_ in parts for id_, pattern in PATTERNS.items())


def _ends(id_: str, above: tuple[str, ...]) -> Iterator[str]:
    assert id_ not in above, f"{id_} is within itself"
    if id_ in TEMPLATES:
        yield id_
        return
    for member in members(PATTERNS[id_]):
        yield from _ends(member, (*above, id_))


def test_patterns_are_decided_greedily() -> None:
    for pattern in PATTERNS.values():
        if "sequence" in pattern:
            assert len(pattern["sequence"]) >= 2
        for member in pattern.get("alternates", ()):
            assert not {"optional", "zeroOrMore"} & PATTERNS.get(member, {}).keys()


# How it is told


def test_the_tables_of_the_page_are_those_of_the_profile() -> None:
    page = profile_page.PAGE.read_text("utf-8")
    assert profile_page.rendered(page, PROFILE) == page, "run: python -m tests.xapi.profile_page"


def test_the_page_names_the_profile_and_its_version() -> None:
    page = profile_page.PAGE.read_text("utf-8")
    assert f"| Profile | `{PROFILE['id']}` |" in page
    assert f"| Version | `{VERSION}` |" in page


def test_the_profile_as_it_is_published_is_what_is_read() -> None:
    assert json.loads(schemas.xapi_profile_text()) == PROFILE
