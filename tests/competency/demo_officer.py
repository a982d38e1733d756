"""One officer of the demo academy, explained: what the worked example of `docs/explanation/scoring.md` is made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from lrs.competency.estimate import number
from lrs.competency.evidence import RecordedEvidence
from lrs.competency.explanation import Explanation, explain
from lrs.competency.policy import Policy
from lrs.demo.academy import generate
from lrs.plugin.testing import host_with
from lrs_cultural_competency import plugin as cultural_competency

OFFICER = "account:R-013@https://academy.example"
COMPETENCY = "cultural_competency"
UNTIL = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STRIPS = 4


def explained() -> Explanation:
    """The explanation at the instant that the academy ends, under the default policy."""
    host = host_with(cultural_competency=cultural_competency)
    # A quarter of the academy; a recruit's statements are the same in the whole.
    postings = generate(until=UNTIL, scale=0.25)
    found = host.recognise(
        [
            {
                **one.statement,
                "authority": {"account": {"homePage": "https://lrs.example", "name": one.vendor}},
            }
            for one in postings
        ]
    )
    voided = {
        one.statement["object"]["id"]: _us(one.posted)
        for one in postings
        if one.statement["object"].get("objectType") == "StatementRef"
    }
    records = [
        RecordedEvidence(
            evidence=evidence,
            statement_id=one.statement["id"],
            statement_sha256=hashlib.sha256(json.dumps(one.statement).encode()).hexdigest(),
            stored_us=_us(one.posted),
            voided_us=voided.get(one.statement["id"]),
            authority="",
            plugin=finding.source.plugin,
            plugin_version=finding.source.version,
        )
        for one, findings in zip(postings, found, strict=True)
        for finding in findings
        for evidence in finding.evidence
        if evidence.subject == OFFICER
    ]
    return explain(OFFICER, records, host.rubrics[COMPETENCY], Policy(), _us(UNTIL), {})


def vote_rows(explanation: dict[str, Any]) -> Iterator[str]:
    """The table of votes, and its sums."""
    for place, vote in enumerate(explanation["votes"], start=1):
        numbers = [vote[name] for name in ("s", "tier_weight", "age_days", "decay", "weight", "to_e")]
        cells = [
            str(place),
            vote["observed"][:16],
            f"`{vote['tier']}`",
            _ratings(vote),
            *map(number, numbers),
        ]
        yield f"| {' | '.join(cells)} |"
    estimate = explanation["estimate"]
    yield f"| | | | | | | | | **M = {number(estimate['mass'])}** | **E = {number(estimate['e'])}** |"


def results(explanation: dict[str, Any]) -> Iterator[str]:
    """The steps after the sums."""
    rows = {row["name"]: row["filled"] for row in explanation["formulae"]}
    yield f"- score = E / M = {rows['score']}"
    yield f"- posterior = {rows['posterior']}, its mean {rows['posterior_mean']}"
    yield f"- 90 % interval {rows['interval']}"
    yield f"- confidence = {rows['confidence']}"
    yield f"- verdict: `{explanation['verdict']}`, {explanation['counts']['text']}"


def simpson_rows(e: float, mass: float, cut: float) -> Iterator[str]:
    """P by Simpson's rule: its ordinates, the two sums, and the share of the upper one."""
    p, q = round(e, 6), round(mass - e, 6)
    areas = []
    for low, high in ((0.0, cut), (cut, 1.0)):
        width, total = (high - low) / _STRIPS, 0.0
        for place in range(_STRIPS + 1):
            x = low + place * width
            f = round(x**p * (1 - x) ** q, 6)
            factor = 1 if place in {0, _STRIPS} else 4 if place % 2 else 2
            total += factor * f
            yield f"| {number(x)} | {number(f)} | {factor} | {number(factor * f)} |"
        areas.append(total * width / 3)
        yield f"| | | sum | **{number(total)}** · {number(width)} / 3 = **{number(areas[-1])}** |"
    below, above = areas
    yield f"P ≈ {number(above)} / ({number(below)} + {number(above)}) = {above / (below + above):.3f}"


def _ratings(vote: dict[str, Any]) -> str:
    by_scale: dict[str, list[str]] = {}
    for rating in vote["ratings"]:
        by_scale.setdefault(rating["scale"], []).append(f"{rating['rating']:g}")
    return "; ".join(f"{', '.join(ratings)} on {scale}" for scale, ratings in by_scale.items())


def _us(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
