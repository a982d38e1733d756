"""`lrs profiles`: many officers' profiles at once, out to a file or back into the store."""

from __future__ import annotations

from pathlib import Path

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json, show_table
from lrs.xapi.timestamps import format_us

_as_of = click.option("--as-of", help="As recorded by this date or timestamp (default: now).")


@click.group()
def profiles() -> None:
    """Profiles of many officers: export them, or assert their verdicts."""


@profiles.command()
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="Default: csv.")
@_as_of
@click.option("--unit", help="Only officers of this unit, by the roster.")
@click.option("--phase", help="Only officers in this phase, by the roster.")
@click.option("--trainer", help="Only officers of this training officer, by the roster.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("-"),
    help="File to write; gzip when it ends in .gz (default: standard output).",
)
@click.option("--replace", is_flag=True, help="Replace a file of that name.")
def export(
    *,
    form: str,
    as_of: str | None,
    unit: str | None,
    phase: str | None,
    trainer: str | None,
    output: Path,
    replace: bool,
) -> None:
    """Write a row for each officer and competency."""
    from lrs.services.exporting_profiles import Format, ProfileExport, Selection

    with services() as rapport:
        moment = rapport.profiles.as_of(as_of)
        count = ProfileExport(rapport.profiles, rapport.plugins, rapport.store).file(
            output,
            form=Format(form),
            as_of_us=moment,
            chosen=Selection(unit=unit, phase=phase, trainer=trainer),
            replace=replace,
            progress=lambda officers: say(f"{officers} officers …"),
        )
    say(f"Officers written: {count} (as recorded by {format_us(moment)}).")


@profiles.command("assert")
@_as_of
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
@json_option
def assert_(as_of: str | None, dry_run: bool, as_json: bool) -> None:
    """Write an `asserted` statement where a verdict is not the one that was asserted last."""
    from lrs.services.asserting import Asserting

    with services() as rapport:
        done = Asserting(
            rapport.store, rapport.profiles, rapport.ingest, home_page=rapport.config.home_page
        ).run(
            rapport.profiles.as_of(as_of),
            dry=dry_run,
            progress=lambda officers: say(f"{officers} officers …"),
        )
    if as_json:
        show_json(
            {
                "as_of": format_us(done.as_of_us),
                "dry_run": dry_run,
                "officers": done.officers,
                "unchanged": done.unchanged,
                "not_yet": done.not_yet,
                "newer": done.newer,
                "unknown": done.unknown,
                "voided": [change.as_dict() for change in done.voided],
                "changes": [change.as_dict() for change in done.changes],
            }
        )
        return
    if done.changes:
        titles = ("officer", "competency", "asserted before", "now")
        show_table(titles, [(c.officer, c.competency, c.before or "-", c.after) for c in done.changes])
    verb = "Would be written" if dry_run else "Written"
    click.echo(
        f"{verb}: {len(done.changes)}. Unchanged: {done.unchanged}. Too little evidence as yet: {done.not_yet}. "
        f"Asserted as of later: {done.newer}."
    )
    if done.voided:
        click.echo(
            f"Not written, since that very assertion was voided: {len(done.voided)}. A later instant asserts anew."
        )
