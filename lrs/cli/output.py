"""How commands speak: tables and sentences for people, JSON where a script reads."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn

import click

from lrs.errors import LrsError

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters (C0, C1), line breaks, and what turns the direction of text round."""

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for scripts.")


def say(text: str) -> None:
    """One line for a person, on standard error; standard output is kept for what was asked for."""
    click.echo(text, err=True)


def show_json(value: object) -> None:
    """A value as JSON on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def visible(text: str) -> str:
    r"""The text with what would forge a line or drive a terminal written out, e.g. `\x1b` and `\n`.

    Text comes from vendors, and whoever reads a table must be able to trust its lines.
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def show_table(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows under titles, in columns as wide as they need."""
    cells = [[visible(str(cell)) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
    for row in [list(titles), *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def when(us: int | None) -> str:
    """Microseconds since the epoch as a date and time in UTC; a dash for None."""
    return datetime.fromtimestamp(us / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%SZ") if us is not None else "-"


def fail(error: LrsError) -> NoReturn:
    """Say what was wrong, and end with exit code 1."""
    say(f"Error: {error.message}")
    for detail in error.details[:50]:
        say(f"  {detail.path or '(the whole)'}: {detail.found}; expected {detail.expected}")
    sys.exit(1)
