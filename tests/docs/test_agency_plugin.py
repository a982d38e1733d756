"""The example of an agency's own plugin: installed, tested by its own tests, and used."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lrs.plugin.testing import statement

SOURCE = Path(__file__).parents[2] / "docs" / "examples" / "agency_plugin"
_INSTALL = "from setuptools import setup; setup()"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the plugin is installed, as its own setup.cfg has it: files, entry point and version."""
    place = tmp_path_factory.mktemp("installed")
    source = place / "source"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__", ".*", "*.egg-info"))
    target = place / "target"
    target.mkdir()
    build = ["build", "--build-lib", str(target), "egg_info", "--egg-base", str(target)]
    done = subprocess.run(
        [sys.executable, "-c", _INSTALL, "-q", *build],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


def run(installed: Path, folder: Path, *command: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LRS_")}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def folder(installed: Path, tmp_path: Path) -> Path:
    """A folder with a store that holds the plugin's examples, each as a statement of its own."""
    data = json.loads((SOURCE / "lrs_report_writing" / "examples.json").read_text("utf-8"))
    lines = [
        json.dumps({**statement(**each["statement"]), "id": f"00000000-0000-4000-8000-{place:012}"})
        for place, each in enumerate(data["examples"])
    ]
    (tmp_path / "examples.jsonl").write_text("\n".join(lines), "utf-8")
    run(installed, tmp_path, "lrs", "init")
    run(installed, tmp_path, "lrs", "statements", "import", "examples.jsonl")
    return tmp_path


def test_its_own_tests_pass_on_what_is_installed(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(SOURCE / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    said = run(installed, tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert "16 passed" in said


def test_it_is_installed_with_version_and_distribution(installed: Path, tmp_path: Path) -> None:
    listed = json.loads(run(installed, tmp_path, "lrs", "plugin", "list", "--json"))
    [found] = [each for each in listed if each["name"] == "report_writing"]
    assert (found["version"], found["distribution"]) == ("1.0.0", "lrs-report-writing")


def test_it_is_good_in_everything(installed: Path, tmp_path: Path) -> None:
    checks = json.loads(run(installed, tmp_path, "lrs", "plugin", "check", "report_writing", "--json"))
    assert {check["state"] for check in checks} == {"good"}


def test_its_evidence_and_its_note_are_in_the_explanation(installed: Path, folder: Path) -> None:
    said = run(installed, folder, "lrs", "profile", "1017", "--competency", "report_writing")
    for rule in ("report-review", "class-report", "accepted-early"):
        assert f"rule {rule} of report_writing 1.0.0" in said
    assert "The academy asks for 8 reviewed reports by the end of phase 2; there are 2." in said


def test_its_model_is_used_where_the_settings_name_it(installed: Path, folder: Path) -> None:
    model = "share-acceptable/1-0.75"
    asked = ("lrs", "profile", "1017", "--competency", "report_writing", "--json")
    [before] = json.loads(run(installed, folder, *asked))
    settings = f'[scoring.competencies.report_writing]\nmodel = "{model}"\n'
    (folder / "rapport.toml").write_text(settings, "utf-8")
    [after] = json.loads(run(installed, folder, *asked))
    assert model not in json.dumps(before)
    assert model in json.dumps(after)


def test_its_column_is_in_the_export_of_profiles(installed: Path, folder: Path) -> None:
    said = run(installed, folder, "lrs", "profiles", "export")
    rows = list(csv.DictReader(said.splitlines()))
    assert any("report_writing.reports-reviewed" in name for name in rows[0])
    assert "2" in {row["report_writing.reports-reviewed"] for row in rows}
