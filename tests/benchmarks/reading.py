"""Loads that read: the same questions to a small store and to larger ones, beside a bare Flask view."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from itertools import cycle
from pathlib import Path

from tests.benchmarks.client import request
from tests.benchmarks.figures import Load
from tests.benchmarks.measuring import measure
from tests.benchmarks.plan import SIZES, Plan
from tests.benchmarks.processes import Cores
from tests.benchmarks.questions import KINDS, Filters, choose_filters, requests_for
from tests.benchmarks.server import Server, bare_echo, rapport
from tests.benchmarks.stores import BuiltStore, built_store
from tests.benchmarks.writing import Measured, xapi_headers

CONCURRENCY = 8
"""Requests under way, in all loads that read."""
ECHO = Load(name=f"echo-get-{CONCURRENCY}", concurrency=CONCURRENCY)
ECHO_PAGE = Load(name=f"echo-page-{CONCURRENCY}", concurrency=CONCURRENCY)


def of_size(kind: str, size: str) -> str:
    """The name of one kind of question, asked of the store of this size."""
    return f"{kind}-{size}"


def asking_names() -> list[str]:
    """The names of all loads that ask a store."""
    return [of_size(kind, size) for kind in KINDS for size in SIZES]


def names() -> list[str]:
    """The names of all loads that read, and of their limits."""
    return [ECHO.name, ECHO_PAGE.name, *asking_names()]


class Reading:
    """Asks. Which requests that takes is found out once, and kept for all runs."""

    def __init__(self, plan: Plan, cores: Cores) -> None:
        self._plan = plan
        self._cores = cores
        self._known: dict[tuple[str, str], Sequence[bytes]] = {}

    @cached_property
    def _filters(self) -> Filters:
        return choose_filters(self._plan)

    def run(self) -> Measured:
        """One run of all reading loads that are wanted, the stores in turn."""
        yield from self._echoes()
        plan = self._plan
        kinds = {kind: [size for size in plan.sizes() if plan.wants(of_size(kind, size))] for kind in KINDS}
        asked = [size for size in plan.sizes() if any(size in sizes for sizes in kinds.values())]
        with ExitStack() as stack:
            sides = {}
            for size in asked:
                built = built_store(plan, plan.sizes()[size])
                log = plan.folder / "serve.log"
                server = stack.enter_context(rapport(Path(built.file), self._cores.server, log))
                sides[size] = (built, server)
            for kind, sizes in kinds.items():
                for size in sizes:
                    built, server = sides[size]
                    load = Load(name=of_size(kind, size), concurrency=CONCURRENCY, stored=built.statements)
                    requests = self.requests(kind, built, server)
                    yield load, measure(plan, load, server, cycle(requests))

    def requests(self, kind: str, built: BuiltStore, server: Server) -> Sequence[bytes]:
        """What is asked of a store. It is the same for every server over it."""
        if (kind, built.file) not in self._known:
            found = requests_for(kind, self._plan, self._filters, built, server.address)
            self._known[kind, built.file] = found
        return self._known[kind, built.file]

    def _echoes(self) -> Measured:
        """The same heads to bare views: one answers as the echo does, one with as many bytes as a page has."""
        plan = self._plan
        wanted = [one for one in ((ECHO, "/"), (ECHO_PAGE, "/page")) if plan.wants(one[0].name)]
        if not wanted:
            return
        built = built_store(plan, plan.small)
        page = built.raw_bytes // built.statements * plan.limit
        headers = xapi_headers("0" * 16, "0" * 43)
        with bare_echo(self._cores.server, plan.folder / "echo.log", page_bytes=page) as server:
            for load, target in wanted:
                requests = [request("GET", f"{target}?limit={plan.limit}", headers)]
                yield load, measure(plan, load, server, cycle(requests))
