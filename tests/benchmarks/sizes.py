"""`python -m tests.benchmarks.sizes`: how many bytes a statement takes in a file of SQLite and in documents of MongoDB.

Nothing is timed, so the figures are the same on every machine. No MongoDB server is asked: the documents that it would
be sent are made and encoded, and what its indexes hold of them is counted. What it makes of them on its disks is not.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import bson
import click
from mongoengine import Document

from lrs.plugin.manager import load_plugins
from lrs.services.access.keys import Credential
from lrs.services.ingest import Body, Ingest, Limits
from lrs.services.wiring import new_id, now_us
from lrs.stores.base import Submission
from lrs.stores.mongo.models import Found, Statement, indexes_of, name_of
from lrs.stores.mongo.rows import evidence_rows, origin_of, packed, statement_row
from lrs.xapi.versions import Version
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import write_between
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.stores import BuiltStore, built_store

_FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"
_BEGIN, _END = "<!-- sizes: written by python -m tests.benchmarks.sizes -->", "<!-- end of sizes -->"
_BATCH = 500
_PAGE_BYTES = 32 * 1024  # the largest page of documents that WiredTiger writes, as it comes
_VENDOR = Credential(
    "vendor",
    frozenset({"statements/write"}),
    {"objectType": "Agent", "account": {"homePage": "https://lrs.example", "name": "vendor"}},
)

Row = tuple[str, float, str]
"""What it is, how many bytes for each statement, and what to know about it."""


def in_sqlite(built: BuiltStore) -> Iterator[Row]:
    """What each table and index of a store takes, in whole pages."""
    with closing(sqlite3.connect(built.file)) as connection:
        tables = dict(connection.execute("SELECT name, tbl_name FROM sqlite_schema"))
        sizes = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    parts: Counter[str] = Counter()
    for name, size in sizes.items():
        table = tables.get(name, name)
        if table in ("term", "posting"):
            parts["`term` and `posting`: the index behind the filters"] += size
        elif table in ("statement", "evidence"):
            parts[f"`{table}`" if name == table else f"indexes of `{table}`"] += size
        else:
            parts["all else"] += size
    whole = sum(parts.values())
    yield "the JSON of a statement as it leaves", built.raw_bytes / built.statements, ""
    for part, size in sorted(parts.items(), key=lambda each: -each[1]):
        yield part, size / built.statements, f"{size / whole:.0%}"
    yield "**the file**", whole / built.statements, "100%"


def in_mongodb(plan: Plan) -> Iterator[Row]:
    """What the documents of the same statements take before compression, and what their indexes hold."""
    counts: Counter[str] = Counter()
    pages = {Statement: _Pages(), Found: _Pages()}
    for model, row in documents(plan):
        name = name_of(model)
        encoded = bson.encode(row)
        pages[model].add(encoded)
        counts[name, "rows"] += 1
        counts[name, "bytes"] += len(encoded)
        for entries, size in index_entries(model, row):
            counts[name, "entries"] += entries
            counts[name, "keys"] += size
    for model, page in pages.items():
        name = name_of(model)
        of_one = plan.large
        rows = counts[name, "rows"]
        yield f"documents of `{name}`", counts[name, "bytes"] / of_one, f"{rows / of_one:.3f} documents"
        yield (
            "… the same by zlib in pages of 32 KiB",
            counts[name, "bytes"] / of_one * page.ratio,
            f"to {page.ratio:.0%}",
        )
        entries = counts[name, "entries"] / of_one
        yield f"values in indexes of `{name}`", counts[name, "keys"] / of_one, f"{entries:.2f} entries"


def documents(plan: Plan) -> Iterator[tuple[type[Document], dict[str, Any]]]:
    """The documents that a MongoDB store would be sent, with their collection."""
    plugins = load_plugins()
    generations = {source.digest: number for number, source in enumerate(plugins.sources.values(), 1)}
    kept = _Kept()
    limits = Limits(batch=_BATCH, json_bytes=2**30, statement_bytes=2**30)
    ingest = Ingest(kept, plugins, clock=now_us, new_id=new_id, limits=limits)  # type: ignore[arg-type]
    stored = now_us()
    for body in batches(lines(plan, 0, plan.large), _BATCH):
        ingest.post(Body("application/json", body), Version.V2, _VENDOR)
        for statement, findings in zip(kept.last.statements, kept.last.findings, strict=True):
            stored += 1
            row = statement_row(stored, packed(statement.id), statement)
            yield Statement, row
            for piece in evidence_rows(findings, generations, origin_of(row)):
                yield Found, piece


def index_entries(model: type[Document], row: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Of each index, how many entries a document has in it, and the bytes of the values that stand in these."""
    yield 1, _size(row["_id"])
    for index in indexes_of(model):
        wanted = index.document.get("partialFilterExpression", {})
        if not all(_meets(row.get(field), condition) for field, condition in wanted.items()):
            continue
        if index.document.get("sparse") and all(row.get(field) is None for field in index.document["key"]):
            continue
        values = [row.get(field) for field in index.document["key"]]
        times = next((len(set(value)) for value in values if isinstance(value, list)), 1)
        once = sum(_size(value) for value in values if not isinstance(value, list))
        of_list = sum(_size(each) for value in values if isinstance(value, list) for each in set(value))
        yield times, times * once + of_list


def _meets(value: Any, condition: dict[str, Any]) -> bool:
    if "$exists" in condition:
        return (value is not None) is bool(condition["$exists"])
    return bool(value < condition["$lt"])


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    return len(value) if isinstance(value, bytes) else 8


class _Kept:
    """Stands where a store would: keeps the last submission."""

    last: Submission

    def add(self, submission: Submission) -> frozenset[str]:
        self.last = submission
        return frozenset()


class _Pages:
    """Documents one after the other, compressed a page at a time."""

    def __init__(self) -> None:
        self._page = bytearray()
        self._before = self._after = 0

    def add(self, encoded: bytes) -> None:
        """Another document."""
        if len(self._page) + len(encoded) > _PAGE_BYTES and self._page:
            self._before += len(self._page)
            self._after += len(zlib.compress(self._page))
            self._page.clear()
        self._page += encoded

    @property
    def ratio(self) -> float:
        """Compressed bytes by bytes, of the pages that are full."""
        return self._after / self._before


def as_table(title: str, rows: Sequence[Row]) -> str:
    """Rows as a table of Markdown."""
    head = [f"| {title} | bytes per statement | |", "| --- | --: | --: |"]
    return "\n".join([*head, *(f"| {what} | {size:,.0f} | {more} |" for what, size, more in rows)])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--statements", type=click.IntRange(10_000), default=100_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=_FOLDER)
@click.option(
    "--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write the tables into this page."
)
def main(*, statements: int, folder: Path, markdown: Path | None) -> None:
    """Say how many bytes a statement takes on both engines."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        folder=folder.resolve(),
        runs=1,
        warm_up_s=0,
        run_s=0,
        small=10_000,
        large=statements // _BATCH * _BATCH,
        pool=0,
        beyond=0,
        limit=0,
    )
    built = built_store(plan, plan.large)
    say(f"Imported in {built.import_s:,.0f} s; making documents …")
    count = f"{plan.large:,} statements"
    text = "\n\n".join(
        [
            as_table(f"SQLite, {count}", list(in_sqlite(built))),
            as_table(f"MongoDB, the same {count}", list(in_mongodb(plan))),
        ]
    )
    click.echo(text)
    if markdown is not None:
        write_between(markdown, _BEGIN, _END, text + "\n")


if __name__ == "__main__":
    main()
