"""What an officer said to items of their record, as text: the last part of an explanation, whoever it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lrs.competency.phrases import day


def said(explanation: Mapping[str, Any]) -> Iterator[str]:
    """The contests and rejoinders that an explanation has beside its items; nothing where there are none."""
    contests, rejoinders = explanation.get("contests", ()), explanation.get("rejoinders", ())
    if not contests and not rejoinders:
        return
    yield "What the officer says to items of this record"
    yield from _contests(contests)
    for rejoinder in rejoinders:
        yield f"  Rejoinder of {day(rejoinder['written'])} to statement {rejoinder['statement_id']}"
        yield from _lines(rejoinder["text"])


def _contests(contests: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for contest in contests:
        state = f"open, to be decided by {day(contest['due'])}"
        if contest["overdue"]:
            state = f"open and overdue since {day(contest['due'])}"
        if contest["state"] != "open":
            state = f"{contest['state']} on {day(contest['decided'])}"
        yield f"  Contest of {day(contest['raised'])} of statement {contest['statement_id']}: {state}"
        yield from _lines(contest["reason_given"])
        if contest["reasons"]:
            yield "    Decided so, because:"
            yield from _lines(contest["reasons"])
        if contest["reissued_id"]:
            yield f"    Voided by {contest['voiding_id']}; in its place stands {contest['reissued_id']}."
        elif contest["voiding_id"]:
            yield f"    Voided by {contest['voiding_id']}; nothing stands in its place."


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f"    | {line}"
