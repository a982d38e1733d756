"""Question 4: the community survey of a unit, period by period as steps, beside its control units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lrs.charts.chart import Chart
from lrs.charts.theme import BLUE, INK, OTHERS, PALETTE, SHAPES, depending, labelled_by, over, spec_of
from lrs.charts.words import (
    agent_labels,
    day,
    figure,
    interval,
    minute,
    percent,
    sentence,
    several,
    short_day,
    spoken,
)
from lrs.cohort.answer import Table
from lrs.competency.scales import standard_scales

if TYPE_CHECKING:
    import altair as alt

MOST_CONTROLS = len(PALETTE) - 1
"""Controls with a colour of their own; all others share one."""
HEIGHT = 300
_OTHERS = "other controls"


def unit_survey_chart(report: Mapping[str, Any]) -> Chart:
    """The chart of `Report.as_dict()` of the report `unit-survey`. Means on the survey's scale, or in [0, 1]."""
    drawn = any(period["counts"] for unit in report["units"] for period in unit["periods"])
    return Chart(
        id="unit-survey",
        title=_title(report),
        subtitle=_subtitle(report),
        summary=_summary(report),
        table=_table(report),
        spec=_spec(report) if drawn else None,
        empty=_empty(report, drawn=drawn),
    )


def _names(report: Mapping[str, Any]) -> dict[str, str]:
    return agent_labels(unit["unit"] for unit in report["units"])


def _member(report: Mapping[str, Any]) -> str:
    """What is drawn of a period: the rating where all replies are on one scale, else s."""
    return "s" if report["scale"] is None else "rating"


def _title(report: Mapping[str, Any]) -> str:
    own, names, change = report["units"][0], _names(report), report["change"]
    unit, what = names[own["unit"]], spoken(report["competency"])
    counted = [period for period in own["periods"] if period["counts"]]
    if change["given"]:
        return _title_of_change(report, unit, what)
    if not counted:
        return f"No period of the {what} of {unit} has enough replies to show a mean."
    of = several(sum(period["replies"] for period in counted), "reply", "replies")
    reached = f"from {_mean(report, counted[0])} to {_mean(report, counted[-1])}"
    if len(counted) == 1:
        return f"The {what} of {unit} has a mean of {_mean(report, counted[0])} in its one period ({of})."
    return f"The {what} of {unit} goes {reached} over {len(counted)} periods ({of})."


def _mean(report: Mapping[str, Any], period: Mapping[str, Any]) -> str:
    return figure(period[_member(report)])


def _title_of_change(report: Mapping[str, Any], unit: str, what: str) -> str:
    found = report["change"]["points"] or report["change"]["s"]
    points = "points" if report["change"]["points"] else "of the scale's range"
    value, bounds = found["value"], found["interval"]
    since = day(report["date"])
    level = percent(report["change"]["interval_level"])
    margin = f"{level} interval {interval(bounds)}"
    if bounds is not None and bounds[0] <= 0 <= bounds[1]:
        margin += ", with 0 in it"
    if round(value, 2) == 0:
        return f"From {since} on the {what} of {unit} moved like that of its control units ({margin})."
    more = "higher" if value > 0 else "lower"
    return (
        f"From {since} on the {what} of {unit} stands {figure(abs(value))} {points} {more} than before, "
        f"beyond the change of its control units ({margin})."
    )


def _subtitle(report: Mapping[str, Any]) -> str:
    controls = len(report["units"]) - 1
    scale = "0 to 1" if report["scale"] is None else report["scale"]
    parts = [
        f"Mean reply ({scale}) in periods of {several(report['period_days'], 'day')}; thick: the unit, "
        f"thin: {several(controls, 'control unit')}",
        f"a period with fewer than {report['min_replies']} replies shows no mean",
    ]
    if report["change"]["given"]:
        parts.append(
            "the change is that of the unit less the mean change of its controls; its interval is over periods"
        )
    return sentence("; ".join(parts))


def _summary(report: Mapping[str, Any]) -> str:
    names = _names(report)
    lines = []
    for unit in report["units"]:
        counted = [period for period in unit["periods"] if period["counts"]]
        role = "control" if unit["control"] else "the unit"
        if counted:
            means = ", ".join(_mean(report, period) for period in counted)
            lines.append(f"{names[unit['unit']]} ({role}): {means}.")
        else:
            lines.append(f"{names[unit['unit']]} ({role}): no period with enough replies.")
    return " ".join(
        [
            *lines,
            "Surveys speak of a unit and of no one officer; what moved was not thereby moved by a course.",
        ]
    )


def _empty(report: Mapping[str, Any], *, drawn: bool) -> str:
    if not drawn:
        return f"There is nothing to draw: no period has {report['min_replies']} replies or more."
    if report["change"]["given"] or report["date"] is None:
        return ""
    return sentence(f"No change is given: {report['change']['refused']}")


