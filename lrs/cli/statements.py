"""`lrs statements import`, `export`, `check`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from lrs.cli.context import services, settings
from lrs.cli.output import json_option, say, show_json
from lrs.errors import Detail, LrsError
from lrs.xapi.statement import Statement

if TYPE_CHECKING:
    from lrs.services.check import TemplateMatch

_FILE = click.Path(path_type=Path, dir_okay=False)
_SHOWN = 20


@click.group()
def statements() -> None:
    """Statements in and out as JSON lines, plain or gzip (.gz)."""


@contextmanager
def _at_rest(file: Path) -> Iterator[Path]:
    """The file, or a copy of what comes through a pipe: it is read twice, and a pipe can be read once."""
    if str(file) != "-" and file.is_file():
        yield file
        return
    source = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    with tempfile.NamedTemporaryFile(suffix=file.suffix) as copy, source:
        shutil.copyfileobj(source, copy)
        copy.flush()
        yield Path(copy.name)


@statements.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True))
@click.option("--from-line", type=click.IntRange(1), default=1, help="Start at this line.")
@click.option(
    "--attachments", type=click.Path(path_type=Path, file_okay=False), help="Folder of raw data by SHA-2."
)
@json_option
def import_(file: Path, from_line: int, attachments: Path | None, as_json: bool) -> None:
    """Take in a file of statements; `-` is standard input.

    A bad line is refused alone and reported by its number (exit code 1). After an interruption run it again:
    what is stored already is recognised and left as it is.
    """
    from lrs.services.lines import read_lines

    with services() as rapport, _at_rest(file) as whole:
        total = sum(1 for _ in read_lines(whole, most_bytes=rapport.config.max_statement_bytes))
        with click.progressbar(length=total, label=file.name, file=sys.stderr) as bar:
            done = rapport.imports.file(
                whole,
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
@click.option("--templates", is_flag=True, help="Also hold valid statements to our xAPI Profile.")
@json_option
def check(file: Path, templates: bool, as_json: bool) -> None:
    """Hold each statement of a file to the rules of xAPI; nothing is stored.

    What matches no template of our xAPI Profile is listed with the nearest one and the reasons; it is no
    error.
    """
    found = list(_checked(file, settings().max_statement_bytes, templates=templates))
    bad = [line for line in found if line.details]
    if as_json:
        show_json(_as_dict(found, templates=templates))
    else:
        for line in found:
            for text in line.texts():
                click.echo(f"line {line.number}: {text}")
        say(f"Statements checked: {len(found)}. Not valid: {len(bad)}.")
        if templates:
            matched = sum(line.template is not None and line.template.matched for line in found)
            say(f"Matched by a template of the xAPI Profile: {matched}.")
    sys.exit(1 if bad else 0)


@dataclass(frozen=True, slots=True)
class _Line:
    """What was found out about the statement on one line."""

    number: int
    details: Sequence[Detail]
    template: TemplateMatch | None = None
    """The template that it matches, else the nearest; None where there is none for its verb."""

    def texts(self) -> Iterator[str]:
        """What there is to say about it: nothing when all is well."""
        for detail in self.details:
            yield f"{detail.path or '(the whole)'}: {detail.found}; expected {detail.expected}"
        if self.template is not None and not self.template.matched:
            yield f"nearest template {self.template.name}: {'; '.join(self.template.reasons)}"


def _checked(file: Path, most_bytes: int, *, templates: bool) -> Iterator[_Line]:
    """What was found out about every line."""
    from lrs.services.lines import parse_line, read_lines, version_of
    from lrs.xapi.validation import check_statement

    for number, text in read_lines(file, most_bytes=most_bytes):
        try:
            statement = parse_line(text, most_bytes=most_bytes)
        except LrsError as exc:
            yield _Line(number, exc.details)
            continue
        details = check_statement(statement, version_of(statement))
        yield _Line(
            number, details, None if details or not templates else _nearest(cast(Statement, statement))
        )


def _nearest(statement: Statement) -> TemplateMatch | None:
    """The template that a valid statement matches, else the nearest."""
    from lrs.services.check import template_matches

    return next(iter(template_matches(statement)), None)


def _as_dict(found: Sequence[_Line], *, templates: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "lines": len(found),
        "invalid": [
            {"line": line.number, "details": [asdict(detail) for detail in line.details]}
            for line in found
            if line.details
        ],
    }
    if templates:
        answer["templates"] = [
            {"line": line.number, "nearest": None if line.template is None else asdict(line.template)}
            for line in found
            if not line.details
        ]
    return answer
