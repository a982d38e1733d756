"""The results as a table for people, as Markdown for the manual, as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.figures import Row
from tests.benchmarks.growth import Growth
from tests.benchmarks.machine import Machine
from tests.benchmarks.marks import Mark
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Cores
from tests.benchmarks.stores import BuiltStore

_HEAD = (
    "load",
    "stored",
    "at once",
    "requests/s",
    "statements/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "CPU µs",
    "RSS MB",
    "others",
)
_MARKS_HEAD = ("mark", "name", "measured", "by processor time", "wanted", "")

# Share of all cores that others may take before the figures suffer.
_QUIET = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that one run of the benchmark has found."""

    machine: Machine
    cores: Cores
    plan: Plan
    statement_bytes: float
    """Mean size of a statement as it is sent."""
    stores: Sequence[BuiltStore]
    rows: Mapping[str, Row]
    """By name of the load, in order."""
    marks: Sequence[Mark]
    grown: Growth | None = None
    """A worker's memory, where it was watched."""


def as_text(results: Results) -> str:
    """For a terminal."""
    return "\n".join([*facts(results), "", *_aligned(results), "", *map(mark_line, results.marks)])


def as_markdown(results: Results) -> str:
    """For the manual: the machine, the table, the marks."""
    table = markdown_table(_HEAD, map(_cells, results.rows.values()))
    return "\n".join(
        [*(f"- {fact}" for fact in facts(results)), "", table, "", marks_table(results.marks), ""]
    )


def as_json(results: Results) -> dict[str, Any]:
    """For programs; every sample of every run, and no key."""
    return {
        "facts": facts(results),
        "machine": asdict(results.machine),
        "cores": asdict(results.cores),
        "plan": {name: value for name, value in asdict(results.plan).items() if name != "folder"},
        "statement_bytes": results.statement_bytes,
        "stores": [
            {
                "statements": one.statements,
                "bytes_on_disk": one.bytes_on_disk,
                "raw_bytes": one.raw_bytes,
                "import_s": one.import_s,
            }
            for one in results.stores
        ],
        "rows": [
            {**asdict(row.load), "samples": [asdict(sample) for sample in row.samples]}
            for row in results.rows.values()
        ],
        "memory": None if results.grown is None else asdict(results.grown),
        "marks": [as_row(mark) for mark in results.marks],
    }


def as_row(mark: Mark) -> dict[str, Any]:
    """A mark for programs."""
    return {**asdict(mark), "ratio": mark.ratio, "met": mark.met}


def mark_from(row: Mapping[str, Any]) -> Mark:
    """The mark of which `as_row` made this."""
    kept = {name: value for name, value in row.items() if name not in ("ratio", "met")}
    return Mark(**{**kept, "ratios": tuple(row["ratios"])})


def facts(results: Results) -> list[str]:
    """The machine, the statements, the stores and the client, a sentence each."""
    plan = results.plan
    return [
        *machine_facts(results.machine),
        _cores(results.cores),
        f"Runs: {plan.runs} of {plan.run_s:g} s each after {plan.warm_up_s:g} s of warm-up; "
        f"a statement is {results.statement_bytes:,.0f} bytes as sent.",
        *(_store(one) for one in results.stores),
        *_memory(results.grown),
        *_client(results.rows),
        *_others(results.rows),
    ]


def machine_facts(machine: Machine) -> list[str]:
    """The machine, its disk, and what runs on it, a sentence each."""
    return [
        f"Machine: {machine.cpu}, {machine.cores} cores, {machine.memory_bytes / 2**30:.0f} GiB of memory; "
        f"{machine.os}.",
        f"Disk: a page of 4 KiB is safe after {machine.sync_us:,.0f} µs (median; 95 % within "
        f"{machine.sync_p95_us:,.0f} µs).",
        f"Software: {machine.python}, SQLite {machine.sqlite}, granian {machine.granian}, Flask {machine.flask}.",
    ]


def _cores(cores: Cores) -> str:
    if cores.apart:
        return f"Cores: the server on core {cores.server} alone, the client on core {cores.client}."
    return "Cores: server and client share them, so the server is quicker than is told here."


def _store(built: BuiltStore) -> str:
    return (
        f"Store of {built.statements:,} statements: {built.bytes_on_disk / built.statements:,.0f} bytes on disk per "
        f"statement, whose JSON as it leaves has {built.raw_bytes / built.statements:,.0f}; `lrs statements import` "
        f"took in {built.statements / built.import_s:,.0f} a second."
    )


