"""Question 10: what statements came to, by vendor, platform and scenario."""

from __future__ import annotations

from lrs.cohort.quality import REASONS, Covered, Look, Quality, quality
from lrs.cohort.refused import refused
from tests.cohort.cohorts import DAY_US, NOW_US, key

COVERED = Covered(since_us=NOW_US - DAY_US, until_us=NOW_US, through_us=NOW_US, complete=True)
NOTHING_REFUSED = refused([], "2026-01-14", "2026-01-15")


def look(activity: str = "https://vr.example/door", **parts: object) -> Look:
    return Look(authority=key("VR"), platform="VR", activity=activity, **parts)  # type: ignore[arg-type]


def ask(*looks: Look, limit: int = 100) -> Quality:
    return quality(looks, COVERED, NOTHING_REFUSED, limit=limit)


def test_statements_and_pieces_of_evidence_are_counted_apart() -> None:
    [line] = ask(
        look(recognised=True, evidence=4, not_observed=1, unusable=("too late",)),
        look(future=True, quarantined=True),
        look(voided=True),
    ).as_dict()["lines"]
    assert {name: line[name] for name in ("statements", "voided", "recognised", "unrecognised")} == {
        "statements": 3,
        "voided": 1,
        "recognised": 1,
        "unrecognised": 1,
    }
    assert (line["quarantined"], line["future"]) == (1, 1)
    assert (line["evidence"], line["unusable"], line["not_observed"], line["not_observed_share"]) == (
        4,
        1,
        1,
        0.25,
    )
    assert line["why_unusable"] == [{"reason": "too late", "times": 1}]


def test_without_evidence_there_is_no_share() -> None:
    assert ask(look()).as_dict()["lines"][0]["not_observed_share"] is None


def test_the_most_frequent_reasons_of_the_sample_are_told() -> None:
    reasons = [f"reason {n}" for n in range(REASONS + 2)]
    looks = [look(why_not=reason) for n, reason in enumerate(reversed(reasons)) for _ in range(n + 1)]
    [line] = ask(*looks, look()).as_dict()["lines"]
    assert line["why_not"]["sampled"] == sum(range(1, REASONS + 3))
    assert [one["reason"] for one in line["why_not"]["reasons"]] == reasons[:REASONS]


def test_the_worst_comes_first_and_the_rest_is_counted() -> None:
    found = ask(look("a:good", recognised=True), look("a:bad"), look("a:bad"), look("a:poor"), limit=2)
    assert [line.activity for line in found.lines] == ["a:bad", "a:poor"]
    assert found.more_lines == 1
    assert found.as_dict()["totals"]["statements"] == 4


def test_it_says_what_is_counted_of_what_was_refused_and_what_it_cannot_know() -> None:
    notes = " ".join(ask().notes)
    assert "Nothing of what they brought is kept" in notes
    assert "Days are counted whole" in notes
    assert "A request without a valid key, or without the right to post, is not counted." in notes


def test_what_was_refused_stands_beside_and_is_in_no_total() -> None:
    found = ask(look()).as_dict()
    assert found["refused"] == NOTHING_REFUSED.as_dict()
    assert found["totals"]["statements"] == 1


def test_the_table_has_a_line_each() -> None:
    table = ask(look(why_not="it is no rating"), look("a:b", recognised=True)).table()
    assert {len(row) for row in table.rows} == {len(table.titles)}
    assert table.rows[0][-1] == "it is no rating"
