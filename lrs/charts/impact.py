"""Question 9: is there a group gap. The ratio of each group's rate at standard to the highest, with the 0.8 line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import BLUE, INK, LABEL, MUTED, OTHERS, VERMILION, labelled_by, over, row_id, spec_of
from lrs.charts.words import (
    either,
    figure,
    id_of,
    interval,
    listed,
    percent,
    sentence,
    several,
    shortened,
    spoken,
)
from lrs.cohort.answer import Table

FOUR_FIFTHS = 0.8
ROW_HEIGHT = 26
_BASE = "decided"
"""Which of the two rates is drawn; the other stands in the table."""
_OF = {"decided": "decided", "all": "everybody"}


def impact_chart(report: Mapping[str, Any], attribute: str | None = None) -> Chart:
    """The chart of `ImpactReport.as_dict()`, or of its member `verdicts`. Rates and ratios as numbers, 1 is equal.

    Args:
        report: of one competency.
        attribute: only this one, e.g. `age`; None: each that is in it, one below the other.

    Raises `ValueError` for one that is not in the report.
    """
    verdicts = report.get("verdicts", report)
    attributes = _chosen(verdicts["attributes"], attribute)
    rows = list(_rows(attributes))
    shown = [row for row in rows if row["ratio"] is not None]
    what = spoken(report["competency"]) if "competency" in report else "this competency"
    return Chart(
        id="impact" if attribute is None else id_of("impact", attribute),
        title=_title(rows, what),
        subtitle=_subtitle(verdicts),
        summary=_summary(rows, verdicts),
        table=_table(attributes),
        spec=_spec(rows, named=attribute is None) if shown else None,
        empty=_empty(rows, verdicts, drawn=bool(shown)),
    )


def _chosen(attributes: Sequence[Mapping[str, Any]], attribute: str | None) -> list[Mapping[str, Any]]:
    found = [one for one in attributes if attribute in (None, one["attribute"])]
    if attribute is not None and not found:
        raise ValueError(f"{attribute} is not in the report")
    return found


def _rows(attributes: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each group with its drawn rate; of a withheld one, that it is."""
    for one in attributes:
        for group in one["groups"]:
            rate = next((each for each in group["rates"] if each["of"] == _BASE), None)
            row = {"attribute": one["attribute"], "group": group["group"], "withheld": group["suppressed"]}
            yield {**row, **_ratio(rate)}


def _ratio(rate: Mapping[str, Any] | None) -> dict[str, Any]:
    if rate is None:
        return {
            "ratio": None,
            "low": None,
            "high": None,
            "flagged": False,
            "highest": False,
            "n": None,
            "of": "",
        }
    low, high = rate["ratio_interval"] or (None, None)
    return {
        **{"ratio": rate["ratio"], "low": low, "high": high, "n": rate["people"]},
        **{"flagged": rate["below_four_fifths"], "highest": rate["highest"]},
        "of": f"{rate['at_standard']} of {rate['people']} decided ({figure(rate['rate'])})",
    }


def _title(rows: Sequence[Mapping[str, Any]], what: str) -> str:
    shown = [row for row in rows if row["ratio"] is not None]
    if not rows:
        return "No group was compared."
    if not shown:
        return f"Nothing can be shown of the groups' rates at standard in {what}."
    below = [row for row in shown if row["flagged"]]
    compared = len([row for row in shown if not row["highest"]])
    if not compared:
        return f"No group is compared with another in {what}."
    if not below:
        return (
            f"None of {several(compared, 'group')} compared has a rate at standard below four fifths of the highest "
            f"in {what}."
        )
    return (
        f"{len(below)} of {several(compared, 'group')} compared {either(len(below), 'has', 'have')} a rate at "
        f"standard below four fifths of the highest in {what}: a place to look, and no finding."
    )


def _subtitle(verdicts: Mapping[str, Any]) -> str:
    return sentence(
        "Rate at standard of those whose verdict is decided, as a ratio to the group with the highest rate (1.00); "
        f"a line is the {percent(verdicts['interval_level'])} interval; dashed: 0.80; n: people decided; "
        f"groups with a cell below {verdicts['smallest_cell_shown']} are withheld"
    )


def _summary(rows: Sequence[Mapping[str, Any]], verdicts: Mapping[str, Any]) -> str:
    lines = [f"{row['attribute']}, {row['group']}: {_words(row)}." for row in rows]
    about = (
        "A screening figure, not a finding of discrimination: with few people a ratio says little, and one at or "
        "above 0.80 does not show that there is no difference."
    )
    return " ".join([*lines, about]) if verdicts["attributes"] else about


