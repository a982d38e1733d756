"""Units of writing on a server without transactions: one process at a time, and what was not finished is taken back.

Who writes holds the clock, for a time that the server's own clock measures. Before each step it notes down how to take
it back, and arms the note in the clock: a note counts only if its writer still held the clock when it was there. Naming
itself in the clock as the one who finished is what makes the unit count, in one step. Whoever takes the clock of one
that had not finished takes over its debt, the notes that it had armed, and settles it before it writes itself.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import bson
from mongoengine import Document
from pymongo import DeleteOne, InsertOne, ReplaceOne, ReturnDocument, UpdateOne
from pymongo.errors import PyMongoError

from lrs.errors import Detail, StoreMismatch, StoreUnavailable
from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.models import Clock, Undo, name_of
from lrs.stores.mongo.units import CLOCK, SCHEMA, SERVER_MS, Ticks, Unit, busy, check_schema, chunks

T = TypeVar("T")

HOLD_MS = 60_000
"""How long a writer may hold the clock before others take it for dead."""

_PATIENCE_S = 10.0
_LONGEST_WAIT_S = 0.02
# Of a note: below the 16 MiB of a document.
_IDS_AT_ONCE = 50_000
_NOTE_BYTES = 7 * 1024 * 1024
_ROWS_AT_ONCE = 1_000


def do_with_undo(cluster: Cluster, work: Callable[[Unit], T]) -> T:
    """See `lrs.stores.mongo.units.Units.do`."""
    holder = uuid.uuid4().hex
    try:
        clock = _take(cluster, holder)
        _settle(cluster, clock)
        unit = _Undoable(cluster, holder, clock)
        value = work(unit)
        unit.finish()
    except PyMongoError:
        if not _let_go(cluster, holder):
            raise
        # Only the answer was lost.
    except BaseException:
        # If this fails, too, whoever comes next does it.
        with suppress(PyMongoError):
            _let_go(cluster, holder)
        raise
    # If this fails, whoever comes next throws them away.
    with suppress(PyMongoError):
        cluster[Undo].delete_many({"holder": holder})
    return value


def settle_debts(cluster: Cluster) -> None:
    """Take back what a process that died has left, for a server that has transactions from now on.

    Nobody writes by notes any more.
    """
    holder = uuid.uuid4().hex
    clock = cluster[Clock].find_one_and_update({"_id": CLOCK}, _taking(holder), return_document=_AFTER)
    if clock is not None:
        _settle(cluster, clock)
        cluster[Clock].update_one({"_id": CLOCK, "holder": holder}, {"$set": {"holder": None}})


_AFTER = ReturnDocument.AFTER


def _taking(holder: str) -> list[Row]:
    """The change by which one holds the clock, and takes over the debt of who had held it."""
    debt = {"$ifNull": ["$debt", []]}
    theirs = [{"holder": "$holder", "armed": "$armed"}]
    return [
        {
            "$set": {
                "debt": {"$cond": [{"$eq": ["$holder", None]}, debt, {"$concatArrays": [debt, theirs]}]},
                "until": {"$add": [SERVER_MS, HOLD_MS]},
            }
        },
        {"$set": {"holder": holder, "armed": -1}},
    ]


def _take(cluster: Cluster, holder: str) -> Row:
    """Hold the clock. Raises `StoreUnavailable` after a while, `StoreMismatch` when it is another version's."""
    if not cluster.asked_anew_has_no_transactions():
        raise StoreMismatch(
            "The server has become a replica set since this process began.",
            [Detail("store", "a replica set", "`lrs init`, then a new start of every process")],
        )
    end = time.monotonic() + _PATIENCE_S
    wait_s = 0.001
    while True:
        nobody = {"holder": {"$in": [None, *tuple(cluster.let_go)]}}
        free = {"$or": [nobody, {"$expr": {"$lt": ["$until", SERVER_MS]}}]}
        clock = cluster[Clock].find_one_and_update(
            {"_id": CLOCK, "schema": SCHEMA, **free}, _taking(holder), return_document=_AFTER
        )
        if clock is not None:
            return clock
        check_schema(cluster[Clock].find_one({"_id": CLOCK}, {"schema": 1}))
        if time.monotonic() > end:
            raise busy()
        time.sleep(random.uniform(0, wait_s))  # noqa: S311 -- no secret
        wait_s = min(wait_s * 2, _LONGEST_WAIT_S)


def _settle(cluster: Cluster, clock: Mapping[str, Any]) -> None:
    """Go by the notes of those who had not finished, the last first, and throw all others away unread."""
    holder = clock["holder"]
    for debt in reversed(clock["debt"]):
        armed = {"holder": debt["holder"], "number": {"$lt": debt["armed"] + 1}}
        for note in cluster[Undo].find(armed).sort("number", -1):
            _take_back(cluster, note)
    if clock["debt"]:
        mine = {"_id": CLOCK, "holder": holder}
        if cluster[Clock].update_one(mine, {"$set": {"debt": []}}).matched_count == 0:
            raise busy()
    cluster[Undo].delete_many({"holder": {"$ne": holder}})


