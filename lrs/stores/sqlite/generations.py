"""Generations as rows, and back; which of them is in force; what one leaves behind that is not wanted any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from lrs.competency.evidence import Source
from lrs.errors import Conflict, Detail, NotFound
from lrs.stores.base import Activation, Generation, Kind
from lrs.stores.sqlite.jobs import DatedWork, Work
from lrs.stores.sqlite.sql import query
from lrs.stores.standing import incomplete

# Rows of one transaction: those who wait to store statements wait for no more than this.
_CLEARED_AT_ONCE = 5_000


def read_generations(connection: sqlite3.Connection) -> list[Generation]:
    """Every generation, in order of number."""
    return [generation(row) for row in connection.execute(query("generations"))]


def read_activations(connection: sqlite3.Connection, as_of_us: int) -> list[Activation]:
    """See `GenerationStore.activations`. The connection has to be in a transaction."""
    return [
        Activation(generation=read_generation(connection, number), at_us=at, through_us=through)
        for _, number, through, at in connection.execute(query("activations"), (as_of_us,)).fetchall()
    ]


def read_generation(connection: sqlite3.Connection, number: int) -> Generation:
    """One generation; `NotFound` when there is none."""
    row = connection.execute(query("generation"), (number,)).fetchone()
    if row is None:
        raise NotFound(
            f"There is no generation {number}.",
            [Detail("generation", str(number), "a number that is listed")],
        )
    return generation(row)


def generation(row: Sequence[Any]) -> Generation:
    """A row of the query `generations`."""
    number, plugin, version, digest, rubrics, kind, begun, through, evidence, failures = row
    return Generation(
        number=number,
        source=Source(plugin=plugin, version=version, digest=digest, rubrics=rubrics),
        kind=Kind(kind),
        begun_us=begun,
        through_us=through,
        evidence=evidence,
        failures=failures,
    )


def activating(number: int) -> DatedWork:
    """Do what `GenerationStore.activate` says."""

    def work(connection: sqlite3.Connection, instant: int) -> Activation:
        chosen = read_generation(connection, number)
        if chosen.through_us is None:
            raise incomplete(number)
        connection.execute(query("activate"), (chosen.source.plugin, number, chosen.through_us, instant))
        connection.execute(query("note_instant"), (instant,))
        return Activation(generation=chosen, at_us=instant, through_us=chosen.through_us)

    return work


def forgetting(number: int, *, begun: bool) -> Work:
    """Do some of what `GenerationStore.forget_generation` says: how many pieces were deleted; None: none is left.

    `begun`: this is not the first time, and it is forgotten already that the generation was complete.
    """

    def work(connection: sqlite3.Connection) -> int | None:
        if not begun:
            _begin_to_forget(connection, number)
        elif connection.execute(query("generation"), (number,)).fetchone() is None:
            return None
        return _clear(connection, number, -1)

    return work


def _begin_to_forget(connection: sqlite3.Connection, number: int) -> None:
    """From now on nothing can be made of it. Raises `NotFound`, or `Conflict` when it has to be kept."""
    chosen = read_generation(connection, number)
    (was_in_force,) = connection.execute(query("was_in_force"), (number,)).fetchone()
    if chosen.kind is not Kind.REBUILT or was_in_force:
        found = "it was in force" if was_in_force else f"a {chosen.kind} one"
        raise Conflict(
            f"Generation {number} has to be kept.",
            [Detail("generation", found, "a rebuilt one that was never activated")],
        )
    for (rebuild,) in connection.execute(query("rebuilds_of"), (number,)).fetchall():
        drop(connection, rebuild)
    connection.execute(query("soil_whole"), (number,))


def drop(connection: sqlite3.Connection, rebuild: int) -> None:
    """Forget the work; what it had found is left to be cleared, unless it was finished."""
    connection.execute(query("soil"), {"rebuild": rebuild})
    for name in ("delete_parts", "delete_rebuild_generations", "delete_rebuild"):
        connection.execute(query(name), (rebuild,))


def clear(connection: sqlite3.Connection) -> bool:
    """Delete some of what dropped rebuilds have left; whether there may be more."""
    row = connection.execute(query("dirty")).fetchone()
    if row is None:
        return False
    _clear(connection, *row)
    return True


def _clear(connection: sqlite3.Connection, number: int, after: int) -> int:
    """Delete some of a generation's rows later than an instant; how many pieces of evidence."""
    bound = {"generation": number, "after": after, "most": _CLEARED_AT_ONCE}
    evidence = connection.execute(query("delete_evidence"), bound).rowcount
    failures = connection.execute(query("delete_quarantined"), bound).rowcount
    connection.execute(
        query("count_found"), {"generation": number, "evidence": -evidence, "failures": -failures}
    )
    if max(evidence, failures) < _CLEARED_AT_ONCE:
        connection.execute(query("clean"), (number,))
        connection.execute(query("delete_empty_generation"), (number,))
    return evidence
