"""The page on the alignment file names every member and word there is, and its tables nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lrs import schemas
from lrs.plugin.importing import COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "alignment-file.md").read_text("utf-8")
SCHEMA = schemas.documents()["alignment.json"]
RULE = SCHEMA["$defs"]["rule"]["properties"]
CONDITION = SCHEMA["$defs"]["condition"]["properties"]


def first_cells(heading: str) -> set[str]:
    """Every word in backticks in the first column of the tables below a heading."""
    section = re.split(r"^#+ ", PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0], flags=re.MULTILINE)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| ")]
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize(
    ("heading", "members"),
    [
        ("The file", set(SCHEMA["properties"])),
        ("A rule", set(RULE)),
        ("Conditions", {*CONDITION["the"]["enum"], *CONDITION} - {"key", "path"} | {"path"}),
        ("As a spreadsheet", set(COLUMNS)),
    ],
)
def test_a_table_has_each_member_and_no_other(heading: str, members: set[str]) -> None:
    assert first_cells(heading) == members


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("People", {*RULE["subject"]["then"]["enum"], *RULE["rater"]["then"]["enum"]}),
        ("The rating", set(RULE["rating"]["items"]["then"]["enum"])),
    ],
)
def test_a_table_of_words_has_each_and_the_paths(heading: str, words: set[str]) -> None:
    shown = first_cells(heading)
    assert {word for word in shown if not word.startswith("{")} == words
    assert any(word.startswith("{path") for word in shown)


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for inner in node.values():
            yield from _names(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _names(inner)


def test_every_member_of_the_schema_is_on_the_page_somewhere() -> None:
    code = " ".join(re.findall(r"`([^`]+)`", PAGE))
    missing = {
        name for name in _names(SCHEMA) if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", code)
    }
    assert missing == set()


def test_every_tier_is_on_the_page() -> None:
    assert all(f"`{tier}`" in PAGE for tier in RULE["tier"]["enum"])
