"""A plugin's failure on a statement, put right: what it finds now stands in the failure's place from an instant on."""

from __future__ import annotations

import sqlite3

from lrs.competency.evidence import Finding, Source
from lrs.stores.base import Kind
from lrs.stores.later_work import check_mend
from lrs.stores.sqlite import rows
from lrs.stores.sqlite.counting import FOREVER, counting
from lrs.stores.sqlite.ids import packed
from lrs.stores.sqlite.jobs import DatedWork
from lrs.stores.sqlite.sources import generation_of
from lrs.stores.sqlite.sql import query
from lrs.stores.sqlite.terms import Terms


def mending(statement_id: str, plugin: str, finding: Finding | None, source: Source) -> DatedWork:
    """Do what `GenerationStore.mend` says; True when it was done. Raises `ValueError` at once."""
    check_mend(plugin, finding, source)
    key = packed(statement_id)

    def work(connection: sqlite3.Connection, instant: int) -> bool:
        row = connection.execute(query("stored_of"), (key,)).fetchone()
        if row is None:
            return False
        stored, sha256 = row
        failures = _failures(connection, stored, plugin)
        if not failures:
            return False
        for place, generation in failures:
            bound = {"instant": instant, "stored": stored, "place": place, "generation": generation}
            connection.execute(query("mend"), bound)
            connection.execute(query("count_mended"), (generation,))
        if finding is not None and finding.evidence:
            _keep(connection, finding, (stored, instant, failures[0][1], key, sha256))
        connection.execute(query("note_instant"), (instant,))
        return True

    return work


def _failures(connection: sqlite3.Connection, stored: int, plugin: str) -> list[tuple[int, int]]:
    """Place and generation of those on a statement that count now."""
    counts = counting(connection, FOREVER)
    text = query("failures_on").format(counts=counts.failures)
    return [
        (place, generation)
        for place, generation in connection.execute(text, {"stored": stored})
        if counts.provenance[generation][0] == plugin
    ]


def _keep(
    connection: sqlite3.Connection, finding: Finding, origin: tuple[int, int, int, bytes, bytes]
) -> None:
    """Write the evidence; for `origin` see `rows.Origin`."""
    _, instant, *_ = origin
    generation = generation_of(connection, finding.source, Kind.MENDED, instant)
    ids = Terms().ids(connection, rows.subjects_of([finding]))
    found = rows.evidence_rows([finding], {finding.source.digest: generation}, origin, ids)
    connection.executemany(query("insert_evidence_later"), found)
    connection.executemany(query("count_found"), rows.counted(found, ()))
