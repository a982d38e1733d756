"""`lrs audit`."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Lrs
from tests.cli.test_commands import write
from tests.web.api.conftest import rating

PERSON = "account:R-001@https://academy.example"


@pytest.fixture
def log(lrs: Lrs, tmp_path: Path) -> Lrs:
    """Four entries: a user is made and changed, a key is made, the user is disabled."""
    assert lrs("init", "--no-users")[0] == 0
    lrs("statements", "import", write(tmp_path, "in.jsonl", rating("R-001", 5)))
    lrs("user", "create", "jo", "--role", "officer", "--agent", PERSON)
    lrs("user", "change", "jo", "--role", "auditor")
    lrs("key", "create", "--name", "Vendor")
    lrs("user", "disable", "jo")
    return lrs


def tamper(statement: str) -> None:
    with sqlite3.connect(os.environ["LRS_STORE"].removeprefix("sqlite:///")) as connection:
        connection.execute("DROP TRIGGER audit_log_is_not_changed")
        connection.execute("DROP TRIGGER audit_log_is_not_deleted")
        connection.execute(statement)
    connection.close()


def test_a_log_that_holds_says_how_much_there_is_and_its_newest_hash(log: Lrs) -> None:
    code, out, _ = log("audit", "verify")
    assert code == 0
    assert "Entries: 4" in out
    found = json.loads(log("audit", "verify", "--json")[1])
    assert found["holds"] is True
    assert found["entries"] == 4
    assert found["head"] == out.splitlines()[-1]
    assert log("audit", "verify", "--expect", found["head"])[0] == 0


def test_the_first_entry_that_is_not_what_was_written_is_named(log: Lrs) -> None:
    tamper("UPDATE audit_log SET actor = 'user:1' WHERE number IN (2, 4)")
    code, out, err = log("audit", "verify")
    assert (code, out) == (1, "")
    assert "Entry 2 is not what was written" in err
    code, out, _ = log("audit", "verify", "--json")
    assert code == 1
    assert json.loads(out) == {"holds": False, "broken": "Entry 2 is not what was written."}


def test_a_log_that_was_cut_is_found_out_by_a_hash_that_was_written_down(log: Lrs) -> None:
    head = json.loads(log("audit", "verify", "--json")[1])["head"]
    tamper("DELETE FROM audit_log WHERE number = 4")
    assert log("audit", "verify")[0] == 0
    code, _, err = log("audit", "verify", "--expect", head)
    assert (code, head in err) == (1, True)


def test_entries_are_listed_newest_first_by_name(log: Lrs) -> None:
    lines = log("audit", "list")[1].splitlines()
    assert lines[0].split() == ["number", "at", "who", "did", "about", "detail"]
    assert [line.split()[0] for line in lines[1:]] == ["4", "3", "2", "1"]
    assert "system" in lines[1]
    assert "disable user" in lines[1]
    assert "name Vendor" in lines[2]


def test_entries_are_filtered(log: Lrs) -> None:
    def numbers(*filters: str) -> list[int]:
        code, out, err = log("audit", "list", "--json", *filters)
        assert code == 0, err
        return [entry["number"] for entry in json.loads(out)]

    assert numbers() == [4, 3, 2, 1]
    assert numbers("--action", "create key") == [3]
    assert numbers("--before", "3", "--limit", "1") == [2]
    assert numbers("--actor", "jo") == []
    assert numbers("--actor", "system", "--action", "change user") == [2]
    assert numbers("--until", "2020-01-01") == []
    assert numbers("--since", "2020-01-01") == [4, 3, 2, 1]
    assert numbers("--person", "R-001") == []
    for wrong in (("--person", "nobody"), ("--actor", "nobody"), ("--since", "soon")):
        assert log("audit", "list", *wrong)[0] == 1


def test_the_log_is_exported_with_all_that_its_hashes_are_computed_over(log: Lrs, tmp_path: Path) -> None:
    code, out, err = log("audit", "export")
    assert (code, "Entries written: 5." in err) == (0, True)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [one["number"] for one in lines] == [1, 2, 3, 4, 5]
    assert lines[-1]["action"] == "export audit log"
    assert [one["previous"] for one in lines[1:]] == [one["sha256"] for one in lines[:-1]]
    file = tmp_path / "log.jsonl"
    assert log("audit", "export", "--output", str(file))[:2] == (0, "")
    assert file.read_text().splitlines()[:5] == out.splitlines()
    assert file.stat().st_mode & 0o077 == 0
    code, _, err = log("audit", "export", "--output", str(file))
    assert (code, "log.jsonl" in err) == (1, True)
    assert len(file.read_text().splitlines()) == 6
