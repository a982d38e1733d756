"""A unit of writing: all of it or nothing, in order with every other that gives out instants.

On a replica set or a sharded cluster it is a transaction. A lone server has none: there one process at a time writes,
and notes down before each step how to take it back (`undo`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Protocol, TypeVar

from mongoengine import Document
from pymongo import ReplaceOne, ReturnDocument, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import (
    ConnectionFailure,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.read_concern import ReadConcern

from lrs.errors import Detail, StoreMismatch, StoreUnavailable
from lrs.stores.mongo.cluster import WRITE, Cluster, Row
from lrs.stores.mongo.models import Clock

T = TypeVar("T")

CLOCK = "clock"
"""`_id` of the one document of `Clock`."""
SCHEMA = 2
"""`Clock.schema` of what this version reads and writes. 1 had no users, sessions, audit log, contests and refusals."""

SERVER_MS: Row = {"$toLong": "$$NOW"}
"""An expression: milliseconds since 1970 by the clock of the server. Machines need not agree on the time."""

_PATIENCE_S = 20.0
_LONGEST_WAIT_S = 0.02


class Unit(Protocol):
    """What is written together. Reads see what it has written so far."""

    @property
    def clock(self) -> Mapping[str, Any]:
        """The clock as it was at the beginning."""

    def find(self, model: type[Document], wanted: Row, fields: Row | None = None) -> Iterator[Row]:
        """Documents that are wanted, those fields of them."""

    def count(self, model: type[Document], wanted: Row) -> int:
        """How many documents are wanted."""

    def insert(self, model: type[Document], rows: Sequence[Row]) -> None:
        """Documents, each with an `_id` that nothing has."""

    def put(self, model: type[Document], rows: Sequence[Row]) -> None:
        """Documents, each in the place of the one with its `_id`, or new."""

    def update(self, model: type[Document], wanted: Row, change: Row) -> int:
        """Change all documents that are wanted; how many were."""

    def update_each(self, model: type[Document], changes: Mapping[Any, Row]) -> None:
        """Change each of these documents, by `_id`; one that is not there is made, where the change says how."""

    def delete(self, model: type[Document], wanted: Row) -> int:
        """Delete all documents that are wanted; how many were."""

    def tick(self, change: Mapping[str, Row]) -> None:
        """Change the clock by these operators (`$set`, `$inc`) at the end."""


class Ticks:
    """Changes of the clock, gathered: it is written once."""

    def __init__(self) -> None:
        self.change: dict[str, Row] = {}

    def add(self, change: Mapping[str, Row]) -> None:
        """Further ones; what is counted up is added, what is set the last one counts."""
        for operator, fields in change.items():
            known = self.change.setdefault(operator, {})
            for name, value in fields.items():
                known[name] = known.get(name, 0) + value if operator == "$inc" else value


class Units:
    """Does units of writing on one database."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def do(self, work: Callable[[Unit], T], *, alone: bool = True) -> T:
        """Do the work in a unit and answer what it answers, once it is durable.

        Args:
            work: may be done again from the beginning, in another unit, when others came in between.
            alone: no other unit that is alone is done at the same time: what it reads is what it writes after.
                Instants can only be given out so.

        Raises what the work raises, and `StoreUnavailable` when others do not let us for too long; then nothing of it
        was written. Errors of the driver come as they are.
        """
        if not self._cluster.transactions:
            from lrs.stores.mongo.undo import do_with_undo

            return do_with_undo(self._cluster, work)
        end = time.monotonic() + _PATIENCE_S
        wait_s = 0.001
        while True:
            try:
                return self._try(work, alone, end)
            except PyMongoError as error:
                if not error.has_error_label("TransientTransactionError") or not _is_of_others(error):
                    raise
                if time.monotonic() > end:
                    if not isinstance(error, OperationFailure):
                        raise
                    raise busy() from error
            # Others have it: the longer they do, the less often we ask.
            time.sleep(random.uniform(0, wait_s))  # noqa: S311 -- no secret
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    def _try(self, work: Callable[[Unit], T], alone: bool, end: float) -> T:
        self._end_what_was_cut_off()
        with self._cluster.client.start_session() as session:
            try:
                value = self._in_transaction(session, work, alone)
                _commit(session, end)
            except ConnectionFailure:
                self._cluster.cut_off.append(session.session_id)
                raise
            self._cluster.saw(session)
            return value

    def _in_transaction(self, session: ClientSession, work: Callable[[Unit], T], alone: bool) -> T:
        """Do all but the commit."""
        session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=WRITE)
        try:
            unit = _Transaction(self._cluster, session)
            if alone:
                unit.take_turn()
            value = work(unit)
            unit.finish()
        except BaseException:
            # The session aborts what was not committed; here at once, so that others need not wait for that.
            if session.in_transaction:
                session.abort_transaction()
            raise
        return value

    def _end_what_was_cut_off(self) -> None:
        """End our transactions that may go on at the server: for a minute they would be in everybody's way."""
        sessions = []
        with suppress(IndexError):
            while True:
                sessions.append(self._cluster.cut_off.popleft())
        if not sessions:
            return
        try:
            self._cluster.client.admin.command("killSessions", sessions)
        except ConnectionFailure:
            self._cluster.cut_off.extend(sessions)
            raise
        except OperationFailure:
            return  # the server ends them, after its minute


