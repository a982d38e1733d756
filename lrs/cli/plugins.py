"""`lrs plugin`: the group, and `lrs plugin list`."""

from __future__ import annotations

import click

from lrs.cli.context import settings
from lrs.cli.lazy import LazyGroup
from lrs.cli.output import json_option, show_json, show_table

_COMMANDS = {
    "list": ("lrs.cli.plugins", "list_plugins", "The plugins that are installed and loaded."),
    "new": ("lrs.cli.plugin_authoring", "new", "Write a new plugin, with tests."),
    "check": ("lrs.cli.plugin_authoring", "check", "Is a plugin fit for use?"),
    "import-alignment": (
        "lrs.cli.plugin_importing",
        "import_alignment",
        "An alignment file out of a spreadsheet.",
    ),
    "import-framework": (
        "lrs.cli.plugin_importing",
        "import_framework",
        "A rubric file out of a competency framework.",
    ),
    "generations": (
        "lrs.cli.generations",
        "list_generations",
        "Generations of evidence, and which ones count.",
    ),
    "compare": ("lrs.cli.generations", "compare", "Who would have another verdict, and why."),
    "activate": ("lrs.cli.generations", "activate", "Let what lrs reprofile found count from now on."),
    "forget": ("lrs.cli.generations", "forget", "Delete what lrs reprofile found and nobody wants."),
    "quarantine": ("lrs.cli.quarantine", "quarantine", "Statements that a plugin failed on, and why."),
    "rerun": ("lrs.cli.quarantine", "rerun", "Show these to their plugin again, once it is put right."),
}


@click.group(cls=LazyGroup, lazy=_COMMANDS)
def plugin() -> None:
    """Scoring plugins, and the evidence that they find."""


@click.command("list")
@json_option
def list_plugins(as_json: bool) -> None:
    """Show the plugins that are installed and loaded."""
    from lrs.services.wiring import loaded

    found = loaded(settings()).plugins
    if as_json:
        show_json([one.as_dict() for one in found])
        return
    rows = [(one.name, one.version, one.distribution, ", ".join(one.competencies)) for one in found]
    show_table(("plugin", "version", "distribution", "competencies"), rows)
