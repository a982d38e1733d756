"""`lrs doctor`: is the installation sound, and what to do where it is not."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from lrs.cli.context import settings
from lrs.cli.output import json_option, show_json, visible


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check settings, store, clock, plugins and keys, and say what to do. Exit code 1 when something is bad."""
    from lrs.services.doctor import State, examine

    findings = list(examine(settings))
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.state:5} {finding.check:9} {visible(finding.found)}")
            if finding.advice:
                click.echo(f"{'':15} → {visible(finding.advice)}")
    sys.exit(1 if any(finding.state is State.BAD for finding in findings) else 0)
