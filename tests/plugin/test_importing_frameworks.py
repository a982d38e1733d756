from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest

from lrs.competency.rubric import Rubric
from lrs.errors import PluginError
from lrs.plugin.files import document_of
from lrs.plugin.importing import (
    ImportedRubric,
    rubric_from_case,
    rubric_from_framework,
    rubric_from_ieee,
)


def link(key: str) -> dict[str, str]:
    return {"identifier": key, "uri": f"https://f.example/{key}", "title": key}


def item(key: str, statement: str, **parts: Any) -> dict[str, Any]:
    return {
        "identifier": key,
        "uri": link(key)["uri"],
        "fullStatement": statement,
        "lastChangeDateTime": "2024-01-01T00:00:00Z",
        **parts,
    }


def child(below: str, above: str, number: int | None = None) -> dict[str, Any]:
    return {
        "associationType": "isChildOf",
        "originNodeURI": link(below),
        "destinationNodeURI": link(above),
        **({} if number is None else {"sequenceNumber": number}),
    }


def criterion(of: str, *levels: tuple[float | None, str]) -> dict[str, Any]:
    return {
        "CFItemURI": link(of),
        "CFRubricCriterionLevels": [
            {"quality": text, **({} if score is None else {"score": score})} for score, text in levels
        ],
    }


CASE: dict[str, Any] = {
    "CFDocument": {
        **link("doc"),
        "title": "Made-up juggling",
        "creator": "Jugglers' guild",
        "licenseURI": {"identifier": "l", "title": "All rights kept", "uri": "https://f.example/licence"},
    },
    "CFItems": [
        item("catch", "Catches what comes down.", humanCodingScheme="1.2", notes="not read"),
        item("throw", "Throws what is to go up.", abbreviatedStatement="Throws", humanCodingScheme="1.1"),
        item("hands", "Uses the hands.", humanCodingScheme="1"),
        item("bow", "Bows."),
        item("end", "Ends.", humanCodingScheme="2"),
    ],
    "CFAssociations": [
        child("hands", "doc", 1),
        child("end", "doc", 2),
        child("throw", "hands", 1),
        child("catch", "hands", 2),
        child("bow", "end", 1),
        {"associationType": "precedes", "originNodeURI": link("throw"), "destinationNodeURI": link("catch")},
    ],
    "CFRubrics": [
        {
            "title": "Levels",
            "CFRubricCriteria": [
                criterion("throw", (3, "Flies"), (1, "Drops")),
                criterion("catch", (1, "Misses"), (3, "Holds")),
                criterion("bow", (None, "Low"), (None, "Deep")),
                {"description": "lonely", "CFRubricCriterionLevels": []},
            ],
        }
    ],
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CASE), **parts}


def indicators(made: ImportedRubric) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in made.data["indicators"]}


# CASE


def test_items_with_none_below_them_become_indicators_in_the_order_of_the_tree() -> None:
    made = rubric_from_case(CASE)
    assert [(entry["name"], entry["description"]) for entry in made.data["indicators"]] == [
        ("Throws", "Throws what is to go up."),
        ("Catches what comes down.", "Catches what comes down."),
        ("Bows.", "Bows."),
    ]
    assert list(indicators(made)) == ["throws", "catches-what-comes-down", "bows"]


def test_levels_with_scores_become_anchors_and_a_scale() -> None:
    made = rubric_from_case(CASE)
    assert made.data["scales"] == [
        {"name": "imported-levels", "version": "1", "points": [[1, 0], [3, 1]]},
        "unit",
        "scaled",
    ]
    assert indicators(made)["throws"]["anchors"] == {"1": "Drops", "3": "Flies"}
    assert "anchors" not in indicators(made)["bows"]


def test_what_is_left_out_is_listed() -> None:
    assert set(rubric_from_case(CASE).left_out) == {
        "heading: Uses the hands.",
        "heading: Ends.",
        "precedes: 1 association",
        "notes of 1 item",
        "levels of Bows.: they have no scores",
        "criterion lonely: it is of no item",
    }


def test_the_file_is_a_valid_rubric_that_is_not_scored_before_its_cut_is_set() -> None:
    made = rubric_from_case(CASE, competency="juggling")
    document = document_of(made.text.encode(), "rubric.yaml")
    assert document.data == made.data
    rubric = Rubric.from_dict(document.data)
    assert (rubric.competency, rubric.scored, rubric.cut) == ("juggling", False, None)


def test_a_cut_in_the_place_of_scored_makes_it_one_that_is_scored() -> None:
    text = rubric_from_case(CASE).text
    assert text.count("\nscored: false\n") == 1
    cut = "\ncut: {scale: imported-levels, rating: 1.5, acceptable: 2}\n"
    rubric = Rubric.from_dict(
        document_of(text.replace("\nscored: false\n", cut).encode(), "rubric.yaml").data
    )
    assert rubric.cut is not None
    assert rubric.cut.s == 0.25


