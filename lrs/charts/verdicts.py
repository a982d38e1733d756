"""A cohort at a glance: of each competency, how many recruits have which verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import INK, PAPER, SYMBOLS, VERDICTS, Mark, labelled_by, over, row_id, spec_of
from lrs.charts.words import either, sentence, several, shortened, spoken
from lrs.cohort.answer import Table

ROW_HEIGHT = 42
_DECIDED = ("at_standard", "below_standard")
_SHOWN = tuple(name for name in VERDICTS if name != "not_scored")


def verdicts_chart(standings: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Chart:
    """The chart of `Standing.as_dict()` of a whole cohort, in any order.

    Args:
        standings: one for each recruit and scored competency.
        names: of competencies, by id; one without a name is called by its id.
    """
    counts: dict[str, Counter[str]] = {}
    for one in standings:
        counts.setdefault(one["competency"], Counter())[one["verdict"]] += 1
    rows = [(names.get(id_) or spoken(id_), counts[id_]) for id_ in sorted(counts)]
    return Chart(
        id="verdicts",
        title=_title(rows),
        subtitle=_subtitle(rows),
        summary=_summary(rows),
        table=_table(rows),
        spec=_spec(rows) if rows else None,
        empty=""
        if rows
        else "There is nothing to draw: no recruit is in this cohort, or no competency is scored.",
    )


_Rows = Sequence[tuple[str, "Counter[str]"]]


def _title(rows: _Rows) -> str:
    if not rows:
        return "There is no verdict to show."
    total = sum(count.total() for _, count in rows)
    decided = sum(count[verdict] for _, count in rows for verdict in _DECIDED)
    below = sum(count["below_standard"] for _, count in rows)
    return (
        f"{decided or 'None'} of {several(total, 'verdict')} {either(decided, 'is', 'are')} decided by the evidence, "
        f"{below or 'none'} of them below standard."
        if decided
        else f"None of {several(total, 'verdict')} is decided by the evidence."
    )


def _subtitle(rows: _Rows) -> str:
    people = max((count.total() for _, count in rows), default=0)
    return sentence(
        f"Recruits by verdict, a bar for each of {several(len(rows), 'competency', 'competencies')}; "
        f"n {people} at most; undetermined: the evidence does not decide; insufficient: too little, or too few raters; "
        "stale: the newest is too old"
    )


def _summary(rows: _Rows) -> str:
    lines = [f"{name}, n {count.total()}: {_words(count)}." for name, count in rows]
    return " ".join([*lines, "A verdict speaks of recorded evidence against a rubric and decides nothing."])


def _words(count: Mapping[str, int]) -> str:
    return ", ".join(
        f"{count[verdict]} {VERDICTS[verdict].label}" for verdict in _SHOWN if count.get(verdict)
    )


def _table(rows: _Rows) -> Table:
    titles = ("Competency", *(sentence(VERDICTS[verdict].label)[:-1] for verdict in _SHOWN), "n")
    return Table(
        titles,
        tuple((name, *(count[verdict] for verdict in _SHOWN), count.total()) for name, count in rows),
    )


def _values(rows: _Rows) -> list[dict[str, Any]]:
    values = []
    most = max(count.total() for _, count in rows)
    for number, (name, count) in enumerate(rows):
        start = 0
        for verdict in _SHOWN:
            many, mark = count[verdict], VERDICTS[verdict]
            end = start + many
            if many:
                values.append(
                    {
                        **{"row": row_id(number, name), "competency": name, "verdict": mark.label},
                        **{"from": start, "to": end, "middle": (start + end) / 2, "number": many},
                        "text": _written(mark, many, most),
                        **{"written": mark.text, "of": f"{many} of {count.total()}"},
                    }
                )
            start = end
    return values


def _written(mark: Mark, many: int, most: int) -> str:
    """Symbol and number where there is room for them on a phone, the number alone where there is for that."""
    if many > most / 10:
        return f"{mark.symbol} {many}"
    return str(many) if many > most / 20 else ""


def _spec(rows: _Rows) -> dict[str, Any]:
    import altair as alt

    values = _values(rows)
    heads = [
        {"row": row_id(n, name), "to": 0, "text": f"{shortened(name, 40)} · n {count.total()}"}
        for n, (name, count) in enumerate(rows)
    ]
    there = [
        VERDICTS[verdict]
        for verdict in _SHOWN
        if any(value["verdict"] == VERDICTS[verdict].label for value in values)
    ]
    y = alt.Y("row:N", sort=[row_id(n, name) for n, (name, _) in enumerate(rows)], title=None, axis=None)
    most = max(count.total() for _, count in rows)
    x = alt.X("to:Q", title="Recruits", axis=alt.Axis(format="d", tickCount=min(6, most)))
    base = over(values).encode(
        y=y,
        tooltip=[
            labelled_by("competency", "Competency"),
            labelled_by("verdict", "Verdict"),
            labelled_by("of", "Recruits"),
        ],
    )
    labels = [mark.label for mark in there]
    legend = alt.Legend(
        title=None,
        symbolType="square",
        symbolStrokeColor=INK,
        symbolStrokeWidth=0.5,
        labelFont=SYMBOLS,
        labelExpr=_legend(labels),
    )
    bars = base.mark_bar(height=18, yOffset=8, stroke=PAPER, strokeWidth=1).encode(
        x=x,
        x2=alt.X2("from:Q"),
        color=alt.Color(
            "verdict:N", scale=alt.Scale(domain=labels, range=[mark.colour for mark in there]), legend=legend
        ),
    )
    texts = base.mark_text(dy=8, font=SYMBOLS, color=alt.expr("datum.written")).encode(
        x=alt.X("middle:Q"), text=alt.Text("text:N")
    )
    names = over(heads).mark_text(align="left", dx=1, dy=-10, limit=360)
    return spec_of(
        bars, texts, names.encode(x=x, y=y, text=alt.Text("text:N")), height=ROW_HEIGHT * len(heads)
    )


def _legend(labels: Sequence[str]) -> str:
    """The symbol before the name, as in the bars."""
    symbols = {mark.label: mark.symbol for mark in VERDICTS.values()}
    cases = "".join(f"datum.label == '{label}' ? '{symbols[label]} {label}' : " for label in labels)
    return f"{cases}datum.label"
