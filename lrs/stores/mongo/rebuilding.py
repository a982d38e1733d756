"""The work of a rebuild: begun, cut into parts, taken part by part, kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from struct import Struct

from pymongo import ReturnDocument

from lrs.competency.evidence import Source
from lrs.stores.base import Kind, Part, Rebuild
from lrs.stores.later_work import Beginning, Stretch, check_found, one_instant
from lrs.stores.later_work import Found as WasFound
from lrs.stores.mongo import generations
from lrs.stores.mongo.adding import counted
from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.models import (
    NEVER,
    Failed,
    Found,
    GenerationOf,
    PartOf,
    RebuildOf,
    Statement,
    Subject,
    by,
)
from lrs.stores.mongo.reading import View
from lrs.stores.mongo.rows import (
    ORIGIN,
    Origin,
    evidence_rows,
    failure_rows,
    origin_of,
    packed,
    subjects_in,
)
from lrs.stores.mongo.sources import Numbers
from lrs.stores.mongo.units import SERVER_MS, Unit, Units

_PART = Struct(">II")


def rebuilt_through(rows: Iterable[Row], sources: Sequence[Source]) -> int:
    """Up to when they all were rebuilt; -1: none was. Raises `ValueError` when they differ.

    `rows` are all rebuilt generations.
    """
    known = {row["digest"]: row["through"] for row in rows}
    through = (known.get(source.digest) for source in sources)
    return one_instant({-1 if one is None else int(one) for one in through})


REBUILT = {"kind": Kind.REBUILT.value}
"""Which generations are rebuilt ones."""


def cut(view: View, sources: Sequence[Source], part_statements: int) -> Stretch:
    """What is to be looked at, walking the index of all of it once.

    Raises `ValueError` when the sources have not been rebuilt up to the same instant.
    """
    begin = after = rebuilt_through(view.find(GenerationOf, REBUILT), sources)
    through = int(view.clock["newest"])
    parts: list[tuple[int, int, int]] = []
    while begin < through:
        wanted = {"stored": {"$gt": begin, **by(through)}}
        fields, order = {"stored": 1, "_id": 0}, [("stored", 1)]
        last = list(view.find(Statement, wanted, fields, sort=order, skip=part_statements - 1, limit=1))
        if last:
            end, statements = int(last[0]["stored"]), part_statements
        else:
            end, statements = through, view.count(Statement, wanted)
        if statements:
            parts.append((begin, end, statements))
        begin = end
    return Stretch(after, through, tuple(parts))


def resumed(found: Iterable[Row], known: Mapping[int, Row], sources: Sequence[Source]) -> int | None:
    """The rebuild of the same sources that was not finished.

    `found` are unfinished rebuilds, `known` the generations by number.
    """
    digests = {source.digest for source in sources}
    for row in found:
        if {known[number]["digest"] for number in row["generations"]} == digests:
            return int(row["_id"])
    return None


def read_resumed(view: View, sources: Sequence[Source]) -> int | None:
    """The same, as a question. Raises `ValueError` when there is none and the sources cannot be rebuilt together."""
    known = {row["_id"]: row for row in view.find(GenerationOf, REBUILT)}
    number = resumed(view.find(RebuildOf, {"finished": False}), known, sources)
    if number is None:
        rebuilt_through(known.values(), sources)
    return number


def clear(unit: Unit, sources: Sequence[Source]) -> bool:
    """Drop what is in the way of a rebuild, and delete some of what it had found; whether there may be more."""
    unfinished, known = _unfinished(unit)
    if resumed(unfinished, known, sources) is not None:
        return False
    for row in _in_the_way(unfinished, known, sources):
        generations.drop(unit, row)
    return generations.clear(unit)


def begin(unit: Unit, sources: Sequence[Source], stretch: Stretch, now: int) -> Beginning:
    """Begin the work, unless somebody has."""
    unfinished, known = _unfinished(unit)
    rebuild = resumed(unfinished, known, sources)
    if rebuild is not None:
        return Beginning(rebuild, settled=True)
    if (
        _in_the_way(unfinished, known, sources)
        or any(row["dirty"] for row in known.values())
        or rebuilt_through(known.values(), sources) != stretch.after
    ):
        return Beginning(None, settled=False)
    if not stretch.parts and stretch.after >= 0:
        return Beginning(None, settled=True)
    return Beginning(_begin(unit, sources, stretch, now), settled=True)


def _unfinished(unit: Unit) -> tuple[list[Row], dict[int, Row]]:
    """Rebuilds that are not finished, and rebuilt generations by number."""
    known = {row["_id"]: row for row in unit.find(GenerationOf, REBUILT)}
    return list(unit.find(RebuildOf, {"finished": False})), known


def _in_the_way(unfinished: Iterable[Row], known: Mapping[int, Row], sources: Sequence[Source]) -> list[Row]:
    plugins = {source.plugin for source in sources}
    return [row for row in unfinished if plugins & {known[number]["plugin"] for number in row["generations"]}]


def _begin(unit: Unit, sources: Sequence[Source], stretch: Stretch, now: int) -> int:
    number = int(unit.clock["rebuilds"]) + 1
    made = Numbers(unit)
    targets = [made.generation_of(source, Kind.REBUILT, now) for source in sources]
    finished = not stretch.parts
    rebuild = {
        "_id": number,
        "after": stretch.after,
        "through": stretch.through,
        "generations": targets,
        "statements": sum(statements for _, _, statements in stretch.parts),
        "done": 0,
        "finished": finished,
    }
    unit.insert(RebuildOf, [rebuild])
    unit.insert(PartOf, [_part_row(number, place, *part) for place, part in enumerate(stretch.parts)])
    if finished:
        # Where no statement is, all are done.
        unit.update(GenerationOf, {"_id": {"$in": targets}}, {"$set": {"through": stretch.through}})
    unit.tick({"$set": {"rebuilds": number}})
    return number


def _part_row(rebuild: int, number: int, after: int, through: int, statements: int) -> Row:
    return {
        "_id": _PART.pack(rebuild, number),
        "rebuild": rebuild,
        "number": number,
        "after": after,
        "through": through,
        "statements": statements,
        "worker": None,
        "lease_until": 0,
        "kept": None,
        "done": False,
    }


def read_rebuild(view: View, number: int) -> Rebuild | None:
    """See `GenerationStore.rebuild`."""
    row = view.find_one(RebuildOf, {"_id": number})
    if row is None:
        return None
    known = view.find(GenerationOf, {"_id": {"$in": row["generations"]}}, sort=[("_id", 1)])
    return Rebuild(
        number=number,
        generations=tuple(map(generations.generation, known)),
        after_us=row["after"],
        through_us=row["through"],
        statements=row["statements"],
        done=row["done"],
    )


def take_part(cluster: Cluster, rebuild: int, worker: str, *, lease_us: int) -> Part | None:
    """See `GenerationStore.take_part`. Leases are measured by the server's clock: workers may be on any machine."""
    free = {"$expr": {"$lte": ["$lease_until", SERVER_MS]}}
    mine = [{"$set": {"worker": worker, "lease_until": {"$add": [SERVER_MS, lease_us // 1_000]}}}]
    row = cluster[PartOf].find_one_and_update(
        {"rebuild": rebuild, "done": False, **free},
        mine,
        sort=[("number", 1)],
        return_document=ReturnDocument.AFTER,
    )
    if row is None:
        return None
    return Part(
        rebuild=rebuild,
        number=row["number"],
        after_us=row["after"],
        through_us=row["through"],
        worker=worker,
    )


def finish_part(units: Units, view: View, part: Part, found: WasFound) -> bool:
    """See `GenerationStore.finish_part`.

    What was found is written in a unit that is in nobody's way: while it goes on, others store and void. A short one
    that is alone ticks the part off, and voids what was voided meanwhile.
    """
    rebuild = view.find_one(RebuildOf, {"_id": part.rebuild}, {"generations": 1}) or {"generations": []}
    known = view.find(GenerationOf, {"_id": {"$in": rebuild["generations"]}}, {"digest": 1})
    targets = {row["digest"]: int(row["_id"]) for row in known}
    if not targets:
        # It was dropped.
        return False
    check_found(part, found, targets)
    rows = _rows(found, targets, _origins(view, found))
    if not units.do(lambda unit: _keep(unit, part, rows, list(targets.values())), alone=False):
        return False
    return units.do(lambda unit: _tick_off(unit, part, list(targets.values()), subjects_in(rows.evidence)))


def _origins(view: View, found: WasFound) -> dict[str, Origin]:
    keys = {packed(statement.id): statement.id for statement, _ in found}
    rows = view.find(Statement, {"_id": {"$in": list(keys)}}, ORIGIN)
    # What is void is told when the part is ticked off: a void seen here may be taken back yet.
    return {keys[row["_id"]]: origin_of(row)._replace(voided=NEVER) for row in rows}


@dataclass(frozen=True, slots=True)
class _Rows:
    evidence: list[Row]
    failures: list[Row]


def _rows(found: WasFound, targets: Mapping[str, int], origins: Mapping[str, Origin]) -> _Rows:
    rows = _Rows([], [])
    for statement, findings in found:
        rows.evidence.extend(evidence_rows(findings, targets, origins[statement.id]))
        rows.failures.extend(failure_rows(findings, targets, origins[statement.id]))
    return rows


def _keep(unit: Unit, part: Part, rows: _Rows, targets: Sequence[int]) -> bool:
    """Write what was found, in the place of what another worker had written, who did not tick it off.

    How much it is stands in the part until then: all workers would be in each other's way in the generation.
    """
    row = _mine(unit, part)
    if row is None:
        return False
    if row["kept"] is not None:
        span = {"$gt": part.after_us, **by(part.through_us)}
        for model in (Found, Failed):
            unit.delete(model, {"generation": {"$in": targets}, "stored": span})
    kept = {str(number): change["$inc"] for number, change in counted(rows.evidence, rows.failures).items()}
    unit.update(PartOf, {"_id": row["_id"]}, {"$set": {"kept": kept}})
    unit.insert(Found, rows.evidence)
    unit.insert(Failed, rows.failures)
    return True


def _mine(unit: Unit, part: Part) -> Row | None:
    """The part; None when it is this worker's no more."""
    key = _PART.pack(part.rebuild, part.number)
    wanted = {"_id": key, "worker": part.worker, "done": False}
    return next(iter(unit.find(PartOf, wanted)), None)


def _tick_off(unit: Unit, part: Part, targets: Sequence[int], subjects: Mapping[str, Row]) -> bool:
    row = _mine(unit, part)
    if row is None:
        return False
    unit.update_each(Subject, subjects)
    unit.update_each(GenerationOf, generations.kept_by(row))
    span = {"stored": {"$gt": part.after_us, **by(part.through_us)}}
    for one in list(unit.find(Statement, {**span, "voided": {"$lt": NEVER}}, {"stored": 1, "voided": 1})):
        for model in (Found, Failed):
            wanted = {"stored": one["stored"], "generation": {"$in": list(targets)}, "voided": NEVER}
            unit.update(model, wanted, {"$set": {"voided": one["voided"]}})
    unit.update(PartOf, {"_id": row["_id"]}, {"$set": {"done": True}})
    unit.update(RebuildOf, {"_id": part.rebuild}, {"$inc": {"done": row["statements"]}})
    left = next(iter(unit.find(PartOf, {"rebuild": part.rebuild, "done": False}, {"_id": 1})), None)
    if left is None:
        for rebuild in list(unit.find(RebuildOf, {"_id": part.rebuild})):
            through = {"$set": {"through": rebuild["through"]}}
            unit.update(GenerationOf, {"_id": {"$in": rebuild["generations"]}}, through)
            unit.update(RebuildOf, {"_id": part.rebuild}, {"$set": {"finished": True}})
    return True
