"""`lrs profile`: one officer's competency profile, for reading or for a script."""

from __future__ import annotations

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, show_json, show_table
from lrs.competency.estimate import Estimate
from lrs.competency.explanation_text import AUDIENCES


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
        profiles = rapport.profiles
        subject, moment = profiles.resolve(agent), profiles.as_of(as_of)
        if explain or competency or audience:
            found = profiles.explanations(subject, moment, competency)
            if as_json:
                show_json([one.as_dict() for one in found])
            else:
                click.echo("\n".join(one.as_text(audience or "arbitrator") for one in found), nl=False)
            return
        built = profiles.profile(subject, moment)
    whole = built.as_dict()
    if as_json:
        show_json(whole)
        return
    click.echo(f"{subject}, as recorded by {whole['as_of']}\n{whole['about']}\n")
    rows = [
        (
            one["name"],
            one["verdict"].replace("_", " "),
            *_margin(part.assessment.estimate),
            one["counts"]["text"],
            f"{len(one['gaps'])} of {len(one['indicators'])}",
        )
        for one, part in zip(whole["competencies"], built.competencies, strict=True)
    ]
    show_table(("competency", "verdict", "score", "interval", "counts", "indicators unseen"), rows)
    for warning in whole["warnings"]:
        click.echo(f"! {warning}")


def _margin(estimate: Estimate) -> tuple[str, str]:
    if not estimate.known:
        return "-", "-"
    low, high = estimate.interval
    return ("-" if estimate.score is None else f"{estimate.score:.2f}", f"{low:.2f} to {high:.2f}")
