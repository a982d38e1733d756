"""What was measured: a sample is one run of one load, a row all runs of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.client import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run of one load."""

    per_s: float
    """Requests (or, where there are none, statements) per second."""
    p50_ms: float
    p95_ms: float
    p99_ms: float
    count: int
    """Answers that the percentiles are of."""
    answer_bytes: float = 0.0
    """Size of an answer, head included."""
    server_us: float = 0.0
    """Processor time of the server per request, in microseconds, user mode and kernel."""
    client_us: float = 0.0
    """The same of the client."""
    client_busy: float = 0.0
    """Share of the time in which the client used its core, in [0, 1]."""
    others_busy: float = 0.0
    """Share of all cores that went to others than server and client, in [0, 1]: what disturbed the run."""
    memory_bytes: int | None = None
    """Resident memory of the worker after the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is measured; docs/reference/benchmark.md says what each name means."""

    name: str
    concurrency: int
    statements: int = 1
    """Statements in a request."""
    stored: int | None = None
    """Statements in the store when it starts; None: it has no store."""


@dataclass(frozen=True, slots=True)
class Row:
    """All runs of one load."""

    load: Load
    samples: Sequence[Sample]

    def median(self, of: Callable[[Sample], float]) -> float:
        """The middle of a figure over the runs."""
        return median(map(of, self.samples))

    def rates(self) -> tuple[float, float, float]:
        """Requests per second: the median, the least and the most."""
        rates = [sample.per_s for sample in self.samples]
        return median(rates), min(rates), max(rates)

    def statements_per_s(self) -> float:
        """Median of the statements per second."""
        return self.rates()[0] * self.load.statements

    def memory_bytes(self) -> int | None:
        """The most that the worker held after a run."""
        return max((sample.memory_bytes for sample in self.samples if sample.memory_bytes), default=None)


def sample_of(
    outcome: Outcome, *, server_cpu_s: float, machine_busy_s: float, cores: int, memory_bytes: int | None
) -> Sample:
    """The sample of a run that a client drove.

    Args:
        outcome: what the client saw.
        server_cpu_s: processor time of the server during the run, in seconds.
        machine_busy_s: processor time of everyone during the run, in seconds; 0 where it is not known.
        cores: of the machine.
        memory_bytes: of the worker, after the run.
    """
    count = len(outcome.latencies_s)
    others_s = machine_busy_s - server_cpu_s - outcome.client_cpu_s
    # The kernel counts in hundredths of a second, so a share may come out slightly beyond what there is.
    others = min(1.0, max(0.0, others_s / (outcome.seconds * cores)))
    return Sample(
        per_s=count / outcome.seconds,
        p50_ms=_percentile(outcome.latencies_s, 0.50),
        p95_ms=_percentile(outcome.latencies_s, 0.95),
        p99_ms=_percentile(outcome.latencies_s, 0.99),
        count=count,
        answer_bytes=outcome.bytes_received / count,
        server_us=server_cpu_s / count * 1e6,
        client_us=outcome.client_cpu_s / count * 1e6,
        client_busy=outcome.client_cpu_s / outcome.seconds,
        others_busy=others,
        memory_bytes=memory_bytes,
    )


def _percentile(latencies_s: Sequence[float], share: float) -> float:
    """Milliseconds within which this share of the answers came; of sorted latencies."""
    return latencies_s[min(len(latencies_s) - 1, int(len(latencies_s) * share))] * 1e3
