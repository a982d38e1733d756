"""What one process holds of one database, and how it comes by it: the ground that `MongoStore` stands on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from lrs.errors import StoreUnavailable
from lrs.stores.group_commit import AddJob, GroupCommit, Job
from lrs.stores.mongo.adding import Adding
from lrs.stores.mongo.audit import AuditLog
from lrs.stores.mongo.cluster import Cluster, check_url
from lrs.stores.mongo.documents import Documents
from lrs.stores.mongo.failures import as_ours, is_of_the_server, ours
from lrs.stores.mongo.files import Files
from lrs.stores.mongo.reading import View, view
from lrs.stores.mongo.sober import SoberClock
from lrs.stores.mongo.units import Unit, Units

T = TypeVar("T")


def now_us() -> int:
    """Microseconds since the epoch by the clock of the machine."""
    return time.time_ns() // 1_000


@dataclass(frozen=True, slots=True)
class Hands:
    """What one process holds of the store; after a fork the child takes new ones."""

    pid: int
    cluster: Cluster
    clock: SoberClock
    units: Units
    files: Files
    documents: Documents
    audit: AuditLog
    adding: Adding
    writer: GroupCommit


class OneDatabase:
    """One database, any number of threads, processes and machines. Nothing is opened before it is needed."""

    def __init__(self, url: str, *, clock: Callable[[], int] = now_us) -> None:
        """Nothing is asked yet.

        Args:
            url: `mongodb://` or `mongodb+srv://`, with the name of the database (else `rapport`). Raises
                `ConfigError` for one that cannot be used.
            clock: gives microseconds since the epoch, and may step back.
        """
        check_url(url)
        self.url = url
        self._clock = clock
        self._lock = Lock()
        self._closed = False
        self._hands_of_parents: list[Hands] = []
        self._hands = self._take_hands()

    def close(self) -> None:
        """See `lrs.stores.base.Store.close`."""
        self._closed = True
        hands = self._own()
        hands.writer.close()
        hands.cluster.close()

    @contextmanager
    def _viewing(self) -> Iterator[View]:
        """What is visible now; errors of the driver become ours."""
        with self._asking() as hands, view(hands.cluster) as found:
            yield found

    @contextmanager
    def _asking(self) -> Iterator[Hands]:
        """What this process holds; errors of the driver become ours."""
        if self._closed:
            raise StoreUnavailable("The store is closed.")
        with ours():
            yield self._own()

    def _do(self, work: Callable[[Unit], T], *, alone: bool = True) -> T:
        """Do the work in a unit: what it answers, once it is durable."""
        with self._asking() as hands:
            return hands.units.do(work, alone=alone)

    def _own(self) -> Hands:
        """The hands of this process. Those of a parent must be neither used nor closed, so they are kept."""
        if self._hands.pid != os.getpid():
            with self._lock:
                if self._hands.pid != os.getpid():
                    self._hands_of_parents.append(self._hands)
                    self._hands = self._take_hands()
        return self._hands

    def _take_hands(self) -> Hands:
        cluster = Cluster(self.url)
        units, files, clock = Units(cluster), Files(cluster), SoberClock(self._clock, cluster)
        adding = Adding(clock, files)

        def commit(group: Sequence[Job]) -> None:
            jobs = [job for job in group if isinstance(job, AddJob)]
            try:
                adding.prepare(jobs)
                units.do(lambda unit: adding.add(jobs, unit))
            except BaseException:
                adding.rolled_back()
                raise
            adding.committed()

        return Hands(
            pid=os.getpid(),
            cluster=cluster,
            clock=clock,
            units=units,
            files=files,
            documents=Documents(cluster, files),
            audit=AuditLog(cluster),
            adding=adding,
            writer=GroupCommit(
                "writer of MongoDB", commit, harms_all=is_of_the_server, translated=_translated
            ),
        )


def _translated(error: BaseException) -> BaseException:
    found = as_ours(error)
    if found is not error:
        found.__cause__ = error
    return found
