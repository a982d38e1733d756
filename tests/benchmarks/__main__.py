"""`python -m tests.benchmarks`: measure, print, write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from tests.benchmarks import reading, writing
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.figures import Load, Row, Sample
from tests.benchmarks.machine import describe
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan, full_plan, quick_plan
from tests.benchmarks.processes import Cores, choose_cores, pinned
from tests.benchmarks.report import Results, as_json, as_markdown, as_text, write_between
from tests.benchmarks.statements import lines, mean_bytes
from tests.benchmarks.stores import built_store, forget

_FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"
_FILE = click.Path(path_type=Path, dir_okay=False)
_BEGIN, _END = "<!-- results: written by make bench -->", "<!-- end of results -->"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Small stores and short runs: under a minute.")
@click.option("--runs", type=click.IntRange(1, 100), help="Runs of each load (default: 3; with --quick 1).")
@click.option(
    "--only", multiple=True, metavar="NAME", help="Only this load, e.g. post-32 or 'get-*'; may be repeated."
)
@click.option(
    "--json", "json_file", type=_FILE, help="Write every sample here (default: last.json beside the stores)."
)
@click.option(
    "--markdown", type=_FILE, help="Write the table here: between the marks of a page that has them."
)
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=_FOLDER, help="For the stores."
)
@click.option("--rebuild", is_flag=True, help="Generate statements and fill the stores anew.")
def main(
    *,
    quick: bool,
    runs: int | None,
    only: tuple[str, ...],
    json_file: Path | None,
    markdown: Path | None,
    folder: Path,
    rebuild: bool,
) -> None:
    """Measure the real server beside the limits of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    if rebuild:
        forget(folder)
    plan = (quick_plan if quick else full_plan)(folder.resolve(), runs=runs, only=only)
    try:
        results = _measured(plan)
    except BenchmarkError as exc:
        raise click.ClickException(str(exc)) from exc
    click.echo(as_text(results))
    target = json_file or folder / "last.json"
    target.write_text(json.dumps(as_json(results), indent=1) + "\n", "utf-8")
    if markdown is not None:
        write_between(markdown, _BEGIN, _END, as_markdown(results))


def _measured(plan: Plan) -> Results:
    cores = choose_cores()
    stores = [built_store(plan, count) for count in _stored(plan)]
    samples: dict[Load, list[Sample]] = {}
    with pinned(cores.client):
        for run in range(1, plan.runs + 1):
            for load, sample in _one_run(plan, cores):
                samples.setdefault(load, []).append(sample)
                say(f"run {run} of {plan.runs}: {load.name} {sample.per_s:,.1f}/s")
    return Results(
        machine=describe(plan.folder),
        cores=cores,
        plan=plan,
        statement_bytes=mean_bytes(list(lines(plan, 0, plan.small))),
        stores=stores,
        rows={load.name: Row(load, runs) for load, runs in samples.items()},
    )


def _stored(plan: Plan) -> list[int]:
    """How many statements the stores have that are needed. Raises `BenchmarkError` when no load is wanted."""
    known = [*writing.names(), *reading.names()]
    wanted = [name for name in known if plan.wants(name)]
    if not wanted:
        raise BenchmarkError(f"No load is called {' or '.join(plan.only)}. There are: {', '.join(known)}.")
    if any(name in reading.names() for name in wanted):
        return [plan.small, plan.large]
    return [plan.large] if writing.TO_LARGE in wanted else []


def _one_run(plan: Plan, cores: Cores) -> Iterator[tuple[Load, Sample]]:
    yield from writing.write(plan, cores)
    yield from reading.read(plan, cores)


if __name__ == "__main__":
    main()