def test_source_and_rights_are_carried_into_the_file() -> None:
    made = rubric_from_case(CASE)
    assert made.rights == ("Creator: Jugglers' guild", "Licence: All rights kept https://f.example/licence")
    head = made.text.split("competency:")[0]
    assert "Made from Made-up juggling (https://f.example/doc)" in head
    assert all(f"# {line}\n" in head for line in made.rights)
    assert "may be licensed" in head
    assert made.text.endswith("# throws: throw\n# catches-what-comes-down: catch\n# bows: bow\n")


def test_a_framework_that_says_nothing_of_rights_is_told_to_say_nothing() -> None:
    made = rubric_from_case(changed(CFDocument={"title": "X"}))
    assert made.rights == ()
    assert "# The framework says nothing of a licence.\n" in made.text


def test_a_comment_can_never_become_a_part_of_the_rubric() -> None:
    document = {
        "title": "X\ncompetency: stolen",
        "creator": "Y\r\u2028scored: true\u0085name: Z",
        "uri": "\nid: 1",
    }
    made = rubric_from_case(
        changed(CFDocument=document, CFItems=[item("a\n- id: b", "A.")]), competency="juggling"
    )
    assert document_of(made.text.encode(), "rubric.yaml").data == made.data
    assert made.data["competency"] == "juggling"


@pytest.mark.parametrize("under", ["hands", "1"])
def test_a_part_of_it_is_taken_by_identifier_or_code(under: str) -> None:
    made = rubric_from_case(CASE, under=under)
    assert made.data["name"] == "Uses the hands."
    assert list(indicators(made)) == ["throws", "catches-what-comes-down"]


def test_a_part_of_one_item_is_a_competency_of_one_indicator() -> None:
    assert list(indicators(rubric_from_case(CASE, under="bow"))) == ["bows"]


def test_a_part_that_is_not_there_is_an_error() -> None:
    with pytest.raises(PluginError, match="no item with the identifier or code 9"):
        rubric_from_case(CASE, under="9")


def test_ids_are_distinct_and_valid_whatever_the_texts_are() -> None:
    texts = ["Juggles.", "Juggles.", "Juggles.", "3 balls", "…", "Ünïcode", "x" * 200, "x" * 200]
    items = [
        item(str(i), text, **({"humanCodingScheme": "J.2"} if i == 1 else {})) for i, text in enumerate(texts)
    ]
    made = rubric_from_case({"CFDocument": {"title": "3 …"}, "CFItems": items})
    assert list(indicators(made)) == [
        "juggles",
        "juggles-j-2",
        "juggles-3",
        "balls",
        "indicator",
        "unicode",
        "x" * 64,
        "x" * 56 + "-8",
    ]


def test_items_that_are_below_each_other_are_all_headings_and_nothing_is_left() -> None:
    loop = changed(
        CFAssociations=[child("throw", "catch"), child("catch", "throw")], CFItems=CASE["CFItems"][:2]
    )
    with pytest.raises(PluginError, match="no competency in Made-up juggling"):
        rubric_from_case(loop)


@pytest.mark.parametrize("data", [{}, {"CFItems": {}}, {"CFPackage": []}, {"CFDocument": {"title": "X"}}])
def test_what_is_no_package_of_case_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(PluginError, match="no CFPackage"):
        rubric_from_case(data)


@pytest.mark.parametrize("part", ["CFDocument", "CFItems", "CFAssociations", "CFRubrics", "CFDefinitions"])
@pytest.mark.parametrize("junk", [None, 7, "x", [None, 7, "x", [], {}]])
def test_junk_in_a_package_never_ends_in_anything_but_a_rubric_or_an_error(part: str, junk: Any) -> None:
    made = None
    with contextlib.suppress(PluginError):
        made = rubric_from_case(changed(**{part: junk}))
    assert made is None or Rubric.from_dict(made.data)


# IEEE 1484.20.3

