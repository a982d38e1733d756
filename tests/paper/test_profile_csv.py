"""An officer's profile as CSV."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from lrs.paper.profile import profile_csv
from lrs.paper.profile_rows import COLUMNS
from tests.paper.conftest import Answers, Of, contest, explained, rejoinder


def read(answers: Answers) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(profile_csv(**answers).decode(), newline="")))


def of_kind(
    lines: list[dict[str, str]], kind: str, competency: str = "communication"
) -> list[dict[str, str]]:
    return [one for one in lines if one["kind"] == kind and one["competency"] in {competency, ""}]


def test_every_line_has_the_instant_the_officer_and_the_versions(of: Of) -> None:
    answers = of("R-001")
    lines = read(answers)
    assert list(lines[0]) == list(COLUMNS)
    for line in lines:
        assert line["as_of"] == answers["profile"]["as_of"]
        assert line["officer"] == answers["who"]["officer"]
        assert (line["unit"], line["phase"], line["name"]) == ("North", "2", "Recruit 1")
        assert (line["version"], line["printed_by"]) == ("1.2.3", "T-00")
        assert line["model"]
        assert line["rubric_digest"]


def test_a_line_for_each_competency_has_its_numbers(of: Of) -> None:
    answers = of("R-001")
    lines = [one for one in read(answers) if one["kind"] == "competency"]
    assert [one["competency"] for one in lines] == [
        one["competency"] for one in answers["profile"]["competencies"]
    ]
    for line, part in zip(lines, answers["profile"]["competencies"], strict=True):
        assert line["verdict"] == part["verdict"]
        assert line["score"] == number(part["estimate"]["score"])
        assert line["mass"] == number(part["estimate"]["mass"])
        assert line["gaps"] == "; ".join(part["gaps"])
        assert line["rubric_version"] == part["rubric"]["version"]


def number(value: Any) -> str:
    return "" if value is None else str(value)


def test_votes_add_up_to_the_sum_of_the_competency(of: Of) -> None:
    lines = read(of("R-001"))
    [whole] = of_kind(lines, "competency")
    votes = of_kind(lines, "vote")
    assert len(votes) == 13
    assert math.isclose(sum(float(one["to_e"]) for one in votes), float(whole["e"]), abs_tol=1e-4)
    assert math.isclose(sum(float(one["to_mass"]) for one in votes), float(whole["mass"]), abs_tol=1e-4)


def test_every_rating_names_its_statement_its_hash_and_its_vote(of: Of) -> None:
    answers = of("R-001")
    votes = explained(answers, "communication")["votes"]
    lines = of_kind(read(answers), "rating")
    expected = [
        (str(place), rating["statement_id"], rating["sha256"], f"{rating['rating']}", rating["scale"])
        for place, vote in enumerate(votes, 1)
        for rating in vote["ratings"]
    ]
    assert expected
    assert [
        (one["vote"], one["statement_id"], one["sha256"], one["rating"], one["scale"]) for one in lines
    ] == expected


def test_what_was_shown_done_and_left_out_is_there(of: Of) -> None:
    answers = of("R-001")
    e = explained(answers, "communication")
    item = {name: e["votes"][0][name] for name in ("observed", "encounter", "rater", "tier")}
    item |= e["votes"][0]["ratings"][0]
    e["shown"] = [e["votes"][0]]
    e["completed"] = [item]
    e["left_out"] = [{**item, "kind": "unusable", "reason": "not on the scale"}]
    lines = read(answers)
    assert [one["vote"] for one in of_kind(lines, "vote_shown")] == ["14"]
    assert len(of_kind(lines, "rating_shown")) == len(e["votes"][0]["ratings"])
    assert [one["statement_id"] for one in of_kind(lines, "completed")] == [item["statement_id"]]
    assert [one["why_left_out"] for one in of_kind(lines, "left_out")] == ["not on the scale"]


def test_contests_rejoinders_and_the_audit_trail_are_there(of: Of) -> None:
    answers = of("R-001")
    answers["contests"] = [contest(answers, "s-1")]
    answers["rejoinders"] = [rejoinder(answers, "s-2", "one line\nand another")]
    answers["trail"] = [
        {
            "number": 7,
            "at": "2026-11-28T16:00:00.000000Z",
            "actor": "user:1",
            "action": "read profile",
            "sha256": "ab",
        }
    ]
    lines = read(answers)
    [raised], [written], [entry] = (of_kind(lines, kind) for kind in ("contest", "rejoinder", "audit"))
    assert (raised["statement_id"], raised["at"], raised["state"]) == (
        "s-1",
        "2026-11-20T09:00:00.000000Z",
        "open",
    )
    assert raised["text"] == "It was my partner who spoke."
    assert (written["statement_id"], written["text"]) == ("s-2", "one line\nand another")
    assert (entry["number"], entry["actor"], entry["sha256"]) == ("7", "user:1", "ab")


def test_nothing_in_it_is_a_formula(of: Of) -> None:
    answers = of("R-001")
    answers["who"] |= {"name": "=1+1", "unit": "@SUM(A1)", "phase": "+1", "trainer": "-1"}
    answers["contests"] = [contest(answers, "s-1", reason_given='=HYPERLINK("x")', reasons="\t=1")]
    answers["rejoinders"] = [rejoinder(answers, "s-2", "|cmd")]
    answers["printed"] = {**answers["printed"], "by": "=cmd|' /C calc'!A0"}
    for line in read(answers):
        for name, cell in line.items():
            assert not cell.lstrip(" ").startswith(("=", "+", "@", "\t", "|", "%")), (name, cell)
        assert line["trainer"] == "'-1"


def test_what_no_encoding_carries_does_not_fail(of: Of) -> None:
    answers = of("R-001")
    answers["who"]["name"] = "a\ud800\0b😀"
    assert {one["name"] for one in read(answers)} == {"a?b😀"}


def test_the_same_arguments_give_the_same_bytes(of: Of) -> None:
    assert profile_csv(**of("R-001")) == profile_csv(**of("R-001"))
