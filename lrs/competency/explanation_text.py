"""An explanation as indented plain text, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lrs.competency.formulae import number


def as_text(explanation: Mapping[str, Any]) -> str:
    """The text of `Explanation.as_dict()`; ends with a newline."""
    parts = (_head, _votes, _shown, _left_out, _formulae, _tiers, _sensitivity, _to_decide, _warnings)
    return "".join(f"{line}\n" for part in parts for line in part(explanation))


def _head(e: Mapping[str, Any]) -> Iterator[str]:
    yield f"{e['name']} ({e['competency']}) of {e['subject']}"
    yield f"  as of {e['as_of']}, rubric {e['rubric']['version']}, model {e['model']['id']}"
    yield f"  {e['about']}"
    yield f"  Verdict: {e['verdict']}. {e['counts']['text']}."
    for reason in e["reasons"]:
        yield f"    because: {reason}"


def _votes(e: Mapping[str, Any]) -> Iterator[str]:
    yield f"Votes that are scored: {len(e['votes'])}"
    for vote in e["votes"]:
        yield from _vote(vote)


def _shown(e: Mapping[str, Any]) -> Iterator[str]:
    if e["shown"]:
        yield f"Votes that are shown and never scored (tier weight 0): {len(e['shown'])}"
        for vote in e["shown"]:
            yield from _vote(vote)


def _vote(vote: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {vote['observed']} {vote['tier']}, rater {vote['rater']}, encounter {vote['encounter']}"
    yield (
        f"    s {number(vote['s'])}; weight {number(vote['tier_weight'])} · {number(vote['decay'])} "
        f"({number(vote['age_days'])} days old) = {number(vote['weight'])}; adds {number(vote['to_e'])} to E"
    )
    for rating in vote["ratings"]:
        flags = f" [{', '.join(rating['flags'])}]" if rating["flags"] else ""
        yield (
            f"      {rating['indicator'] or 'as a whole'}: {rating['rating']:g} on {rating['scale']}, "
            f"s {number(rating['s'])}{flags}"
        )
        yield f"        {_source(rating)}"


def _source(item: Mapping[str, Any]) -> str:
    posted = f", posted by {item['authority']}" if item["authority"] else ""
    return (
        f"statement {item['statement_id']}, SHA-256 {item['sha256']}, "
        f"rule {item['rule']} of {item['plugin']} {item['plugin_version']}{posted}"
    )


def _left_out(e: Mapping[str, Any]) -> Iterator[str]:
    if e["left_out"]:
        yield f"Left out: {len(e['left_out'])}"
        for item in e["left_out"]:
            yield f"  {item['observed']} {item['indicator'] or 'as a whole'}: {item['reason']}"
            yield f"    {_source(item)}"


def _formulae(e: Mapping[str, Any]) -> Iterator[str]:
    yield "How it is computed"
    for row in e["formulae"]:
        yield f"  {row['name']} = {row['formula']}"
        yield f"    {row['filled']}"


def _tiers(e: Mapping[str, Any]) -> Iterator[str]:
    if e["tiers"]:
        yield "Tiers, each by itself"
        for tier in e["tiers"]:
            ratio = "nothing left of it" if tier["ratio"] is None else f"ratio {number(tier['ratio'])}"
            scored = f"mass {number(tier['mass'])}" if tier["scored"] else "never scored"
            votes, raters = _many(tier["votes"], "vote"), _many(tier["raters"], "rater")
            yield f"  {tier['tier']}: {votes} of {raters}, {ratio}, {scored}"


def _sensitivity(e: Mapping[str, Any]) -> Iterator[str]:
    holds = "would be the same" if e["sensitivity"]["verdict_holds"] else "would not always be the same"
    yield f"Were the policy another, the verdict {holds}"
    for variant in e["sensitivity"]["variants"]:
        yield (
            f"  {variant['parameter']} {number(variant['value'])} ({variant['factor']:g} times): "
            f"{variant['verdict']}, "
            f"P {number(variant['probability_at_or_above_cut'])}, M {number(variant['mass'])}"
        )


def _many(number_of: int, what: str) -> str:
    return f"{number_of} {what}{'' if number_of == 1 else 's'}"


def _to_decide(e: Mapping[str, Any]) -> Iterator[str]:
    if e["to_decide"]:
        yield "What is missing for a decided verdict"
        for line in e["to_decide"]:
            yield f"  {line}"


def _warnings(e: Mapping[str, Any]) -> Iterator[str]:
    if e["warnings"]:
        yield "Warnings"
        for line in e["warnings"]:
            yield f"  {line}"
