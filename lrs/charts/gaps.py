"""Question 1: which evidence is missing. A grid of recruits and indicators, or, of many indicators, of competencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lrs.charts.chart import Chart
from lrs.charts.theme import (
    INK,
    LABEL,
    MUTED,
    PAPER,
    VERMILION,
    depending,
    labelled_by,
    over,
    row_id,
    spec_of,
)
from lrs.charts.words import either, labels, listed, minute, several, short_day, spoken
from lrs.cohort.answer import Table

if TYPE_CHECKING:
    import altair as alt

MOST_COLUMNS = 18
"""More indicators than this are drawn as one column for each competency: on a phone a cell would be too small."""
MOST_ROWS = 120
"""Recruits that are drawn, those who lack most; all are in the table."""
ROW_HEIGHT = 18
EMPTY = "○"
_GROUP = "► "
_FULL = "#cfe3f1"
"""Of a cell with evidence: pale, for what is missing shall be seen."""


def gaps_chart(report: Mapping[str, Any]) -> Chart:
    """The chart of `Report.as_dict()` of the report `gaps`."""
    columns, rows = report["indicators"], report["officers"]
    return Chart(
        id="gaps",
        title=_title(report),
        subtitle=_subtitle(report),
        summary=_summary(report),
        table=_table(report),
        spec=_spec(report) if columns and rows else None,
        empty=_empty(report),
    )


def _lacking(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in report["officers"] if row["empty"]]


def _title(report: Mapping[str, Any]) -> str:
    looked_at, columns = report["officers_looked_at"], report["indicators"]
    if not looked_at:
        return "No recruit was looked at."
    if not columns:
        return "No indicator was looked at."
    number = len(_lacking(report))
    of = f"{number or 'None'} of {several(looked_at, 'recruit')} {either(number or 1, 'lacks', 'lack')} evidence of"
    if len(columns) == 1:
        return f"{of} “{columns[0]['name']}”."
    most = max(one["officers_empty"] for one in columns)
    title = f"{of} one or more of {several(len(columns), 'indicator')}"
    if not most:
        return f"{title}."
    names = [f"“{one['name']}”" for one in columns if one["officers_empty"] == most]
    which = names[0] if len(names) == 1 else f"{several(len(names), 'indicator')}, such as {names[0]}"
    return f"{title}; most often of {which} ({several(most, 'recruit')})."


def _subtitle(report: Mapping[str, Any]) -> str:
    empty = sum(row["empty"] for row in report["officers"])
    cells = sum(len(row["cells"]) for row in report["officers"])
    what = (
        f"A cell: one recruit and one competency; the number: indicators without scored evidence; blank: none is "
        f"without. {several(len(report['indicators']), 'indicator')} in all; ask for one competency to see each"
        if _by_competency(report)
        else f"A cell: one recruit and one indicator; {EMPTY}: nothing scored is recorded"
    )
    if len(report["officers"]) > MOST_ROWS:
        what += f". Drawn: the {MOST_ROWS} who lack most"
    return (
        f"{what}. {empty:,} of {several(cells, 'pair')} of recruit and indicator {either(empty, 'is', 'are')} "
        "without evidence."
    )


def _summary(report: Mapping[str, Any]) -> str:
    if not report["officers"] or not report["indicators"]:
        return "There is nothing to draw."
    lines = [
        f"{spoken(one['competency'])}, {one['name']}: {several(one['officers_empty'], 'recruit')} without evidence."
        for one in sorted(report["indicators"], key=lambda one: -one["officers_empty"])[:5]
        if one["officers_empty"]
    ]
    intro = "Indicators with most empty cells. " if lines else ""
    return (
        f"{intro}{' '.join(lines)} An empty cell says that nothing scored is recorded, "
        "and nothing of how well the recruit does it."
    ).strip()


def _empty(report: Mapping[str, Any]) -> str:
    if not report["officers_looked_at"]:
        return "There is nobody to draw: no recruit fits the question."
    if not report["indicators"]:
        return "There is nothing to draw: no rubric with an indicator fits the question."
    if not report["officers"]:
        return "There is nothing to draw: nobody lacks evidence."
    return ""


def _table(report: Mapping[str, Any]) -> Table:
    names = labels(report["officers"])
    called = {(one["competency"], one["indicator"]): one["name"] for one in report["indicators"]}
    titles = (
        "Recruit",
        "Competency",
        "Indicator",
        "Scored",
        "Completed",
        "Shown, not scored",
        "Not observed",
    )
    return Table(
        (*titles, "Newest (UTC)", "Without evidence"),
        tuple(
            (
                *(names[row["officer"]], spoken(cell["competency"])),
                called[cell["competency"], cell["indicator"]],
                *(cell["scored"], cell["completed"], cell["shown"], cell["not_observed"]),
                *(minute(cell["newest"]), "yes" if cell["empty"] else "no"),
            )
            for row in report["officers"]
            for cell in row["cells"]
        ),
    )


def _by_competency(report: Mapping[str, Any]) -> bool:
    return len(report["indicators"]) > MOST_COLUMNS


def _drawn(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Who is drawn, in the order of the report."""
    people = report["officers"]
    chosen = sorted(range(len(people)), key=lambda n: (-people[n]["empty"], n))[:MOST_ROWS]
    return [people[n] for n in sorted(chosen)]


