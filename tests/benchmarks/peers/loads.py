"""What Rapport and Ralph are both asked: the same bodies and the same questions, by turns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path

from tests.benchmarks.client import drive, fetch, request
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.figures import Load, Sample
from tests.benchmarks.marks import Pair
from tests.benchmarks.measuring import measure
from tests.benchmarks.peers.ralph import PATH, STORES, Ralph
from tests.benchmarks.plan import Plan
from tests.benchmarks.processes import Cores
from tests.benchmarks.questions import choose_filters
from tests.benchmarks.reading import CONCURRENCY, of_size
from tests.benchmarks.server import Server, rapport
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.stores import built_store
from tests.benchmarks.writing import BATCHES, POSTS, STATEMENTS, Measured, Writing, xapi_headers

SINGLE, BATCH = POSTS[-1], BATCHES[-1]
ASKED = of_size("get-agent", "small")

PAIRS = (
    Pair("ralph-dict-post-32", "POST of one statement, 32 at once, beside Ralph with a dictionary for a store",
         SINGLE.name, f"ralph-dict-{SINGLE.name}", 2.0),
    Pair("ralph-files-post-32", "POST of one statement, 32 at once, beside Ralph on files",
         SINGLE.name, f"ralph-files-{SINGLE.name}", 20.0),
    Pair("ralph-dict-batch-500", "POST of batches of 500 beside Ralph with a dictionary for a store",
         BATCH.name, f"ralph-dict-{BATCH.name}", 3.0),
    Pair("ralph-files-batch-500", "POST of batches of 500 beside Ralph on files",
         BATCH.name, f"ralph-files-{BATCH.name}", None),
    Pair("ralph-dict-get-agent", "GET of a page by agent beside Ralph with a dictionary for a store",
         ASKED, "ralph-dict-get-agent", None),
    Pair("ralph-files-get-agent", "GET of a page by agent beside Ralph on files",
         ASKED, "ralph-files-get-agent", 20.0),
)  # fmt: skip
"""All marks that are of Rapport and a peer."""


def names() -> list[str]:
    """The names of all loads of a peer; ours are those of the benchmark."""
    return [of_ralph(store, one) for one in (SINGLE.name, BATCH.name, "get-agent") for store in STORES]


def of_ralph(store: str, load: str) -> str:
    """The name of a load that goes to Ralph."""
    return f"ralph-{store}-{load}"


class Peers:
    """How each load is run, on either server."""

    def __init__(self, plan: Plan, cores: Cores, ralph: Ralph) -> None:
        self._plan = plan
        self._cores = cores
        self._ralph = ralph
        self._writing = Writing(plan, cores)

    def run(self) -> Measured:
        """One run of all loads that are wanted: ours, then Ralph's."""
        plan = self._plan
        steps: list[tuple[Load, Callable[[Load], Sample]]] = []
        for load in (SINGLE, BATCH):
            steps.append((load, self._writing.post))
            steps += [(_at_ralph(load, store), partial(self._post, store)) for store in STORES]
        asking = Load(name=ASKED, concurrency=CONCURRENCY, stored=plan.small)
        steps.append((asking, self._ask_rapport))
        asked = replace(asking, name="get-agent")
        steps += [(_at_ralph(asked, store), partial(self._ask, store)) for store in STORES]
        for load, step in steps:
            if plan.wants(load.name):
                yield load, step(load)

    def _post(self, store: str, load: Load) -> Sample:
        """Into an empty store."""
        requests = self._requests(self._writing.bodies(load))
        with self._ralph.serving(store, self._cores.server) as server:
            return measure(self._plan, load, server, requests)

    def _ask_rapport(self, load: Load) -> Sample:
        built = built_store(self._plan, self._plan.small)
        log = self._plan.folder / "serve.log"
        with rapport(Path(built.file), self._cores.server, log) as server:
            headers = xapi_headers(built.key_id, built.secret)
            return measure(self._plan, load, server, cycle(self._asked(server, STATEMENTS, headers)))

    def _ask(self, store: str, load: Load) -> Sample:
        """The same statements are stored, the same questions asked."""
        with self._ralph.serving(store, self._cores.server) as server:
            self._fill(server)
            return measure(self._plan, load, server, cycle(self._asked(server, PATH, self._ralph.headers())))

    def _asked(self, server: Server, path: str, headers: Mapping[str, str]) -> Sequence[bytes]:
        """Requests for a page by agent, each answered once. Not by group: Ralph refuses to look for one."""
        queries = [query for query in choose_filters(self._plan).agents if "Group" not in query]
        requests = [request("GET", f"{path}?limit={self._plan.limit}&{query}", headers) for query in queries]
        for one in requests:
            if b'"statements"' not in fetch(server.address, one):
                raise BenchmarkError(f"What is answered on {path} is no page of statements.")
        return requests

    def _fill(self, server: Server) -> None:
        bodies = batches(lines(self._plan, 0, self._plan.small), BATCH.statements)
        drive(server.address, self._requests(bodies), concurrency=1, seconds=float("inf"))

    def _requests(self, bodies: Iterable[bytes]) -> Iterator[bytes]:
        return iter([request("POST", PATH, self._ralph.headers(), body) for body in bodies])


def _at_ralph(load: Load, store: str) -> Load:
    return replace(load, name=of_ralph(store, load.name))