def _table(report: Mapping[str, Any]) -> Table:
    names = _names(report)
    titles = ("Unit", "Control", "From (UTC)", "To (UTC)", "Replies", "Mean, 0 to 1")
    return Table(
        (*titles, f"Mean ({report['scale'] or 'several scales'})", "Withheld"),
        tuple(
            (
                *(
                    names[unit["unit"]],
                    "yes" if unit["control"] else "no",
                    minute(period["begins"]),
                    minute(period["ends"]),
                ),
                *(period["replies"], period["s"], period["rating"], period["withheld"]),
            )
            for unit in report["units"]
            for period in unit["periods"]
        ),
    )


def _groups(report: Mapping[str, Any]) -> dict[str, str]:
    """By agent key, under which name a unit is drawn."""
    names = _names(report)
    own = [unit["unit"] for unit in report["units"]][: MOST_CONTROLS + 1]
    return {key: name if key in own else _OTHERS for key, name in names.items()}


def _segments(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A step for each period with a mean."""
    names, groups = _names(report), _groups(report)
    return [
        {
            **{"begins": period["begins"], "ends": period["ends"], "mean": period[_member(report)]},
            **{"unit": names[unit["unit"]], "group": groups[unit["unit"]], "control": unit["control"]},
            "role": "control unit" if unit["control"] else "the unit",
            "when": f"{short_day(period['begins'])} to {short_day(period['ends'])}",
            "of": f"{_mean(report, period)} of {several(period['replies'], 'reply', 'replies')}",
        }
        for unit in report["units"]
        for period in unit["periods"]
        if period["counts"]
    ]


def _rises(segments: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The upright part between two steps that touch."""
    for left, right in pairwise(segments):
        if left["unit"] == right["unit"] and left["ends"] == right["begins"]:
            yield {
                **{"at": right["begins"], "mean": left["mean"], "to": right["mean"]},
                "group": right["group"],
            }


def _spec(report: Mapping[str, Any]) -> dict[str, Any]:
    import altair as alt

    segments = _segments(report)
    domain = list(dict.fromkeys(_groups(report).values()))
    colour = alt.Color(
        "group:N",
        scale=alt.Scale(domain=domain, range=_looks(domain, [BLUE, *PALETTE[1:]], OTHERS)),
        legend=alt.Legend(title="Unit, then its controls"),
    )
    shape = alt.Shape(
        "group:N",
        scale=alt.Scale(domain=domain, range=_looks(domain, SHAPES, "stroke")),
        legend=alt.Legend(title="Unit, then its controls"),
    )
    width = depending(alt.StrokeWidthValue, alt.datum.control, alt.value(1.5), alt.value(4))
    # The unit comes last: what is drawn later lies on top.
    steps = over(sorted(segments, key=lambda one: not one["control"])).encode(
        y=_y(report),
        color=colour,
        tooltip=[
            labelled_by("unit", "Unit"),
            labelled_by("role", "Role"),
            labelled_by("when", "Period"),
            labelled_by("of", "Mean"),
        ],
    )
    rises = over(_rises(segments)).mark_rule(strokeWidth=1)
    return spec_of(
        *_date(report),
        rises.encode(x=_x("at"), y=_y(report), y2=alt.Y2("to:Q"), color=colour),
        steps.mark_rule(strokeCap="butt").encode(x=_x("begins"), x2=alt.X2("ends:T"), strokeWidth=width),
        steps.mark_point(filled=True, size=70, opacity=1).encode(x=_x("begins"), shape=shape),
        height=HEIGHT,
    )


def _looks(domain: Sequence[str], own: Sequence[str], others: str) -> list[str]:
    return [others if name == _OTHERS else own[n] for n, name in enumerate(domain)]


def _x(field: str) -> alt.X:
    import altair as alt

    axis = alt.Axis(format="%-d %b", grid=False)
    return alt.X(f"{field}:T", title=None, scale=alt.Scale(type="utc"), axis=axis)


def _y(report: Mapping[str, Any]) -> alt.Y:
    import altair as alt

    known = standard_scales().get(report["scale"] or "unit")
    domain = [known.lowest, known.highest] if known else alt.Undefined
    title = f"Mean reply ({report['scale'] or '0 to 1'})"
    return alt.Y("mean:Q", title=title, scale=alt.Scale(domain=domain, zero=False, nice=False))


def _date(report: Mapping[str, Any]) -> Iterator[Any]:
    import altair as alt

    if report["date"] is not None:
        value = {"at": report["date"], "label": short_day(report["date"])}
        base = over([value]).encode(x=_x("at"))
        yield base.mark_rule(strokeWidth=2, color=INK)
        yield base.mark_text(dy=-8, fontWeight="bold").encode(y=alt.value(0), text=alt.Text("label:N"))
