"""Question 2: one officer around a date. Dots by rater, a smoothed band, the cut, the date, the means beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.trend_drawing import bounds_of, means, trend_spec
from lrs.charts.words import (
    TIERS,
    day,
    either,
    figure,
    interval,
    minute,
    named,
    percent,
    rater_labels,
    sentence,
    several,
    signed,
    spoken,
)
from lrs.cohort.answer import Table


def trend_chart(report: Mapping[str, Any]) -> Chart:
    """The chart of `Report.as_dict()` of the report `trend`. Ratings on the rubric's scale."""
    dots = report["dots"]
    return Chart(
        id="trend",
        title=_title(report),
        subtitle=_subtitle(report),
        summary=_summary(report),
        table=_table(report),
        spec=trend_spec(report) if dots else None,
        empty=_empty(report),
    )


def _what(report: Mapping[str, Any]) -> str:
    indicator = report["indicator"]
    competency = spoken(report["competency"])
    return competency if indicator is None else f"{competency}, {spoken(indicator)}"


def _title(report: Mapping[str, Any]) -> str:
    who, what, change = named(report), _what(report), report["change"]
    if not report["dots"]:
        return f"No rating of {who} in {what} is recorded."
    if not change["given"]:
        return _title_of_counts(report)
    found = change["points"] or change["s"]
    unit = "points" if change["points"] else "of the scale's range"
    since = day(report["date"])
    if round(found["value"], 2) == 0:
        moved = f"{who} is rated the same in {what} from {since} on as before"
    else:
        way = "higher" if found["value"] > 0 else "lower"
        moved = (
            f"{who} is rated {figure(abs(found['value']))} {unit} {way} in {what} from {since} on than before"
        )
    return f"{moved}; {_margin(found['interval'], change['interval_level'])}."


def _margin(bounds: Sequence[float] | None, level: float) -> str:
    if bounds is None:
        return "how sure that is cannot be said"
    low, high = bounds
    where = "has 0 in it" if low <= 0 <= high else "lies above 0" if low > 0 else "lies below 0"
    return f"the {percent(level)} interval ({signed(low)} to {signed(high)}) {where}"


def _title_of_counts(report: Mapping[str, Any]) -> str:
    """Without a change: what there is."""
    scored, cut = [dot for dot in report["dots"] if dot["scored"]], report["cut"]
    shown = several(len(report["dots"]) - len(scored), "rating")
    who, what = named(report), _what(report)
    if not scored or cut is None:
        many = several(len(scored), "rating") if scored else shown
        return f"{many} of {who} in {what} {either(len(scored or report['dots']), 'is', 'are')} recorded."
    at = sum(dot["s"] >= cut["s"] for dot in scored)
    return (
        f"{at} of {several(len(scored), 'scored rating')} of {who} in {what} "
        f"{either(at, 'is', 'are')} at or above the cut."
    )


def _subtitle(report: Mapping[str, Any]) -> str:
    dots, band = report["dots"], report["band"]
    scored = sum(dot["scored"] for dot in dots)
    raters = len({dot["rater"] for dot in dots})
    parts = [
        f"Rating on {report['scale']} over time; a dot is what one rater saw in one encounter "
        f"({several(scored, 'scored rating')}, {several(raters, 'rater')})"
    ]
    if scored < len(dots):
        parts.append(f"hollow: shown and never scored ({len(dots) - scored})")
    if band["points"]:
        parts.append(
            f"line and band: smoothed mean of encounters over {band['bandwidth_days']:g} days "
            f"with its {percent(band['interval_level'])} interval, point by point"
        )
    if report["before"] is not None and (report["before"]["mean"] or report["after"]["mean"]):
        parts.append(
            f"bars beside the date: means before and after, with {percent(_level(report))} intervals"
        )
    return sentence("; ".join(parts))


def _level(report: Mapping[str, Any]) -> float:
    level: float = report["change"]["interval_level"]
    return level


def _summary(report: Mapping[str, Any]) -> str:
    if not report["dots"]:
        return "There is nothing to draw."
    dots, cut = report["dots"], report["cut"]
    parts = [
        f"{several(len(dots), 'dot')} {_when(dots)}, "
        f"ratings {figure(min(dot['rating'] for dot in dots))} to {figure(max(dot['rating'] for dot in dots))}."
    ]
    if cut is not None:
        parts.append(f"The cut is at {cut['rating']:g}.")
    parts += [
        f"Mean {name} {day(report['date'])}: {figure(mean['rating'])} "
        f"(interval {interval(mean['rating_interval'])}, {several(mean['n'], 'encounter')})."
        for name, mean in means(report)
    ]
    parts.append("A difference beside a date does not say why it is there.")
    return " ".join(parts)


def _when(dots: Sequence[Mapping[str, Any]]) -> str:
    first, last = (day(dot["observed"]) for dot in (dots[0], dots[-1]))
    return f"on {first}" if first == last else f"from {first} to {last}"


def _empty(report: Mapping[str, Any]) -> str:
    if not report["dots"]:
        return sentence("There is no rating to draw")
    refused = report["change"]["refused"]
    if refused is None or report["date"] is None:
        return ""
    return sentence(f"No change is given: {refused}")


def _table(report: Mapping[str, Any]) -> Table:
    names = rater_labels(dot["rater"] for dot in report["dots"])
    dots = (
        (
            *("rating", minute(dot["observed"]), names[dot["rater"]], TIERS[dot["tier"]]),
            *(dot["rating"], None, None, "yes" if dot["scored"] else "no"),
        )
        for dot in report["dots"]
    )
    sides = (
        (f"mean {name} the date", None, None, None, mean["rating"], *bounds_of(mean), "yes")
        for name, mean in means(report)
    )
    cut = report["cut"]
    cuts = () if cut is None else (("cut", None, None, None, cut["rating"], None, None, None),)
    band = (
        ("smoothed mean", minute(point["at"]), None, None, point["rating"], *bounds_of(point), "yes")
        for point in report["band"]["points"]
    )
    titles = (
        "What",
        "Observed (UTC)",
        "Rater",
        "Tier",
        f"Rating ({report['scale']})",
        "Low",
        "High",
        "Scored",
    )
    return Table(titles, (*dots, *cuts, *sides, *band))
