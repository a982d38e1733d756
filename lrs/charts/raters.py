"""Question 6: which raters are severe or lenient. A caterpillar: severities in order, with intervals and zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import BLUE, INK, LABEL, MUTED, OTHERS, VERMILION, labelled_by, over, row_id, spec_of
from lrs.charts.words import (
    either,
    interval,
    percent,
    rater_labels,
    sentence,
    several,
    shortened,
    signed,
    spoken,
)
from lrs.cohort.answer import Table

ROW_HEIGHT = 24
_STANDS = {"severe": "more severe", "within": "zero inside", "lenient": "more lenient", None: "no interval"}


def raters_chart(report: Mapping[str, Any]) -> Chart:
    """The chart of `Report.as_dict()` of the report `raters`. Severity in logits, above 0 is more severe."""
    placed = _placed(report)
    return Chart(
        id="raters",
        title=_title(report, placed),
        subtitle=_subtitle(report, placed),
        summary=_summary(report, placed),
        table=_table(report),
        spec=_spec(report, placed) if placed else None,
        empty=_empty(report, placed),
    )


def _placed(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in report["raters"] if one["severity"] is not None]


def _title(report: Mapping[str, Any], placed: Sequence[Mapping[str, Any]]) -> str:
    what = spoken(report["competency"])
    if not report["raters"]:
        return f"Nobody's ratings of {what} can be compared: there are none."
    if not placed:
        number = len(report["raters"])
        raters = either(number, "the one rater of {} is", f"the {number} raters of {{}} are").format(what)
        return f"How severe {raters} cannot be said."
    severe, lenient = (sum(one["stand"] == stand for one in placed) for stand in ("severe", "lenient"))
    of = several(len(placed), "rater")
    if not severe and not lenient:
        return f"None of {of} of {what} stands apart from the mean of all raters."
    return (
        f"Of {of} of {what}, {severe or 'none'} {either(severe, 'stands', 'stand')} out as more severe "
        f"and {lenient or 'none'} as more lenient than the mean of all raters."
    )


def _subtitle(report: Mapping[str, Any], placed: Sequence[Mapping[str, Any]]) -> str:
    if not placed:
        return sentence(f"{several(report['ratings'], 'rating')} on {report['scale']}")
    parts = [
        f"Severity in logits (many-facet Rasch), above 0 is more severe; a line is the "
        f"{percent(report['interval_level'])} interval",
        f"{several(report['ratings'], 'rating')} on {report['scale']}, n beside each rater",
    ]
    if len(report["networks"]) > 1:
        parts.append(
            f"the raters form {len(report['networks'])} networks (A, B, …) that no officer links: "
            "compare within a network only"
        )
    return sentence("; ".join(parts))


def _summary(report: Mapping[str, Any], placed: Sequence[Mapping[str, Any]]) -> str:
    if not placed:
        return _empty(report, placed)
    names = rater_labels(one["rater"] for one in report["raters"])
    first, last = placed[0], placed[-1]
    ends = (
        f"{names[first['rater']]} is the most severe of them ({signed(first['severity']['logits'])} logits)"
        if len(placed) == 1 or first is last
        else f"From {names[first['rater']]} ({signed(first['severity']['logits'])} logits), the most severe, to "
        f"{names[last['rater']]} ({signed(last['severity']['logits'])}), the most lenient"
    )
    return (
        f"{ends}. Severity compares a rater's ratings with those of other raters; it is no judgement of the rater, "
        "and who is severe may be right. Among many raters some stand out by chance."
    )


def _empty(report: Mapping[str, Any], placed: Sequence[Mapping[str, Any]]) -> str:
    without = len(report["raters"]) - len(placed)
    if not report["raters"]:
        return "There is no rating by a person to compare."
    if placed and not without:
        return ""
    reasons = {
        one["not_estimated"] for one in report["raters"] if one["severity"] is None and one["not_estimated"]
    }
    why = f": {'; '.join(sorted(reasons))}" if reasons else ""
    return sentence(f"There is no severity of {several(without, 'rater')}{why}")


def _table(report: Mapping[str, Any]) -> Table:
    names = rater_labels(one["rater"] for one in report["raters"])
    titles = (
        "Rater",
        "Network",
        "Severity, logits",
        "Low",
        "High",
        "Stands",
        "Ratings",
        "Officers",
        "Encounters",
    )
    return Table(
        (*titles, "Points beside others, same encounters", "Why there is none"),
        tuple(
            (
                *(names[one["rater"]], _network(one), *_severity(one), _STANDS[one["stand"]]),
                *(one["ratings"], one["officers"], one["encounters"]),
                (one["difference_in_same_encounters"] or {}).get("mean"),
                one["not_estimated"],
            )
            for one in report["raters"]
        ),
    )


def _network(one: Mapping[str, Any]) -> str | None:
    """Its letter; Z and later ones as numbers."""
    number = one["network"]
    if number is None:
        return None
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def _severity(one: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    found = one["severity"]
    if found is None:
        return None, None, None
    return (found["logits"], *(found["interval"] or (None, None)))


def _values(report: Mapping[str, Any], placed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = rater_labels(one["rater"] for one in report["raters"])
    several_networks = len({one["network"] for one in placed}) > 1
    values = []
    for number, one in enumerate(placed):
        logits, low, high = _severity(one)
        network = f"{_network(one)}: " if several_networks else ""
        values.append(
            {
                **{
                    "row": row_id(
                        number, f"{network}{shortened(names[one['rater']], 14)} (n {one['ratings']:,})"
                    ),
                    "rater": names[one["rater"]],
                },
                **{"logits": logits, "low": low, "high": high, "stand": _STANDS[one["stand"]]},
                **{
                    "written": signed(one["severity"]["logits"]),
                    "range": interval(one["severity"]["interval"]),
                },
                "of": f"{several(one['ratings'], 'rating')} of {several(one['officers'], 'officer')}",
            }
        )
    # Networks apart, the most severe first in each.
    order = sorted(range(len(values)), key=lambda n: (placed[n]["network"], n))
    return [values[n] for n in order]


def _spec(report: Mapping[str, Any], placed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    import altair as alt

    values = _values(report, placed)
    axis = alt.Axis(labelExpr=LABEL, ticks=False, domain=False, labelLimit=150)
    stands = [name for name in _STANDS.values() if any(value["stand"] == name for value in values)]
    looks = {
        "more severe": (VERMILION, "triangle-right"),
        "zero inside": (OTHERS, "circle"),
        "more lenient": (BLUE, "triangle-left"),
        "no interval": (MUTED, "stroke"),
    }
    x_title = "← lenient · logits · severe →"
    base = over(values).encode(
        y=alt.Y("row:N", sort=[value["row"] for value in values], title=None, axis=axis),
        tooltip=[
            labelled_by("rater", "Rater"),
            labelled_by("written", "Severity, logits"),
            labelled_by("range", "Interval"),
            labelled_by("stand", "Stands"),
            labelled_by("of", "Of"),
        ],
    )
    colour = alt.Scale(domain=stands, range=[looks[name][0] for name in stands])
    shape = alt.Scale(domain=stands, range=[looks[name][1] for name in stands])
    legend = alt.Legend(title=None)
    zero = over([{"logits": 0}]).mark_rule(color=INK).encode(x=alt.X("logits:Q"))
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("logits:Q", title=x_title),
        color=alt.Color("stand:N", scale=colour, legend=legend),
        shape=alt.Shape("stand:N", scale=shape, legend=legend),
    )
    lines = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title=x_title),
        x2=alt.X2("high:Q"),
        color=alt.Color("stand:N", scale=colour, legend=legend),
    )
    return spec_of(zero, lines, points, height=ROW_HEIGHT * len(values))
