"""`lrs profiles export` and `lrs profiles assert`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lrs.cli.exporting import profiles
from lrs.errors import InvalidInput, InvalidParameter
from tests.cli.conftest import Lrs

INDICATOR = "https://w3id.org/xapi/rapport/indicators/leadership/briefs-and-debriefs"


@pytest.fixture
def academy(ready: Lrs, tmp_path: Path) -> Path:
    """A store in which R-1 has evidence enough for a verdict, and R-2 has little."""
    lines = [_rating("R-1", number) for number in range(8)] + [_rating("R-2", 9)]
    (tmp_path / "statements.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert ready("statements", "import", "statements.jsonl")[0] == 0
    return tmp_path


def _rating(officer: str, number: int) -> dict[str, object]:
    def account(name: str) -> dict[str, object]:
        return {"account": {"homePage": "https://academy.example", "name": name}}

    return {
        "id": f"3f0c2a58-7b1d-4e0a-9c55-1d2f3a4b5c{number:02}",
        "actor": account(officer),
        "verb": {"id": "http://id.tincanapi.com/verb/rated"},
        "object": {"id": INDICATOR},
        "result": {"score": {"raw": 6, "min": 1, "max": 7}},
        "context": {
            "registration": f"3f0c2a58-7b1d-4e0a-9c55-1d2f3a4b5d{number:02}",
            "instructor": {"objectType": "Agent", **account(f"T-{number % 2}")},
        },
    }


def run(*arguments: str) -> Result:
    return CliRunner().invoke(profiles, arguments, catch_exceptions=True)


def test_profiles_go_out_as_csv_to_standard_output(academy: Path) -> None:
    result = run("export")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    on_leadership = {row["officer"]: row["verdict"] for row in rows if row["competency"] == "leadership"}
    assert on_leadership == {
        "account:R-1@https://academy.example": "at_standard",
        "account:R-2@https://academy.example": "insufficient",
    }
    assert "Officers written: 2" in result.stderr


def test_profiles_go_out_as_json_to_a_file(academy: Path) -> None:
    assert run("export", "--format", "json", "--output", "profiles.json").exit_code == 0
    whole = json.loads((academy / "profiles.json").read_text())
    assert {row["officer"] for row in whole["rows"]} == {
        f"account:{name}@https://academy.example" for name in ("R-1", "R-2")
    }


def test_a_file_that_is_there_is_replaced_only_when_asked(academy: Path) -> None:
    (academy / "profiles.csv").write_text("mine")
    assert isinstance(run("export", "--output", "profiles.csv").exception, InvalidInput)
    assert (academy / "profiles.csv").read_text() == "mine"
    assert run("export", "--output", "profiles.csv", "--replace").exit_code == 0
    assert (academy / "profiles.csv").read_text() != "mine"


def test_nobody_of_a_unit_without_members_is_written(academy: Path) -> None:
    result = run("export", "--unit", "North")
    assert len(result.stdout.splitlines()) == 1
    assert "Officers written: 0" in result.stderr


@pytest.mark.parametrize("command", ["export", "assert"])
def test_the_future_is_not_known(academy: Path, command: str) -> None:
    assert isinstance(run(command, "--as-of", "2999-01-01").exception, InvalidParameter)


def test_a_dry_run_shows_what_would_be_asserted_and_a_run_writes_it_once(academy: Path, ready: Lrs) -> None:
    shown = run("assert", "--dry-run").stdout
    assert "account:R-1@https://academy.example  leadership  -                at_standard" in shown
    assert "Would be written: 1. Unchanged: 0." in shown
    assert "Written: 1. Unchanged: 0." in run("assert").stdout
    assert "Written: 0. Unchanged: 1." in run("assert").stdout
    assert ready("statements", "export", "all.jsonl")[0] == 0
    statements = [json.loads(line) for line in (academy / "all.jsonl").read_text().splitlines()]
    assert [one["verb"]["id"] for one in statements].count("https://w3id.org/xapi/tla/verbs/asserted") == 1


def test_a_script_reads_what_was_asserted(academy: Path) -> None:
    told = json.loads(run("assert", "--json").stdout)
    (change,) = told["changes"]
    assert (change["competency"], change["before"], change["after"]) == ("leadership", None, "at_standard")
    assert (told["officers"], told["dry_run"]) == (2, False)
