"""`python -m tests.benchmarks.starting`: how long a start takes, and how large what is started and installed is.

Cold means a process of its own; its files are in the memory of the system, as after any earlier start.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click

from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.installed import Installed, installed
from tests.benchmarks.machine import describe
from tests.benchmarks.marks import Mark
from tests.benchmarks.plan import Plan, quick_plan
from tests.benchmarks.processes import Cores, choose_cores, memory_bytes, own_bytes, pinned
from tests.benchmarks.report import as_row, machine_facts, mark_line, markdown_table, write_between
from tests.benchmarks.server import rapport, settings
from tests.benchmarks.session import FOLDER
from tests.benchmarks.stores import empty_store, remove

_FILE = click.Path(path_type=Path, dir_okay=False)
_BEGIN, _END = "<!-- starting: written by python -m tests.benchmarks.starting -->", "<!-- end of starting -->"
_HELP_S = 0.3


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds on the clock, and of processor time."""

    wall_s: float
    cpu_s: float
    memory_bytes: int | None = None
    """Resident memory of the worker once it answers."""
    own_bytes: int | None = None
    """What it shares of that with no other process: a further worker takes as much."""


def command(*arguments: str) -> Start:
    """One call of this Python, until it has ended. Raises `BenchmarkError` when it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], env=settings(None), capture_output=True, text=True, check=False
    )
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(arguments)} failed ({done.returncode}):\n{done.stderr[-2000:]}")
    return Start(took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def serve(plan: Plan, cores: Cores) -> Start:
    """`lrs serve` with one worker over an empty store, until `/ready` is answered."""
    file = plan.folder / "starting.db"
    empty_store(file)
    try:
        began = time.perf_counter()
        with rapport(file, cores.server, plan.folder / "serve.log") as server:
            took, worker = time.perf_counter() - began, server.worker
            return Start(took, server.cpu_s(), memory_bytes(worker), own_bytes(worker))
    finally:
        remove(file)


@dataclass(frozen=True, slots=True)
class Starts:
    """What was measured."""

    python: Sequence[Start]
    """An interpreter that does nothing."""
    help: Sequence[Start]
    """`lrs --help`."""
    serve: Sequence[Start]
    size: Installed | None
    """None: not looked at."""

    def mark(self) -> Mark:
        """Of `lrs --help`, in seconds."""
        return Mark(
            name="help",
            title="Seconds for `lrs --help`",
            wanted=_HELP_S,
            at_least=False,
            ratios=tuple(one.wall_s for one in self.help),
            cpu_ratio=median(one.cpu_s for one in self.help),
        )

    def rows(self) -> list[Sequence[str]]:
        """A line for each: what, milliseconds on the clock, of processor time, MiB, and MiB of its own."""
        told = (
            ("an interpreter that does nothing", self.python),
            ("`lrs --help`", self.help),
            ("`lrs serve`, one worker, until `/ready` is answered", self.serve),
        )
        return [(what, *_cells(starts)) for what, starts in told]

    def facts(self) -> list[str]:
        """How long it takes until the server answers, and what is installed, a sentence each."""
        _, ms, cpu_ms, memory, own = self.rows()[-1]
        start = (
            f"Start: `lrs serve` with one worker answers after {ms} ms ({cpu_ms} ms of processor time); its worker "
            f"then has {memory} MiB of memory, {own} MiB of them its own."
        )
        if self.size is None:
            return [start]
        largest = ", ".join(f"{name} {size / 2**20:.0f}" for name, size in self.size.largest)
        return [
            start,
            f"Installed without extras: {self.size.bytes / 2**20:,.0f} MiB in {self.size.distributions} distributions, "
            f"bytecode left out; of these {self.size.own_bytes / 2**20:.1f} MiB are Rapport. The largest, in MiB: "
            f"{largest}.",
        ]


def measure(plan: Plan) -> Starts:
    """All of it, by turns."""
    cores = choose_cores()
    python, of_help, of_serve = [], [], []
    command("-m", "lrs", "--help")  # the first one may compile
    for _ in range(plan.runs):
        with pinned(cores.server):
            python.append(command("-c", "pass"))
            of_help.append(command("-m", "lrs", "--help"))
        with pinned(cores.client):
            of_serve.append(serve(plan, cores))
    return Starts(python, of_help, of_serve, installed())


def _cells(starts: Sequence[Start]) -> Sequence[str]:
    return (
        _median(one.wall_s * 1e3 for one in starts),
        _median(one.cpu_s * 1e3 for one in starts),
        _median(one.memory_bytes / 2**20 for one in starts if one.memory_bytes),
        _median(one.own_bytes / 2**20 for one in starts if one.own_bytes),
    )


def _median(figures: Iterable[float]) -> str:
    found = list(figures)
    return f"{median(found):,.0f}" if found else ""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--runs", type=click.IntRange(1, 100), default=7, show_default=True)
@click.option("--json", "json_file", type=_FILE, help="Default: starting.json beside the stores.")
@click.option("--markdown", type=_FILE, help="Write the table into this page.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER)
def main(*, runs: int, json_file: Path | None, markdown: Path | None, folder: Path) -> None:
    """Say how long a start takes, and how large Rapport is in memory and on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = quick_plan(folder.resolve(), runs=runs)
    try:
        starts = measure(plan)
    except BenchmarkError as exc:
        raise click.ClickException(str(exc)) from exc
    facts = [*machine_facts(describe(plan.folder)), *starts.facts()]
    table = markdown_table(("start", "ms", "ms of processor time", "RSS MB", "of its own MB"), starts.rows())
    mark = mark_line(starts.mark())
    click.echo("\n".join([*facts, "", table, "", mark]))
    told = {"facts": facts, "marks": [as_row(starts.mark())], "starts": asdict(starts)}
    (json_file or folder / "starting.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    if markdown is not None:
        write_between(
            markdown, _BEGIN, _END, "\n".join([*(f"- {fact}" for fact in facts), "", table, "", f"- {mark}"])
        )


if __name__ == "__main__":
    main()
