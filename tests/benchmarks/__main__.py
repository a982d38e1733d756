"""`python -m tests.benchmarks`: measure, print, write."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tests.benchmarks.checking import REFERENCE, check, wanted_for_check, write_reference
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.output import say
from tests.benchmarks.plan import full_plan, quick_plan
from tests.benchmarks.report import Results, as_json, as_markdown, as_text, write_between
from tests.benchmarks.session import FOLDER, measured
from tests.benchmarks.stores import forget

_FILE = click.Path(path_type=Path, dir_okay=False)
_BEGIN, _END = "<!-- results: written by make bench -->", "<!-- end of results -->"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Small stores and short runs: a minute or two.")
@click.option("--large", type=click.IntRange(1), help="Statements in the large store (default: 1,000,000).")
@click.option("--runs", type=click.IntRange(1, 100), help="Runs of each load (default: 3; with --quick 1).")
@click.option(
    "--only", multiple=True, metavar="NAME", help="Only this load, e.g. post-32 or 'get-*'; may be repeated."
)
@click.option(
    "--check",
    "check_file",
    type=_FILE,
    is_flag=False,
    flag_value=REFERENCE,
    help="Fail when a ratio is half as good as in this file (default: reference.json of the benchmark).",
)
@click.option(
    "--write-reference", "writes_reference", is_flag=True, help="Write the ratios into the file of --check."
)
@click.option(
    "--json", "json_file", type=_FILE, help="Write every sample here (default: last.json beside the stores)."
)
@click.option(
    "--markdown", type=_FILE, help="Write the table here: between the marks of a page that has them."
)
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, help="For the stores."
)
@click.option("--rebuild", is_flag=True, help="Generate statements and fill the stores anew.")
def main(
    *,
    quick: bool,
    large: int | None,
    runs: int | None,
    only: tuple[str, ...],
    check_file: Path | None,
    writes_reference: bool,
    json_file: Path | None,
    markdown: Path | None,
    folder: Path,
    rebuild: bool,
) -> None:
    """Measure the real server beside the limits of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    if rebuild:
        forget(folder)
    reference = check_file or (REFERENCE if writes_reference else None)
    if reference is not None:
        only, runs = only or wanted_for_check(), runs or 3
    try:
        plan = (quick_plan if quick else full_plan)(folder.resolve(), runs=runs, only=only, large=large)
        results = measured(plan)
        click.echo(as_text(results))
        target = json_file or folder / ("last.json" if reference is None else "check.json")
        target.write_text(json.dumps(as_json(results), indent=1) + "\n", "utf-8")
        if markdown is not None:
            write_between(markdown, _BEGIN, _END, as_markdown(results))
        worse = [] if reference is None else _compared(results, reference, writes=writes_reference)
    except BenchmarkError as exc:
        raise click.ClickException(str(exc)) from exc
    if worse:
        raise click.ClickException("\n".join(worse))


def _compared(results: Results, reference: Path, *, writes: bool) -> list[str]:
    """What is worse than the reference; nothing, where it is written now."""
    if writes:
        write_reference(results.marks, reference)
        say(f"{reference} has these ratios now.")
        return []
    return check(results.marks, reference)


if __name__ == "__main__":
    main()
