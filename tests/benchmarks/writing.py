"""Loads that write: statements posted one by one and in batches, beside the bare echo and bare SQLite."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tests.benchmarks.bare_sqlite import insert_bare
from tests.benchmarks.client import request
from tests.benchmarks.figures import Load, Sample
from tests.benchmarks.measuring import measure
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Cores, pinned
from tests.benchmarks.server import bare_echo, rapport
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.stores import built_store, copied_store, empty_store, remove

Measured = Iterator[tuple[Load, Sample]]

_CONCURRENCY = (1, 8, 32)
_BATCHES = (50, 500)
_BATCHES_AT_ONCE = 8
_ECHOED = 2_000
_VERSION = "1.0.3"

ECHOES = tuple(Load(name=f"echo-{number}", concurrency=number) for number in _CONCURRENCY)
POSTS = tuple(Load(name=f"post-{number}", concurrency=number, stored=0) for number in _CONCURRENCY)
BATCHES = tuple(
    Load(
        name=f"batch-{size}",
        concurrency=_BATCHES_AT_ONCE,
        statements=size,
        stored=0,
    )
    for size in _BATCHES
)
TO_LARGE = "post-32-large"
"""Single statements into a store that has many."""

BARE_SQLITE = Load(name="sqlite-500", concurrency=1, statements=500)


def names() -> list[str]:
    """The names of all loads that write, and of their limits."""
    return [load.name for load in (*ECHOES, *POSTS, *BATCHES, BARE_SQLITE)] + [TO_LARGE]


def write(plan: Plan, cores: Cores) -> Measured:
    """One run of all writing loads that are wanted, each beside its limit."""
    bench = _Bench(plan, cores, list(lines(plan, 0, plan.pool)))
    steps: list[tuple[Load, Callable[[Load], Sample]]] = []
    for limit, load in zip(ECHOES, POSTS, strict=True):
        steps += [(limit, bench.echo), (load, bench.post)]
    steps += [(load, bench.post) for load in BATCHES]
    steps.append((BARE_SQLITE, bench.bare_sqlite))
    steps.append((Load(name=TO_LARGE, concurrency=32, stored=plan.large), bench.post_to_large))
    for load, run in steps:
        if plan.wants(load.name):
            yield load, run(load)


@dataclass(frozen=True, slots=True)
class _Bench:
    """How each load is run."""

    plan: Plan
    cores: Cores
    pool: Sequence[bytes]
    """Statements to be posted."""

    def echo(self, load: Load) -> Sample:
        """The same heads and bodies as are posted to Rapport, to the bare echo."""
        headers = _headers("0" * 16, "0" * 43)
        requests = [request("POST", "/", headers, body) for body in self.pool[:_ECHOED]]
        with bare_echo(self.cores.server, self.plan.folder / "echo.log") as server:
            return measure(self.plan, load, server, cycle(requests))

    def post(self, load: Load) -> Sample:
        """Into an empty store."""
        size = load.statements
        bodies = self.pool if size == 1 else batches(self.pool, size)
        return self._post(load, bodies, empty_store)

    def post_to_large(self, load: Load) -> Sample:
        """Into a copy of the large store, what it has not."""
        built = built_store(self.plan, self.plan.large)
        beyond = lines(self.plan, self.plan.large, self.plan.generated)
        return self._post(load, beyond, lambda file: copied_store(built, file))

    def bare_sqlite(self, load: Load) -> Sample:
        """The same bytes into a plain table, on the core of the server."""
        with pinned(self.cores.server):
            return insert_bare(self.plan, self.pool, load.statements)

    def _post(self, load: Load, bodies: Iterable[bytes], make: Callable[[Path], tuple[str, str]]) -> Sample:
        file = self.plan.folder / "writing.db"
        headers = _headers(*make(file))
        prepared = iter([request("POST", "/xapi/statements", headers, body) for body in bodies])
        try:
            with rapport(file, self.cores.server, self.plan.folder / "serve.log") as server:
                return measure(self.plan, load, server, prepared)
        finally:
            remove(file)


def _headers(key_id: str, secret: str) -> dict[str, str]:
    return {**xapi_headers(key_id, secret), "Content-Type": "application/json"}


def xapi_headers(key_id: str, secret: str) -> dict[str, str]:
    """What every request to `/xapi` brings."""
    token = base64.b64encode(f"{key_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {token}", "X-Experience-API-Version": _VERSION}
