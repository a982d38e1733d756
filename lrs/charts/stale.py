"""Question 8: what goes stale, or loses the mass that a verdict needs, in the next days: a timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import BLUE, LABEL, MUTED, VERMILION, labelled_by, over, row_id, spec_of
from lrs.charts.words import (
    day,
    either,
    labels,
    minute,
    sentence,
    several,
    short_day,
    shortened,
    spoken,
    verdict_words,
)
from lrs.cohort.answer import Table

MOST_LINES = 40
"""Soonest lines that are drawn; all are in the table."""
ROW_HEIGHT = 18
_FIRST = {"mass": "too little mass", "stale": "stale"}


def stale_chart(report: Mapping[str, Any]) -> Chart:
    """The chart of `Report.as_dict()` of the report `stale`. Days from the report's instant on."""
    lines = report["lines"]
    return Chart(
        id="stale",
        title=_title(report),
        subtitle=_subtitle(report),
        summary=_summary(report),
        table=_table(report),
        spec=_spec(report) if lines else None,
        empty=_empty(report),
    )


def _title(report: Mapping[str, Any]) -> str:
    lines = report["lines"]
    within = f"within {_days(report['within_days'])}"
    if not lines:
        return f"Nothing goes stale or loses the evidence mass that a verdict needs {within}."
    people = len({line["officer"] for line in lines})
    competencies = {line["competency"] for line in lines}
    of = f" in {spoken(next(iter(competencies)))}" if len(competencies) == 1 else ""
    return (
        f"{several(people, 'recruit')} {either(people, 'goes', 'go')} stale or {either(people, 'loses', 'lose')} "
        f"the evidence mass that a verdict needs{of} {within}, unless new evidence comes."
    )


def _days(days: float) -> str:
    """`1 day`, `30 days`, `7.5 days`."""
    return f"{days:g} {either(1 if days == 1 else 2, 'day', 'days')}"


def _subtitle(report: Mapping[str, Any]) -> str:
    lines = report["lines"]
    parts = [f"Days from {day(report['as_of'])} on; a line is one recruit and one competency"]
    if lines:
        stale = sum(line["first"] == "stale" for line in lines)
        parts.append(
            f"{several(len(lines), 'line')}: {len(lines) - stale} with too little mass first, {stale} stale first"
        )
    if len(lines) > MOST_LINES:
        parts.append(f"the soonest {MOST_LINES} are drawn")
    parts.append(
        f"not drawn: {report['already_stale']} stale and {report['already_too_little']} with too little mass already"
    )
    if report["without_estimate"]:
        parts.append(f"{report['without_estimate']} of which there is no estimate")
    return sentence("; ".join(parts))


def _summary(report: Mapping[str, Any]) -> str:
    lines = report["lines"]
    if not lines:
        return _empty(report)
    names = labels(lines)
    soonest = [
        f"{names[line['officer']]}, {spoken(line['competency'])}, on {day(line['on'])} ({_FIRST[line['first']]})"
        for line in lines[:3]
    ]
    return (
        f"{either(len(soonest), 'It is', 'Soonest')}: {'; '.join(soonest)}. Old evidence widens the margin. "
        "It never lowers the score, and says nothing against the recruit."
    )


def _empty(report: Mapping[str, Any]) -> str:
    if report["lines"]:
        return ""
    already = report["already_stale"] + report["already_too_little"]
    beside = f"; {already} {either(already, 'is', 'are')} without a verdict already" if already else ""
    return sentence(f"There is nothing to draw within {_days(report['within_days'])}{beside}")


def _table(report: Mapping[str, Any]) -> Table:
    names = labels(report["lines"])
    titles = ("Recruit", "Competency", "Verdict now", "First", "In days", "On (UTC)", "Newest evidence (UTC)")
    return Table(
        (*titles, "Days until stale", "Days until too little mass"),
        tuple(
            (
                *(names[line["officer"]], spoken(line["competency"]), verdict_words(line["verdict"])),
                *(_FIRST[line["first"]], line["days"], minute(line["on"]), minute(line["newest"])),
                *(line["days_until_stale"], line["days_until_mass_gate"]),
            )
            for line in report["lines"]
        ),
    )


def _values(lines: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            **{
                "row": row_id(n, f"{shortened(names[line['officer']], 14)} · {spoken(line['competency'])}"),
                "zero": 0,
            },
            **{"days": line["days"], "first": _FIRST[line["first"]], "text": short_day(line["on"])},
            **{"recruit": names[line["officer"]], "competency": spoken(line["competency"])},
            **{"verdict": verdict_words(line["verdict"]), "in": f"{line['days']:.0f} days"},
        }
        for n, line in enumerate(lines)
    ]


def _spec(report: Mapping[str, Any]) -> dict[str, Any]:
    import altair as alt

    values = _values(report["lines"][:MOST_LINES], labels(report["lines"]))
    axis = alt.Axis(labelExpr=LABEL, ticks=False, domain=False, grid=False, labelLimit=190)
    domain = [0, report["within_days"]]
    x = alt.X("days:Q", title="Days from now", scale=alt.Scale(domain=domain, nice=False))
    kinds = list(_FIRST.values())
    colour = alt.Scale(domain=kinds, range=[VERMILION, BLUE])
    shape = alt.Scale(domain=kinds, range=["triangle-down", "square"])
    legend = alt.Legend(title="What comes first")
    base = over(values).encode(
        x=x,
        y=alt.Y("row:N", sort=[value["row"] for value in values], title=None, axis=axis),
        tooltip=[
            labelled_by("recruit", "Recruit"),
            labelled_by("competency", "Competency"),
            labelled_by("text", "On"),
            labelled_by("in", "In"),
            labelled_by("first", "What"),
            labelled_by("verdict", "Verdict now"),
        ],
    )
    stems = base.mark_rule(color=MUTED, opacity=0.4).encode(x2=alt.X2("zero:Q"))
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        color=alt.Color("first:N", scale=colour, legend=legend),
        shape=alt.Shape("first:N", scale=shape, legend=legend),
    )
    return spec_of(stems, points, height=ROW_HEIGHT * len(values))