def _commit(session: ClientSession, end: float) -> None:
    while True:
        try:
            session.commit_transaction()
        except PyMongoError as error:
            # It may be committed, or not: asked again, the server answers the same.
            if error.has_error_label("UnknownTransactionCommitResult") and time.monotonic() < end:
                time.sleep(_LONGEST_WAIT_S)
                continue
            raise
        return


class _Transaction:
    """A unit that is a transaction."""

    def __init__(self, cluster: Cluster, session: ClientSession) -> None:
        self._cluster = cluster
        self._session = session
        self._ticks = Ticks()
        self.clock: Mapping[str, Any] = {}

    def take_turn(self) -> None:
        """Be in the way of every other that is alone: one of the two fails at once, and is tried again."""
        clock = self._cluster[Clock].find_one_and_update(
            {"_id": CLOCK}, {"$inc": {"turn": 1}}, session=self._session, return_document=ReturnDocument.AFTER
        )
        self.clock = check_schema(clock)
        if clock is not None and (clock["holder"] is not None or clock.get("debt")):
            raise StoreMismatch(
                "A process died while it wrote, before the server had transactions: run `lrs init`.",
                [Detail("store", "what was not finished", "`lrs init`, which takes it back")],
            )

    def find(self, model: type[Document], wanted: Row, fields: Row | None = None) -> Iterator[Row]:
        return iter(self._cluster[model].find(wanted, fields, session=self._session))

    def count(self, model: type[Document], wanted: Row) -> int:
        return self._cluster[model].count_documents(wanted, session=self._session)

    def insert(self, model: type[Document], rows: Sequence[Row]) -> None:
        if rows:
            # Not in their order: on a sharded cluster each would wait for the one before.
            self._cluster[model].insert_many(rows, ordered=False, session=self._session)

    def put(self, model: type[Document], rows: Sequence[Row]) -> None:
        if rows:
            steps = [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows]
            self._cluster[model].bulk_write(steps, ordered=False, session=self._session)

    def update(self, model: type[Document], wanted: Row, change: Row) -> int:
        return self._cluster[model].update_many(wanted, change, session=self._session).matched_count

    def update_each(self, model: type[Document], changes: Mapping[Any, Row]) -> None:
        if changes:
            steps = [UpdateOne({"_id": key}, change, upsert=True) for key, change in changes.items()]
            self._cluster[model].bulk_write(steps, ordered=False, session=self._session)

    def delete(self, model: type[Document], wanted: Row) -> int:
        return self._cluster[model].delete_many(wanted, session=self._session).deleted_count

    def tick(self, change: Mapping[str, Row]) -> None:
        self._ticks.add(change)

    def finish(self) -> None:
        if self._ticks.change:
            self._cluster[Clock].update_one({"_id": CLOCK}, self._ticks.change, session=self._session)


_TOO_LARGE = (290, 359)
"""Codes of MongoDB: the transaction took too long, or is too large for the cache; it would be again."""


def _is_of_others(error: PyMongoError) -> bool:
    """Whether it failed for what others do, so that it may go well the next time.

    Where no server is to be had, or none that answers in time, the driver has waited long enough for who waits for us.
    """
    if isinstance(error, ServerSelectionTimeoutError | NetworkTimeout):
        return False
    return getattr(error, "code", None) not in _TOO_LARGE


def check_schema(clock: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The clock. Raises `StoreMismatch` when there is none, or one of another version."""
    if clock is None:
        raise StoreMismatch(
            "There is no store in this database: run `lrs init`.",
            [Detail("store", "no collection `clock`", "`lrs init`")],
        )
    check_not_newer(clock)
    if clock["schema"] < SCHEMA:
        raise StoreMismatch(
            "The store was made by an older version of Rapport: back it up, then run `lrs init`.",
            [Detail("store", f"schema {clock['schema']}", f"schema {SCHEMA}, which `lrs init` brings it to")],
        )
    return clock


def check_not_newer(clock: Mapping[str, Any]) -> None:
    """Raise `StoreMismatch` for a database that this version knows nothing of."""
    if clock["schema"] > SCHEMA:
        raise StoreMismatch(
            "The store was made by a newer version of Rapport.",
            [Detail("store", f"schema {clock['schema']}", f"schema {SCHEMA}: install the newer version")],
        )


def busy() -> StoreUnavailable:
    """What to raise when others do not let us write."""
    return StoreUnavailable(
        "Others are writing.", [Detail("store", "no turn in time", "the same request again, a little later")]
    )


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of up to `size`, in order."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
