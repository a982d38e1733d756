"""`lrs plugin list`."""

from __future__ import annotations

import click

from lrs.cli.context import settings
from lrs.cli.output import json_option, show_json, show_table


@click.group()
def plugin() -> None:
    """Scoring plugins."""


@plugin.command("list")
@json_option
def list_plugins(as_json: bool) -> None:
    """Show the plugins that are installed and loaded."""
    from lrs.plugin.manager import load_plugins

    config = settings()
    loaded = load_plugins(config.plugins, config.plugins_off).plugins
    if as_json:
        show_json([one.as_dict() for one in loaded])
        return
    rows = [(one.name, one.version, one.distribution, ", ".join(one.competencies)) for one in loaded]
    show_table(("plugin", "version", "distribution", "competencies"), rows)
