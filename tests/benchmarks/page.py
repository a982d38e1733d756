"""`python -m tests.benchmarks.page`: writes what was measured last into docs/explanation/performance.md.

It measures nothing: it reads what `make bench` and `make bench-peers` have left beside the stores.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.report import mark_from, marks_table, write_between
from tests.benchmarks.session import FOLDER

_PAGE = FOLDER.parents[1] / "docs" / "explanation" / "performance.md"
SOURCES = ("last.json", "peers.json", "starting.json", "scoring.json")
"""What is read, in this order; what is not there is left out, but for the first."""
_ADDED = ("Beside peers:", "Peers:", "Start:", "Installed")
FACTS = ("<!-- machine: written by make bench-page -->", "<!-- end of machine -->")
"""The lines between which the machine and what was measured are told."""
MARKS = ("<!-- marks: written by make bench-page -->", "<!-- end of marks -->")
"""The lines between which the marks are."""


def write_page(page: Path, folder: Path) -> None:
    """Write machine and marks. Raises `BenchmarkError` when nothing was measured, or the page has no place for it."""
    told = [_read(folder / name) for name in SOURCES if (folder / name).exists()]
    if not (folder / SOURCES[0]).exists():
        raise BenchmarkError(f"There is no {SOURCES[0]} in {folder}: `make bench` writes it.")
    facts = dict.fromkeys(fact for one in told for fact in one["facts"])
    # A disk is never measured twice the same, and the first session speaks for the machine.
    kept = [fact for fact in facts if fact in told[0]["facts"] or fact.startswith(_ADDED)]
    marks = {mark["name"]: mark_from(mark) for one in told for mark in one["marks"]}
    write_between(page, *FACTS, "\n".join([*(f"- {fact}" for fact in kept), ""]))
    write_between(page, *MARKS, marks_table(marks.values()) + "\n")


def _read(file: Path) -> Mapping[str, Any]:
    try:
        told: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise BenchmarkError(f"{file} is no JSON: {error}") from error
    return told


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--page", type=click.Path(path_type=Path, dir_okay=False), default=_PAGE)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER)
def main(*, page: Path, folder: Path) -> None:
    """Write what was measured last into the page on performance."""
    try:
        write_page(page, folder)
    except BenchmarkError as exc:
        raise click.ClickException(str(exc)) from exc


if __name__ == "__main__":
    main()
