"""`lrs report`: tables, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from lrs.cli.output import show_json
from lrs.cli.report_tables import show_csv, show_lines
from lrs.cohort.answer import Table
from lrs.stores.refusals import Refusal
from lrs.stores.sqlite.store import SqliteStore
from lrs.xapi.timestamps import format_us
from tests.cli.conftest import Lrs
from tests.services.academy import ACADEMY, DE_ESCALATES, ROSTER, graded, key, on, surveys
from tests.web.api.conftest import rating


@pytest.fixture
def academy(ready: Lrs, tmp_path: Path) -> Lrs:
    """The small academy: see `tests.services.academy.fill`; VR and surveys beside it."""
    statements = [
        *(rating("R-001", 5, rater=f"T-0{n % 2}", days_ago=n + 1) for n in range(12)),
        on(DE_ESCALATES, rating("R-001", 6)),
        rating("R-002", 4),
        *(rating("R-003", 2, days_ago=n + 1) for n in range(8)),
        *(graded("R-003", 0.4, n + 1) for n in range(3)),
        *surveys("U-1", (3, 3, 3, 4, 4, 4)),
        *surveys("U-2", (3, 3, 3, 3, 3, 3)),
    ]
    file, roster = tmp_path / "academy.jsonl", tmp_path / "roster.csv"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in statements))
    roster.write_bytes(ROSTER)
    assert ready("statements", "import", str(file))[0] == 0
    assert ready("roster", "import", str(roster), "--home-page", ACADEMY)[0] == 0
    return ready


QUESTIONS = {
    "gaps": ["--phase", "2"],
    "trend": ["R-001", "--competency", "communication", "--date", "2020-01-01"],
    "vr-field": ["--competency", "communication"],
    "unit-survey": ["U-1", "--competency", "communication"],
    "raters": ["--competency", "communication"],
    "flat": [],
    "stale": ["--days", "179.5"],
    "quality": [],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_as_table_csv_and_json(academy: Lrs, question: str) -> None:
    if question == "raters":
        pytest.importorskip("raschpy")
    command = ("report", question, *QUESTIONS[question])
    whole = json.loads(academy(*command, "--json")[1])
    assert whole["report"] == question
    code, out, err = academy(*command)
    assert (code, err) == (0, "")
    assert out.startswith("As recorded by ")
    assert all(f"- {note}\n" in out for note in whole["notes"])
    head, *rows = csv.reader(io.StringIO(academy(*command, "--csv")[1]))
    assert rows
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize("refused", [True, False])
def test_what_was_refused_is_told_after_what_was_stored(academy: Lrs, tmp_path: Path, refused: bool) -> None:
    now_us = time.time_ns() // 1000
    day = format_us(now_us)[:10]
    if refused:
        one = Refusal(
            day=day,
            authority="account:VR@https://lrs.example",
            code="invalid_statement",
            path="/*/verb/id",
            expected="an IRI\x1b[2J with a scheme",
            requests=60,
            statements=180,
            last_us=now_us,
        )
        paths = [replace(one, path=f"/*/verb/{number}", requests=1) for number in range(52)]
        with closing(SqliteStore(tmp_path / "cli.db")) as store:
            store.add_refusals([one, *paths])
    out = academy("report", "quality")[1]
    _, _, after = out.partition("\nRefused from ")
    told, _, notes = after.partition("\n- ")
    assert notes
    lines = [line.split() for line in told.splitlines() if line]
    if not refused:
        assert told.strip().endswith(f"to {day}: no request with statements.")
        assert len(lines) == 1
        return
    assert f"to {day}: 112 requests with 9540 statements, as far as is known." in told
    assert lines[1:3] == [
        ["authority", "requests", "statements", "last"],
        ["VR", "112", "9540", day],
    ]
    assert " ".join(lines[4]) == f"VR invalid_statement /*/verb/id an IRI\\x1b[2J with a scheme 60 {day}"
    assert len(lines) == 5 + 49 + 1
    assert told.endswith("3 less frequent reasons are left off.\n")
    whole = json.loads(academy("report", "quality", "--json")[1])["refused"]
    assert (whole["requests"], len(whole["reasons"]), whole["more_reasons"]) == (112, 50, 3)
    assert "invalid_statement" not in academy("report", "quality", "--csv")[1]


def test_missing_evidence_is_a_line_for_each_officer(academy: Lrs) -> None:
    out = academy("report", "gaps", "--phase", "2", "--indicator", "de-escalates-before-force", "--lacking")[
        1
    ]
    lines = [line.split() for line in out.splitlines()]
    assert [
        "R-002",
        "Recruit",
        "2",
        "North",
        "2",
        "T-01",
        "1",
        "of",
        "1",
        "de-escalates-before-force",
    ] in lines
    assert not any(line[:1] == ["R-001"] for line in lines)


def test_a_refusal_is_told_with_its_reason(academy: Lrs) -> None:
    out = academy("report", "trend", "R-001", "--competency", "communication", "--date", "2020-01-01")[1]
    assert (
        "change: refused: 5 scored encounters are needed on either side; there are 0 before the date" in out
    )
    out = academy("report", "vr-field", "--competency", "communication")[1]
    assert "communication: refused: 30 officers with both are needed; there are 1." in out


def test_control_units_may_be_named_more_than_once(academy: Lrs) -> None:
    command = ("report", "unit-survey", "U-1", "--competency", "communication", "--json")
    whole = json.loads(academy(*command, "--control", "U-2", "--control", "U-2")[1])
    assert [one["unit"] for one in whole["units"]] == [key("U-1"), key("U-2")]


def test_the_audit_is_answered_as_table_csv_and_json(academy: Lrs, tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text("account,band\nR-001,a\nR-002,b\nR-404,a\n")
    command = ("report", "impact", "--groups", str(file), "--competency", "communication")
    whole = json.loads(academy(*command, "--json")[1])
    assert (whole["rows"], whole["rows_unknown"]) == (3, 1)
    code, out, _ = academy(*command)
    assert code == 0
    assert "not a finding of discrimination" in out
    assert out.count("yes") >= 2
    assert academy(*command, "--csv")[1].startswith("attribute,group,")


@pytest.mark.parametrize(
    "command",
    [
        *(["stale", "--days", number] for number in ("nan", "inf", "-inf")),
        *(
            ["trend", "R-001", "--competency", "communication", option, "nan"]
            for option in ("--bandwidth-days", "--window-days")
        ),
        ["unit-survey", "U-1", "--competency", "communication", "--min-replies", "2"],
    ],
)
def test_a_number_out_of_range_is_refused(ready: Lrs, command: list[str]) -> None:
    assert ready("report", *command)[:2] == (2, "")


def test_json_has_no_number_that_json_does_not_know() -> None:
    with pytest.raises(ValueError, match="JSON"):
        show_json({"days": float("nan")})


NASTY = "a\x1b[2J\nb\r\x85\u2028\u202e\x07"
WRITTEN = r"a\x1b[2J\nb\r\x85\u2028\u202e\x07"


@pytest.mark.parametrize("show", [show_csv, show_lines])
def test_text_forges_no_line_and_drives_no_terminal(
    capsys: pytest.CaptureFixture[str], show: Callable[[Table], None]
) -> None:
    show(Table(("platform", "statements"), ((NASTY, 1),)))
    out = capsys.readouterr().out
    assert WRITTEN in out
    assert out.isascii()
    assert out.replace("\n", "").isprintable()
    assert len(out.split()) == 4 if show is show_lines else len(out.splitlines()) == 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["trend", "R-404", "--competency", "communication"], "Nothing is recorded of R-404"),
        (["gaps", "--competency", "charm"], "No plugin defines the competency charm"),
        (["quality", "--since", "soon"], "since is 'soon'"),
    ],
)
def test_what_cannot_be_asked_is_an_error(academy: Lrs, command: list[str], said: str) -> None:
    code, out, err = academy("report", *command)
    assert (code, out) == (1, "")
    assert said in err