def _words(row: Mapping[str, Any]) -> str:
    if row["withheld"]:
        return "withheld"
    if row["ratio"] is None:
        return "no ratio" if row["of"] else "nobody decided"
    if row["highest"]:
        return f"the highest rate, {row['of']}"
    bounds = None if row["low"] is None else (row["low"], row["high"])
    return f"ratio {figure(row['ratio'])} (interval {interval(bounds)}), {row['of']}"


def _empty(rows: Sequence[Mapping[str, Any]], verdicts: Mapping[str, Any], *, drawn: bool) -> str:
    withheld = [f"{row['group']} ({row['attribute']})" for row in rows if row["withheld"]]
    if drawn and not withheld:
        return ""
    if withheld:
        return sentence(
            f"Withheld, for a cell has fewer than {verdicts['smallest_cell_shown']} people or would give another "
            f"away: {listed(withheld)}"
        )
    return "There is nothing to draw: there is no ratio, for nobody is decided or nobody is at standard."


def _table(attributes: Sequence[Mapping[str, Any]]) -> Table:
    titles = (
        "Attribute",
        "Group",
        "Of",
        "At standard",
        "People",
        "Rate",
        "Low",
        "High",
        "Ratio to the highest",
    )
    more = ("Ratio, low", "Ratio, high", "Below 0.80", "Fisher p", "Withheld")
    return Table(
        (*titles, *more),
        tuple(
            (one["attribute"], group["group"], *line, "yes" if group["suppressed"] else "no")
            for one in attributes
            for group in one["groups"]
            for line in [_line(rate) for rate in group["rates"]] or [(None,) * 11]
        ),
    )


def _line(rate: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        *(
            _OF[rate["of"]],
            rate["at_standard"],
            rate["people"],
            rate["rate"],
            *rate["interval"],
            rate["ratio"],
        ),
        *(rate["ratio_interval"] or (None, None)),
        *("yes" if rate["below_four_fifths"] else "no", rate["fisher_p"]),
    )


def _values(rows: Sequence[Mapping[str, Any]], *, named: bool) -> list[dict[str, Any]]:
    values = []
    for number, row in enumerate(rows):
        label = shortened(f"{row['attribute']}: {row['group']}" if named else row["group"], 20)
        n = "withheld" if row["withheld"] else f"n {row['n'] or 0}"
        kind = "highest" if row["highest"] else "below 0.80" if row["flagged"] else "0.80 or more"
        values.append(
            {
                **{"row": row_id(number, f"{label} ({n})"), "group": row["group"]},
                **{name: row[name] for name in ("ratio", "low", "high", "attribute")},
                **{"kind": kind if row["ratio"] is not None else "none", "words": _words(row)},
                "text": figure(row["ratio"]) if row["ratio"] is not None else f"— {_words(row)}",
                "at": row["ratio"] if row["ratio"] is not None else 0,
            }
        )
    return values


def _spec(rows: Sequence[Mapping[str, Any]], *, named: bool) -> dict[str, Any]:
    import altair as alt

    values = _values(rows, named=named)
    highest = max(max(row["high"] or 0, row["ratio"] or 0) for row in rows)
    x = alt.X(
        "ratio:Q",
        title="Ratio to the highest rate",
        scale=alt.Scale(domain=[0, min(3.0, max(1.2, highest * 1.05))], clamp=True, nice=False),
    )
    kinds = ["highest", "0.80 or more", "below 0.80"]
    there = [kind for kind in kinds if any(value["kind"] == kind for value in values)]
    looks = {
        "highest": (INK, "diamond"),
        "0.80 or more": (BLUE, "circle"),
        "below 0.80": (VERMILION, "triangle-down"),
    }
    legend = alt.Legend(title=None)
    base = over(values).encode(
        y=alt.Y(
            "row:N",
            sort=[value["row"] for value in values],
            title=None,
            axis=alt.Axis(labelExpr=LABEL, ticks=False, domain=False, grid=False, labelLimit=180),
        ),
        tooltip=[
            labelled_by("attribute", "Attribute"),
            labelled_by("group", "Group"),
            labelled_by("words", "Rate"),
        ],
    )
    drawn = base.transform_filter(alt.datum.kind != "none")
    rule = over([{"ratio": FOUR_FIFTHS}]).mark_rule(strokeDash=[5, 3], color=INK)
    return spec_of(
        rule.encode(x=x),
        drawn.mark_rule(strokeWidth=2, color=OTHERS).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        drawn.mark_point(filled=True, size=90, opacity=1).encode(
            x=x,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=there, range=[looks[kind][0] for kind in there]),
                legend=legend,
            ),
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=there, range=[looks[kind][1] for kind in there]),
                legend=legend,
            ),
        ),
        base.mark_text(align="left", dx=4, dy=-8, color=MUTED, fontSize=11).encode(
            x=alt.X("at:Q"), text=alt.Text("text:N")
        ),
        height=ROW_HEIGHT * len(values),
    )
