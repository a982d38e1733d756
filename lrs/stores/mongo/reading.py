"""Reading: what is dated is as it was at one instant, that of the clock when the question began.

A commit is seen whole or not at all: what is dated later than the clock said is passed over, and so is what was found
by a generation that the clock did not know. On a cluster the session makes sure that whatever the clock speaks of is
there to be read, on every shard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mongoengine import Document
from pymongo.client_session import ClientSession

from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.models import Clock
from lrs.stores.mongo.units import CLOCK, check_schema


class View:
    """What is visible to one question."""

    def __init__(self, cluster: Cluster, session: ClientSession, clock: Mapping[str, Any]) -> None:
        self._cluster = cluster
        self._session = session
        self.clock = clock
        self.visible = int(clock["last"])
        """Instant: what is dated later is not there yet."""

    def find(
        self,
        model: type[Document],
        wanted: Row,
        fields: Row | None = None,
        *,
        sort: Sequence[tuple[str, int]] | None = None,
        limit: int = 0,
        skip: int = 0,
    ) -> Iterator[Row]:
        """Documents that are wanted, those fields of them; `limit` 0 is none."""
        cursor = self._cluster[model].find(
            wanted, fields, session=self._session, sort=sort, limit=limit, skip=skip, batch_size=limit
        )
        return iter(cursor)

    def find_one(self, model: type[Document], wanted: Row, fields: Row | None = None) -> Row | None:
        """One document; None when none is wanted."""
        return self._cluster[model].find_one(wanted, fields, session=self._session)

    def count(self, model: type[Document], wanted: Row) -> int:
        """How many documents are wanted."""
        return self._cluster[model].count_documents(wanted, session=self._session)

    def aggregate(self, model: type[Document], steps: Sequence[Row]) -> Iterator[Row]:
        """What the steps of a pipeline make of the documents."""
        return iter(self._cluster[model].aggregate(steps, session=self._session))


@contextmanager
def view(cluster: Cluster) -> Iterator[View]:
    """What is visible now. Raises `StoreMismatch` when there is no store, or one of another version."""
    with cluster.client.start_session(causal_consistency=True) as session:
        cluster.up_to_date(session)
        clock = cluster[Clock].find_one({"_id": CLOCK}, session=session)
        yield View(cluster, session, check_schema(clock))
