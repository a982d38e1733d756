"""How often what vendors sent was refused, a row a document."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.models import RefusalOf
from lrs.stores.mongo.units import Unit
from lrs.stores.refusals import Refusal, added_up


def add(unit: Unit, rows: Sequence[Refusal]) -> None:
    """Do what `RefusalStore.add_refusals` says."""
    if rows:
        days = sorted({row.day for row in rows})
        there = map(_refusal, unit.find(RefusalOf, {"day": {"$in": days}}))
        unit.put(RefusalOf, [_row(one) for one in added_up(there, rows)])


def read_refusals(cluster: Cluster, since_day: str, until_day: str) -> list[Refusal]:
    """Those of the days from one up to and with another, in no order."""
    # Behind the last day and before the next: see `lrs.stores.mongo.models.by`.
    return [
        _refusal(row) for row in cluster[RefusalOf].find({"day": {"$gte": since_day, "$lt": f"{until_day}~"}})
    ]


def _row(one: Refusal) -> Row:
    return {
        "_id": json.dumps(one.key),
        "day": one.day,
        "authority": one.authority,
        "code": one.code,
        "path": one.path,
        "expected": one.expected,
        "requests": one.requests,
        "statements": one.statements,
        "last": one.last_us,
    }


def _refusal(row: Row) -> Refusal:
    return Refusal(
        day=row["day"],
        authority=row["authority"],
        code=row["code"],
        path=row["path"],
        expected=row["expected"],
        requests=row["requests"],
        statements=row["statements"],
        last_us=row["last"],
    )
