"""Several `lrs reprofile` share the work on one store; one or all are killed, and what is found is found once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lrs.config import Config
from lrs.demo.academy import generate
from lrs.services.access.keys import Credential
from lrs.services.ingest import Body
from lrs.services.wiring import Rapport
from lrs.stores.base import EvidenceQuery, Kind, RecordedEvidence
from lrs.xapi.versions import Version
from tests import mongo
from tests.faults.proxy import Command, Fault, Plan, Proxy
from tests.faults.vendors import until

VENDOR = Credential("key", frozenset({"all"}), {"account": {"homePage": "https://a.example", "name": "v"}})
COMMAND = [sys.executable, str(Path(__file__).with_name("reprofiling.py"))]
ROOT = Path(__file__).parents[2]
STATEMENTS = 200
_PATIENCE_S = 120


@dataclass
class Work:
    """A store that is full of what plugins recognise, and the work of recognising it anew."""

    rapport: Rapport
    folder: Path
    part_statements: int

    @contextmanager
    def process(self, store: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """A process that works, ended at the end at the latest; its store may be reached another way."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LRS_")}
        environ = {**kept, "LRS_STORE": store or self.rapport.config.store, "PYTHONPATH": str(ROOT)}
        command = [*COMMAND, str(self.part_statements)]
        with subprocess.Popen(
            command, env=environ, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def done(self) -> int:
        """How many statements have been looked at anew."""
        rebuild = self.rapport.store.rebuild(1)
        return rebuild.done if rebuild else 0

    def check(self) -> None:
        """What each plugin found anew is what it had found before, each piece once."""
        rebuilt = [one for one in self.rapport.store.generations() if one.kind is Kind.REBUILT]
        assert {one.source.plugin for one in rebuilt} == set(self.rapport.plugins.sources)
        live = self._evidence({})
        assert len(live) > STATEMENTS / 4
        assert self._evidence({one.source.plugin: one.number for one in rebuilt}) == live
        assert sum(one.evidence for one in rebuilt) == len(live)
        assert self.rapport.store.health()["integrity"] == "ok"

    def _evidence(self, instead: dict[str, int]) -> Sequence[RecordedEvidence]:
        query = EvidenceQuery(as_of_us=self.rapport.store.consistent_through(), instead=instead)
        return self.rapport.store.evidence(query)


@contextmanager
def work_on(store: str, folder: Path, part_statements: int) -> Iterator[Work]:
    rapport = Rapport.open(Config(store=store))
    rapport.store.initialise()
    try:
        academy = generate(until=datetime(2026, 1, 15, tzinfo=UTC), scale=0.05)
        statements = [posting.statement for posting in academy if posting.version == "1.0.3"][:STATEMENTS]
        for some in range(0, len(statements), 250):
            body = json.dumps(statements[some : some + 250]).encode()
            rapport.ingest.post(Body("application/json", body), Version.V1, VENDOR)
        yield Work(rapport, folder, part_statements)
    finally:
        rapport.store.close()


@pytest.fixture
def work(store_url: str, tmp_path: Path, engine: str) -> Iterator[Work]:
    # A part of SQLite is done in a few milliseconds.
    with work_on(store_url, tmp_path, 2 if engine == "sqlite" else 20) as work:
        yield work


def outcome(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    said, told = process.communicate(timeout=_PATIENCE_S)
    assert process.returncode == 0, told
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.mark.engines("sqlite", "mongodb", "mongodb standalone")
def test_of_two_processes_one_is_killed_and_the_other_does_all_that_is_left(work: Work) -> None:
    with work.process() as killed, work.process() as other:
        until(lambda: work.done() > 0)
        killed.kill()
        killed.wait()
        mongo.forget_the_dead(work.rapport.config.store)
        assert outcome(other)["left"] == 0
    work.check()


@pytest.mark.engines("sqlite", "mongodb", "mongodb standalone")
def test_when_all_are_killed_a_third_goes_on_where_they_were(work: Work) -> None:
    with ExitStack() as stack:
        both = [stack.enter_context(work.process()) for _ in range(2)]
        until(lambda: work.done() > 0)
        for process in both:
            process.kill()
        for process in both:
            process.wait()
    mongo.forget_the_dead(work.rapport.config.store)
    done = work.done()
    with work.process() as third:
        found = outcome(third)
    assert found["left"] == 0
    assert 0 < done <= found["statements"]
    work.check()


def held_at(write: int) -> Plan:
    """The command of this number is held, of those that write from the first part on that is taken."""
    writes = 0

    def plan(command: Command) -> Fault | None:
        nonlocal writes
        if writes or command.collection == "part":
            writes += command.name in ("insert", "update", "findAndModify", "commitTransaction")
        return Fault.HELD if writes > write else None

    return plan


@pytest.mark.parametrize("write", [1, 6])
def test_killed_as_it_writes_a_part_it_leaves_the_part_to_others(
    tmp_path: Path, wire: Proxy, harmed_url: str, write: int
) -> None:
    with work_on(harmed_url, tmp_path, 100) as work, ExitStack() as stack:
        wire.count_anew(held_at(write))
        killed = stack.enter_context(work.process(wire.url(harmed_url)))
        assert wire.holding.wait(_PATIENCE_S)
        killed.kill()
        killed.wait()
        mongo.forget_the_dead(harmed_url)
        assert outcome(stack.enter_context(work.process()))["left"] == 0
        work.check()