S = "https://s.example/"
IEEE: dict[str, Any] = {
    "@context": "https://s.example/context.jsonld",
    "@graph": [
        {
            "@id": f"{S}framework",
            "@type": "scd:CompetencyFramework",
            "scd:name": {"fr": "Jonglage", "en": "Made-up juggling"},
            "scd:hasCompetencyDefinition": [f"{S}1", f"{S}2", f"{S}3"],
            "dcterms:license": {"@id": "https://s.example/licence"},
        },
        {
            "@id": f"{S}1",
            "@type": "scd:CompetencyDefinition",
            "scd:competencyStatement": {"fr": "Attrape.", "en": "Catches."},
            "scd:referenceCode": "J1",
            "scd:hasRubric": f"{S}rubric",
        },
        {
            "@id": f"{S}2",
            "@type": ["scd:CompetencyDefinition"],
            "scd:name": "Throws",
            "scd:competencyStatement": [
                {"@value": "Lance ce qui monte.", "@language": "fr"},
                {"@value": "Throws what is to go up.", "@language": "en-GB"},
            ],
        },
        {"@id": f"{S}3", "scd:competencyStatement": {"en": "Juggles."}},
        {
            "@type": "scd:ResourceAssociation",
            "scd:source": f"{S}1",
            "scd:destination": {"@id": f"{S}3"},
            "scd:associationType": "isPartOf",
        },
        {
            "@type": "scd:ResourceAssociation",
            "scd:source": f"{S}3",
            "scd:destination": f"{S}2",
            "scd:associationType": "https://s.example/AssociationTypes/hasPart",
        },
        {
            "@type": "scd:ResourceAssociation",
            "scd:source": f"{S}1",
            "scd:destination": f"{S}2",
            "scd:associationType": "precedes",
        },
        {
            "@id": f"{S}rubric",
            "@type": "scd:Rubric",
            "scd:hasCriterion": [
                {
                    "@id": f"{S}criterion",
                    "scd:rubricCriterionLevel": [
                        {"scd:score": 1, "scd:description": {"en": "Misses"}},
                        {"scd:score": {"@value": "2.5"}, "scd:name": "Good", "scd:description": "Holds"},
                    ],
                }
            ],
        },
    ],
}


def test_competency_definitions_become_indicators_and_their_rubrics_anchors() -> None:
    made = rubric_from_ieee(IEEE)
    assert (made.data["competency"], made.data["name"]) == ("made_up_juggling", "Made-up juggling")
    assert indicators(made) == {
        "catches": {
            "id": "catches",
            "name": "Catches.",
            "description": "Catches.",
            "anchors": {"1": "Misses", "2.5": "Good: Holds"},
        },
        "throws": {"id": "throws", "name": "Throws", "description": "Throws what is to go up."},
    }
    assert made.data["scales"][0]["points"] == [[1, 0], [2.5, 1]]
    assert made.left_out == ("heading: Juggles.", "precedes: 1 association")
    assert made.rights == ("license: https://s.example/licence",)


def renamed(value: Any, prefix: str) -> Any:
    if isinstance(value, dict):
        return {name.replace("scd:", prefix): renamed(member, prefix) for name, member in value.items()}
    if isinstance(value, list):
        return [renamed(each, prefix) for each in value]
    return value.replace("scd:", prefix) if isinstance(value, str) else value


@pytest.mark.parametrize("prefix", ["", "own:", "https://opensource.ieee.org/scd/"])
def test_members_are_known_by_the_last_part_of_their_names(prefix: str) -> None:
    assert rubric_from_ieee(renamed(IEEE, prefix)).data == rubric_from_ieee(IEEE).data


def test_a_framework_may_hold_its_definitions_and_its_rubrics_what_they_are_of() -> None:
    data = {
        "type": "CompetencyFramework",
        "name": "X",
        "competencyDefinition": [
            {"id": "urn:a", "type": "CompetencyDefinition", "competencyStatement": "A."},
            {"id": "urn:b", "type": "CompetencyDefinition", "competencyStatement": "B."},
        ],
        "hasRubric": {
            "type": "Rubric",
            "hasCriterion": {
                "competencyDefinition": {"id": "urn:b"},
                "rubricCriterionLevel": [{"score": 0, "name": "No"}, {"score": 1, "name": "Yes"}],
            },
        },
    }
    made = rubric_from_ieee(data)
    assert [entry.get("anchors") for entry in made.data["indicators"]] == [None, {"0": "No", "1": "Yes"}]


def test_ctdl_asn_is_read_as_well() -> None:
    data = {
        "@graph": [
            {"@id": "urn:f", "@type": "ceasn:CompetencyFramework", "ceasn:name": {"en-US": "X"}},
            {"@id": "urn:a", "@type": "ceasn:Competency", "ceasn:competencyText": {"en-US": "A."}},
            {
                "@id": "urn:b",
                "@type": "ceasn:Competency",
                "ceasn:competencyText": {"en-US": "B."},
                "ceasn:isChildOf": ["urn:a"],
                "ceasn:codedNotation": "B1",
            },
        ]
    }
    made = rubric_from_ieee(data)
    assert list(indicators(made)) == ["b"]
    assert made.left_out == ("heading: A.",)


def test_a_graph_without_a_competency_is_refused() -> None:
    with pytest.raises(PluginError, match="no competency definition"):
        rubric_from_ieee({"@graph": [{"@type": "scd:CompetencyFramework", "scd:name": "X"}]})


# Whichever it is


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
def test_a_file_is_read_as_what_it_is(before: bytes) -> None:
    assert rubric_from_framework(before + json.dumps(CASE).encode()).data == rubric_from_case(CASE).data
    assert rubric_from_framework(before + json.dumps(IEEE).encode()).data == rubric_from_ieee(IEEE).data


@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"a": 1, "a": 2}', b"7", b"[]", b"null"])
def test_a_file_that_is_none_of_them_is_refused(content: bytes) -> None:
    with pytest.raises(PluginError):
        rubric_from_framework(content)
