"""The drawing of a trend: dots, band, cut, date and means, each a layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lrs.charts.theme import (
    BAND,
    BLUE,
    INK,
    MUTED,
    OTHERS,
    PALETTE,
    PAPER,
    SHAPES,
    depending,
    labelled_by,
    over,
    spec_of,
)
from lrs.charts.words import TIERS, figure, interval, rater_labels, several, short_day
from lrs.competency.scales import standard_scales

if TYPE_CHECKING:
    import altair as alt

MOST_RATERS = len(PALETTE)
"""Raters with a colour of their own; of more, the last and all others share one."""
HEIGHT = 320
_OTHERS = "other raters"


def bounds_of(mean: Mapping[str, Any]) -> Sequence[float | None]:
    """Both ends of the interval of a mean, on the rubric's scale; None twice where there is none."""
    found: Sequence[float | None] = mean["rating_interval"] or (None, None)
    return found


def means(report: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each side that has a mean, `before` the date and `from` it on."""
    for name, side in (("before", report["before"]), ("from", report["after"])):
        if side is not None and side["mean"] is not None:
            yield name, side["mean"]


def trend_spec(report: Mapping[str, Any]) -> dict[str, Any]:
    """The specification of a report `trend` with one dot or more."""
    layers = [*_band(report), *_lines(report), *_sides(report), _dots(report)]
    return spec_of(*layers, height=HEIGHT)


def _x(field: str = "at") -> alt.X:
    import altair as alt

    axis = alt.Axis(format="%-d %b", grid=False)
    return alt.X(f"{field}:T", title=None, scale=alt.Scale(type="utc", padding=8), axis=axis)


def _y(report: Mapping[str, Any], field: str = "rating") -> alt.Y:
    import altair as alt

    known = standard_scales().get(report["scale"])
    domain = [known.lowest, known.highest] if known and report["scale"] != "hours" else alt.Undefined
    title = f"Rating ({report['scale']})"
    return alt.Y(f"{field}:Q", title=title, scale=alt.Scale(domain=domain, zero=False, nice=False))


def _dots(report: Mapping[str, Any]) -> alt.Chart:
    import altair as alt

    order = _by_number(report["dots"])
    own = order if len(order) <= MOST_RATERS else order[: MOST_RATERS - 1]
    groups = own if len(own) == len(order) else [*own, _OTHERS]
    colours = alt.Scale(domain=groups, range=[*PALETTE[: len(own)], OTHERS][: len(groups)])
    shapes = alt.Scale(domain=groups, range=list(SHAPES[: len(groups)]))
    legend = alt.Legend(title="Rater")
    scored = alt.datum.scored == "scored"
    dots: alt.Chart = over(_dot_values(report["dots"], own)).mark_point(size=70, strokeWidth=1.8)
    return dots.encode(
        x=_x(),
        y=_y(report),
        stroke=alt.Stroke("group:N", scale=colours, legend=legend),
        shape=alt.Shape("group:N", scale=shapes, legend=legend),
        fill=depending(
            alt.FillValue, scored, alt.Fill("group:N", scale=colours, legend=legend), alt.value(PAPER)
        ),
        fillOpacity=depending(alt.FillOpacityValue, scored, alt.value(0.75), alt.value(1)),
        tooltip=[
            labelled_by("observed", "Observed"),
            labelled_by("written", "Rating"),
            labelled_by("rater", "Rater"),
            labelled_by("tier", "Tier"),
            labelled_by("scored", "Counted"),
        ],
    )


def _dot_values(dots: Sequence[Mapping[str, Any]], own: Sequence[str]) -> Iterator[dict[str, Any]]:
    """`own`: the raters with a colour of their own."""
    names = rater_labels(dot["rater"] for dot in dots)
    for dot in dots:
        rater = names[dot["rater"]]
        yield {
            "at": dot["observed"],
            "rating": dot["rating"],
            "group": rater if rater in own else _OTHERS,
            "scored": "scored" if dot["scored"] else "shown, not scored",
            "rater": rater,
            "observed": short_day(dot["observed"]),
            "tier": TIERS[dot["tier"]],
            "written": figure(dot["rating"]),
        }


def _by_number(dots: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels of raters, who rated most first."""
    names = rater_labels(dot["rater"] for dot in dots)
    times = Counter(names[dot["rater"]] for dot in dots)
    return sorted(times, key=lambda name: (-times[name], name))


def _band(report: Mapping[str, Any]) -> Iterator[alt.Chart]:

    import altair as alt

    points = report["band"]["points"]
    if len(points) < 2:
        return
    values = [
        {
            "at": point["at"],
            "rating": point["rating"],
            **dict(zip(("low", "high"), bounds_of(point), strict=True)),
        }
        for point in points
    ]
    base = over(values).encode(x=_x())
    yield base.mark_area(color=BAND, opacity=0.35).encode(y=_y(report, "low"), y2=alt.Y2("high:Q"))
    yield base.mark_line(color=MUTED, strokeWidth=2).encode(y=_y(report))


def _lines(report: Mapping[str, Any]) -> Iterator[alt.Chart]:
    """The cut, and the date."""
    import altair as alt

    cut, date = report["cut"], report["date"]
    if cut is not None:
        label = f"cut {cut['rating']:g}"
        base = over([{"rating": cut["rating"], "label": label}]).encode(y=_y(report))
        yield base.mark_rule(strokeDash=[5, 3], color=INK)
        yield base.mark_text(align="right", dx=-2, dy=-7, color=INK).encode(
            x=alt.value("width"), text=alt.Text("label:N")
        )
    if date is not None:
        base = over([{"at": date, "label": short_day(date)}]).encode(x=_x())
        yield base.mark_rule(strokeWidth=2, color=INK)
        yield base.mark_text(dy=-8, fontWeight="bold").encode(y=alt.value(0), text=alt.Text("label:N"))


def _sides(report: Mapping[str, Any]) -> Iterator[alt.Chart]:
    """The means before and after as lines of their whole side, their intervals beside the date."""
    import altair as alt

    for name, mean in means(report):
        before = name == "before"
        tips = [labelled_by("label", "Mean"), labelled_by("range", "Interval"), labelled_by("n", "Of")]
        base = over([_side(report, name, mean)]).encode(y=_y(report), tooltip=tips)
        yield base.mark_rule(strokeWidth=3, color=BLUE).encode(x=_x(), x2=alt.X2("to:T"))
        text = base.mark_text(align="left", dx=8, dy=-8, color=BLUE)
        if not before:
            text = base.mark_text(align="right", dx=-2, dy=-8, color=BLUE)
        yield text.encode(x=_x("at" if before else "to"), y=alt.value("height"), text=alt.Text("label:N"))
        if mean["rating_interval"] is not None:
            bar = base.mark_rule(strokeWidth=2, color=BLUE, xOffset=-7 if before else 7)
            yield bar.encode(x=_x("date"), y=_y(report, "low"), y2=alt.Y2("high:Q"))


def _side(report: Mapping[str, Any], name: str, mean: Mapping[str, Any]) -> dict[str, Any]:
    first, last, date = report["dots"][0]["observed"], report["dots"][-1]["observed"], report["date"]
    low, high = bounds_of(mean)
    return {
        "at": first if name == "before" else date,
        "to": date if name == "before" else last,
        "date": date,
        "rating": mean["rating"],
        "low": low,
        "high": high,
        "label": f"{name}: {figure(mean['rating'])}",
        "n": several(mean["n"], "encounter"),
        "range": interval(mean["rating_interval"]),
    }
