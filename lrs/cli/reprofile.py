"""`lrs reprofile`: show all stored statements to the plugins anew."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json, show_table
from lrs.cli.progress import Telling

if TYPE_CHECKING:
    from lrs.services.generations import Listed
    from lrs.services.reprofile import Outcome


@click.command()
@click.argument("plugins", nargs=-1, metavar="[PLUGIN]...")
@click.option(
    "--processes", type=click.IntRange(1), default=1, show_default=True, help="Processes that share the work."
)
@json_option
def reprofile(plugins: tuple[str, ...], processes: int, as_json: bool) -> None:
    """Show every stored statement anew to each PLUGIN, or to all, and keep what they find beside what counts.

    Profiles do not change by it; `lrs plugin compare` shows who would have another verdict, and `lrs plugin
    activate` makes it count. After an interruption run it again: it goes on where it was.
    """
    with services() as rapport:
        with Telling("statements") as telling:
            outcome = rapport.reprofile.run(
                plugins, processes=processes, progress=lambda so_far: telling(so_far.done, so_far.statements)
            )
        numbers = {one.number for one in outcome.generations}
        listed = [one for one in rapport.generations.listed() if one.generation.number in numbers]
    if as_json:
        show_json(
            {
                "generations": [one.as_dict() for one in listed],
                "statements": outcome.statements,
                "left": outcome.left,
                "processes_lost": outcome.workers_lost,
            }
        )
    else:
        rows = [
            (
                one["generation"],
                one["plugin"],
                one["version"],
                one["evidence"],
                one["failures"],
                one["through"],
            )
            for one in (each.as_dict() for each in listed)
        ]
        show_table(("generation", "plugin", "version", "evidence", "failures", "through"), rows)
    _say_what_now(outcome, listed)
    sys.exit(1 if outcome.left else 0)


def _say_what_now(outcome: Outcome, listed: list[Listed]) -> None:
    if outcome.workers_lost:
        say(f"Processes that died: {outcome.workers_lost}. What they had begun was left to others.")
    if outcome.left:
        say(f"{outcome.left:,} statements are left. Run lrs reprofile again: it goes on where it was.")
        return
    waiting = [one for one in listed if not one.counts_as_it_is]
    for one in waiting:
        name = one.generation.source.plugin
        say(f"Next: lrs plugin compare {name}, then lrs plugin activate {name}.")
    if not waiting:
        say("All of it counts already; there is nothing to activate.")
