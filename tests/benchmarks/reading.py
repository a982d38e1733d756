"""Loads that read: the same questions to a small store and to a large one."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

from tests.benchmarks.figures import Load
from tests.benchmarks.measuring import measure
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Cores
from tests.benchmarks.questions import KINDS, choose_filters, requests_for
from tests.benchmarks.server import rapport
from tests.benchmarks.stores import built_store
from tests.benchmarks.writing import Measured

_CONCURRENCY = 8


def small_and_large(name: str) -> tuple[str, str]:
    """The names of one load in both stores."""
    return f"{name}-small", f"{name}-large"


def names() -> list[str]:
    """The names of all loads that read."""
    return [name for kind in KINDS for name in small_and_large(kind)]


def read(plan: Plan, cores: Cores) -> Measured:
    """One run of all reading loads that are wanted, the small store and the large one in turn."""
    wanted = [name for name in KINDS if any(map(plan.wants, small_and_large(name)))]
    if not wanted:
        return
    filters = choose_filters(plan)
    with ExitStack() as stack:
        sides = []
        for count in (plan.small, plan.large):
            built = built_store(plan, count)
            log = plan.folder / "serve.log"
            sides.append((built, stack.enter_context(rapport(Path(built.file), cores.server, log))))
        for kind in wanted:
            for (built, server), name in zip(sides, small_and_large(kind), strict=True):
                if plan.wants(name):
                    load = Load(name=name, concurrency=_CONCURRENCY, stored=built.statements)
                    requests = requests_for(kind, plan, filters, built, server.address)
                    yield load, measure(plan, load, server, cycle(requests))
