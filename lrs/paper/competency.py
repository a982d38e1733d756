"""One competency on paper: its verdict, what it was made of, what is missing, and every piece of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.words import TIERS, figure, interval, percent
from lrs.competency.phrases import day, many
from lrs.paper.blocks import Block, Cell, heading, items, pairs, row, strong, table, text
from lrs.paper.evidence import EvidencePages
from lrs.paper.figures import figures
from lrs.paper.remarks import Remarks
from lrs.paper.words import GATES, LEVELS, MEANINGS, policy, verdict

_Dict = Mapping[str, Any]
_EVIDENCE = ("votes", "shown", "completed", "left_out")


def competency_pages(
    part: _Dict,
    explanation: _Dict,
    *,
    charts: Sequence[Chart],
    raters: Mapping[str, str],
    remarks: Remarks,
    said: Sequence[str] = (),
) -> Iterator[Block]:
    """The blocks of one competency.

    Args:
        part: of `Profile.as_dict()["competencies"]`.
        explanation: `Explanation.as_dict()` of the same.
        charts: the first is placed before the tables, the others before the evidence.
        raters: by agent key, how a rater is called.
        remarks: of the officer, on whatever statement.
        said: warnings that stand elsewhere already.
    """
    e = explanation
    yield heading(e["name"])
    yield pairs(_numbers(e))
    yield from items("Warnings", _warnings(part, e, said))
    if any(e[kind] for kind in _EVIDENCE):
        yield from _gates(e)
    else:
        yield text("Nothing is recorded on any of its indicators: " + "; ".join(_gaps(e)) + ".")
    yield from items("Why there is no verdict", _other_reasons(e))
    yield from items("What is missing for a decided verdict", e["to_decide"])
    yield from items("What would decide it", (one["text"] for one in e["prospects"]))
    yield from figures(charts[:1])
    yield from _levels(e)
    if any(e[kind] for kind in _EVIDENCE):
        yield from _indicators(e)
    yield from _raters(e, raters)
    yield from items("Not responding to training (NRT)", _not_responding(part))
    yield from figures(charts[1:])
    yield from EvidencePages(explanation=e, raters=raters, remarks=remarks).blocks()
    if e["votes"]:
        yield from _computation(e)
    yield from items("Notes of plugins", (f"{one['text']} ({one['plugin']})" for one in e["notes"]))


def _gaps(e: _Dict) -> Iterable[str]:
    return (one["name"] for one in e["indicators"] if one["gap"])


def _other_reasons(e: _Dict) -> list[str]:
    """Those that do not stand with the conditions: the model has no answer."""
    conditions = {one["reason"] for one in e["gates"]}
    return [one for one in e["reasons"] if one not in conditions]


def _numbers(e: _Dict) -> Iterator[tuple[str, Cell]]:
    found = e["estimate"]
    yield "Verdict", strong(f"{verdict(e['verdict'])}: {MEANINGS[e['verdict']]}.")
    yield "Counted plainly", f"{e['counts']['text']}."
    if found["interval"] is not None:
        score = "none" if found["score"] is None else figure(found["score"])
        level = percent(found["interval_level"])
        yield "Score, from 0 to 1", f"{score}; {level} interval {interval(found['interval'])}"
        at_or_above = figure(found["probability_at_or_above_cut"])
        yield "Cut of the rubric", f"{figure(found['cut'])}; probability of it or more {at_or_above}"
    if e["agreement"] is not None:
        low, high = e["agreement"]["lowest_rater_mean"], e["agreement"]["highest_rater_mean"]
        yield "Agreement", f"means of the raters from {figure(low)} to {figure(high)}"
    if found["newest"] is not None:
        yield "Newest evidence", day(found["newest"])


def _gates(e: _Dict) -> Iterator[Block]:
    if not e["gates"]:
        return
    titles = [("Before any verdict", 1, "left"), ("Found and needed", 3, "left"), ("Met", 0, "left")]
    yield table(
        titles,
        (row(GATES[one["gate"]], one["reason"], "yes" if one["met"] else strong("no")) for one in e["gates"]),
    )


def _warnings(part: _Dict, e: _Dict, said: Sequence[str]) -> list[str]:
    found = dict.fromkeys([*part["warnings"], *e["warnings"]])
    return [one for one in found if one not in said]


def _levels(e: _Dict) -> Iterator[Block]:
    if not e["tiers"]:
        return
    yield heading("Knows, shows, does: each kind of evidence by itself", 2)
    titles = [
        *(("", 0, "left"), ("Kind", 2, "left"), ("Votes", 0, "right"), ("Raters", 0, "right")),
        *(("Weight", 0, "right"), ("Part of the mass", 0, "right"), ("Mean", 0, "right")),
        ("Newest", 0, "right"),
    ]
    yield table(
        titles,
        (
            row(
                LEVELS.get(one["tier"], "beside it"),
                TIERS[one["tier"]],
                str(one["votes"]),
                str(one["raters"]),
                f"{one['weight']:g}" if one["scored"] else "not scored",
                figure(one["mass"]),
                "–" if one["ratio"] is None else figure(one["ratio"]),
                day(one["newest"]),
            )
            for one in e["tiers"]
        ),
    )


def _indicators(e: _Dict) -> Iterator[Block]:
    if not e["indicators"]:
        return
    yield heading("Indicators of the rubric", 2)
    titles = [
        *(("Indicator", 2, "left"), ("Pieces that count", 0, "right"), ("Beside it", 0, "right")),
        *(("N.O.", 0, "right"), ("NRT", 0, "right"), ("Newest", 0, "right"), ("", 0, "left")),
    ]
    yield table(
        titles,
        (
            row(
                one["name"],
                *(str(one[name]) for name in ("evidence", "shown", "not_observed", "not_responding")),
                "–" if one["newest"] is None else day(one["newest"]),
                strong("gap") if one["gap"] else "",
            )
            for one in e["indicators"]
        ),
    )


def _raters(e: _Dict, raters: Mapping[str, str]) -> Iterator[Block]:
    if not e["raters"]:
        return
    yield heading("Raters", 2)
    titles = [("Rater", 2, "left"), ("Votes", 0, "right"), ("Mean", 0, "right"), ("Newest", 0, "right")]
    yield table(
        titles,
        (
            row(raters[one["rater"]], str(one["votes"]), figure(one["mean"]), day(one["newest"]))
            for one in e["raters"]
        ),
    )


def _not_responding(part: _Dict) -> Iterable[str]:
    names = {one["indicator"]: one["name"] for one in part["indicators"]}
    return (
        f"{day(one['observed'])}, {names.get(one['indicator'], one['indicator'] or 'as a whole')}, "
        f"statement {one['statement_id']}"
        for one in part["flags"]["not_responding"]
    )


def _computation(e: _Dict) -> Iterator[Block]:
    if e["formulae"]:
        yield heading("How it was computed", 2)
        titles = [("", 0, "left"), ("Formula", 1.3, "left"), ("With the numbers of this record", 1.3, "left")]
        yield table(titles, (row(one["name"], one["formula"], one["filled"]) for one in e["formulae"]))
        digest = e["model"]["policy_digest"]
        yield text(f"Policy {digest[:8]}: {policy(e['model']['policy'])}.", small=True)
    variants = e["sensitivity"]["variants"]
    changed = [one for one in variants if one["verdict"] != e["verdict"]]
    yield from items(
        "With another policy the verdict would be another",
        (
            f"{one['parameter']} {one['value']:g} ({one['factor']:g} times): {verdict(one['verdict'])}"
            for one in changed
        ),
    )
    if variants and not changed:
        said = many(len(variants), "variant")
        yield text(
            f"With half of any weight or of the half-life, or half as much again, the verdict is the same ({said}).",
            small=True,
        )
