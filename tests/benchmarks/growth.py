"""What a worker's memory does while very many statements are posted to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.client import drive, request
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Cores, memory_bytes
from tests.benchmarks.server import rapport
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.stores import empty_store, remove
from tests.benchmarks.writing import STATEMENTS, json_headers

NAME = "memory"
"""The name of this load."""

_STEPS = 10
_SETTLED = 2  # steps: a fifth of the way, when every cache that is bounded has been filled
_BATCH = 500
_AT_ONCE = 8
_LONGEST_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Growth:
    """Resident memory of the one worker after each tenth of the statements."""

    posted: Sequence[int]
    """Statements so far."""
    memory_bytes: Sequence[int]
    seconds: float
    """For all of them."""

    @property
    def ratio(self) -> float:
        """The memory at the end in times of what it was after a fifth."""
        return self.memory_bytes[-1] / self.memory_bytes[_SETTLED - 1]


def watch(plan: Plan, cores: Cores) -> Growth:
    """Post `plan.posts` statements in batches into a store that is empty at first.

    Raises `BenchmarkError` where the kernel tells no memory, or there are too few statements.
    """
    step = plan.posts // _STEPS // _BATCH * _BATCH
    if not step:
        raise BenchmarkError(f"{plan.posts} statements are too few to watch memory while they are posted.")
    file = plan.folder / "memory.db"
    headers = json_headers(*empty_store(file))
    bodies = batches(lines(plan, 0, step * _STEPS), _BATCH)
    requests = (request("POST", STATEMENTS, headers, body) for body in bodies)
    posted, memory, seconds = [], [], 0.0
    try:
        with rapport(file, cores.server, plan.folder / "serve.log") as server:
            for part in range(1, _STEPS + 1):
                some = (next(requests) for _ in range(step // _BATCH))
                seconds += drive(server.address, some, concurrency=_AT_ONCE, seconds=_LONGEST_S).seconds
                resident = memory_bytes(server.worker)
                if resident is None:
                    raise BenchmarkError("This system does not tell how much memory a process has.")
                posted.append(step * part)
                memory.append(resident)
                say(f"{NAME}: {posted[-1]:,} posted, {resident / 2**20:.0f} MB")
    finally:
        remove(file)
    return Growth(posted, memory, seconds)
