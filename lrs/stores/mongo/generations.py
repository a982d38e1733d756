"""Generations as documents, and back; which of them is in force; what one leaves behind that is not wanted any more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice

from mongoengine import Document

from lrs.competency.evidence import Source
from lrs.errors import Conflict, Detail, NotFound
from lrs.stores.base import Activation, Generation, Kind
from lrs.stores.mongo.adding import next_instant
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.counting import last_activations
from lrs.stores.mongo.models import ActivationOf, Failed, Found, GenerationOf, PartOf, RebuildOf, by
from lrs.stores.mongo.reading import View
from lrs.stores.mongo.sources import activation_row
from lrs.stores.mongo.units import Unit
from lrs.stores.standing import incomplete

# Of one unit: those who wait to store statements wait for no more than this.
_CLEARED_AT_ONCE = 2_000


def read_generations(view: View) -> list[Generation]:
    """Every generation, in order of number."""
    return [generation(row) for row in view.find(GenerationOf, {}, sort=[("_id", 1)])]


def read_activations(view: View, as_of_us: int) -> list[Activation]:
    """See `GenerationStore.activations`."""
    as_of_us = min(as_of_us, view.visible)
    by_number = {one.number: one for one in read_generations(view)}
    return [
        Activation(generation=by_number[row["generation"]], at_us=row["at"], through_us=row["through"])
        for row in last_activations(view.find(ActivationOf, {"at": by(as_of_us)}))
    ]


def generation(row: Row) -> Generation:
    """A document as a generation."""
    return Generation(
        number=row["_id"],
        source=Source(
            plugin=row["plugin"], version=row["version"], digest=row["digest"], rubrics=row["rubrics"]
        ),
        kind=Kind(row["kind"]),
        begun_us=row["begun"],
        through_us=row["through"],
        evidence=row["evidence"],
        failures=row["failures"],
    )


def _wanted(unit: Unit, number: int) -> Generation:
    """One generation; `NotFound` when there is none."""
    for row in unit.find(GenerationOf, {"_id": number}):
        return generation(row)
    raise NotFound(
        f"There is no generation {number}.", [Detail("generation", str(number), "a number that is listed")]
    )


def activate(unit: Unit, number: int, *, clock: Callable[[], int]) -> Activation:
    """See `GenerationStore.activate`."""
    chosen = _wanted(unit, number)
    if chosen.through_us is None:
        raise incomplete(number)
    instant = next_instant(unit, clock())
    row = activation_row(chosen.source.plugin, instant, number, chosen.through_us)
    unit.insert(ActivationOf, [row])
    unit.tick({"$set": {"last": instant, "dated": instant}})
    return Activation(generation=chosen, at_us=instant, through_us=chosen.through_us)


def begin_to_forget(unit: Unit, number: int) -> None:
    """From now on nothing can be made of it. Raises `NotFound`, or `Conflict` when it has to be kept."""
    chosen = _wanted(unit, number)
    was_in_force = any(True for _ in unit.find(ActivationOf, {"generation": number}, {"_id": 1}))
    if chosen.kind is not Kind.REBUILT or was_in_force:
        found = "it was in force" if was_in_force else f"a {chosen.kind} one"
        raise Conflict(
            f"Generation {number} has to be kept.",
            [Detail("generation", found, "a rebuilt one that was never activated")],
        )
    for row in list(unit.find(RebuildOf, {"generations": number})):
        drop(unit, row)
    unit.update(GenerationOf, {"_id": number}, {"$set": {"dirty": True, "through": None}})


def forget_some(unit: Unit, number: int) -> int | None:
    """Delete some of what it has: how many pieces; None: none is left, and it is gone."""
    for row in unit.find(GenerationOf, {"_id": number}):
        return _clear(unit, row)
    return None


def drop(unit: Unit, rebuild: Row) -> None:
    """Forget the work; what it had found is left to be cleared, unless it was finished."""
    if not rebuild["finished"]:
        # So that what is deleted can be taken off the counts, whoever had found it.
        for part in list(
            unit.find(PartOf, {"rebuild": rebuild["_id"], "done": False, "kept": {"$ne": None}})
        ):
            unit.update_each(GenerationOf, kept_by(part))
        unit.update(GenerationOf, {"_id": {"$in": rebuild["generations"]}}, {"$set": {"dirty": True}})
    unit.delete(PartOf, {"rebuild": rebuild["_id"]})
    unit.delete(RebuildOf, {"_id": rebuild["_id"]})


def kept_by(part: Row) -> dict[int, Row]:
    """By generation: by how much its counts go up with what was found in a part."""
    return {int(number): {"$inc": counts} for number, counts in part["kept"].items()}


def clear(unit: Unit) -> bool:
    """Delete some of what dropped rebuilds have left; whether there may be more."""
    for row in unit.find(GenerationOf, {"dirty": True}):
        _clear(unit, row)
        return True
    return False


def _clear(unit: Unit, row: Row) -> int:
    """Delete some of a generation's rows later than it is complete; how many pieces of evidence."""
    number = row["_id"]
    after = -1 if row["through"] is None else row["through"]
    some = partial(_some, unit, {"generation": number, "stored": {"$gt": after}})
    evidence, failures = some(Found), some(Failed)
    if max(evidence, failures) < _CLEARED_AT_ONCE and row["through"] is None:
        unit.delete(GenerationOf, {"_id": number})
        return evidence
    change: Row = {"$inc": {"evidence": -evidence, "failures": -failures}}
    if max(evidence, failures) < _CLEARED_AT_ONCE:
        change["$set"] = {"dirty": False}
    unit.update(GenerationOf, {"_id": number}, change)
    return evidence


def _some(unit: Unit, wanted: Row, model: type[Document]) -> int:
    """Delete some of what is wanted; how many documents."""
    keys = [row["_id"] for row in islice(unit.find(model, wanted, {"_id": 1}), _CLEARED_AT_ONCE)]
    return unit.delete(model, {"_id": {"$in": keys}}) if keys else 0
