"""Stores to read from: filled once by `lrs statements import`, and kept while the schema stays the same."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from lrs.config import Config
from lrs.services.wiring import Rapport
from lrs.stores.sqlite.migrating import migrations
from lrs.xapi.timestamps import format_us
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan
from tests.benchmarks.server import settings
from tests.benchmarks.statements import lines

_OFFICERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltStore:
    """A store with statements in it, and how to ask it. Its key opens nothing but generated data."""

    file: str
    statements: int
    bytes_on_disk: int
    """After a checkpoint, so that no log is beside it."""
    raw_bytes: int
    """The JSON of all statements as it leaves."""
    import_s: float
    """How long `lrs statements import` took, in seconds."""
    key_id: str
    secret: str
    as_of: str
    """When the last statement of the small store was stored in this one: profiles of this instant rest on the same
    evidence in every store."""
    officers: tuple[str, ...]
    """Agent keys of officers with evidence by then."""


def empty_store(file: Path) -> tuple[str, str]:
    """Make an empty store in this file, in place of what is there; id and secret of a key that may write."""
    remove(file)
    rapport = opened(file)
    rapport.store.initialise()
    key, secret = rapport.access.create_key("vendor")
    rapport.store.close()
    return key.id, secret


def copied_store(built: BuiltStore, file: Path) -> tuple[str, str]:
    """A copy of a store that was built; id and secret of a key that may write."""
    copied_file(Path(built.file), file)
    rapport = opened(file)
    key, secret = rapport.access.create_key("another vendor")
    rapport.store.close()
    return key.id, secret


def copied_file(built: Path, file: Path) -> None:
    """Copy a store, in place of what is there."""
    remove(file)
    # Not the file alone: a server that was stopped may have left a log beside it.
    with closing(sqlite3.connect(built)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)


def remove(file: Path) -> None:
    """Take away a store with the files beside it."""
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()


def forget(folder: Path) -> None:
    """Take away what is kept for the next time, and nothing else."""
    for pattern in ("statements-*.jsonl", "store-*.db*", "store-*.json", "cohort-*.db*"):
        for one in folder.glob(pattern):
            one.unlink()


def built_store(plan: Plan, count: int) -> BuiltStore:
    """The store with the first `count` of the generated statements."""
    kept = [*migrations(), *(field.name for field in fields(BuiltStore))]
    schema = sha256("".join(kept).encode()).hexdigest()[:12]
    # Two plans may have a store of one size, but what `as_of` says of it depends on their small one.
    file = plan.folder / f"store-{count}-{plan.small}-{schema}.db"
    facts = file.with_suffix(".json")
    if not facts.exists():
        say(f"Importing {count:,} statements, once …")
        facts.write_text(json.dumps(asdict(_build(plan, file, count)), indent=1), "utf-8")
    told: dict[str, Any] = json.loads(facts.read_text("utf-8"))
    return BuiltStore(**{**told, "officers": tuple(told["officers"])})


def _build(plan: Plan, file: Path, count: int) -> BuiltStore:
    empty_store(file)
    source = plan.folder / f"import-{count}.jsonl"
    with source.open("wb") as target:
        last_id = ""
        for place, line in enumerate(lines(plan, 0, count)):
            target.write(line + b"\n")
            if place == plan.small - 1:
                last_id = json.loads(line)["id"]
    began = time.perf_counter()
    _lrs(file, "statements", "import", str(source))
    took = time.perf_counter() - began
    source.unlink()
    size = _checkpointed(file)
    rapport = opened(file)
    try:
        statements = rapport.store.count_statements()
        last = rapport.store.get(last_id)
        if statements != count or last is None:
            raise BenchmarkError(f"{file} holds {statements} statements; expected {count}.")
        key, secret = rapport.access.create_key("reader", ("all/read",))
        return BuiltStore(
            file=str(file),
            statements=statements,
            bytes_on_disk=size,
            raw_bytes=sum(len(one.raw) for one in rapport.store.scan()),
            import_s=took,
            key_id=key.id,
            secret=secret,
            as_of=format_us(last.stored_us),
            officers=tuple(rapport.store.officers(last.stored_us, limit=_OFFICERS)),
        )
    finally:
        rapport.store.close()


def _checkpointed(file: Path) -> int:
    """Bytes of a store that nobody has open, once its log is emptied into it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return file.stat().st_size


def opened(file: Path) -> Rapport:
    """The services over a store in this process, with the settings that its server has."""
    return Rapport.open(Config(store=settings(file)["LRS_STORE"], base_url=settings(file)["LRS_BASE_URL"]))


def _lrs(file: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lrs", *arguments],
        cwd=file.parent,
        env=settings(file),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"lrs {' '.join(arguments)} failed ({done.returncode}):\n{done.stderr[-2000:]}")