def _memory(grown: Growth | None) -> Iterable[str]:
    if grown is not None:
        told = ", ".join(f"{one / 2**20:.0f}" for one in grown.memory_bytes)
        yield (
            f"Memory of the worker after each tenth of {grown.posted[-1]:,} statements in batches of 500: {told} MiB; "
            f"{grown.posted[-1] / grown.seconds:,.0f} statements a second."
        )


def _client(rows: Mapping[str, Row]) -> Iterable[str]:
    """How far the client is from being what is measured."""
    if "echo-32" in rows:
        echo = rows["echo-32"]
        each, busy = echo.median(lambda one: one.client_us), echo.median(lambda one: one.client_busy)
        yield (
            f"Client: {each:.0f} µs of its core for each answer of the echo at 32 at once, so it could drive "
            f"{1e6 / each:,.0f} a second; its core was {busy:.0%} busy."
        )


def _others(rows: Mapping[str, Row]) -> Iterable[str]:
    """Whether anything else was going on."""
    worst = max((sample.others_busy for row in rows.values() for sample in row.samples), default=0.0)
    if worst > _QUIET:
        yield (
            f"Disturbed: other work took up to {worst:.0%} of all cores meanwhile, so the rates are too low. Processor "
            "times are told less wrongly, and ratios by them."
        )


def _aligned(results: Results) -> Iterable[str]:
    table = [_HEAD, *map(_cells, results.rows.values())]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
    for row in table:
        first, *others = zip(row, widths, strict=True)
        yield "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    load = row.load
    middle, least, most = row.rates()
    memory = row.memory_bytes()
    server_us = row.median(lambda one: one.server_us)
    return (
        load.name,
        "" if load.stored is None else f"{load.stored:,}",
        str(load.concurrency),
        f"{middle:,.{_digits(middle)}f} ({least:,.{_digits(middle)}f}–{most:,.{_digits(middle)}f})",
        f"{row.statements_per_s():,.0f}" if load.statements > 1 or "post" in load.name else "",
        f"{row.median(lambda one: one.p50_ms):.2f}",
        f"{row.median(lambda one: one.p95_ms):.2f}",
        f"{row.median(lambda one: one.p99_ms):.2f}",
        f"{server_us:,.0f}",
        f"{memory / 2**20:.0f}" if memory else "",
        f"{max(sample.others_busy for sample in row.samples):.0%}",
    )


def _digits(rate: float) -> int:
    return 1 if rate < 100 else 0


def mark_line(mark: Mark) -> str:
    """A mark as a sentence."""
    wanted = "" if mark.wanted is None else f", wanted {_wanted(mark)}"
    if mark.ratio is None:
        return f"Mark: {mark.title}: not measured{wanted}."
    cpu = "" if mark.cpu_ratio is None else f"; by processor time {mark.cpu_ratio:.2f}"
    verdict = _verdict(mark)
    return f"Mark: {mark.title}: {mark.ratio:.2f} ({_spread(mark)}{cpu}){wanted}{verdict and ': '}{verdict}."


def marks_table(marks: Iterable[Mark]) -> str:
    """Marks as a table of Markdown."""
    return markdown_table(_MARKS_HEAD, map(_mark_cells, marks), left=2)


def _mark_cells(mark: Mark) -> tuple[str, ...]:
    measured = "not measured" if mark.ratio is None else f"{mark.ratio:.2f} ({_spread(mark)})"
    cpu = "" if mark.cpu_ratio is None else f"{mark.cpu_ratio:.2f}"
    return mark.title, f"`{mark.name}`", measured, cpu, _wanted(mark), _verdict(mark)


def _spread(mark: Mark) -> str:
    return f"{min(mark.ratios):.2f}–{max(mark.ratios):.2f}"


def _wanted(mark: Mark) -> str:
    return "" if mark.wanted is None else f"{'≥' if mark.at_least else '≤'} {mark.wanted:g}"


def _verdict(mark: Mark) -> str:
    return {True: "met", False: "**not met**", None: ""}[mark.met]


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """A table of Markdown, its first columns to the left, the others to the right."""
    rule = ["---"] * left + ["--:"] * (len(head) - left)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def write_between(file: Path, begin: str, end: str, text: str) -> None:
    """Write a text into a page, between two marks of it; a page that is not there yet becomes the text.

    Raises `BenchmarkError` when a page has no such marks: else it would be lost.
    """
    if file.exists() and (page := file.read_text("utf-8")):
        before, found, rest = page.partition(begin)
        _, found_end, after = rest.partition(end)
        if not found or not found_end:
            raise BenchmarkError(f"{file} has no line {begin} with a line {end} after it.")
        text = f"{before}{begin}\n\n{text}\n{end}{after}"
    file.write_text(text, "utf-8")
