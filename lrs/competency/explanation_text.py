"""An explanation as plain text, for three audiences. The one for an arbitrator has everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lrs.competency.estimate import number
from lrs.competency.phrases import given, many, notes, source, titled, warnings
from lrs.competency.text_for_officer import text_for_officer
from lrs.competency.text_for_said import said
from lrs.competency.text_for_trainer import text_for_trainer

AUDIENCES = ("officer", "trainer", "arbitrator")
"""Whom a text may be for."""


def as_text(explanation: Mapping[str, Any], audience: str = "arbitrator") -> str:
    """The text of `Explanation.as_dict()` for one of `AUDIENCES`; ends with a newline.

    Raises `ValueError` for another audience.
    """
    writers: Mapping[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {
        "officer": text_for_officer,
        "trainer": text_for_trainer,
        "arbitrator": _text_for_arbitrator,
    }
    if audience not in writers:
        raise ValueError(f"{audience} is none of {', '.join(AUDIENCES)}")
    return "".join(f"{line}\n" for line in (*writers[audience](explanation), *said(explanation)))


def _text_for_arbitrator(e: Mapping[str, Any]) -> Iterator[str]:
    parts = (
        _head,
        _votes,
        _shown,
        _completed,
        _left_out,
        _formulae,
        _margins,
        _tiers,
        _raters,
        _gaps,
        _policy,
        _sensitivity,
        _to_decide,
        notes,
        warnings,
    )
    for part in parts:
        yield from part(e)


def _head(e: Mapping[str, Any]) -> Iterator[str]:
    yield f"{e['name']} ({e['competency']}) of {e['subject']}"
    yield f"  as of {e['as_of']}, rubric {e['rubric']['version']}, model {e['model']['id']}"
    yield f"  {e['about']}"
    yield f"  Verdict: {e['verdict']}. {e['counts']['text']}."
    for reason in e["reasons"]:
        yield f"    because: {reason}"


def _votes(e: Mapping[str, Any]) -> Iterator[str]:
    if e["scored"]:
        yield f"Votes that are scored: {len(e['votes'])}"
        for vote in e["votes"]:
            yield from _vote(vote)


def _shown(e: Mapping[str, Any]) -> Iterator[str]:
    if e["shown"]:
        why = " (tier weight 0)" if e["scored"] else ""
        yield f"Votes that are shown and never scored{why}: {len(e['shown'])}"
        for vote in e["shown"]:
            yield from _vote(vote, weighed=e["scored"])


def _completed(e: Mapping[str, Any]) -> Iterator[str]:
    if e["completed"]:
        yield f"Recorded as completed: {len(e['completed'])}"
        for item in e["completed"]:
            yield f"  {item['observed']} {given(item)}, encounter {item['encounter']}"
            yield f"    {source(item)}"


def _vote(vote: Mapping[str, Any], *, weighed: bool = True) -> Iterator[str]:
    yield f"  {vote['observed']} {vote['tier']}, rater {vote['rater']}, encounter {vote['encounter']}"
    if weighed:
        yield (
            f"    s {number(vote['s'])}; weight {number(vote['tier_weight'])} · {number(vote['decay'])} "
            f"({number(vote['age_days'])} days old) = {number(vote['weight'])}; adds {number(vote['to_e'])} to E"
        )
    for rating in vote["ratings"]:
        flags = f" [{', '.join(rating['flags'])}]" if rating["flags"] else ""
        s = f", s {number(rating['s'])}" if weighed else ""
        yield f"      {rating['indicator'] or 'as a whole'}: {rating['rating']:g} on {rating['scale']}{s}{flags}"
        yield f"        {source(rating)}"


def _left_out(e: Mapping[str, Any]) -> Iterator[str]:
    if e["left_out"]:
        yield f"Left out: {len(e['left_out'])}"
        for item in e["left_out"]:
            yield f"  {item['observed']} {item['indicator'] or 'as a whole'}: {item['reason']}"
            yield f"    {source(item)}"


def _formulae(e: Mapping[str, Any]) -> Iterator[str]:
    if e["formulae"]:
        yield "How it is computed"
    for row in e["formulae"]:
        yield f"  {row['name']} = {row['formula']}"
        yield f"    {row['filled']}"


def _margins(e: Mapping[str, Any]) -> Iterator[str]:
    names = {
        "interval_width": "width of the interval",
        "probability_to_at_standard": "what P is short of at_standard",
        "probability_to_below_standard": "what P is above below_standard",
        "days_until_mass_gate": "days until M falls below its gate, without new evidence",
        "days_until_stale": "days until the newest is stale, without new evidence",
    }
    margins = e["margins"] or {}
    return titled(
        "Margins",
        (
            f"{words}: {number(margins[name])}"
            for name, words in names.items()
            if margins.get(name) is not None
        ),
    )


def _tiers(e: Mapping[str, Any]) -> Iterator[str]:
    if e["tiers"]:
        yield "Tiers, each by itself"
        for tier in e["tiers"]:
            parts = [f"{many(tier['votes'], 'vote')} of {many(tier['raters'], 'rater')}"]
            if tier["ratio"] is not None:
                parts.append(f"ratio {number(tier['ratio'])}")
            elif e["scored"]:
                parts.append("nothing left of it")
            parts.append(f"mass {number(tier['mass'])}" if tier["scored"] else "never scored")
            yield f"  {tier['tier']}: {', '.join(parts)}"


def _raters(e: Mapping[str, Any]) -> Iterator[str]:
    if e["raters"]:
        yield "Raters, the plain mean of their votes"
        for one in e["raters"]:
            votes = many(one["votes"], "vote")
            yield f"  {one['rater']}: {number(one['mean'])}, {votes}, newest {one['newest']}"
        if e["agreement"] is not None:
            yield f"  from the most severe to the most lenient: {number(e['agreement']['spread'])}"


def _gaps(e: Mapping[str, Any]) -> Iterator[str]:
    return titled("Indicators without evidence that counts", e["gaps"])


def _policy(e: Mapping[str, Any]) -> Iterator[str]:
    policy = dict(e["model"]["policy"])
    tiers = ", ".join(f"{tier} {number(weight)}" for tier, weight in policy.pop("tiers").items())
    yield "Versions and policy"
    yield f"  rubric {e['rubric']['version']}, SHA-256 {e['rubric']['digest']}"
    yield f"  policy SHA-256 {e['model']['policy_digest']}"
    if e["scored"]:
        numbers = (
            f"{name} {value if isinstance(value, str) else number(value)}" for name, value in policy.items()
        )
        yield f"    {', '.join(numbers)}"
        yield f"    tiers: {tiers}"
    for scale in e["scales"]:
        points = ", ".join(f"{rating:g} → {number(s)}" for rating, s in scale["points"])
        yield f"  scale {scale['name']} {scale['version']}: {points}"
    for plugin, version in e["plugins"].items():
        yield f"  plugin {plugin} {version}"


def _sensitivity(e: Mapping[str, Any]) -> Iterator[str]:
    if not e["scored"]:
        return
    holds = "would be the same" if e["sensitivity"]["verdict_holds"] else "would not always be the same"
    yield f"Were the policy another, the verdict {holds}"
    for variant in e["sensitivity"]["variants"]:
        p = variant["probability_at_or_above_cut"]
        yield (
            f"  {variant['parameter']} {number(variant['value'])} ({variant['factor']:g} times): "
            f"{variant['verdict']}, P {'unknown' if p is None else number(p)}, M {number(variant['mass'])}"
        )


def _to_decide(e: Mapping[str, Any]) -> Iterator[str]:
    lines = [*e["to_decide"], *(one["text"] for one in e["prospects"])]
    return titled("What is missing for a decided verdict", lines)
