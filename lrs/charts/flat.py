"""Question 7: who shows no change while below the cut, or was flagged as not responding to training again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import BLUE, INK, LABEL, VERMILION, labelled_by, over, row_id, spec_of
from lrs.charts.words import (
    either,
    figure,
    interval,
    labels,
    minute,
    percent,
    sentence,
    several,
    short_day,
    shortened,
    signed,
    spoken,
    verdict_words,
)
from lrs.cohort.answer import Table

MOST_LINES = 40
"""Lines that are drawn, those with most flags first; all are in the table."""
ROW_HEIGHT = 22
_NRT = "⚑ NRT"


def flat_chart(report: Mapping[str, Any]) -> Chart:
    """The chart of `Report.as_dict()` of the report `flat`. Changes in parts of the scale's range, -1 to 1."""
    lines = _lines(report)
    return Chart(
        id="flat",
        title=_title(report),
        subtitle=_subtitle(report, len(lines)),
        summary=_summary(report),
        table=_table(report),
        spec=_spec(lines[:MOST_LINES]) if lines else None,
        empty=_empty(report, some=bool(lines)),
    )


def _people(rows: Sequence[Mapping[str, Any]]) -> int:
    return len({row["officer"] for row in rows})


def _title(report: Mapping[str, Any]) -> str:
    flat, flagged = _people(report["flat"]), _people(report["not_responding"])
    if not flat and not flagged:
        return f"Nobody is flat below the cut, and nobody was flagged on one item in {report['nrt_times']} encounters."
    shown = (
        f"{several(flat, 'recruit')} {either(flat, 'shows', 'show')} no change below the cut"
        if flat
        else "Nobody shows no change below the cut"
    )
    times = several(report["nrt_times"], "encounter")
    nrt = (
        f"{flagged or 'nobody'} {either(flagged or 1, 'was', 'were')} flagged “not responding to training” "
        f"on one item in {times} or more"
    )
    return f"{shown}; {nrt}."


def _subtitle(report: Mapping[str, Any], number: int) -> str:
    parts = [
        f"Change over the newest {report['encounters']} encounters along a straight line, as a part of the scale's "
        f"range; a line is the {percent(report['interval_level'])} interval; flat: 0 is inside",
        f"{_NRT}: encounters in which one item was flagged, most of one item",
        f"{several(report['looked_at'], 'pair')} of recruit and competency looked at, "
        f"{report['too_few_encounters']} with too few encounters",
    ]
    if number > MOST_LINES:
        parts.append(f"{MOST_LINES} of {number} lines are drawn")
    return sentence("; ".join(parts))


def _summary(report: Mapping[str, Any]) -> str:
    names = labels([*report["flat"], *report["not_responding"]])
    flat = [
        f"{names[one['officer']]}, {spoken(one['competency'])}: {_change(one)}" for one in report["flat"][:5]
    ]
    flagged = [
        f"{names[one['officer']]}, {_item(one)}: {several(one['encounters'], 'encounter')}"
        for one in report["not_responding"][:5]
    ]
    parts = []
    if flat:
        parts.append(
            f"Flat, {either(len(report['flat']), 'the only one', 'among others')}: {'; '.join(flat)}."
        )
    if flagged:
        parts.append(f"Flagged: {'; '.join(flagged)}.")
    parts.append(
        "Flat means that no change is shown: one as large as the interval's ends may be there all the same. "
        "Neither says why."
    )
    return " ".join(parts)


def _change(one: Mapping[str, Any]) -> str:
    return f"{signed(one['change']['value'])} ({interval(one['change']['interval'])})"


def _item(one: Mapping[str, Any]) -> str:
    return spoken(one["competency"] if one["indicator"] is None else one["indicator"])


def _empty(report: Mapping[str, Any], *, some: bool) -> str:
    if some:
        return ""
    if not report["looked_at"]:
        return sentence(
            f"Nobody has {several(report['encounters'], 'scored encounter')} on a competency: nothing is said of "
            f"{several(report['too_few_encounters'], 'pair')} with fewer"
        )
    return f"There is nothing to draw: of {several(report['looked_at'], 'pair')} none is flat below the cut or flagged."


