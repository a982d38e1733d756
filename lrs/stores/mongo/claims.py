"""Up to when everything that is stored can be read: what `consistent_through` answers."""

from __future__ import annotations

from pymongo.errors import ConnectionFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from lrs.stores.mongo.cluster import WRITE, Cluster
from lrs.stores.mongo.models import Clock
from lrs.stores.mongo.units import CLOCK, check_schema

# A claim is a write, and every GET of statements makes one: less would be seen by nobody.
_OLD_ENOUGH_US = 50_000


def consistent_through(cluster: Cluster, now: int) -> int:
    """`now` (an instant), when nobody is writing; else the newest instant that was given out.

    That nobody writes is found out by claiming the instant: it is written into the clock, and everything stored later
    is dated later. Whoever is writing has the clock, so that the claim fails.
    """
    last = int(check_schema(cluster[Clock].find_one({"_id": CLOCK}))["last"])
    if now - last < _OLD_ENOUGH_US:
        return last
    claim = _claim_in_transaction if cluster.transactions else _claim
    try:
        claim(cluster, now)
    except PyMongoError:
        # Somebody writes, or nobody can: what cannot be noted down is not claimed.
        return last
    return now


def _claim(cluster: Cluster, instant: int) -> None:
    unheld = {"_id": CLOCK, "holder": None}
    if cluster[Clock].update_one(unheld, {"$max": {"last": instant}}).matched_count == 0:
        raise PyMongoError("somebody has the clock")


def _claim_in_transaction(cluster: Cluster, instant: int) -> None:
    # Outside of a transaction the write would wait for those who have the clock.
    with cluster.client.start_session() as session:
        session.start_transaction(read_concern=ReadConcern("local"), write_concern=WRITE)
        try:
            cluster[Clock].update_one({"_id": CLOCK}, {"$max": {"last": instant}}, session=session)
            session.commit_transaction()
        except ConnectionFailure:
            cluster.cut_off.append(session.session_id)
            raise
        cluster.saw(session)
