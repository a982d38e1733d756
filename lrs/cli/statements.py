"""`lrs statements import`, `export`, `check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json

_FILE = click.Path(path_type=Path, dir_okay=False)
_SHOWN = 20


@click.group()
def statements() -> None:
    """Statements in and out as JSON lines, plain or gzip (.gz)."""


@statements.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--from-line", type=click.IntRange(1), default=1, help="Start at this line.")
@click.option(
    "--attachments", type=click.Path(path_type=Path, file_okay=False), help="Folder of raw data by SHA-2."
)
@json_option
def import_(file: Path, from_line: int, attachments: Path | None, as_json: bool) -> None:
    """Take in a file of statements.

    A bad line is refused alone and reported by its number (exit code 1). After an interruption run it again:
    what is stored already is recognised and left as it is.
    """
    from lrs.services.transfer import open_lines

    with open_lines(file) as lines:
        total = sum(1 for _ in lines)
    with services() as rapport, click.progressbar(length=total, label=file.name, file=sys.stderr) as bar:
        tally = rapport.transfer.import_file(
            file,
            from_line=from_line,
            raw_data=attachments,
            progress=lambda so_far: bar.update(so_far.lines - bar.pos),
        )
    refused = [{"line": number, **error.as_dict()} for number, error in tally.refused]
    if as_json:
        show_json({"lines": tally.lines, "taken": tally.taken, "refused": refused})
    else:
        say(f"Statements stored: {tally.taken}. Lines refused: {len(refused)}.")
        for number, error in tally.refused[:_SHOWN]:
            say(f"  line {number}: {error.message}")
            for detail in error.details[:3]:
                say(f"    {detail.path or '(the whole)'}: {detail.found}; expected {detail.expected}")
    sys.exit(1 if refused else 0)


@statements.command("export")
@click.argument("file", type=_FILE)
@click.option(
    "--attachments", type=click.Path(path_type=Path, file_okay=False), help="Folder for raw data by SHA-2."
)
def export(file: Path, attachments: Path | None) -> None:
    """Write every statement, voided ones too, oldest first, as its exact bytes."""
    with services() as rapport:
        total = rapport.store.count_statements()
        with click.progressbar(length=total, label=file.name, file=sys.stderr) as bar:
            count = rapport.transfer.export_file(
                file, raw_data=attachments, progress=lambda done: bar.update(done - bar.pos)
            )
    say(f"{count} statements are in {file}.")


@statements.command("check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
def check(file: Path, as_json: bool) -> None:
    """Hold each statement of a file to the rules of xAPI; nothing is stored."""
    from lrs.services.transfer import check_lines, open_lines

    with open_lines(file) as lines:
        found = [(number, details) for number, details in check_lines(lines)]
    bad = [(number, details) for number, details in found if details]
    if as_json:
        show_json(
            {
                "lines": len(found),
                "invalid": [
                    {
                        "line": n,
                        "details": [{"path": d.path, "found": d.found, "expected": d.expected} for d in ds],
                    }
                    for n, ds in bad
                ],
            }
        )
    else:
        for number, details in bad:
            for detail in details:
                click.echo(
                    f"line {number}: {detail.path or '(the whole)'}: {detail.found}; expected {detail.expected}"
                )
        say(f"{len(found)} statements, {len(bad)} not valid.")
    sys.exit(1 if bad else 0)
