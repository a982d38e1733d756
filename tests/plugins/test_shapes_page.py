from __future__ import annotations

import re
from pathlib import Path

import pytest

from lrs.plugin.shapes import standard_shapes
from tests.plugins.guests import EXAMPLES, golden

FILE = Path(__file__).parents[2] / "docs" / "reference" / "statement-shapes.md"
PAGE = FILE.read_text("utf-8")
INCLUDED = re.findall(r"```\{literalinclude\} (\S+)", PAGE)


def test_the_page_shows_every_example_and_no_other_file() -> None:
    shown = sorted((FILE.parent / path).resolve() for path in INCLUDED)
    assert shown == [Path(__file__).parent / "examples" / f"{name}.json" for name in EXAMPLES]


@pytest.mark.parametrize("shape", standard_shapes())
def test_each_shape_has_a_section_with_an_example_that_it_recognises(shape: str) -> None:
    section = PAGE.split(f"({shape})=\n## ")[1].split("\n## ")[0]
    rules = {rule["id"] for rule in standard_shapes()[shape].rules}
    tiers = {rule["tier"] for rule in standard_shapes()[shape].rules}
    examples = [Path(path).stem for path in re.findall(r"\{literalinclude\} (\S+)", section)]
    assert examples
    assert {piece["rule"] for name in examples for piece in golden(name)} <= rules
    assert all(f"`{tier}`" in section for tier in tiers)
