"""`lrs profile`: one officer's competency profile, for reading or for a script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, show_json, show_table
from lrs.competency.explanation_text import AUDIENCES, as_text
from lrs.competency.text_for_said import said


@click.command()
@click.argument("agent")
@click.option("--as-of", help="As recorded by this date or timestamp (default: now).")
@click.option("--explain", is_flag=True, help="Say why: every vote, weight and statement.")
@click.option("--competency", help="Explain this competency only.")
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    help="Whom to explain it to (default: arbitrator, who sees everything).",
)
@json_option
def profile(
    *,
    agent: str,
    as_of: str | None,
    explain: bool,
    competency: str | None,
    audience: str | None,
    as_json: bool,
) -> None:
    """Show the competency profile of AGENT: an account name, an e-mail address or a whole agent key."""
    if audience is not None and as_json:
        raise click.UsageError("--audience is for text: an explanation in JSON is the same for everybody.")
    with services() as rapport:
        records, system = rapport.records, rapport.sights.of_system()
        moment = records.as_of(as_of)
        if explain or competency or audience:
            found = records.explanations(system, agent, moment, competency)
            if as_json:
                show_json(found)
            else:
                click.echo("\n".join(as_text(one, audience or "arbitrator") for one in found), nl=False)
            return
        whole = records.profile(system, agent, moment)
    if as_json:
        show_json(whole)
        return
    click.echo(f"{whole['subject']}, as recorded by {whole['as_of']}\n{whole['about']}\n")
    rows = [
        (
            one["name"],
            one["verdict"].replace("_", " "),
            *_margin(one),
            one["counts"]["text"],
            f"{len(one['gaps'])} of {len(one['indicators'])}",
        )
        for one in whole["competencies"]
    ]
    show_table(("competency", "verdict", "score", "interval", "counts", "indicators unseen"), rows)
    for warning in whole["warnings"]:
        click.echo(f"! {warning}")
    for line in said(whole):
        click.echo(line)


def _margin(competency: Mapping[str, Any]) -> tuple[str, str]:
    estimate = competency["estimate"]
    if estimate["interval"] is None:
        return "-", "-"
    low, high = estimate["interval"]
    return ("-" if estimate["score"] is None else f"{estimate['score']:.2f}", f"{low:.2f} to {high:.2f}")
