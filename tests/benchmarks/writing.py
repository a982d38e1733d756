"""Loads that write: statements posted one by one and in batches, beside the bare echo and bare SQLite."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import cycle
from pathlib import Path

from tests.benchmarks.bare_sqlite import insert_bytes, insert_rows
from tests.benchmarks.client import request
from tests.benchmarks.figures import Load, Sample
from tests.benchmarks.measuring import measure
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Cores, pinned
from tests.benchmarks.server import bare_echo, rapport
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.store_rows import StoreRows, rows_of
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
    Load(name=f"batch-{size}", concurrency=_BATCHES_AT_ONCE, statements=size, stored=0) for size in _BATCHES
)
BARE_BYTES = Load(name="sqlite-500", concurrency=1, statements=500)
BARE_ROWS = Load(name="sqlite-rows-500", concurrency=1, statements=500, stored=0)
STATEMENTS = "/xapi/statements"
"""Where they are posted to."""
FULL = ("small", "large")
"""Stores that are written to though they are full already."""


def into_full(load: Load, size: str) -> str:
    """The name of a load when it goes into a store that is full already."""
    return f"{load.name}-{size}"


def names_into_full() -> list[str]:
    """The names of all loads into stores that are full already."""
    return [into_full(load, size) for load in (POSTS[-1], BATCHES[-1]) for size in FULL]


def names() -> list[str]:
    """The names of all loads that write, and of their limits."""
    return [
        *(load.name for load in (*ECHOES, *POSTS, *BATCHES, BARE_BYTES, BARE_ROWS)),
        *names_into_full(),
    ]


class Writing:
    """How each load is run. What is needed is prepared when it is first needed, and kept for all runs."""

    def __init__(self, plan: Plan, cores: Cores) -> None:
        self._plan = plan
        self._cores = cores
        self._order = list(FULL)

    @cached_property
    def _pool(self) -> Sequence[bytes]:
        """Statements to be posted."""
        return list(lines(self._plan, 0, self._plan.pool))

    @cached_property
    def _rows(self) -> StoreRows:
        return rows_of(self._plan, BARE_ROWS.statements)

    def run(self) -> Measured:
        """One run of all writing loads that are wanted, each beside its limit."""
        steps: list[tuple[Load, Callable[[Load], Sample]]] = []
        for limit, load in zip(ECHOES, POSTS, strict=True):
            steps += [(limit, self.echo), (load, self.post)]
        steps += [(load, self.post) for load in BATCHES]
        steps += [(BARE_ROWS, self._bare_rows), (BARE_BYTES, self._bare_bytes)]
        for load, step in steps:
            if self._plan.wants(load.name):
                yield load, step(load)
        yield from self._into_full()

    def echo(self, load: Load) -> Sample:
        """The same heads and bodies as are posted to Rapport, to the bare echo."""
        headers = json_headers("0" * 16, "0" * 43)
        requests = [request("POST", "/", headers, body) for body in self._pool[:_ECHOED]]
        with bare_echo(self._cores.server, self._plan.folder / "echo.log") as server:
            return measure(self._plan, load, server, cycle(requests))

    def post(self, load: Load) -> Sample:
        """Into an empty store."""
        file = self._plan.folder / "writing.db"
        try:
            return self._post(load, self.bodies(load), file, empty_store(file))
        finally:
            remove(file)

    def bodies(self, load: Load) -> Iterable[bytes]:
        """What is posted to a store that is empty at first."""
        return self._pool if load.statements == 1 else batches(self._pool, load.statements)

    def _bare_rows(self, _: Load) -> Sample:
        with pinned(self._cores.server):
            return insert_rows(self._plan, self._rows)

    def _bare_bytes(self, load: Load) -> Sample:
        with pinned(self._cores.server):
            return insert_bytes(self._plan, self._pool, load.statements)

    def _into_full(self) -> Measured:
        """Into copies of the small store and of the large one, by turns, what neither has."""
        plan, single, batch = self._plan, POSTS[-1], BATCHES[-1]
        if not any(map(plan.wants, names_into_full())):
            return
        from_, middle, end = plan.large, plan.large + plan.singles, plan.large + plan.beyond
        files = {size: plan.folder / f"writing-{size}.db" for size in FULL}
        try:
            keys = {
                size: copied_store(built_store(plan, plan.sizes()[size]), file)
                for size, file in files.items()
            }
            for load, start, stop in ((single, from_, middle), (batch, middle, end)):
                for size in self._order:
                    file = files[size]
                    one = Load(
                        name=into_full(load, size),
                        concurrency=load.concurrency,
                        statements=load.statements,
                        stored=plan.sizes()[size],
                    )
                    if plan.wants(one.name):
                        beyond = lines(plan, start, stop)
                        bodies = beyond if load is single else batches(beyond, load.statements)
                        yield one, self._post(one, bodies, file, keys[size])
        finally:
            self._order.reverse()  # whatever comes second may find the machine in another state
            for file in files.values():
                remove(file)

    def _post(self, load: Load, bodies: Iterable[bytes], file: Path, key: tuple[str, str]) -> Sample:
        headers = json_headers(*key)
        prepared = iter([request("POST", STATEMENTS, headers, body) for body in bodies])
        with rapport(file, self._cores.server, self._plan.folder / "serve.log") as server:
            return measure(self._plan, load, server, prepared)


def json_headers(key_id: str, secret: str) -> dict[str, str]:
    """What every request to `/xapi` brings that has a body."""
    return {**xapi_headers(key_id, secret), "Content-Type": "application/json"}


def xapi_headers(key_id: str, secret: str) -> dict[str, str]:
    """What every request to `/xapi` brings."""
    token = base64.b64encode(f"{key_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {token}", "X-Experience-API-Version": _VERSION}
