"""An explanation for the officer whose record it is: second person, plain words, no formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lrs.competency.phrases import WHERE, day, given, many, notes, titled, warnings

_VERDICT = {
    "at_standard": "What is recorded is at the standard of this rubric.",
    "below_standard": "What is recorded is below the standard of this rubric.",
    "undetermined": "There is enough to look at, and it does not say clearly whether you are at the standard.",
    "insufficient": "There is not enough yet to say whether you are at the standard.",
    "stale": "What is recorded is too old to say whether you are at the standard now.",
    "not_scored": "This is not scored. It is recorded that you did it; nothing is said of how well.",
}
_WRONG = (
    "If an entry is wrong, tell your training officer which one, by the number of its statement, and why.",
    "A wrong entry can be withdrawn and recorded anew; from then on it does not count.",
    "If something you did is not here, say so: what nobody recorded is not in this summary.",
)


def text_for_officer(e: Mapping[str, Any]) -> Iterator[str]:
    """The lines for the officer of `Explanation.as_dict()`."""
    yield f"Your record on {e['name']}, as of {day(e['as_of'])}"
    yield f"  {_VERDICT[e['verdict']]}"
    yield from (f"  {why}" for why in _reasons(e))
    if e["scored"]:
        yield f"  Counted plainly: {e['counts']['text']}."
    else:
        yield f"  {e['counts']['text'][:1].upper()}{e['counts']['text'][1:]}."
    yield f"  {e['about']}"
    yield from titled("What it rests on", _basis(e))
    yield from titled("Shown, and never part of the result", _entries(e["shown"]) if e["scored"] else ())
    yield from titled("Left out", (_left_out(item) for item in e["left_out"]))
    yield from titled("Nothing is recorded yet on", _gaps(e))
    yield from titled("What would make it clear", (_prospect(one) for one in e["prospects"]))
    yield from notes(e)
    yield from warnings(e)
    yield from titled("If something is wrong", _WRONG)


def _reasons(e: Mapping[str, Any]) -> Iterator[str]:
    for gate in (gate for gate in e["gates"] if not gate["met"]):
        if gate["gate"] == "mass":
            yield "There are too few encounters, or they were too long ago to count for much."
        elif gate["gate"] == "raters":
            yield f"It comes from {many(round(gate['found']), 'rater')}; {gate['needed']:g} or more are needed."
        elif gate["found"] is None:
            yield "Nothing that counts is recorded."
        else:
            yield f"The newest is {gate['found']:.0f} days old; less than {gate['needed']:g} is needed."
    if len(e["reasons"]) > sum(not gate["met"] for gate in e["gates"]):
        yield "The computation failed; whoever runs this system has to look at it."


def _basis(e: Mapping[str, Any]) -> Iterator[str]:
    if e["votes"]:
        first, last = day(e["votes"][0]["observed"]), day(e["votes"][-1]["observed"])
        votes, raters = many(len(e["votes"]), "look"), many(len(e["raters"]), "rater")
        yield f"{votes} at your work by {raters}, from {first} to {last}. The newer, the more it counts."
        yield from _entries(e["votes"])
    if not e["scored"]:
        yield from _entries(e["shown"])
        for item in e["completed"]:
            yield f"{day(item['observed'])}, {given(item)}, statement {item['statement_id']}"


def _entries(votes: list[Mapping[str, Any]]) -> Iterator[str]:
    for vote in votes:
        yield f"{day(vote['observed'])}, {WHERE[vote['tier']]}, by {vote['rater']}"
        for rating in vote["ratings"]:
            yield f"  {given(rating)}, statement {rating['statement_id']}"


def _left_out(item: Mapping[str, Any]) -> str:
    return f"{day(item['observed'])}, {given(item)}: {item['reason']}, statement {item['statement_id']}"


def _gaps(e: Mapping[str, Any]) -> Iterator[str]:
    return (one["name"] for one in e["indicators"] if one["gap"])


def _prospect(one: Mapping[str, Any]) -> str:
    like = {"mean_so_far": "as you were so far", "acceptable": "as acceptable"}[one["rated"]]
    if one["encounters"] is None:
        return f"If you are rated {like}, even {one['most']} more encounters would not make it clear."
    result = {"at_standard": "at the standard", "below_standard": "below the standard"}[one["verdict"]]
    whose = ""
    if one["new_raters"]:
        others = many(one["new_raters"], "rater")
        whose = f", with {others} who {'has' if one['new_raters'] == 1 else 'have'} not rated you yet,"
    encounters = many(one["encounters"], "more encounter")
    return f"{encounters} {WHERE[one['tier']]}{whose} rated {like}: it would then be {result}."
