"""`lrs roster`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Lrs

ACADEMY = "https://academy.example"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(
        "account;name;phase;trainer;start\nR-001;Recruit 1;2;T-01;2026-01-12\nR-002;Recruit 2;1;;\n"
    )
    return path


def take_in(lrs: Lrs, file: Path, *options: str) -> tuple[int, str, str]:
    return lrs("roster", "import", str(file), "--home-page", ACADEMY, *options)


def test_each_row_that_changes_something_is_told(ready: Lrs, file: Path) -> None:
    code, out, err = take_in(ready, file)
    assert (code, out.splitlines()[0]) == (0, f"row 2: added account:R-001@{ACADEMY}")
    assert "Rows: added 2, changed 0, unchanged 0, refused 0. Removed: 0." in err
    assert "No evidence was ever found on 2 of them" in err
    file.write_text(file.read_text().replace(";2;T-01", ";3;T-01"))
    assert take_in(ready, file)[1] == f"row 2: changed account:R-001@{ACADEMY} (phase: 2 → 3)\n"


def test_a_refused_row_is_told_and_nothing_is_changed(ready: Lrs, file: Path) -> None:
    file.write_text(file.read_text() + "R-003;;;;soon\n")
    code, out, err = take_in(ready, file)
    assert code == 1
    assert "row 4: refused" in out
    assert 'row 4, start: "soon"; expected a date as in 2026-11-23' in out
    assert "Nothing was changed." in err
    assert json.loads(ready("roster", "list", "--json")[1]) == []
    assert take_in(ready, file, "--skip-refused")[0] == 1
    assert len(json.loads(ready("roster", "list", "--json")[1])) == 2


def test_what_an_import_did_is_written_for_scripts(ready: Lrs, file: Path) -> None:
    done = json.loads(take_in(ready, file, "--dry-run", "--json")[1])
    assert (done["stored"], done["added"], [row["fate"] for row in done["rows"]]) == (
        False,
        2,
        ["added", "added"],
    )
    take_in(ready, file)
    file.write_text("account\nR-002\n")
    done = json.loads(take_in(ready, file, "--replace", "--json")[1])
    assert (done["stored"], done["removed_officers"]) == (True, [f"account:R-001@{ACADEMY}"])


def test_the_list_is_for_people_scripts_and_the_next_import(ready: Lrs, file: Path, tmp_path: Path) -> None:
    take_in(ready, file)
    lines = ready("roster", "list", "--phase", "2")[1].splitlines()
    assert [line.split() for line in lines] == [
        ["account", "name", "unit", "phase", "trainer", "start"],
        ["R-001", "Recruit", "1", "-", "2", "T-01", "2026-01-12"],
    ]
    again = tmp_path / "again.csv"
    again.write_text(ready("roster", "list", "--csv")[1])
    done = json.loads(ready("roster", "import", str(again), "--replace", "--json")[1])
    assert (done["unchanged"], done["removed"]) == (2, 0)
