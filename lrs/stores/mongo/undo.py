"""Units of writing on a server without transactions: one process at a time, and what was not finished is taken back.

Who writes holds the clock, for a time that the server's own clock measures. Before each step it notes down how to take
it back. Naming itself in the clock as the one who finished is what makes it all count, in one step: notes of anybody
else's are of a process that died, or failed, and whoever writes next goes by them first.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from mongoengine import Document
from pymongo import DeleteOne, InsertOne, ReplaceOne, ReturnDocument, UpdateOne

from lrs.errors import Detail, StoreUnavailable
from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.models import Clock, Undo, name_of
from lrs.stores.mongo.units import CLOCK, SERVER_MS, Ticks, Unit, busy, check_schema, chunks

T = TypeVar("T")

HOLD_MS = 60_000
"""How long a writer may hold the clock before others take it for dead."""

_PATIENCE_S = 10.0
_LONGEST_WAIT_S = 0.02
# Of a note: far below the 16 MiB of a document.
_IDS_AT_ONCE = 50_000
_ROWS_AT_ONCE = 5


def do_with_undo(cluster: Cluster, work: Callable[[Unit], T]) -> T:
    """See `lrs.stores.mongo.units.Units.do`."""
    holder = uuid.uuid4().hex
    unit = _Undoable(cluster, holder, check_schema(_take(cluster, holder)))
    try:
        _take_back(cluster, finished=unit.clock.get("committed"))
        value = work(unit)
        unit.finish()
    except BaseException:
        if not _let_go(cluster, holder):
            raise
        # Only the answer was lost.
    cluster[Undo].delete_many({"holder": holder})
    return value


def _let_go(cluster: Cluster, holder: str) -> bool:
    """Take back what was written and let others write; whether it was finished after all.

    Who does not hold the clock any more touches nothing: whoever has taken it goes by the notes.
    """
    clock = cluster[Clock].find_one({"_id": CLOCK}) or {}
    if clock.get("holder") == holder:
        _take_back(cluster, finished=None, holder=holder)
        cluster[Clock].update_one({"_id": CLOCK, "holder": holder}, {"$set": {"holder": None}})
    return clock.get("committed") == holder


def _take(cluster: Cluster, holder: str) -> Row | None:
    """Hold the clock; as it was, or None when there is none. Raises `StoreUnavailable` after a while."""
    end = time.monotonic() + _PATIENCE_S
    wait_s = 0.001
    free = {"$or": [{"holder": None}, {"$expr": {"$lt": ["$until", SERVER_MS]}}]}
    mine = [{"$set": {"holder": holder, "until": {"$add": [SERVER_MS, HOLD_MS]}}}]
    while True:
        found = cluster[Clock].find_one_and_update(
            {"_id": CLOCK, **free}, mine, return_document=ReturnDocument.BEFORE
        )
        if found is not None:
            return dict(found)
        if cluster[Clock].find_one({"_id": CLOCK}, {"_id": 1}) is None:
            return None
        if time.monotonic() > end:
            raise busy()
        time.sleep(random.uniform(0, wait_s))  # noqa: S311 -- no secret
        wait_s = min(wait_s * 2, _LONGEST_WAIT_S)


def _take_back(cluster: Cluster, *, finished: str | None, holder: str | None = None) -> None:
    """Go by all notes, of one holder or of all, the last first. Those of who had finished are only thrown away."""
    notes = cluster[Undo]
    if finished is not None:
        notes.delete_many({"holder": finished})
    for note in notes.find({} if holder is None else {"holder": holder}).sort(
        [("holder", 1), ("number", -1)]
    ):
        rows = cluster.database[note["collection"]]
        if note["added"]:
            rows.delete_many({"_id": {"$in": note["added"]}})
        if note["before"]:
            rows.bulk_write([ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in note["before"]])
        notes.delete_one({"_id": note["_id"]})


class _Undoable:
    """A unit whose steps are noted down."""

    def __init__(self, cluster: Cluster, holder: str, clock: Mapping[str, Any]) -> None:
        self._cluster = cluster
        self._holder = holder
        self._ticks = Ticks()
        self._number = 0
        self._end = time.monotonic() + HOLD_MS / 2_000
        self.clock = clock

    def find(self, model: type[Document], wanted: Row, fields: Row | None = None) -> Iterator[Row]:
        return iter(self._cluster[model].find(wanted, fields))

    def count(self, model: type[Document], wanted: Row) -> int:
        return self._cluster[model].count_documents(wanted)

    def insert(self, model: type[Document], rows: Sequence[Row]) -> None:
        for some in chunks(rows, _IDS_AT_ONCE):
            self._note(model, added=[row["_id"] for row in some])
            self._cluster[model].insert_many(some)

    def put(self, model: type[Document], rows: Sequence[Row]) -> None:
        there = self._note_before(model, {"_id": {"$in": [row["_id"] for row in rows]}})
        self._note(model, added=[row["_id"] for row in rows if row["_id"] not in there])
        for some in chunks(rows, 1_000):
            self._cluster[model].bulk_write(
                [
                    ReplaceOne({"_id": row["_id"]}, row) if row["_id"] in there else InsertOne(row)
                    for row in some
                ]
            )

    def update(self, model: type[Document], wanted: Row, change: Row) -> int:
        there = self._note_before(model, wanted)
        for some in chunks(sorted(there, key=repr), 1_000):
            self._cluster[model].update_many({"_id": {"$in": some}}, change)
        return len(there)

    def update_each(self, model: type[Document], changes: Mapping[Any, Row]) -> None:
        if not changes:
            return
        there = self._note_before(model, {"_id": {"$in": list(changes)}})
        self._note(model, added=[key for key in changes if key not in there])
        steps = [UpdateOne({"_id": key}, change, upsert=True) for key, change in changes.items()]
        self._cluster[model].bulk_write(steps)

    def delete(self, model: type[Document], wanted: Row) -> int:
        there = self._note_before(model, wanted)
        for some in chunks(sorted(there, key=repr), 1_000):
            self._cluster[model].bulk_write([DeleteOne({"_id": key}) for key in some])
        return len(there)

    def tick(self, change: Mapping[str, Row]) -> None:
        self._ticks.add(change)

    def finish(self) -> None:
        """Make it all count."""
        self._check_time()
        self._ticks.add({"$set": {"holder": None, "committed": self._holder}})
        mine = {"_id": CLOCK, "holder": self._holder}
        if self._cluster[Clock].update_one(mine, self._ticks.change).matched_count == 0:
            raise busy()

    def _note_before(self, model: type[Document], wanted: Row) -> set[Any]:
        """Note down how the documents are that will change; their `_id`."""
        there = set()
        for some in chunks(self._cluster[model].find(wanted), _ROWS_AT_ONCE):
            self._note(model, before=some)
            there |= {row["_id"] for row in some}
        return there

    def _note(self, model: type[Document], *, added: Sequence[Any] = (), before: Sequence[Row] = ()) -> None:
        self._check_time()
        if not added and not before:
            return
        self._cluster[Undo].insert_one(
            {
                "holder": self._holder,
                "number": self._number,
                "collection": name_of(model),
                "added": list(added),
                "before": list(before),
            }
        )
        self._number += 1

    def _check_time(self) -> None:
        # Half of the time is left for the step that follows.
        if time.monotonic() > self._end:
            raise StoreUnavailable(
                "MongoDB took too long.", [Detail("store", "half a minute for one unit", "a quicker server")]
            )
