"""`lrs plugin new` and `lrs plugin check`: the start of a plugin, and whether it is fit for use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrs.cli.context import settings
from lrs.cli.output import json_option, say, show_json

if TYPE_CHECKING:
    from lrs.xapi.statement import Statement

_MIX_SCALE = 0.02
"""Of the academy whose statements a plugin is shown: one recruit's sixteen weeks, some hundreds of statements."""
_MIX_UNTIL = datetime(2026, 1, 1, tzinfo=UTC)


@click.command()
@click.argument("name")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="Folder in which to make the new one (default: this one).",
)
@click.option("--data-only", is_flag=True, help="A folder of files for plugin_folders, and no package.")
def new(name: str, folder: Path, *, data_only: bool) -> None:
    """Write a new plugin NAME: rubric, alignment, examples; and, as a package, tests and what installs it."""
    from importlib.metadata import entry_points

    from lrs.plugin.scaffolding import write_plugin
    from lrs.plugin.spec import PROJECT

    taken = {point.name for point in entry_points(group=PROJECT)}
    for path in write_plugin(name, folder, data_only=data_only, taken=taken):
        click.echo(path)
    target = folder / name
    if data_only:
        say(f"Next: change these files, then lrs plugin check {target}.")
    else:
        say(f"Next: pip install --editable {target}, then lrs plugin check {name}.")


@click.command()
@click.argument("name")
@json_option
def check(name: str, as_json: bool) -> None:
    """Look whether the plugin NAME, or the one in a folder, is fit for use. Exit code 1 when something is bad."""
    from lrs.plugin.examining import BAD, Settings, examine

    config = settings()
    chosen = Settings(config.plugins, config.plugins_off, config.plugin_folders)
    found = examine(name, chosen, _mix())
    if as_json:
        show_json([one.as_dict() for one in found])
    else:
        for one in found:
            click.echo(f"{one.state:5} {one.check:10} {one.found}")
            for line in one.details:
                click.echo(f"{'':16} → {line}")
    sys.exit(1 if any(one.state == BAD for one in found) else 0)


def _mix() -> Iterator[Statement]:
    """What comes in at an academy in its weeks: statements of every kind, most of them of no concern to a plugin."""
    from lrs.demo.academy import generate
    from lrs.plugin.testing import statement

    return (statement(**posting.statement) for posting in generate(until=_MIX_UNTIL, scale=_MIX_SCALE))