def _spec(report: Mapping[str, Any]) -> dict[str, Any]:
    columns, values = _competencies(report) if _by_competency(report) else _indicators(report)
    names = labels(report["officers"])
    rows = {one["officer"]: row_id(n, names[one["officer"]]) for n, one in enumerate(_drawn(report))}
    for value in values:
        officer = value.pop("officer")
        value["row"], value["recruit"] = rows[officer], names[officer]
    return _grid(columns, list(rows.values()), values)


def _indicators(report: Mapping[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """A column for each indicator; of several competencies, one with its name before those of each."""
    columns: list[str] = []
    place: dict[tuple[str, str], str] = {}
    grouped = len({one["competency"] for one in report["indicators"]}) > 1
    last = None
    for one in report["indicators"]:
        if grouped and last != one["competency"]:
            columns.append(row_id(len(columns), _GROUP + spoken(one["competency"])))
        last = one["competency"]
        place[one["competency"], one["indicator"]] = row_id(len(columns), one["name"])
        columns.append(place[one["competency"], one["indicator"]])
    called = {(one["competency"], one["indicator"]): one["name"] for one in report["indicators"]}
    values = [
        {
            "officer": row["officer"],
            "column": place[cell["competency"], cell["indicator"]],
            "kind": "empty" if cell["empty"] else "some",
            "mark": EMPTY if cell["empty"] else "",
            "of": called[cell["competency"], cell["indicator"]],
            "competency": spoken(cell["competency"]),
            "there": _there(cell),
        }
        for row in _drawn(report)
        for cell in row["cells"]
    ]
    return columns, values


def _there(cell: Mapping[str, Any]) -> str:
    """What a cell holds, in words."""
    counts = [
        f"{cell[name]} {word}"
        for name, word in (
            ("scored", "scored"),
            ("completed", "completed"),
            ("shown", "shown, not scored"),
            ("not_observed", "not observed"),
        )
        if cell[name]
    ]
    newest = "" if cell["newest"] is None else f", newest {short_day(cell['newest'])}"
    return (listed(counts) or "nothing") + newest


def _competencies(report: Mapping[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """A column for each competency, with how many of its indicators are empty."""
    order = list(dict.fromkeys(one["competency"] for one in report["indicators"]))
    columns = {name: row_id(n, spoken(name)) for n, name in enumerate(order)}
    values = []
    for row in _drawn(report):
        for competency in order:
            cells = [cell for cell in row["cells"] if cell["competency"] == competency]
            empty = sum(cell["empty"] for cell in cells)
            values.append(
                {
                    "officer": row["officer"],
                    "column": columns[competency],
                    "kind": "empty" if empty == len(cells) else "partly" if empty else "some",
                    "mark": str(empty) if empty else "",
                    "of": spoken(competency),
                    "competency": spoken(competency),
                    "there": f"{empty} of {several(len(cells), 'indicator')} without evidence",
                }
            )
    return list(columns.values()), values


def _grid(columns: Sequence[str], rows: Sequence[str], values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    import altair as alt

    base = over(values).encode(
        x=_x(columns),
        y=alt.Y(
            "row:N", sort=list(rows), title=None, axis=alt.Axis(labelExpr=LABEL, ticks=False, labelLimit=110)
        ),
        tooltip=[
            labelled_by("recruit", "Recruit"),
            labelled_by("competency", "Competency"),
            labelled_by("of", "Of"),
            labelled_by("there", "Recorded"),
        ],
    )
    kinds = alt.Scale(domain=["some", "partly", "empty"], range=[_FULL, "#f6d9c4", VERMILION])
    cells = base.mark_rect(stroke=PAPER, strokeWidth=1.5).encode(
        color=alt.Color("kind:N", scale=kinds, legend=None)
    )
    marks = base.mark_text(fontWeight="bold", baseline="middle").encode(
        text=alt.Text("mark:N"),
        color=depending(alt.ColorValue, alt.datum.kind == "empty", alt.value(PAPER), alt.value(INK)),
    )
    return spec_of(cells, marks, height=ROW_HEIGHT * len(rows))


def _x(columns: Sequence[str]) -> alt.X:
    import altair as alt

    axis = alt.Axis(
        orient="top",
        title=None,
        labelAngle=-90,
        labelExpr=LABEL,
        labelLimit=170,
        labelOverlap=False,
        ticks=False,
        domain=False,
        labelColor=_of_group(INK, MUTED),
        labelFontWeight=_of_group("bold", "normal"),
    )
    return alt.X("column:N", sort=list(columns), scale=alt.Scale(domain=list(columns)), axis=axis)


def _of_group(value: Any, otherwise: Any) -> dict[str, Any]:
    """A property of the labels of axes: another one for the name of a competency."""
    return {
        "condition": {"test": f"indexof(datum.value, '{_GROUP}') > 0", "value": value},
        "value": otherwise,
    }
