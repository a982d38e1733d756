"""`python -m tests.benchmarks.peers`: Rapport beside other learning record stores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.machine import describe
from tests.benchmarks.marks import mark_of
from tests.benchmarks.peers.loads import PAIRS, Peers, names
from tests.benchmarks.peers.ralph import Ralph
from tests.benchmarks.plan import Plan, full_plan, quick_plan
from tests.benchmarks.processes import choose_cores, pinned
from tests.benchmarks.report import Results, as_json, as_markdown, as_text, write_between
from tests.benchmarks.session import FOLDER, gathered
from tests.benchmarks.statements import lines, mean_bytes

_PEERS = FOLDER.parent / "peers"
_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_BEGIN, _END = "<!-- peers: written by make bench-peers -->", "<!-- end of peers -->"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Small stores and short runs: about a minute.")
@click.option("--runs", type=click.IntRange(1, 100), help="Runs of each load (default: 3; with --quick 1).")
@click.option("--only", multiple=True, metavar="NAME", help="Only this load; may be repeated, and hold *.")
@click.option("--json", "json_file", type=_FILE, help="Default: peers.json beside the stores.")
@click.option(
    "--markdown", type=_FILE, help="Write the table here: between the marks of a page that has them."
)
@click.option("--folder", type=_FOLDER, default=FOLDER, help="For the stores.")
@click.option("--peers", type=_FOLDER, default=_PEERS, help="For what is installed.")
def main(
    *,
    quick: bool,
    runs: int | None,
    only: tuple[str, ...],
    json_file: Path | None,
    markdown: Path | None,
    folder: Path,
    peers: Path,
) -> None:
    """Measure Rapport and Ralph in one session, by turns, each with one worker on the core of the server."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = (quick_plan if quick else full_plan)(folder.resolve(), runs=runs, only=only)
    try:
        version, results = _measured(plan, Ralph(peers.resolve() / "ralph"))
    except BenchmarkError as exc:
        raise click.ClickException(str(exc)) from exc
    click.echo(f"{version}\n{as_text(results)}")
    target = json_file or folder / "peers.json"
    target.write_text(json.dumps(_told(version, results), indent=1) + "\n", "utf-8")
    if markdown is not None:
        write_between(markdown, _BEGIN, _END, f"- Peers: {version}.\n{as_markdown(results)}")


def _told(version: str, results: Results) -> dict[str, Any]:
    """For programs: what disturbed this session is told as of this one."""
    told = as_json(results)
    facts = [f"Beside peers: {fact}" if fact.startswith("Disturbed") else fact for fact in told["facts"]]
    return {**told, "facts": [*facts, f"Peers: {version}."]}


def _measured(plan: Plan, ralph: Ralph) -> tuple[str, Results]:
    loads = [pair.load for pair in PAIRS] + names()
    if not any(map(plan.wants, loads)):
        known = ", ".join(dict.fromkeys(loads))
        raise BenchmarkError(f"No load is called {' or '.join(plan.only)}. There are: {known}.")
    version = ralph.install()
    cores = choose_cores()
    bench = Peers(plan, cores, ralph)
    with pinned(cores.client):
        rows = gathered(plan, bench.run)
    found = [mark_of(pair, rows) for pair in PAIRS]
    return version, Results(
        machine=describe(plan.folder),
        cores=cores,
        plan=plan,
        statement_bytes=mean_bytes(list(lines(plan, 0, plan.small))),
        stores=[],
        rows=rows,
        marks=[mark for mark in found if mark.ratios or not plan.only],
    )


if __name__ == "__main__":
    main()
