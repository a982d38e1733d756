"""Work that is done in this process, a transaction at a time, beside which loads over HTTP are held."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.benchmarks.client import Outcome
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.figures import Sample, sample_of
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import machine_busy_s

Group = TypeVar("Group")


def in_transactions(
    plan: Plan,
    groups: Sequence[Group],
    commit: Callable[[Group], object],
    cpu_s: Callable[[], float] = time.process_time,
    *,
    longer: float = 1.0,
) -> Sample:
    """Commit one group after the other, `longer` times as long as a load runs at most; the first tenth is warm-up.

    A request of the sample is one group. `cpu_s` says how much processor time was used so far, in seconds; it counts
    as the server's. Raises `BenchmarkError` when there are too few groups.
    """
    warm_up = max(1, len(groups) // 10)
    gc.collect()
    gc.disable()  # what is prepared is large, and walking it is not what is measured
    try:
        _run(groups[:warm_up], commit, plan.warm_up_s)
        everyone, cpu = machine_busy_s(), cpu_s()
        seconds, took = _run(groups[warm_up:], commit, plan.run_s * longer)
        everyone, cpu = machine_busy_s() - everyone, cpu_s() - cpu
    finally:
        gc.enable()
    if not took:
        raise BenchmarkError("There are too few statements to measure what is written in this process.")
    return sample_of(
        Outcome(seconds, sorted(took), 0, 0.0),
        server_cpu_s=cpu,
        machine_busy_s=everyone,
        cores=os.cpu_count() or 1,
        memory_bytes=None,
    )


def _run(
    groups: Sequence[Group], commit: Callable[[Group], object], seconds: float
) -> tuple[float, list[float]]:
    """Seconds in all, and of each group."""
    took: list[float] = []
    began = now = time.perf_counter()
    for group in groups:
        if now - began >= seconds:
            break
        commit(group)
        took.append(time.perf_counter() - now)
        now += took[-1]
    return now - began, took
