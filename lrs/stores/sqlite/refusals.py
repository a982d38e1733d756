"""How often what vendors sent was refused, as rows and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from lrs.stores.refusals import Refusal, added_up
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.sql import query


def adding(rows: Sequence[Refusal]) -> Work:
    """Do what `RefusalStore.add_refusals` says."""
    days = sorted({row.day for row in rows})

    def work(connection: sqlite3.Connection) -> None:
        there = [one for day in days for one in read_refusals(connection, day, day)]
        connection.executemany(query("put_refusal"), map(_row, added_up(there, rows)))

    return work


def read_refusals(connection: sqlite3.Connection, since_day: str, until_day: str) -> list[Refusal]:
    """Those of the days from one up to and with another, in no order."""
    return [
        Refusal(
            day=day,
            authority=authority,
            code=code,
            path=path,
            expected=expected,
            requests=requests,
            statements=statements,
            last_us=last,
        )
        for day, authority, code, path, expected, requests, statements, last in connection.execute(
            query("refusals"), (since_day, until_day)
        )
    ]


def _row(one: Refusal) -> tuple[str | int, ...]:
    return (*one.key, one.expected, one.requests, one.statements, one.last_us)
