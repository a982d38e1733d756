"""`lrs report`: the training officer's questions of a cohort, as tables, CSV or JSON."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json

if TYPE_CHECKING:
    from lrs.services.reports import Report, Whom
    from lrs.services.wiring import Rapport

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Finite(click.FloatRange):
    """A range without NaN, which is neither below its least nor above its greatest and so would pass."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


_DAYS = _Finite(1, 36_500)

as_of_option = click.option("--as-of", help="As recorded by this date or timestamp (default: now).")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV, for a spreadsheet.")
competency_option = click.option("--competency", help="This one only (default: each).")
one_competency_option = click.option("--competency", required=True, help="Which competency.")
date_option = click.option("--date", "date", help="Before and after this date or timestamp.")


def whom_options(command: _Command) -> _Command:
    """Which officers, by the roster."""
    for name, what in (
        ("--trainer", "Only with this training officer on the roster: account name or agent key."),
        ("--phase", "Only in this phase on the roster."),
        ("--unit", "Only of this unit on the roster."),
    ):
        command = click.option(name, help=what)(command)
    return command


def answer_options(command: _Command) -> _Command:
    """As of when, and in which form."""
    return as_of_option(csv_option(json_option(command)))


@click.group()
def report() -> None:
    """Questions about a cohort."""


@report.command()
@whom_options
@competency_option
@click.option("--indicator", help="This one only.")
@click.option("--lacking", is_flag=True, help="Leave out officers without an empty cell.")
@answer_options
def gaps(*, indicator: str | None, lacking: bool, competency: str | None, **options: Any) -> None:
    """Which evidence is missing: recruits and indicators."""
    with services() as rapport:
        as_of_us, whom = _asked(rapport, options)
        found = rapport.reports.gaps(
            as_of_us, whom, competency=competency, indicator=indicator, lacking=lacking
        )
        _noted(rapport, found)
    _show(found, options)


@report.command()
@click.argument("officer")
@one_competency_option
@click.option("--indicator", help="Only ratings on this one.")
@date_option
@click.option("--bandwidth-days", type=_Finite(1, 365), default=14.0, help="Width of the band's kernel.")
@click.option(
    "--min-encounters",
    type=click.IntRange(2, 1000),
    default=5,
    help="Least encounters on either side of the date.",
)
@click.option("--window-days", type=_DAYS, help="Only what was observed within so many days of the date.")
@answer_options
def trend(*, officer: str, competency: str, date: str | None, **options: Any) -> None:
    """Is OFFICER improving? Every vote, a smoothed band, before and after a date."""
    from lrs.services.reports import instant

    form = _form(options)
    with services() as rapport:
        reports = rapport.reports
        as_of_us, date_us = reports.as_of(options.pop("as_of")), instant("date", date)
        found = reports.trend(as_of_us, reports.resolve(officer), competency, date_us=date_us, **options)
        _noted(rapport, found)
    _show(found, form)


@report.command("vr-field")
@whom_options
@competency_option
@click.option(
    "--min-encounters",
    type=click.IntRange(1, 1000),
    default=3,
    help="Least encounters of an officer on either side.",
)
@answer_options
def vr_field(*, competency: str | None, min_encounters: int, **options: Any) -> None:
    """Do VR and the ride-along go together? Refused below 30 officers."""
    with services() as rapport:
        as_of_us, whom = _asked(rapport, options)
        found = rapport.reports.vr_field(as_of_us, whom, competency=competency, min_encounters=min_encounters)
        _noted(rapport, found)
    _show(found, options)


@report.command("unit-survey")
@click.argument("unit")
@one_competency_option
@date_option
@click.option(
    "--control", "controls", multiple=True, help="A control unit; may be repeated (default: every other)."
)
@click.option("--period-days", type=click.IntRange(1, 36_500), default=28, help="Length of a period.")
@click.option(
    "--min-replies", type=click.IntRange(3), default=5, help="Least replies in a period for it to count."
)
@answer_options
def unit_survey(
    *, unit: str, competency: str, date: str | None, controls: tuple[str, ...], **options: Any
) -> None:
    """Did the survey of UNIT move, beside control units?"""
    from lrs.services.reports import instant

    form = _form(options)
    with services() as rapport:
        reports = rapport.reports
        found = reports.unit_survey(
            reports.as_of(options.pop("as_of")),
            reports.resolve(unit),
            competency,
            controls=[reports.resolve(one) for one in controls] if controls else None,
            date_us=instant("date", date),
            **options,
        )
    _show(found, form)


