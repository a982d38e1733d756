"""One session of the benchmark: all loads that are wanted, run after run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import growth, mongo_loads, reading, writing
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.figures import Load, Row, Sample
from tests.benchmarks.machine import describe
from tests.benchmarks.marks import marks
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Cores, choose_cores, pinned
from tests.benchmarks.report import Results
from tests.benchmarks.statements import lines, mean_bytes
from tests.benchmarks.stores import built_store

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"
"""Where everything is kept that was made for the benchmark."""


def all_names() -> list[str]:
    """The names of all loads, in the order in which they come."""
    return [*writing.names(), *reading.names(), *mongo_loads.names(), growth.NAME]


def measured(plan: Plan) -> Results:
    """All runs of all loads that are wanted. Raises `BenchmarkError`."""
    cores = choose_cores()
    stores = [built_store(plan, count) for count in _stored(plan)]
    with pinned(cores.client):
        rows = gathered(plan, _Runs(plan, cores))
        grown = growth.watch(plan, cores) if plan.wants(growth.NAME) else None
    return Results(
        machine=describe(plan.folder),
        cores=cores,
        plan=plan,
        statement_bytes=mean_bytes(list(lines(plan, 0, plan.small))),
        stores=stores,
        rows=rows,
        marks=[mark for mark in marks(rows, stores, grown) if mark.ratios or not plan.only],
        grown=grown,
    )


def gathered(plan: Plan, one_run: Callable[[], Iterator[tuple[Load, Sample]]]) -> dict[str, Row]:
    """The rows that so many runs come to, by name of the load."""
    samples: dict[Load, list[Sample]] = {}
    for run in range(1, plan.runs + 1):
        for load, sample in one_run():
            samples.setdefault(load, []).append(sample)
            say(f"run {run} of {plan.runs}: {load.name} {sample.per_s:,.1f}/s")
    return {load.name: Row(load, runs) for load, runs in samples.items()}


class _Runs:
    def __init__(self, plan: Plan, cores: Cores) -> None:
        self._plan = plan
        self._cores = cores
        self._writing = writing.Writing(plan, cores)
        self._reading = reading.Reading(plan, cores)

    def __call__(self) -> Iterator[tuple[Load, Sample]]:
        yield from self._writing.run()
        yield from self._reading.run()
        yield from mongo_loads.in_mongo(self._plan, self._cores)


def _stored(plan: Plan) -> list[int]:
    """How many statements the stores have that are needed. Raises `BenchmarkError` when no load is wanted."""
    wanted = [name for name in all_names() if plan.wants(name)]
    if not wanted:
        raise BenchmarkError(
            f"No load is called {' or '.join(plan.only)}. There are: {', '.join(all_names())}."
        )
    asked = {*wanted} & {*reading.names(), *writing.names_into_full()}
    sizes = plan.sizes()
    needed = {size for size in sizes for name in asked if name.endswith(f"-{size}")}
    if asked & {reading.ECHO.name, reading.ECHO_PAGE.name}:
        needed.add("small")
    return [count for size, count in sizes.items() if size in needed]
