"""The audit log, an entry a document. Its number is its `_id`: of two that seal the same number, one is refused."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from threading import Lock

from pymongo.errors import DuplicateKeyError

from lrs.stores.audit import AuditEntry, AuditQuery, Happening, sealed
from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.models import Logged
from lrs.stores.mongo.units import busy

_PATIENCE_S = 20.0
_LONGEST_WAIT_S = 0.02


class AuditLog:
    """The log as one process writes it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        # Threads of one process wait for each other here, and not by being refused.
        self._turn = Lock()

    def append(self, happening: Happening) -> AuditEntry:
        """Seal it onto the end of the chain. Raises `StoreUnavailable` when others are always quicker."""
        end = time.monotonic() + _PATIENCE_S
        with self._turn:
            while True:
                entry = sealed(read_head(self._cluster), happening)
                try:
                    # A majority has the head, so it stays. Where the next number is taken, a majority is about to.
                    self._cluster[Logged].insert_one(entry_row(entry))
                except DuplicateKeyError:
                    if time.monotonic() > end:
                        raise busy() from None
                    time.sleep(random.uniform(0, _LONGEST_WAIT_S))  # noqa: S311 -- no secret
                else:
                    return entry


def read_head(cluster: Cluster) -> AuditEntry | None:
    """The newest entry."""
    row = cluster[Logged].find_one({}, sort=[("_id", -1)])
    return None if row is None else entry_of(row)


def read_audit(cluster: Cluster, asked: AuditQuery) -> list[AuditEntry]:
    """See `AuditStore.audit`."""
    wanted: Row = {
        name: value
        for name, value in (
            ("subjects", asked.subject),
            ("actor", asked.actor),
            ("action", asked.action),
        )
        if value is not None
    }
    if asked.since_us is not None:
        wanted["at"] = {"$gte": asked.since_us}
    if asked.until_us is not None:
        wanted["at"] = {**wanted.get("at", {}), "$lt": asked.until_us}
    if asked.before is not None:
        wanted["_id"] = {"$lt": asked.before}
    return [entry_of(row) for row in cluster[Logged].find(wanted).sort("_id", -1).limit(asked.limit)]


def scan(cluster: Cluster, after: int, most: int, through: int | None = None) -> Iterator[AuditEntry]:
    """The next entries with a number above `after`, up to `through`, oldest first; no more than `most`."""
    span = {"$gt": after} if through is None else {"$gt": after, "$lt": through + 1}
    return map(entry_of, cluster[Logged].find({"_id": span}).sort("_id", 1).limit(most))


def entry_row(entry: AuditEntry) -> Row:
    """An entry as a document."""
    what = entry.happening
    return {
        "_id": entry.number,
        "at": what.at_us,
        "actor": what.actor,
        "action": what.action,
        "subjects": list(what.subjects),
        # As text: names of members may have any sign in them, and numbers more digits than 64 bits.
        "detail": json.dumps(what.detail, sort_keys=True, separators=(",", ":")),
        "previous": entry.previous,
        "sha256": entry.sha256,
    }


def entry_of(row: Row) -> AuditEntry:
    """A document as an entry."""
    return AuditEntry(
        number=row["_id"],
        happening=Happening(
            at_us=row["at"],
            actor=row["actor"],
            action=row["action"],
            subjects=tuple(row["subjects"]),
            detail=json.loads(row["detail"]),
        ),
        previous=row["previous"],
        sha256=row["sha256"],
    )
