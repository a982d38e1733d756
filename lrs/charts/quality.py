"""Question 10: who sends data that cannot be used. By vendor, what became of their statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import BLUE, INK, PAPER, depending, labelled_by, over, row_id, spec_of
from lrs.charts.words import agent_labels, day, either, sentence, several, shortened
from lrs.cohort.answer import Table

ROW_HEIGHT = 40
_KINDS = {"recognised": BLUE, "unrecognised": "#f0c7a4", "voided": "#7b8794"}
"""What becomes of a statement: one of the three."""
_COUNTS = ("statements", *_KINDS, "quarantined", "future", "evidence", "unusable", "not_observed")
_BESIDE = {
    "quarantined": ("on which a plugin failed", "on which a plugin failed"),
    "future": ("dated in the future", "dated in the future"),
    "unusable": ("unusable rating", "unusable ratings"),
}
"""What is said beside, of one and of several."""
_NOBODY = "(no vendor named)"
_LEFT_OFF = "(smaller lines, left off)"


def quality_chart(report: Mapping[str, Any]) -> Chart:
    """The chart of `Report.as_dict()` of the report `quality`. Counts of statements."""
    vendors = _vendors(report)
    return Chart(
        id="quality",
        title=_title(report, vendors),
        subtitle=_subtitle(report),
        summary=_summary(vendors),
        table=_table(vendors),
        spec=_spec(vendors) if vendors else None,
        empty="" if vendors else "There is nothing to draw: no statement was stored in this time.",
    )


def _vendors(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each vendor with its sums, who sent most that is not used first; what the report left off, last."""
    names = agent_labels(line["authority"] for line in report["lines"] if line["authority"])
    sums: dict[str, dict[str, Any]] = {}
    for line in report["lines"]:
        name = names.get(line["authority"], _NOBODY)
        one = sums.setdefault(name, {"vendor": name, **dict.fromkeys(_COUNTS, 0), "reasons": {}})
        for count in _COUNTS:
            one[count] += line[count]
        for why in (*line["why_not"]["reasons"], *line["why_unusable"]):
            one["reasons"][why["reason"]] = one["reasons"].get(why["reason"], 0) + why["times"]
    found = sorted(sums.values(), key=lambda one: (-one["unrecognised"] - one["unusable"], one["vendor"]))
    rest = {count: report["totals"][count] - sum(one[count] for one in found) for count in _COUNTS}
    if rest["statements"]:
        found.append({"vendor": _LEFT_OFF, **rest, "reasons": {}})
    return found


def _title(report: Mapping[str, Any], vendors: Sequence[Mapping[str, Any]]) -> str:
    totals = report["totals"]
    if not vendors:
        return "No statement was stored in this time."
    number = totals["unrecognised"]
    of = f"{several(number, 'statement') if number else 'None'} of {totals['statements']:,}"
    title = f"{of} {either(number or 1, 'was', 'were')} recognised by no plugin"
    if number:
        most = max(vendors, key=lambda one: one["unrecognised"])
        share = "all" if most["unrecognised"] == number else f"{most['unrecognised']:,}"
        title += f", {share} of them from {most['vendor']}" if number > 1 else f": from {most['vendor']}"
    trouble = totals["quarantined"] + totals["future"] + totals["unusable"]
    beside = f"{several(trouble, 'other thing')} to look at" if trouble else ""
    return f"{title}; {beside}." if beside else f"{title}."


def _subtitle(report: Mapping[str, Any]) -> str:
    covered = report["covered"]
    parts = [
        f"Statements by vendor, stored from {day(covered['since'])} to {day(covered['through'])}, "
        f"n {report['totals']['statements']:,}"
    ]
    if not covered["complete"]:
        parts.append("not all of the period: there were more than are looked at in one go")
    parts.append("unrecognised is no fault by itself: raw telemetry is kept, and never scored")
    return sentence("; ".join(parts))


def _summary(vendors: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(f"{one['vendor']}: {_words(one)}." for one in vendors) or "There is nothing to draw."


def _words(one: Mapping[str, Any]) -> str:
    parts = [f"{one[kind]:,} {kind}" for kind in _KINDS if one[kind]]
    return ", ".join([*parts, *_beside(one)])


def _beside(one: Mapping[str, Any]) -> list[str]:
    return [several(one[count], *words) for count, words in _BESIDE.items() if one[count]]


def _reason(one: Mapping[str, Any]) -> str | None:
    """The most frequent reason in the sample."""
    return min(one["reasons"], key=lambda why: (-one["reasons"][why], why), default=None)


def _table(vendors: Sequence[Mapping[str, Any]]) -> Table:
    titles = (
        "Vendor",
        "Statements",
        "Recognised",
        "Unrecognised",
        "Voided",
        "A plugin failed",
        "In the future",
    )
    return Table(
        (*titles, "Pieces of evidence", "Unusable ratings", "Not observed", "Most frequent reason"),
        tuple((one["vendor"], *(one[count] for count in _COUNTS), _reason(one)) for one in vendors),
    )


def _values(vendors: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    values = []
    most = max(one["statements"] for one in vendors)
    for number, one in enumerate(vendors):
        start = 0
        for kind in _KINDS:
            end = start + one[kind]
            values.append(
                {
                    **{"row": row_id(number, one["vendor"]), "vendor": one["vendor"], "kind": kind},
                    **{"from": start, "to": end, "middle": (start + end) / 2, "words": _words(one)},
                    # A number is written where its part has room for it on a phone.
                    "text": f"{one[kind]:,}" if one[kind] > most * 0.2 else "",
                }
            )
            start = end
    return [value for value in values if value["to"] > value["from"]]


def _spec(vendors: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    import altair as alt

    values = _values(vendors)
    heads = [
        {
            "row": row_id(n, one["vendor"]),
            "to": 0,
            "text": f"{shortened(one['vendor'], 28)} · {one['statements']:,}"
            + "".join(f" · {word}" for word in _beside(one)),
        }
        for n, one in enumerate(vendors)
    ]
    kinds = [kind for kind in _KINDS if any(value["kind"] == kind for value in values)]
    y = alt.Y(
        "row:N", sort=[row_id(n, one["vendor"]) for n, one in enumerate(vendors)], title=None, axis=None
    )
    x = alt.X("to:Q", title="Statements", axis=alt.Axis(format=",d", tickCount=4))
    base = over(values).encode(
        y=y, tooltip=[labelled_by("vendor", "Vendor"), labelled_by("words", "Statements")]
    )
    bars = base.mark_bar(height=14, yOffset=8, stroke=PAPER, strokeWidth=0.5).encode(
        x=x,
        x2=alt.X2("from:Q"),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=kinds, range=[_KINDS[kind] for kind in kinds]),
            legend=alt.Legend(title=None, symbolType="square"),
        ),
    )
    numbers = base.mark_text(dy=8, fontSize=11).encode(
        x=alt.X("middle:Q"),
        text=alt.Text("text:N"),
        color=depending(alt.ColorValue, alt.datum.kind == "recognised", alt.value(PAPER), alt.value(INK)),
    )
    names = over(heads).mark_text(align="left", dx=1, dy=-8, limit=360)
    return spec_of(
        bars, numbers, names.encode(x=x, y=y, text=alt.Text("text:N")), height=ROW_HEIGHT * len(heads)
    )
