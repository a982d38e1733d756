"""A plugin's failure on a statement, put right: what it finds now stands in the failure's place from an instant on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lrs.competency.evidence import Finding
from lrs.stores.base import Kind
from lrs.stores.mongo.adding import counted, next_instant
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.counting import counting
from lrs.stores.mongo.models import NEVER, Failed, Found, GenerationOf, Statement, Subject
from lrs.stores.mongo.reading import View
from lrs.stores.mongo.rows import ORIGIN, Origin, evidence_rows, origin_of, packed, place_of, subjects_in
from lrs.stores.mongo.sources import Numbers
from lrs.stores.mongo.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """What is to stand in the place of a plugin's failure on a statement."""

    statement_id: str
    plugin: str
    finding: Finding | None
    """None: nothing was found."""


def mend(unit: Unit, view: View, wanted: Mend, *, clock: Callable[[], int]) -> bool:
    """See `GenerationStore.mend`. The view is of after the unit was begun."""
    statement = next(iter(unit.find(Statement, {"_id": packed(wanted.statement_id)}, ORIGIN)), None)
    if statement is None:
        return False
    failures = _failures(unit, view, statement, wanted.plugin)
    if not failures:
        return False
    instant = next_instant(unit, clock())
    for row in failures:
        unit.update(Failed, {"_id": row["_id"]}, {"$set": {"mended": instant}})
    live = {row["_id"] for row in unit.find(GenerationOf, {"kind": Kind.LIVE.value}, {"_id": 1})}
    mended = sum(row["generation"] in live for row in failures)
    unit.tick({"$set": {"last": instant, "dated": instant}, "$inc": {"quarantined": -mended}})
    if wanted.finding is not None and wanted.finding.evidence:
        first = min(failures, key=lambda row: row["place"])
        _keep(unit, wanted.finding, origin_of(statement), instant, first["generation"])
    return True


def _failures(unit: Unit, view: View, statement: Row, plugin: str) -> list[Row]:
    """Those of a plugin on a statement that count now."""
    counts = counting(view, view.visible)
    wanted = {"stored": statement["stored"], "mended": NEVER, **counts.failures}
    return [
        row
        for row in unit.find(Failed, wanted, {"generation": 1, "place": 1})
        if counts.provenance[row["generation"]][0] == plugin
    ]


def _keep(unit: Unit, finding: Finding, origin: Origin, instant: int, failed: int) -> None:
    """Write the evidence; `failed` is the generation in the place of whose failure it stands."""
    number = Numbers(unit).generation_of(finding.source, Kind.MENDED, instant)
    # What it had mended here before, in the place of another failure, stays.
    there = unit.find(Found, {"stored": origin.stored, "generation": number}, {"_id": 1})
    places = [place_of(row["_id"]) for row in there]
    rows = list(
        evidence_rows(
            [finding],
            {finding.source.digest: number},
            origin,
            mended=instant,
            mends=failed,
            first_place=max(places, default=-1) + 1,
        )
    )
    unit.insert(Found, rows)
    unit.update_each(Subject, subjects_in(rows))
    unit.update_each(GenerationOf, counted(rows, ()))
