"""`lrs roster import` and `list`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json, show_table
from lrs.cohort.roster import Member, short_name
from lrs.cohort.roster_changes import Fate, RowFate

_SHOWN = 50


@click.group()
def roster() -> None:
    """Who is in training: unit, phase, trainer, start."""


@roster.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--home-page", help="homePage of accounts that the file gives by name alone.")
@click.option("--replace", is_flag=True, help="Remove members that the file does not name.")
@click.option("--skip-refused", is_flag=True, help="Take the other rows when some are refused.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@json_option
def import_(
    *, file: Path, home_page: str | None, replace: bool, skip_refused: bool, dry_run: bool, as_json: bool
) -> None:
    """Take in a roster: CSV with the columns account, name, unit, phase, trainer, start.

    All or nothing: when a row is refused, nothing is changed (exit code 1), unless --skip-refused.
    """
    with services() as rapport:
        done = rapport.roster.import_csv(
            file.read_bytes(),
            home_page=home_page,
            replace=replace,
            skip_refused=skip_refused,
            dry_run=dry_run,
        )
    refused = done.changes.refused
    if as_json:
        show_json(done.as_dict())
    else:
        for row in done.changes.rows:
            _tell(row)
        for officer in done.changes.removed:
            click.echo(f"removed: {officer}")
        counts = ", ".join(f"{fate.value} {done.changes.count(fate)}" for fate in Fate)
        say(f"Rows: {counts}. Removed: {len(done.changes.removed)}.")
        if done.without_evidence:
            say(
                f"No evidence was ever found on {done.without_evidence} of them: new, or of another homePage."
            )
        if not done.stored:
            say("Nothing was changed." + (" Mend the file, or say --skip-refused." if refused else ""))
    sys.exit(1 if refused else 0)


@roster.command("list")
@click.option("--unit", help="Only this unit.")
@click.option("--phase", help="Only this phase.")
@click.option("--trainer", help="Only with this training officer: account name or agent key.")
@click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV, as `import` takes it.")
@json_option
def list_members(
    unit: str | None, phase: str | None, trainer: str | None, as_csv: bool, as_json: bool
) -> None:
    """Show who is on the roster."""
    from lrs.cohort.roster_csv import write_roster

    with services() as rapport:
        members = rapport.roster.members(unit=unit, phase=phase, trainer=trainer)
    if as_json:
        show_json([member.as_dict() for member in members])
    elif as_csv:
        click.echo(write_roster(members), nl=False)
    else:
        show_table(("account", "name", "unit", "phase", "trainer", "start"), list(map(_line, members)))


def _tell(row: RowFate) -> None:
    """One row, unless nothing happens to it."""
    if row.fate is Fate.UNCHANGED:
        return
    what = "; ".join(f"{name}: {old or '-'} → {new or '-'}" for name, (old, new) in row.changes.items())
    click.echo(
        f"row {row.row}: {row.fate.value} {row.officer or ''}".rstrip() + (f" ({what})" if what else "")
    )
    for problem in row.problems[:_SHOWN]:
        click.echo(f"  {problem.path}: {problem.found}; expected {problem.expected}")


def _line(member: Member) -> tuple[str, ...]:
    start = "-" if member.start is None else member.start.isoformat()
    texts = (member.name, member.unit, member.phase, short_name(member.trainer))
    return (short_name(member.officer), *(text or "-" for text in texts), start)
