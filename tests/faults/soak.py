"""`make soak`: vendors post through two servers for minutes, while one thing after another is killed or cut.

    python -m tests.faults.soak [--seconds 300] [--statements 50000] [--seed 1] [--engine sqlite] [--engine mongodb]

Everything that was acknowledged must be there in the end, every batch whole or not at all, no id twice, all that is
counted as it is, and what the plugins find anew what they found. A line for each engine says so, and where it is not
so the exit code is 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lrs.config import Config
from lrs.demo.academy import generate
from lrs.errors import LrsError
from lrs.services.reprofile import Reprofile
from lrs.services.wiring import Rapport
from lrs.stores.base import EvidenceQuery, Kind
from tests import mongo
from tests.faults.locking import held
from tests.faults.proxy import Command, Fault, Proxy, wire_to
from tests.faults.vendors import Client, Notes, Vendors
from tests.serving import Server, serving

ENGINES = ("sqlite", "mongodb")
VENDORS = 4
LARGEST = 20
_PAUSE_S = 0.1
_CUT_S = 1.0


@dataclass
class Ground:
    """What the faults are done to."""

    servers: list[Server]
    url: str
    """Of the store, by a way that is never cut."""
    faults: Mapping[str, Callable[[random.Random], None]] = field(default_factory=dict)


@dataclass
class Outcome:
    """What a run has come to."""

    engine: str
    sent: int
    acknowledged: int
    statements: int
    lost: int
    half_written: int
    faults: Mapping[str, int]
    seconds: float
    problems: list[str]

    def __str__(self) -> str:
        faults = ", ".join(f"{name} {times}" for name, times in sorted(self.faults.items())) or "none"
        return (
            f"{self.engine}: batches sent {self.sent}, acknowledged {self.acknowledged}, lost {self.lost},"
            f" half-written {self.half_written}; statements stored {self.statements}; faults: {faults};"
            f" {self.seconds:.0f} s; {'; '.join(self.problems) or 'all is well'}"
        )


@contextmanager
def two_servers(folder: Path, store: str) -> Iterator[list[Server]]:
    folders = [folder / "one", folder / "other"]
    for each in folders:
        each.mkdir()
    with serving(folders[0], store) as one, serving(folders[1], store) as other:
        yield [one, other]


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Ground]:
    file = folder / "soaked.db"
    url = f"sqlite:///{file}"
    with two_servers(folder, url) as servers:
        ground = Ground(servers, url)

        def lock(_: random.Random) -> None:
            with held(file):
                time.sleep(_CUT_S)

        ground.faults = {"server killed": lambda chance: kill(ground, chance), "file locked": lock}
        yield ground


@contextmanager
def on_mongodb(folder: Path) -> Iterator[Ground]:
    with ExitStack() as stack:
        # With the option, what was acknowledged is out of the server's own memory; see tests/faults/conftest.py.
        store = stack.enter_context(mongo.own_server(folder, mongo.TOPOLOGIES[0], "--sync-on-commit"))
        wire = stack.enter_context(wire_to(store.port))
        url = mongo.url_of(store.uri, "soaked")
        options = "&serverSelectionTimeoutMS=2000&connectTimeoutMS=2000"
        ground = Ground(stack.enter_context(two_servers(folder, wire.url(url) + options)), url)

        def kill_store(_: random.Random) -> None:
            store.kill()
            store.start()

        ground.faults = {
            "server killed": lambda chance: kill(ground, chance),
            "store killed": kill_store,
            "store out of reach": lambda _: be_away(wire),
            "connections cut": lambda chance: cut(wire, chance),
        }
        yield ground


def kill(ground: Ground, chance: random.Random) -> None:
    """Kill −9 one of the servers, and start it again."""
    server = chance.choice(ground.servers)
    server.kill()
    mongo.forget_the_dead(ground.url)
    server.start()


def be_away(wire: Proxy) -> None:
    """Nobody reaches the store for a while."""
    wire.go_away()
    time.sleep(_CUT_S)
    wire.come_back()


def cut(wire: Proxy, chance: random.Random) -> None:
    """Commands and answers are cut in the middle for a while."""

    def plan(_: Command) -> Fault | None:
        kinds = (Fault.CUT_COMMAND, Fault.LOST_ANSWER, Fault.CUT_ANSWER)
        return chance.choice(kinds) if chance.random() < 1 / 20 else None

    wire.count_anew(plan)
    time.sleep(_CUT_S)
    wire.count_anew()


class Batches:
    """Batches of statements that the plugins find something in, each with ids of its own."""

    def __init__(self, seed: int) -> None:
        academy = generate(until=datetime(2026, 1, 15, tzinfo=UTC), scale=0.05)
        self._templates = [one.statement for one in academy if one.version == "1.0.3"]
        self._chance = random.Random(seed)

    def __call__(self) -> list[dict[str, Any]]:
        chosen = self._chance.choices(self._templates, k=self._chance.randint(1, LARGEST))
        return [{**template, "id": str(uuid.uuid4())} for template in chosen]


def soak(engine: str, *, seconds: float, statements: int, seed: int) -> Outcome:
    """Post and harm until the time is over, or so many statements are sent; then look at all of it."""
    ground_of = {"sqlite": on_sqlite, "mongodb": on_mongodb}[engine]
    chance = random.Random(seed)
    done: Counter[str] = Counter()
    notes = Notes()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, ground_of(Path(folder)) as ground:
        key = ground.servers[0].key("all")
        began = time.monotonic()
        with Vendors(
            ground.servers, key, notes, vendors=VENDORS, make=Batches(seed), pause_s=_PAUSE_S
        ) as vendors:
            while time.monotonic() < began + seconds and sum(map(len, notes.sent)) < statements:
                vendors.wait_for(chance.randint(10, 60))
                name = chance.choice(sorted(ground.faults))
                ground.faults[name](chance)
                done[name] += 1
            vendors.wait_for(VENDORS)
        with Client(ground.servers[0], key) as client:
            listed = [one for page in client.pages() for one in page]
        stored = set(listed)
        found = Outcome(
            engine=engine,
            sent=len(notes.sent),
            acknowledged=len(notes.acknowledged),
            statements=len(stored),
            lost=len(notes.lost(stored)),
            half_written=len(notes.half_written(stored)),
            faults=done,
            seconds=time.monotonic() - began,
            problems=[],
        )
        rapport = Rapport.open(Config(store=ground.url))
        with closing(rapport.store):
            try:
                found.problems += problems(rapport, listed, {one for ids in notes.sent for one in ids})
            except LrsError as error:
                found.problems.append(f"it cannot be looked at: {error.message}")
    if found.lost or found.half_written:
        found.problems.append("something was lost or half-written")
    return found


def problems(rapport: Rapport, listed: list[str], sent: set[str]) -> Iterator[str]:
    """What is wrong with the store, looked at from all sides."""
    store, plugins = rapport.store, rapport.plugins
    anew = Reprofile(
        store,
        plugins,
        opener=lambda: (store, plugins),
        new_id=lambda: str(uuid.uuid4()),
        # The test server takes very long for what names thousands of statements.
        part_statements=100,
    )
    if anew.run().left:
        yield "not all could be looked at anew"
    if len(listed) != len(set(listed)):
        yield "the pages have an id twice"
    kept = [one.id for one in store.scan()]
    if sorted(kept) != sorted(listed):
        yield "the pages do not have what is stored"
    if not sent.issuperset(kept):
        yield "something is stored that was not sent"
    if store.count_statements() != len(kept):
        yield f"{store.count_statements()} statements are counted, {len(kept)} are stored"
    now = store.consistent_through()
    live = store.evidence(EvidenceQuery(as_of_us=now))
    if store.count_evidence() != len(live):
        yield f"{store.count_evidence()} pieces of evidence are counted, {len(live)} are there"
    rebuilt = {one.source.plugin: one.number for one in store.generations() if one.kind is Kind.REBUILT}
    if store.evidence(EvidenceQuery(as_of_us=now, instead=rebuilt)) != live:
        yield "the plugins find something else than they found"
    if (integrity := store.health()["integrity"]) != "ok":
        yield f"integrity: {integrity}"


def main() -> int:
    """Soak each engine in turn; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="for all engines together")
    parser.add_argument("--statements", type=int, default=50_000, help="most that are sent to one engine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", action="append", choices=ENGINES, dest="engines")
    given = parser.parse_args()
    engines = given.engines or ENGINES
    good = True
    for engine in engines:
        outcome = soak(
            engine, seconds=given.seconds / len(engines), statements=given.statements, seed=given.seed
        )
        sys.stdout.write(f"{outcome}\n")
        sys.stdout.flush()
        good = good and not outcome.problems
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
