"""What leaves whole leaves piece by piece: it takes no more memory for more of it."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lrs.services.access.keys import Credential
from lrs.services.audit import SYSTEM
from lrs.services.ingest import Body
from lrs.services.wiring import Rapport
from lrs.xapi.versions import Version

_BATCH = 500
_PADDING = "x" * 1_500
"""So that what is read at a time outweighs what happens to be allocated beside it."""


def post(rapport: Rapport, asking: Credential, batches: int) -> None:
    """Store batches of statements, and as many entries of the audit log."""
    for _ in range(batches):
        statements = [
            {
                "id": str(uuid.uuid4()),
                "actor": {"mbox": "mailto:a@example.com"},
                "verb": {"id": "https://example.com/verbs/did"},
                "object": {"id": "https://example.com/activities/1"},
                "result": {"response": _PADDING},
            }
            for _ in range(_BATCH)
        ]
        rapport.ingest.post(Body("application/json", json.dumps(statements).encode()), Version.V2, asking)
        for _ in range(_BATCH):
            rapport.audit.note(SYSTEM, "read statement", [], endpoint=_PADDING)


def peak(work: Callable[[], object]) -> int:
    """The most bytes that were allocated at once while it worked."""
    work()  # what is kept for the next time is no matter of size
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def asking(rapport: Rapport) -> Credential:
    key, secret = rapport.access.create_key("vendor", ["all"])
    return rapport.access.authenticate(key.id, secret)


def through(entries: Iterator[object]) -> None:
    """Take one after the other, and keep none."""
    for _ in entries:
        pass


def test_an_export_takes_no_more_memory_for_more_statements(
    rapport: Rapport, asking: Credential, tmp_path: Path
) -> None:
    auditor = rapport.sights.of_key(asking)
    works: dict[str, Callable[[], object]] = {
        "plain": lambda: rapport.exports.file(tmp_path / "out.jsonl", replace=True),
        "gzip": lambda: rapport.exports.file(tmp_path / "out.jsonl.gz", replace=True),
        "audit log": lambda: through(rapport.audit.export(auditor)),
        "its chain": rapport.audit.verify,
    }
    post(rapport, asking, 2)
    few = {name: peak(work) for name, work in works.items()}
    post(rapport, asking, 3)
    many = {name: peak(work) for name, work in works.items()}
    one_batch = _BATCH * len(_PADDING)
    assert rapport.store.count_statements() == 5 * _BATCH
    assert {name: many[name] - few[name] < 1.5 * one_batch for name in works} == dict.fromkeys(works, True)


def test_a_file_holds_every_statement_on_a_line_oldest_first(
    rapport: Rapport, asking: Credential, tmp_path: Path
) -> None:
    post(rapport, asking, 1)
    assert rapport.exports.file(tmp_path / "out.jsonl.gz") == _BATCH
    lines = gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()).splitlines()
    assert lines == [statement.raw for statement in rapport.store.scan()]