def _take_back(cluster: Cluster, note: Mapping[str, Any]) -> None:
    rows = cluster.database[note["collection"]]
    for some in chunks(note["added"], _ROWS_AT_ONCE):
        rows.delete_many({"_id": {"$in": some}})
    if note["before"]:
        steps = [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in note["before"]]
        rows.bulk_write(steps, ordered=False)


def _let_go(cluster: Cluster, holder: str) -> bool:
    """Take back what was written and let others write; whether it was finished after all.

    First under another name: what is still on its way in the old one comes too late then. Who does not hold the clock
    any more touches nothing: whoever has taken it settles.
    """
    fence = f"{holder}-"
    try:
        clock = cluster[Clock].find_one_and_update(
            {"_id": CLOCK, "holder": holder}, _taking(fence), return_document=_AFTER
        )
        if clock is None:
            found = cluster[Clock].find_one({"_id": CLOCK}, {"committed": 1}) or {}
            return found.get("committed") == holder
        _settle(cluster, clock)
        cluster[Clock].update_one({"_id": CLOCK, "holder": fence}, {"$set": {"holder": None}})
        return False
    finally:
        # If that failed, or the holder's wish to take the clock comes only now, we need not wait for ourselves.
        cluster.let_go.extend((holder, fence))


class _Undoable:
    """A unit whose steps are noted down."""

    def __init__(self, cluster: Cluster, holder: str, clock: Mapping[str, Any]) -> None:
        self._cluster = cluster
        self._holder = holder
        self._ticks = Ticks()
        self._number = 0
        # Half of the time is left for the step that follows the last look.
        self._end = time.monotonic() + HOLD_MS / 2_000
        self.clock = clock

    def find(self, model: type[Document], wanted: Row, fields: Row | None = None) -> Iterator[Row]:
        return iter(self._cluster[model].find(wanted, fields))

    def count(self, model: type[Document], wanted: Row) -> int:
        return self._cluster[model].count_documents(wanted)

    def insert(self, model: type[Document], rows: Sequence[Row]) -> None:
        for some in chunks(rows, _IDS_AT_ONCE):
            self._note(model, added=[row["_id"] for row in some])
            self._cluster[model].insert_many(some, ordered=False)

    def put(self, model: type[Document], rows: Sequence[Row]) -> None:
        if not rows:
            return
        there = self._note_before(model, {"_id": {"$in": [row["_id"] for row in rows]}})
        self._note(model, added=[row["_id"] for row in rows if row["_id"] not in there])
        for some in chunks(rows, _ROWS_AT_ONCE):
            steps = [
                ReplaceOne({"_id": row["_id"]}, row) if row["_id"] in there else InsertOne(row)
                for row in some
            ]
            self._cluster[model].bulk_write(steps, ordered=False)

    def update(self, model: type[Document], wanted: Row, change: Row) -> int:
        there = self._note_before(model, wanted)
        for some in chunks(there, _ROWS_AT_ONCE):
            self._cluster[model].update_many({"_id": {"$in": some}}, change)
        return len(there)

    def update_each(self, model: type[Document], changes: Mapping[Any, Row]) -> None:
        if not changes:
            return
        there = self._note_before(model, {"_id": {"$in": list(changes)}})
        self._note(model, added=[key for key in changes if key not in there])
        steps = [UpdateOne({"_id": key}, change, upsert=True) for key, change in changes.items()]
        self._cluster[model].bulk_write(steps, ordered=False)

    def delete(self, model: type[Document], wanted: Row) -> int:
        there = self._note_before(model, wanted)
        for some in chunks(there, _ROWS_AT_ONCE):
            self._cluster[model].bulk_write([DeleteOne({"_id": key}) for key in some], ordered=False)
        return len(there)

    def tick(self, change: Mapping[str, Row]) -> None:
        self._ticks.add(change)

    def finish(self) -> None:
        """Make it all count."""
        self._ticks.add({"$set": {"holder": None, "committed": self._holder}})
        self._still_mine(self._ticks.change)

    def _note_before(self, model: type[Document], wanted: Row) -> set[Any]:
        """Note down how the documents are that will change; their `_id`."""
        there = set()
        for some in _some_megabytes(self._cluster[model].find(wanted)):
            self._note(model, before=some)
            there |= {row["_id"] for row in some}
        return there

    def _note(self, model: type[Document], *, added: Sequence[Any] = (), before: Sequence[Row] = ()) -> None:
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
        self._still_mine({"$set": {"armed": self._number}})
        self._number += 1

    def _still_mine(self, change: Mapping[str, Row]) -> None:
        """Change the clock. Raises `StoreUnavailable` when others have taken it, or may soon."""
        if time.monotonic() > self._end:
            raise StoreUnavailable(
                "MongoDB took too long.", [Detail("store", "half a minute for one unit", "a quicker server")]
            )
        mine = {"_id": CLOCK, "holder": self._holder}
        if self._cluster[Clock].update_one(mine, change).matched_count == 0:
            raise busy()


def _some_megabytes(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows for one note each."""
    some: list[Row] = []
    size = 0
    for row in rows:
        row_bytes = len(bson.encode(row))
        if some and (size + row_bytes > _NOTE_BYTES or len(some) == _ROWS_AT_ONCE):
            yield some
            some, size = [], 0
        some.append(row)
        size += row_bytes
    if some:
        yield some
