"""`lrs statements import`, `export`, `check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from lrs.cli.context import services, settings
from lrs.cli.output import json_option, say, show_json
from lrs.errors import Detail, LrsError

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
    from lrs.services.lines import read_lines

    with services() as rapport:
        total = sum(1 for _ in read_lines(file, most_bytes=rapport.config.max_statement_bytes))
        with click.progressbar(length=total, label=file.name, file=sys.stderr) as bar:
            done = rapport.imports.file(
                file,
                from_line=from_line,
                raw_data=attachments,
                progress=lambda so_far: bar.update(so_far.lines - bar.pos),
            )
    refused = [{"line": number, **error.as_dict()} for number, error in done.refused]
    if as_json:
        show_json({"lines": done.lines, "taken": done.taken, "refused": refused})
    else:
        say(f"Statements stored: {done.taken}. Lines refused: {len(refused)}.")
        for number, error in done.refused[:_SHOWN]:
            say(f"  line {number}: {error.message}")
            for detail in error.details[:3]:
                say(f"    {detail.path or '(the whole)'}: {detail.found}; expected {detail.expected}")
    sys.exit(1 if refused else 0)


@statements.command("export")
@click.argument("file", type=_FILE)
@click.option(
    "--attachments", type=click.Path(path_type=Path, file_okay=False), help="Folder for raw data by SHA-2."
)
@click.option("--replace", is_flag=True, help="Replace a file of that name.")
def export(file: Path, attachments: Path | None, replace: bool) -> None:
    """Write every statement, voided ones too, oldest first, as its exact bytes.

    FILE is for its owner's eyes only; `-` is standard output.
    """
    with services() as rapport:
        total = rapport.store.count_statements()
        with click.progressbar(length=total, label=file.name, file=sys.stderr) as bar:
            count = rapport.exports.file(
                file, raw_data=attachments, replace=replace, progress=lambda done: bar.update(done - bar.pos)
            )
    say(f"Statements written: {count}.")


@statements.command("check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
def check(file: Path, as_json: bool) -> None:
    """Hold each statement of a file to the rules of xAPI; nothing is stored."""
    most_bytes = settings().max_statement_bytes
    found = list(_checked(file, most_bytes))
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
        say(f"Statements checked: {len(found)}. Not valid: {len(bad)}.")
    sys.exit(1 if bad else 0)


def _checked(file: Path, most_bytes: int) -> Iterator[tuple[int, Sequence[Detail]]]:
    """(line number, what is wrong with the statement on it) for every line."""
    from lrs.services.lines import parse_line, read_lines, version_of
    from lrs.xapi.validation import check_statement

    for number, text in read_lines(file, most_bytes=most_bytes):
        try:
            statement = parse_line(text, most_bytes=most_bytes)
        except LrsError as exc:
            yield number, exc.details
        else:
            yield number, check_statement(statement, version_of(statement))