def _table(report: Mapping[str, Any]) -> Table:
    names = labels([*report["flat"], *report["not_responding"]])
    titles = ("Recruit", "Competency", "Item", "Why", "Encounters", "Raters", "First (UTC)", "Last (UTC)")
    flat = (
        (
            *(
                names[one["officer"]],
                spoken(one["competency"]),
                None,
                "flat",
                one["encounters"],
                one["raters"],
            ),
            *(minute(one["first"]), minute(one["last"]), one["mean"]["s"], one["change"]["value"]),
            *(one["change"]["interval"] or (None, None)),
            verdict_words(one["verdict"]),
        )
        for one in report["flat"]
    )
    flagged = (
        (
            *(
                names[one["officer"]],
                spoken(one["competency"]),
                _item(one),
                "not responding",
                one["encounters"],
            ),
            *(one["raters"], minute(one["first"]), minute(one["last"]), None, None, None, None, None),
        )
        for one in report["not_responding"]
    )
    return Table((*titles, "Mean, 0 to 1", "Change", "Low", "High", "Verdict"), (*flat, *flagged))


def _lines(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One for each recruit and competency that is flat or flagged; who was flagged most first."""
    names = labels([*report["flat"], *report["not_responding"]])
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for one in (*report["flat"], *report["not_responding"]):
        key = (one["officer"], one["competency"])
        name = names[one["officer"]]
        lines.setdefault(
            key,
            {
                **{"label": f"{shortened(name, 14)} · {spoken(one['competency'])}", "recruit": name},
                **{"competency": spoken(one["competency"]), "change": None, "low": None, "high": None},
                **{"flags": 0, "nrt": "", "item": "none", "range": "none", "mean": "none", "when": "none"},
            },
        )
    for one in report["flat"]:
        lines[one["officer"], one["competency"]] |= _flat(one)
    for one in report["not_responding"]:
        line = lines[one["officer"], one["competency"]]
        if one["encounters"] > line["flags"]:
            line |= {"flags": one["encounters"], "nrt": f"{_NRT} {one['encounters']}", "item": _item(one)}
    found = sorted(lines.values(), key=lambda line: (-line["flags"], line["label"]))
    return [{"row": row_id(n, line["label"]), **line} for n, line in enumerate(found)]


def _flat(one: Mapping[str, Any]) -> dict[str, Any]:
    low, high = one["change"]["interval"] or (None, None)
    return {
        **{"change": one["change"]["value"], "low": low, "high": high, "range": _change(one)},
        "mean": f"{figure(one['mean']['rating'])} on {one['mean']['scale']}",
        "when": f"{short_day(one['first'])} to {short_day(one['last'])}",
    }


def _spec(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    import altair as alt

    ends = [abs(line[name]) for line in lines for name in ("change", "low", "high") if line[name] is not None]
    reach = max(0.1, *ends, 0.1) * 1.05
    # The flags stand to the right of the intervals.
    room = 1.9 if any(line["nrt"] for line in lines) else 1.0
    x = alt.X(
        "change:Q",
        title="Change, part of the scale's range",
        scale=alt.Scale(domain=[-reach, reach * room], nice=False),
        axis=alt.Axis(
            values=list(_ticks(reach)), format="+.1f", labelExpr="datum.value == 0 ? '0' : datum.label"
        ),
    )
    axis = alt.Axis(labelExpr=LABEL, ticks=False, domain=False, grid=False, labelLimit=170)
    base = over(lines).encode(
        y=alt.Y("row:N", sort=[line["row"] for line in lines], title=None, axis=axis),
        tooltip=[
            labelled_by("recruit", "Recruit"),
            labelled_by("competency", "Competency"),
            labelled_by("range", "Change"),
            labelled_by("mean", "Mean"),
            labelled_by("when", "Seen"),
            labelled_by("nrt", "Flags"),
            labelled_by("item", "Flagged on"),
        ],
    )
    zero = over([{"change": 0}]).mark_rule(color=INK).encode(x=x)
    return spec_of(
        zero,
        base.mark_rule(strokeWidth=2, color=BLUE).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_point(filled=True, size=70, color=BLUE, opacity=1).encode(x=x),
        base.mark_text(align="right", dx=-2, color=VERMILION, fontWeight="bold").encode(
            x=alt.value("width"), text=alt.Text("nrt:N")
        ),
        height=ROW_HEIGHT * len(lines),
    )


def _ticks(reach: float) -> Iterator[float]:
    """Round numbers on either side of 0, as far as the intervals reach."""
    step = next(size for size in (0.1, 0.2, 0.5, 1.0, 2.0) if reach / size <= 3 or size == 2.0)
    number = int(reach / step)
    return (round(n * step, 1) for n in range(-number, number + 1))
