"""An explanation for the training officer: the verdict, its margins and gaps, the raters, what would decide it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lrs.competency.estimate import number
from lrs.competency.phrases import WHERE, day, many, notes, titled, warnings


def text_for_trainer(e: Mapping[str, Any]) -> Iterator[str]:
    """The lines for the training officer of `Explanation.as_dict()`."""
    yield f"{e['name']} ({e['competency']}) of {e['subject']}, as of {day(e['as_of'])}"
    yield f"  Verdict: {e['verdict']}. {e['counts']['text']}."
    for reason in e["reasons"]:
        yield f"    because: {reason}"
    yield f"  {e['about']}"
    yield from titled("Margins", _margins(e))
    yield from titled("Gaps: indicators without evidence that counts", _gaps(e))
    yield from titled("Raters", _raters(e))
    yield from titled("Kinds of evidence, each by itself", _tiers(e))
    yield from titled("Flags and what was left out", _flags(e))
    yield from titled("What is missing for a decided verdict", e["to_decide"])
    yield from titled("What would decide it", (one["text"] for one in e["prospects"]))
    yield from titled("Were the policy another", _sensitivity(e))
    yield from notes(e)
    yield from warnings(e)


def _margins(e: Mapping[str, Any]) -> Iterator[str]:
    found, margins = e["estimate"], e["margins"]
    if margins is None:
        return
    low, high = found["interval"]
    score = "none" if found["score"] is None else f"{found['score']:.2f}"
    yield f"score {score}, {found['interval_level'] * 100:g} % interval {low:.2f} to {high:.2f}"
    yield (
        f"probability of the cut ({found['cut']:.2f}) or more {found['probability_at_or_above_cut']:.2f}: "
        f"{_away(margins['probability_to_at_standard'])} at_standard, "
        f"{_away(margins['probability_to_below_standard'])} below_standard"
    )
    if margins["days_until_mass_gate"] is not None:
        yield f"without new evidence, too little in {margins['days_until_mass_gate']:.0f} days"
    if margins["days_until_stale"] is not None:
        yield f"without new evidence, stale in {margins['days_until_stale']:.0f} days"


def _away(margin: float) -> str:
    return f"{margin:.2f} from" if margin > 0 else f"{-margin:.2f} inside of"


def _gaps(e: Mapping[str, Any]) -> Iterator[str]:
    for one in e["indicators"]:
        if one["gap"]:
            unseen = f", {many(one['not_observed'], 'time')} not observed" if one["not_observed"] else ""
            yield f"{one['name']} ({one['indicator']}){unseen}"


def _raters(e: Mapping[str, Any]) -> Iterator[str]:
    for one in e["raters"]:
        yield f"{one['rater']}: {many(one['votes'], 'vote')}, mean {one['mean']:.2f}, newest {day(one['newest'])}"
    if e["agreement"] is not None:
        yield f"the most lenient is {e['agreement']['spread']:.2f} above the most severe, on a scale from 0 to 1"


def _tiers(e: Mapping[str, Any]) -> Iterator[str]:
    for tier in e["tiers"]:
        ratio = "" if tier["ratio"] is None else f", {tier['ratio']:.2f}"
        scored = "" if tier["scored"] else ", never scored"
        yield f"{tier['tier']} ({WHERE[tier['tier']]}): {many(tier['votes'], 'vote')}{ratio}{scored}"


def _flags(e: Mapping[str, Any]) -> Iterator[str]:
    ratings = [rating for vote in (*e["votes"], *e["shown"]) for rating in vote["ratings"]]
    responding = sum("not_responding" in item["flags"] for item in (*ratings, *e["left_out"]))
    if responding:
        yield f"not responding to training: {many(responding, 'time')}"
    for kind, words in (
        ("not_observed", "not observed"),
        ("no_rating", "without a rating"),
        ("unusable", "unusable"),
    ):
        found = sum(item["kind"] == kind for item in e["left_out"])
        if found:
            yield f"{words}: {found}"


def _sensitivity(e: Mapping[str, Any]) -> Iterator[str]:
    changed = [one for one in e["sensitivity"]["variants"] if one["verdict"] != e["verdict"]]
    for one in changed:
        yield f"{one['parameter']} {number(one['value'])} ({one['factor']:g} times): {one['verdict']}"
    if e["sensitivity"]["variants"] and not changed:
        yield "half or half as much again of any weight or of the half-life: the same verdict"
