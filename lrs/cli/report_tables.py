"""Answers for people: a headline, a table with the columns that fit a terminal, and the notes."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import click

from lrs.cli.output import show_table, visible
from lrs.cohort.answer import Answer, Table
from lrs.cohort.refused import refused_table
from lrs.cohort.roster import short_name
from lrs.cohort.roster_csv import no_formula

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_KEYS = ("officer", "rater", "trainer", "unit", "authority")
_Lines = Iterator[str]

COLUMNS: Mapping[str, Sequence[str]] = {
    "trend": ("observed", "rater", "tier", "rating", "scored", "side"),
    "vr-field": ("competency", "officer", "name", "vr", "vr_encounters", "field", "field_encounters"),
    "unit-survey": ("unit", "control", "begins", "ends", "replies", "rating", "s", "counts", "after"),
    "raters": ("rater", "severity", "low", "high", "stand", "ratings", "officers", "not estimated"),
    "flat": (
        *("officer", "name", "phase", "competency", "indicator", "why", "encounters", "first", "last"),
        *("mean_s", "change_low", "change_high", "verdict"),
    ),
    "stale": ("officer", "name", "phase", "competency", "verdict", "first", "days", "on"),
    "quality": (
        *("authority", "platform", "activity", "statements", "unrecognised", "quarantined", "future"),
        *("evidence", "unusable", "not_observed_share", "why_not"),
    ),
}
"""Columns of each report's table that are shown, by the report's name; those that are not named show all."""


def show_report(name: str, whole: Mapping[str, Any], answer: Answer) -> None:
    """The report on standard output."""
    click.echo(f"As recorded by {whole['as_of']}. {whole['about']}")
    for line in _HEADLINES[name](whole):
        click.echo(visible(line))
    table = _gaps(whole) if name == "gaps" else chosen(answer.table(), COLUMNS.get(name))
    show_lines(table)
    if name == "quality":
        _show_refused(whole["refused"])
    for note in whole["notes"]:
        click.echo(f"- {visible(note)}")
    for warning in whole["warnings"]:
        click.echo(f"! {visible(warning)}")


def _show_refused(told: Mapping[str, Any]) -> None:
    """What was refused: by vendor, then for which errors."""
    days = f"Refused from {told['since']} to {told['until']}"
    if not told["requests"]:
        click.echo(f"{days}: no request with statements.\n")
        return
    click.echo(
        f"{days}: {told['requests']} requests with {told['statements']} statements, as far as is known."
    )
    for part in ("by_vendor", "reasons"):
        show_lines(refused_table(told[part]))
    if told["more_reasons"]:
        click.echo(f"{told['more_reasons']} less frequent reasons are left off.\n")


def show_lines(table: Table) -> None:
    """A table between two empty lines; nothing when it has no row."""
    click.echo()
    if table.rows:
        rows = [
            [_cell(title, value) for title, value in zip(table.titles, row, strict=True)]
            for row in table.rows
        ]
        show_table([title.replace("_", " ") for title in table.titles], rows)
        click.echo()


def show_csv(table: Table) -> None:
    """The whole table as CSV.

    Text that a spreadsheet would take for a formula gets an apostrophe; control characters are written out.
    """
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(table.titles)
    for row in table.rows:
        writer.writerow([_plain(value) for value in row])


def chosen(table: Table, titles: Sequence[str] | None) -> Table:
    """The columns of these titles, in this order; None: all."""
    if titles is None:
        return table
    places = [table.titles.index(title) for title in titles]
    return Table(tuple(titles), tuple(tuple(row[place] for place in places) for row in table.rows))


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return no_formula(visible(value)) if isinstance(value, str) else value


def _cell(title: str, value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if not isinstance(value, str):
        return str(value)
    if title in _KEYS:
        return _person(value)
    return value[:10] if _INSTANT.fullmatch(value) else value


def _person(key: str) -> str:
    scorer = key.removeprefix("system:")
    return short_name(key) if scorer == key else f"{short_name(scorer)} (automatic)"


def _gaps(whole: Mapping[str, Any]) -> Table:
    """A line for each officer, with the indicators that are empty."""
    names = ("officer", "name", "unit", "phase", "trainer")
    return Table(
        (*names, "empty", "without evidence of"),
        tuple(
            (
                *(row[name] for name in names),
                f"{row['empty']} of {len(row['cells'])}",
                ", ".join(cell["indicator"] for cell in row["cells"] if cell["empty"]),
            )
            for row in whole["officers"]
        ),
    )


def _gaps_headline(whole: Mapping[str, Any]) -> _Lines:
    yield f"Officers looked at: {whole['officers_looked_at']}. Indicators: {len(whole['indicators'])}."


def _trend_headline(whole: Mapping[str, Any]) -> _Lines:
    what = whole["competency"] + (f", {whole['indicator']}" if whole["indicator"] else "")
    yield f"{short_name(whole['officer'])} on {what}. Ratings on {whole['scale']}."
    for name in ("before", "after"):
        side = whole[name]
        if side and side["mean"]:
            mean, raters = side["mean"], len(side["raters"])
            margin = _range(mean["rating_interval"])
            yield f"{name}: mean {mean['rating']:.2f}{margin}, {side['encounters']} encounters, {raters} raters"
            tiers = (f"{one['tier']} {one['rating']:.2f} ({one['n']})" for one in side["tiers"])
            yield f"  by tier (encounters): {', '.join(tiers)}"
    yield _change("change", whole["change"])


def _vr_headline(whole: Mapping[str, Any]) -> _Lines:
    for one in whole["competencies"]:
        if not one["given"]:
            yield f"{one['competency']}: refused: {one['refused']}."
            continue
        pearson, spearman = one["pearson"], one["spearman"]
        yield (
            f"{one['competency']}: {one['n']} officers; Pearson {pearson['r']:.2f}{_range(pearson['interval'])}; "
            f"Spearman {spearman['r']:.2f}{_range(spearman['interval'])}."
        )


def _survey_headline(whole: Mapping[str, Any]) -> _Lines:
    yield f"Survey on {whole['competency']}, periods of {whole['period_days']} days."
    for one in whole["units"]:
        kind = "control" if one["control"] else "unit"
        yield f"{kind} {_change(short_name(one['unit']), one['change'])}"
    yield _change("difference of the unit from its controls", whole["change"])


def _raters_headline(whole: Mapping[str, Any]) -> _Lines:
    yield f"{whole['competency']}: {whole['ratings']} ratings on {whole['scale']}. Severity in logits, severe above 0."
    for name, alpha in whole["agreement"].items():
        value = "none can be told" if alpha["alpha"] is None else f"{alpha['alpha']:.2f}"
        yield f"Krippendorff's alpha over {name} ({alpha['level']}): {value}; {alpha['units']} shared."
    for number, network in enumerate(whole["networks"]):
        if network["refused"]:
            yield f"Network {number}: refused: {network['refused']}."


def _flat_headline(whole: Mapping[str, Any]) -> _Lines:
    yield (
        f"The newest {whole['encounters']} encounters of an officer on a competency: {whole['looked_at']} looked at, "
        f"{whole['too_few_encounters']} with too few."
    )
    yield f"Flat and below the cut: {len(whole['flat'])}. Not responding on one item: {len(whole['not_responding'])}."


def _stale_headline(whole: Mapping[str, Any]) -> _Lines:
    yield (
        f"Within {whole['within_days']:g} days: {len(whole['lines'])}. Stale already: {whole['already_stale']}. "
        f"Too little mass already: {whole['already_too_little']}."
    )


def _quality_headline(whole: Mapping[str, Any]) -> _Lines:
    covered, totals = whole["covered"], whole["totals"]
    yield (
        f"{totals['statements']} statements, stored after {covered['since']} up to {covered['through']}"
        + ("." if covered["complete"] else f"; there are more: go on with --since {covered['through']}.")
    )


def _nothing(_whole: Mapping[str, Any]) -> _Lines:
    return iter(())


def _change(what: str, change: Mapping[str, Any]) -> str:
    if change["refused"] is not None or change["s"] is None:
        return f"{what}: refused: {change['refused']}"
    in_points = change["points"]
    one, unit = (change["s"], "of s") if in_points is None else (in_points, "points")
    return f"{what}: {round(one['value'], 2) + 0.0:+.2f} {unit}{_range(one['interval'])}"


def _range(interval: Sequence[float] | None) -> str:
    return " (no interval)" if interval is None else f" ({_number(interval[0])} to {_number(interval[1])})"


def _number(value: float) -> str:
    """Two decimals, and never a negative zero."""
    return f"{round(value, 2) + 0.0:.2f}"


_HEADLINES: Mapping[str, Callable[[Mapping[str, Any]], _Lines]] = {
    "gaps": _gaps_headline,
    "trend": _trend_headline,
    "vr-field": _vr_headline,
    "unit-survey": _survey_headline,
    "raters": _raters_headline,
    "flat": _flat_headline,
    "stale": _stale_headline,
    "quality": _quality_headline,
}
