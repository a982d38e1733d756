"""Who is in training, as rows and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from lrs.cohort.roster import Member
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.sql import query


def putting(members: Sequence[Member]) -> Work:
    """Keep each in the place of the one with the same officer."""
    rows = [
        (one.officer, one.name, one.unit, one.phase, one.trainer, one.start and one.start.isoformat())
        for one in members
    ]

    def work(connection: sqlite3.Connection) -> None:
        connection.executemany(query("put_member"), rows)

    return work


def removing(officers: Sequence[str]) -> Work:
    """Take officers off; how many were on it."""

    def work(connection: sqlite3.Connection) -> int:
        return sum(connection.execute(query("remove_member"), (officer,)).rowcount for officer in officers)

    return work


def read_members(
    connection: sqlite3.Connection, *, unit: str | None, phase: str | None, trainer: str | None
) -> list[Member]:
    """See `RosterStore.members`."""
    wanted = {"unit": unit, "phase": phase, "trainer": trainer}
    return [
        Member(
            officer=officer,
            name=name,
            unit=unit,
            phase=phase,
            trainer=trainer,
            start=None if start is None else date.fromisoformat(start),
        )
        for officer, name, unit, phase, trainer, start in connection.execute(query("members"), wanted)
    ]
