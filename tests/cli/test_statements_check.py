"""`lrs statements check --templates`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Lrs
from tests.web.api.conftest import rating


def write(folder: Path, *statements: dict[str, Any]) -> str:
    file = folder / "in.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in statements), "utf-8")
    return str(file)


def unmatched() -> dict[str, Any]:
    statement = rating("R-001", 5)
    del statement["context"]["instructor"]
    return statement


def test_what_matches_no_template_is_listed_and_is_no_error(lrs: Lrs, tmp_path: Path) -> None:
    file = write(tmp_path, rating("R-001", 5), unmatched())
    code, out, err = lrs("statements", "check", file, "--templates")
    assert code == 0
    [line] = out.splitlines()
    assert line.startswith(
        "line 2: nearest template Rating of a checklist item (ride-along): $.context.instr"
    )
    assert "Not valid: 0." in out + err
    assert "Matched by a template of the xAPI Profile: 1." in out + err


def test_templates_are_asked_for(lrs: Lrs, tmp_path: Path) -> None:
    code, out, err = lrs("statements", "check", write(tmp_path, unmatched()))
    assert (code, "template" in out + err) == (0, False)
    assert "templates" not in json.loads(lrs("statements", "check", "--json", str(tmp_path / "in.jsonl"))[1])


def test_a_script_reads_the_nearest_template_of_each_valid_line(lrs: Lrs, tmp_path: Path) -> None:
    gazed = rating("R-001", 5, verb={"id": "https://vr.example/verbs/gazed"})
    file = write(tmp_path, rating("R-001", 5), {"actor": {}}, gazed)
    code, out, _ = lrs("statements", "check", file, "--templates", "--json")
    found = json.loads(out)
    assert code == 1
    assert [line["line"] for line in found["invalid"]] == [2]
    first, last = found["templates"]
    assert (first["line"], first["nearest"]["matched"], first["nearest"]["reasons"]) == (1, True, [])
    assert last == {"line": 3, "nearest": None}
