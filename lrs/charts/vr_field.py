"""Question 3: do VR and the ride-along go together. A scatter of one competency; refused where the report refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import BLUE, labelled_by, over, spec_of
from lrs.charts.words import figure, id_of, interval, labels, percent, sentence, several, signed, spoken
from lrs.cohort.answer import Table

HEIGHT = 340


def vr_field_chart(report: Mapping[str, Any], competency: str | None = None) -> Chart:
    """The chart of `Report.as_dict()` of the report `vr-field`. Means in [0, 1].

    Args:
        report: competencies are never pooled: one of them is drawn.
        competency: its id; None: the one with most pairs, the first of several.

    Raises `ValueError` for one that is not in the report.
    """
    found = _chosen(report, competency)
    drawn = found is not None and found["given"]
    return Chart(
        id="vr-field" if found is None else id_of("vr-field", found["competency"]),
        title=_title(found),
        subtitle=_subtitle(report, found),
        summary=_summary(found),
        table=_table([] if found is None else found["pairs"]),
        spec=_spec(found) if found is not None and drawn else None,
        empty="" if drawn else sentence(_why_not(found)),
    )


def _chosen(report: Mapping[str, Any], competency: str | None) -> Mapping[str, Any] | None:
    compared: Sequence[Mapping[str, Any]] = report["competencies"]
    if competency is None:
        return max(compared, key=lambda one: one["n"], default=None)
    for one in compared:
        if one["competency"] == competency:
            return one
    raise ValueError(f"{competency} is not in the report")


def _why_not(found: Mapping[str, Any] | None) -> str:
    return "There is no scored competency to compare" if found is None else f"Not drawn: {found['refused']}"


def _title(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "No competency was compared."
    what = spoken(found["competency"])
    if not found["given"]:
        return f"Whether VR and field ratings of {what} go together cannot be said."
    one = found["pearson"]
    r, bounds = figure(one["r"]), one["interval"]
    of = f"over {several(found['n'], 'recruit')} (r = {r}, interval {interval(bounds)})"
    if bounds is None:
        return f"How sure it is that VR and field ratings of {what} go together cannot be said {of}."
    if bounds[0] > 0:
        return f"VR and field ratings of {what} go together {of}."
    if bounds[1] < 0:
        return f"VR and field ratings of {what} run against each other {of}."
    return f"It stays open whether VR and field ratings of {what} go together {of}."


def _subtitle(report: Mapping[str, Any], found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "0 recruits."
    parts = [
        f"A dot is one recruit with {report['min_encounters']} or more encounters on either side: plain means from "
        f"0 to 1 of VR scored by the simulation and of the field; n {found['n']}",
        f"{found['left_out']} left out with fewer",
    ]
    if found["given"]:
        spearman = found["spearman"]
        parts.append(
            f"r: Pearson's, {percent(report['interval_level'])} interval; Spearman's {signed(spearman['r'])} "
            f"({interval(spearman['interval'])})"
        )
    return sentence("; ".join(parts))


def _summary(found: Mapping[str, Any] | None) -> str:
    if found is None or not found["given"]:
        return sentence(_why_not(found))
    vr, field = ([pair[side] for pair in found["pairs"]] for side in ("vr", "field"))
    return (
        f"{several(found['n'], 'dot')}: VR means from {figure(min(vr))} to {figure(max(vr))}, field means from "
        f"{figure(min(field))} to {figure(max(field))}. VR is not the field: a correlation speaks of a cohort and "
        "predicts no recruit."
    )


def _table(pairs: Sequence[Mapping[str, Any]]) -> Table:
    names = labels(pairs)
    titles = ("Recruit", "VR mean, 0 to 1", "VR encounters", "Field mean, 0 to 1", "Field encounters")
    return Table(
        titles,
        tuple(
            (names[one["officer"]], one["vr"], one["vr_encounters"], one["field"], one["field_encounters"])
            for one in pairs
        ),
    )


def _spec(found: Mapping[str, Any]) -> dict[str, Any]:
    import altair as alt

    names = labels(found["pairs"])
    values = [
        {
            **{"recruit": names[one["officer"]], "vr": one["vr"], "field": one["field"]},
            "in_vr": f"{figure(one['vr'])}, {several(one['vr_encounters'], 'encounter')}",
            "in_field": f"{figure(one['field'])}, {several(one['field_encounters'], 'encounter')}",
        }
        for one in found["pairs"]
    ]
    scale = alt.Scale(domain=[0, 1])
    dots = (
        over(values)
        .mark_point(filled=True, size=60, color=BLUE, opacity=0.65)
        .encode(
            x=alt.X("vr:Q", title="Mean in VR, 0 to 1", scale=scale),
            y=alt.Y("field:Q", title="Mean in the field, 0 to 1", scale=scale),
            tooltip=[
                labelled_by("recruit", "Recruit"),
                labelled_by("in_vr", "VR"),
                labelled_by("in_field", "Field"),
            ],
        )
    )
    return spec_of(dots, height=HEIGHT)
