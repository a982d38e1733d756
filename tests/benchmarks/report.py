"""The results as a table for people, as Markdown for the manual, as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Row
from tests.benchmarks.machine import Machine
from tests.benchmarks.marks import Mark, marks
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


def as_text(results: Results) -> str:
    """For a terminal."""
    table = [_HEAD, *map(_cells, results.rows.values())]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
    lines = [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(cells)
        )
        for cells in (zip(row, widths, strict=True) for row in table)
    ]
    told = map(mark_line, marks(results.rows))
    return "\n".join([*facts(results), "", *(line.rstrip() for line in lines), "", *told])


def as_markdown(results: Results) -> str:
    """For the manual: the machine, the table, the marks."""
    table = [_HEAD, ("---", *["--:"] * (len(_HEAD) - 1)), *map(_cells, results.rows.values())]
    shown = [f"| {' | '.join(row)} |" for row in table]
    told = [f"- {mark_line(mark)}" for mark in marks(results.rows)]
    return "\n".join([*(f"- {fact}" for fact in facts(results)), "", *shown, "", *told, ""])


def as_json(results: Results) -> dict[str, Any]:
    """For programs; every sample of every run, and no key."""
    return {
        "machine": asdict(results.machine),
        "cores": asdict(results.cores),
        "plan": {name: value for name, value in asdict(results.plan).items() if name != "folder"},
        "statement_bytes": results.statement_bytes,
        "stores": [
            {"statements": one.statements, "bytes_on_disk": one.bytes_on_disk, "import_s": one.import_s}
            for one in results.stores
        ],
        "rows": [
            {**asdict(row.load), "samples": [asdict(sample) for sample in row.samples]}
            for row in results.rows.values()
        ],
        "marks": [{**asdict(mark), "ratio": mark.ratio, "met": mark.met} for mark in marks(results.rows)],
    }


def facts(results: Results) -> list[str]:
    """The machine, the statements, the stores and the client, a sentence each."""
    machine, plan = results.machine, results.plan
    return [
        f"Machine: {machine.cpu}, {machine.cores} cores, {machine.memory_bytes / 2**30:.0f} GiB of memory; "
        f"{machine.os}.",
        f"Disk: a page of 4 KiB is safe after {machine.sync_us:,.0f} µs (median; 95 % within "
        f"{machine.sync_p95_us:,.0f} µs).",
        f"Software: {machine.python}, SQLite {machine.sqlite}, granian {machine.granian}, Flask {machine.flask}.",
        _cores(results.cores),
        f"Runs: {plan.runs} of {plan.run_s:g} s each after {plan.warm_up_s:g} s of warm-up; "
        f"a statement is {results.statement_bytes:,.0f} bytes as sent.",
        *(_store(one) for one in results.stores),
        *_client(results.rows),
        *_others(results.rows),
    ]


def _cores(cores: Cores) -> str:
    if cores.apart:
        return f"Cores: the server on core {cores.server} alone, the client on core {cores.client}."
    return "Cores: server and client share them, so the server is quicker than is told here."


def _store(built: BuiltStore) -> str:
    return (
        f"Store of {built.statements:,} statements: {built.bytes_on_disk / built.statements:,.0f} bytes on disk per "
        f"statement; `lrs statements import` took in {built.statements / built.import_s:,.0f} a second."
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
    worst = max(sample.others_busy for row in rows.values() for sample in row.samples)
    if worst > _QUIET:
        yield (
            f"Disturbed: other work took up to {worst:.0%} of all cores meanwhile, so the rates are too low. Processor "
            "times are told less wrongly, and ratios by them."
        )


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
        f"{row.statements_per_s():,.0f}" if load.statements > 1 or load.name.startswith("post") else "",
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
    sign = "≥" if mark.at_least else "≤"
    if mark.ratio is None:
        return f"Mark: {mark.title}: {sign} {mark.wanted:g}; not measured."
    spread = f"{min(mark.ratios):.2f}–{max(mark.ratios):.2f}"
    cpu = "" if mark.cpu_ratio is None else f"; by processor time {mark.cpu_ratio:.2f}"
    verdict = "met" if mark.met else "NOT met"
    return f"Mark: {mark.title}: {mark.ratio:.2f} ({spread}{cpu}), wanted {sign} {mark.wanted:g}: {verdict}."


def write_between(file: Path, begin: str, end: str, text: str) -> None:
    """Write a text into a page, between two marks of it; a page without them becomes the text."""
    page = file.read_text("utf-8") if file.exists() else ""
    if begin in page and end in page:
        before, _, rest = page.partition(begin)
        text = f"{before}{begin}\n\n{text}\n{end}{rest.partition(end)[2]}"
    file.write_text(text, "utf-8")
