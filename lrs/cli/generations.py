"""`lrs plugin generations`, `compare`, `activate`, `forget`: from new evidence to evidence that counts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json, show_table
from lrs.cli.progress import Telling
from lrs.errors import ConfigError

_MOST_LINES = 10
"""On one subject: of a new competency everything is new."""

if TYPE_CHECKING:
    from lrs.services.comparison import Comparison, Verdicts


@click.command("generations")
@json_option
def list_generations(as_json: bool) -> None:
    """Show every generation of evidence: what found it, how, and which ones count since when."""
    with services() as rapport:
        listed = [one.as_dict() for one in rapport.generations.listed()]
    if as_json:
        show_json(listed)
        return
    rows = [
        (
            one["generation"],
            one["plugin"],
            one["version"],
            "yes" if one["loaded"] else "no",
            one["kind"],
            one["through"] or "-",
            one["evidence"],
            one["failures"],
            "-" if one["in_force"] is None else one["in_force"]["since"] or "always",
        )
        for one in listed
    ]
    titles = (
        "generation",
        "plugin",
        "version",
        "loaded",
        "kind",
        "through",
        "evidence",
        "failures",
        "counts since",
    )
    show_table(titles, rows)


@click.command()
@click.argument("name")
@click.option(
    "--against",
    type=click.IntRange(1),
    metavar="GENERATION",
    help="Compare with this one. Default: what lrs reprofile found with the plugin as it is loaded.",
)
@click.option("--model", metavar="ID", help="Compare with this model, for the competencies of the plugin.")
@click.option(
    "--scoring",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Compare with the table [scoring] of this file (TOML).",
)
@json_option
def compare(name: str, against: int | None, model: str | None, scoring: Path | None, as_json: bool) -> None:
    """Show who would have another verdict, and why, if other evidence of plugin NAME counted. Nothing is changed."""
    with services() as rapport, Telling("subjects") as telling:
        found = rapport.comparing.compare(
            name,
            against=against,
            model=model,
            scoring=None if scoring is None else _table(scoring),
            progress=telling,
        )
    if as_json:
        show_json(found.as_dict())
    else:
        _show(found)


@click.command()
@click.argument("name")
@click.option(
    "--anyway", is_flag=True, help="Also when later statements were looked at by another version of it."
)
def activate(name: str, anyway: bool) -> None:
    """Let what lrs reprofile found with plugin NAME, as it is loaded, count from now on.

    Profiles as of an earlier instant stay as they were, byte for byte.
    """
    with services() as rapport:
        activation = rapport.generations.activate(name, anyway=anyway)
    generation = activation.generation
    say(
        f"Generation {generation.number} of plugin {name}, version {generation.source.version}, counts since "
        f"{_moment(activation.at_us)}; profiles as of an earlier instant stay as they were."
    )


@click.command()
@click.argument("generation", type=click.IntRange(1))
def forget(generation: int) -> None:
    """Delete what lrs reprofile found and nobody wants. What counts, or ever did, is kept."""
    with services() as rapport:
        pieces = rapport.generations.forget(generation)
    say(f"Generation {generation} is deleted. Pieces of evidence that it had: {pieces:,}.")


def _table(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text("utf-8")).get("scoring")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ConfigError(f"{file} cannot be read: {exc}.") from exc
    if not isinstance(found, dict):
        raise ConfigError(f"{file} has no table [scoring].")
    return found


def _show(found: Comparison) -> None:
    whole = found.as_dict()
    click.echo(f"As recorded by {whole['as_of']}; subjects with evidence: {whole['subjects']:,}.")
    click.echo(f"  before: {whole['before']}\n  after:  {whole['after']}\n")
    rows = [
        (one["competency"], _words(one["before"]), _words(one["after"]), one["subjects"])
        for one in whole["transitions"]
    ]
    show_table(("competency", "verdict before", "verdict after", "subjects"), rows)
    for name, number in whole["score_changes_only"].items():
        click.echo(f"{name}: same verdict and another score, mass or count: {number:,}.")
    if any(found.rules.values()):
        click.echo("\nWhat is different for everyone")
    for name, told in found.rules.items():
        for line in told:
            click.echo(f"  {name}: {line}")
    for one in found.turned:
        _show_turned(one)


def _show_turned(one: Verdicts) -> None:
    old, new = map(_words, one.transition)
    click.echo(f"\n{one.subject}, {one.competency}: {old} → {new}")
    whole = one.as_dict()
    for label, side in (("before", whole["before"]), ("after", whole["after"])):
        if side is not None:
            score = "-" if side["score"] is None else f"{side['score']:g}"
            mass = "-" if side["mass"] is None else f"{side['mass']:g}"
            click.echo(f"  {label:6} score {score}, mass {mass}; {side['counts']}")
    told = list(one.pieces.lines())
    for line in told[:_MOST_LINES]:
        click.echo(f"  {line}")
    if len(told) > _MOST_LINES:
        click.echo(f"  … and {len(told) - _MOST_LINES:,} more, all of them with --json.")
    if not one.pieces:
        click.echo("  The evidence is the same; what differs is said above, for everyone.")


def _words(verdict: str) -> str:
    return verdict.replace("_", " ")


def _moment(us: int) -> str:
    from lrs.xapi.timestamps import format_us

    return format_us(us) if us else "ever"
