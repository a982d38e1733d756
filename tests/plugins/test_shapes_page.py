from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from lrs.plugin.shapes import standard_shapes
from tests.plugins.guests import EXAMPLES, FIELD_EXAMPLES, FIELD_GUESTS, HERE, field_golden, golden

FILE = HERE.parents[1] / "docs" / "reference" / "statement-shapes.md"
PAGE = FILE.read_text("utf-8")
INCLUDED = re.findall(r"```\{literalinclude\} (\S+)", PAGE)
OWN = {
    rule["id"]: (competency, rule["tier"])
    for competency in FIELD_GUESTS
    for rule in json.loads((files(f"lrs_{competency}") / "alignment.json").read_text("utf-8")).get(
        "rules", ()
    )
}
"""Rules of the guests' own, with the competency and the tier of each."""


def rules_in(section: str) -> set[str]:
    """The rules that recognise the examples of a section."""
    names = [Path(path).stem for path in re.findall(r"\{literalinclude\} (\S+)", section)]
    pieces = [each for name in names for each in (field_golden if name in FIELD_EXAMPLES else golden)(name)]
    return {piece["rule"] for piece in pieces}


def test_the_page_shows_every_example_and_no_other_file() -> None:
    shown = sorted((FILE.parent / path).resolve() for path in INCLUDED)
    of_all = [HERE / "examples" / f"{name}.json" for name in EXAMPLES]
    of_fields = [HERE / "fields" / "examples" / f"{name}.json" for name in FIELD_EXAMPLES]
    assert shown == sorted([*of_all, *of_fields])


@pytest.mark.parametrize("shape", standard_shapes())
def test_each_shape_has_a_section_with_an_example_that_it_recognises(shape: str) -> None:
    section = PAGE.split(f"({shape})=\n## ")[1].split("\n## ")[0]
    rules = {rule["id"] for rule in standard_shapes()[shape].rules}
    tiers = {rule["tier"] for rule in standard_shapes()[shape].rules}
    assert rules_in(section)
    assert rules_in(section) <= rules
    assert all(f"`{tier}`" in section for tier in tiers)


@pytest.mark.parametrize("section", ["project", "meeting", "law", "reflection", "mentoring-hours"])
def test_each_shape_of_one_competency_has_a_section_with_an_example_that_it_recognises(section: str) -> None:
    text = PAGE.split(f"({section})=\n### ")[1].split("\n## ")[0].split("\n### ")[0]
    named = {rule for rule in OWN if f"`{rule}`" in text}
    assert named
    assert rules_in(text) & named
    for competency, tier in {OWN[rule] for rule in named}:
        assert f"`{competency}`" in text
        assert f"`{tier}`" in text


def test_every_rule_of_a_guests_own_is_on_the_page() -> None:
    kinds = {"hours-of-the-unit-of-any-kind", "hours-of-its-officer-of-any-kind"}
    assert [rule for rule in OWN if f"`{rule}`" not in PAGE] == sorted(kinds, reverse=True)
