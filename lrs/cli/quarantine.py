"""`lrs plugin quarantine` and `rerun`: statements that a plugin failed on, and another try."""

from __future__ import annotations

import sys
from collections import Counter

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json, show_table
from lrs.cli.progress import Telling


@click.command()
@json_option
def quarantine(as_json: bool) -> None:
    """Show the statements that a plugin failed on, newest first, and why. Evidence may be missing of them."""
    from lrs.services.quarantine import failure_as_dict

    with services() as rapport:
        failures = [failure_as_dict(one) for one in rapport.quarantine.listed()]
    if as_json:
        show_json(failures)
        return
    if not failures:
        say("Nothing is in quarantine.")
        return
    rows = [
        (one["stored"], one["statement_id"], one["plugin"], one["version"], one["reason"]) for one in failures
    ]
    show_table(("stored", "statement", "plugin", "version", "reason"), rows)
    say("Once a plugin is put right: lrs plugin rerun.")


@click.command()
@click.argument("plugins", nargs=-1, metavar="[PLUGIN]...")
@json_option
def rerun(plugins: tuple[str, ...], as_json: bool) -> None:
    """Show each statement in quarantine to its plugin again and keep what it finds: of each PLUGIN, or of all.

    Exit code 1 when one still fails.
    """
    from lrs.services.quarantine import Fate

    with services() as rapport, Telling("failures") as telling:
        tried = rapport.quarantine.rerun(plugins, progress=telling)
    fates = Counter(one.fate for one in tried)
    if as_json:
        show_json([one.as_dict() for one in tried])
    else:
        rows = [
            (
                one.failure.statement_id,
                one.failure.plugin,
                one.fate.replace("_", " "),
                one.pieces,
                one.reason or "",
            )
            for one in tried
        ]
        show_table(("statement", "plugin", "fate", "evidence", "reason now"), rows)
    say(
        f"Mended: {fates[Fate.MENDED] + fates[Fate.NOTHING]}, of which nothing was found in {fates[Fate.NOTHING]}. "
        f"Still failing: {fates[Fate.FAILS]}. Plugin not loaded: {fates[Fate.NOT_LOADED]}."
    )
    sys.exit(1 if fates[Fate.FAILS] or fates[Fate.NOT_LOADED] else 0)