@report.command()
@whom_options
@one_competency_option
@answer_options
def raters(*, competency: str, **options: Any) -> None:
    """Which raters are severe or lenient, and how far do they agree?"""
    with services() as rapport:
        as_of_us, whom = _asked(rapport, options)
        found = rapport.reports.raters(as_of_us, whom, competency)
        _noted(rapport, found)
    _show(found, options)


@report.command()
@whom_options
@competency_option
@click.option(
    "--encounters", type=click.IntRange(4, 1000), default=8, help="How many of the newest are looked at."
)
@click.option(
    "--nrt-times", type=click.IntRange(1, 1000), default=3, help="NRT on one item in so many encounters."
)
@answer_options
def flat(*, competency: str | None, encounters: int, nrt_times: int, **options: Any) -> None:
    """Who shows no change below the cut, or was flagged NRT on one item again?"""
    with services() as rapport:
        as_of_us, whom = _asked(rapport, options)
        found = rapport.reports.flat(
            as_of_us, whom, competency=competency, encounters=encounters, nrt_times=nrt_times
        )
        _noted(rapport, found)
    _show(found, options)


@report.command()
@whom_options
@competency_option
@click.option("--days", type=_Finite(0, 36_500), default=30.0, help="How far ahead.")
@answer_options
def stale(*, competency: str | None, days: float, **options: Any) -> None:
    """What goes stale, or loses the mass for a verdict, in the next days?"""
    with services() as rapport:
        as_of_us, whom = _asked(rapport, options)
        found = rapport.reports.stale(as_of_us, whom, competency=competency, within_days=days)
        _noted(rapport, found)
    _show(found, options)


@report.command()
@click.option("--since", help="Stored later than this date or timestamp (default: 30 days before).")
@click.option("--statements", type=click.IntRange(1), default=100_000, help="Look at so many at most.")
@click.option("--lines", type=click.IntRange(1), default=100, help="Show so many lines at most.")
@answer_options
def quality(*, since: str | None, statements: int, lines: int, **options: Any) -> None:
    """Which vendors and scenarios send what cannot be used, and why not?"""
    from lrs.services.reports import instant

    with services() as rapport:
        reports = rapport.reports
        as_of_us = reports.as_of(options["as_of"])
        found = reports.quality(as_of_us, since_us=instant("since", since), most=statements, lines=lines)
        _noted(rapport, found)
    _show(found, options)


@report.command()
@click.option(
    "--groups",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="CSV: account, and a column for each attribute. Read and forgotten.",
)
@whom_options
@one_competency_option
@click.option("--minimum", type=click.IntRange(2), default=5, help="Cells of fewer people are withheld.")
@answer_options
def impact(*, file: Path, competency: str, minimum: int, **options: Any) -> None:
    """Audit: do groups differ in the rate at standard, and do raters by group?

    Group data is read from the file, and never stored. What is shown is a screening figure and no finding.
    """
    from lrs.cli.report_tables import show_csv, show_lines
    from lrs.services.impact import audit_impact

    with services() as rapport:
        as_of_us, whom = _asked(rapport, options)
        found = audit_impact(rapport.reports, as_of_us, whom, competency, file, minimum=minimum)
    whole = found.as_dict()
    if options["as_json"]:
        show_json(whole)
        return
    if options["as_csv"]:
        show_csv(found.verdicts.table())
        return
    click.echo(f"As recorded by {whole['as_of']}. {whole['about']}")
    click.echo(
        f"{competency}: {whole['rows']} rows of groups, {whole['rows_unknown']} on nobody in the cohort."
    )
    show_lines(found.verdicts.table())
    if found.raters is not None:
        show_lines(found.raters.table())
    else:
        say(f"Nothing is said of raters: {found.refused}")
    for note in whole["notes"]:
        click.echo(f"- {note}")


def _asked(rapport: Any, options: dict[str, Any]) -> tuple[int, Whom]:
    """The instant and the officers that are asked about."""
    from lrs.services.reports import Whom

    whom = Whom(unit=options["unit"], phase=options["phase"], trainer=options["trainer"])
    return rapport.reports.as_of(options["as_of"]), whom


def _noted(rapport: Rapport, found: Report) -> None:
    """Write into the audit log whose record was read for it."""
    rapport.audit.read(rapport.sights.of_system(), f"report {found.name}", found.read)


def _form(options: dict[str, Any]) -> dict[str, Any]:
    """The form of the answer, taken out of the options."""
    return {name: options.pop(name) for name in ("as_json", "as_csv")}


def _show(found: Report, form: dict[str, Any]) -> None:
    from lrs.cli.report_tables import show_csv, show_report

    if form["as_json"]:
        show_json(found.as_dict())
    elif form["as_csv"]:
        show_csv(found.answer.table())
    else:
        show_report(found.name, found.as_dict(), found.answer)
