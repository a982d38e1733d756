"""`lrs plugin import-alignment` and `import-framework`, each run by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from lrs.cli.plugin_importing import import_alignment, import_framework
from lrs.errors import PluginError
from lrs.plugin.authoring import rubric_of
from lrs.plugin.files import read_document

RUBRIC = """
competency: juggling
version: "1"
name: Juggling
description: Keeps things in the air.
scales: [fto-7]
cut: {scale: fto-7, rating: 3.5}
indicators:
  - {id: catches, name: Catches, description: What comes down.}
"""
FRAMEWORK = {
    "CFDocument": {"title": "Made-up juggling", "licenseURI": {"title": "All rights kept"}},
    "CFItems": [
        {"identifier": "a", "fullStatement": "Catches."},
        {"identifier": "b", "fullStatement": "Throws.", "notes": "x"},
    ],
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a rubric, a good sheet, a bad sheet and a framework."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rubric.yaml").write_text(RUBRIC)
    (tmp_path / "good.csv").write_text("verb;tier;indicator\nrated;field;catches\n")
    (tmp_path / "bad.csv").write_text("verb;tier;indicator\nrated;fild;catches\n")
    (tmp_path / "framework.json").write_text(json.dumps(FRAMEWORK))
    return tmp_path


def run(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def data_of(path: Path) -> dict[str, Any]:
    return read_document(path).data


def test_an_alignment_goes_to_standard_output_and_its_report_does_not(here: Path) -> None:
    result = run(import_alignment, "good.csv", "--rubric", "rubric.yaml", "--version", "7")
    assert result.exit_code == 0
    (here / "alignment.yaml").write_text(result.stdout)
    data = data_of(here / "alignment.yaml")
    assert (data["version"], [rule["id"] for rule in data["rules"]]) == ("7", ["row-2"])
    assert result.stderr == "Rows read: 1. Rules: 1.\n"


@pytest.mark.parametrize("name", ["alignment.yaml", "alignment.json"])
def test_a_file_is_written_in_the_form_that_its_name_says(here: Path, name: str) -> None:
    result = run(import_alignment, "good.csv", "--rubric", "rubric.yaml", "--output", name)
    assert (result.exit_code, result.stdout) == (0, "")
    assert data_of(here / name)["competency"] == "juggling"


def test_nothing_is_written_unless_all_is_well(here: Path) -> None:
    result = run(import_alignment, "bad.csv", "--rubric", "rubric.yaml", "--output", "alignment.yaml")
    assert isinstance(result.exception, PluginError)
    assert [detail.path for detail in result.exception.details] == ["row 2, column tier"]
    assert not (here / "alignment.yaml").exists()


@pytest.mark.parametrize("output", ["good.csv", "rubric.yaml"])
def test_a_file_is_not_replaced_unasked_nor_written_under_a_strange_name(here: Path, output: str) -> None:
    before = (here / output).read_text()
    result = run(import_framework, "framework.json", "--output", output)
    assert result.exit_code == 2
    assert (here / output).read_text() == before


def test_a_file_is_replaced_when_asked(here: Path) -> None:
    assert run(import_framework, "framework.json", "--output", "rubric.yaml", "--replace").exit_code == 0
    assert data_of(here / "rubric.yaml")["competency"] == "made_up_juggling"


def test_a_framework_becomes_a_rubric_with_a_warning_and_what_was_left_out(here: Path) -> None:
    result = run(import_framework, "framework.json", "--competency", "juggling", "--output", "own.yaml")
    rubric = rubric_of(read_document(here / "own.yaml"))
    assert (rubric.competency, sorted(rubric.indicator_ids)) == ("juggling", ["catches", "throws"])
    assert result.stderr.splitlines() == [
        "Indicators: 2. Left out: 1.",
        "  notes of 1 item",
        "Warning: the text is its authors', and may be licensed. What the framework says of that:",
        "  Licence: All rights kept",
    ]


def test_a_part_of_a_framework_is_taken(here: Path) -> None:
    result = run(import_framework, "framework.json", "--under", "b")
    assert "id: throws\n" in result.stdout
    assert "id: catches\n" not in result.stdout
