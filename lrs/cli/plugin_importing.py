"""`lrs plugin import-alignment` and `lrs plugin import-framework`: authors' files out of what was made elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from lrs.cli.output import say

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_SHOWN = 20

_output = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, .yaml or .json (default: YAML on standard output).",
)
_replace = click.option("--replace", is_flag=True, help="Replace a file of that name.")


@click.command("import-alignment")
@click.argument("file", type=_FILE)
@click.option(
    "--rubric", "rubric_file", type=_FILE, required=True, help="The rubric that the sheet goes with."
)
@click.option("--version", default="1", help="Version of the alignment (default: 1).")
@_output
@_replace
def import_alignment(
    file: Path, rubric_file: Path, version: str, output: Path | None, *, replace: bool
) -> None:
    """Make an alignment of a spreadsheet (CSV).

    Every cell that is wrong is named with its row and column, and then nothing is written.
    """
    from lrs.plugin.authoring import rubric_of
    from lrs.plugin.files import read_document
    from lrs.plugin.importing import alignment_from_csv, sheet_text
    from lrs.plugin.yaml_text import yaml_text

    _check(output, replace=replace)
    rubric = rubric_of(read_document(rubric_file))
    data, report = alignment_from_csv(sheet_text(file.read_bytes()), rubric, version=version)
    _write(data, yaml_text(data, [f"Made from {file.name}."]), output)
    say(f"Rows read: {report.rows}. Rules: {report.rules}.")


@click.command("import-framework")
@click.argument("file", type=_FILE)
@click.option("--competency", help="Id of the competency (default: made of the framework's title).")
@click.option("--under", help="Only what is below the item with this identifier or code.")
@_output
@_replace
def import_framework(
    file: Path, competency: str | None, under: str | None, output: Path | None, *, replace: bool
) -> None:
    """Make a rubric of a competency framework: CASE 1.1 or IEEE 1484.20.3 (JSON).

    The text stays its authors': see that you may use it.
    """
    from lrs.plugin.importing import rubric_from_framework

    _check(output, replace=replace)
    made = rubric_from_framework(file.read_bytes(), competency=competency, under=under)
    _write(made.data, made.text, output)
    say(f"Indicators: {len(made.data['indicators'])}. Left out: {len(made.left_out)}.")
    for line in made.left_out[:_SHOWN]:
        say(f"  {line}")
    if len(made.left_out) > _SHOWN:
        say(f"  and {len(made.left_out) - _SHOWN} more")
    say("Warning: the text is its authors', and may be licensed. What the framework says of that:")
    for line in made.rights or ("nothing",):
        say(f"  {line}")


def _check(output: Path | None, *, replace: bool) -> None:
    """Before any work is done: may this file be written?"""
    if output is None:
        return
    if output.suffix not in (".yaml", ".yml", ".json"):
        raise click.BadParameter(f"{output.name} must end in .yaml, .yml or .json.", param_hint="--output")
    if output.exists() and not replace:
        raise click.BadParameter(f"{output} is there already; --replace replaces it.", param_hint="--output")


def _write(data: Mapping[str, Any], text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    if output.suffix == ".json":
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    output.write_text(text, "utf-8")
