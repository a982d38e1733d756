"""One run of one load: warm-up, the clock, and what server, client and machine used meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.benchmarks.client import drive
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.figures import Load, Sample, sample_of
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import machine_busy_s, memory_bytes
from tests.benchmarks.server import Server


def measure(plan: Plan, load: Load, server: Server, requests: Iterator[bytes]) -> Sample:
    """Drive a server with a load. All requests are bytes already; none is sent twice unless `requests` repeats it.

    Raises `BenchmarkError` when the server answers anything but 200, or there are too few requests to measure.
    """
    drive(server.address, requests, concurrency=load.concurrency, seconds=plan.warm_up_s)
    server_cpu, everyone = server.cpu_s(), machine_busy_s()
    outcome = drive(server.address, requests, concurrency=load.concurrency, seconds=plan.run_s)
    server_cpu, everyone = server.cpu_s() - server_cpu, machine_busy_s() - everyone
    if not outcome.latencies_s:
        raise BenchmarkError(f"{load.name}: the warm-up has used up all requests.")
    return sample_of(
        outcome,
        server_cpu_s=server_cpu,
        machine_busy_s=everyone,
        cores=os.cpu_count() or 1,
        memory_bytes=memory_bytes(server.worker),
    )
