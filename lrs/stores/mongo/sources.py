"""Numbers of generations, looked up or made within a unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lrs.competency.evidence import Source
from lrs.stores.base import Kind
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.models import ActivationOf, GenerationOf
from lrs.stores.mongo.units import Unit


class Numbers:
    """Gives out the numbers of generations that are made in one unit."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._last = int(unit.clock["generations"])

    def generation_of(self, source: Source, kind: Kind, now: int) -> int:
        """The source's generation of that kind; begun `now` (an instant) when there was none."""
        wanted = {"digest": source.digest, "kind": kind.value}
        for row in self._unit.find(GenerationOf, wanted, {"_id": 1}):
            return int(row["_id"])
        self._last += 1
        row = {
            "_id": self._last,
            "plugin": source.plugin,
            "version": source.version,
            "digest": source.digest,
            "rubrics": source.rubrics,
            "kind": kind.value,
            "begun": now,
            "through": None,
            "dirty": False,
            "evidence": 0,
            "failures": 0,
        }
        self._unit.insert(GenerationOf, [row])
        self._unit.tick({"$set": {"generations": self._last}})
        return self._last


class LiveGenerations:
    """What a process knows of live generations. None is ever deleted, so what is committed stays true."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        # Made or looked up in this unit: true only once it is committed.
        self._made: list[str] = []

    def numbers(self, unit: Unit, sources: Iterable[Source], now: int) -> Mapping[str, int]:
        """The live generation of at least each of these, by the digest of the source.

        One is begun `now`, an instant, when its source finds something for the first time. The first of a plugin
        is in force from the beginning. The answer holds until the next call.
        """
        made = None
        for source in sources:
            if source.digest not in self._known:
                made = made or Numbers(unit)
                number = made.generation_of(source, Kind.LIVE, now)
                _activate_first(unit, source.plugin, number)
                self._known[source.digest] = number
                self._made.append(source.digest)
        return self._known

    def committed(self) -> None:
        """The unit is committed."""
        self._made.clear()

    def rolled_back(self) -> None:
        """It is not: what was made in it is not there."""
        for digest in self._made:
            self._known.pop(digest, None)
        self._made.clear()


def _activate_first(unit: Unit, plugin: str, generation: int) -> None:
    """A plugin that has a generation in force already keeps it: what was so at an instant stays so."""
    for _ in unit.find(ActivationOf, {"plugin": plugin}, {"_id": 1}):
        return
    unit.insert(ActivationOf, [activation_row(plugin, 0, generation, -1)])


def activation_row(plugin: str, at: int, generation: int, through: int) -> Row:
    """An activation as a document."""
    return {
        "_id": f"{plugin}@{at}",
        "plugin": plugin,
        "at": at,
        "generation": generation,
        "through": through,
    }
