"""Which evidence and which failures count at an instant: a piece of SQL, empty in the usual case.

A row that was found live or in a rebuild counts by its generation and by `stored`, as `lrs.stores.base.Activation`
says. A row that was mended counts where and when the failure does in whose place it stands.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lrs.errors import Conflict, Detail, NotFound
from lrs.stores.base import Kind
from lrs.stores.sqlite.sql import query

FOREVER = 2**63 - 1
"""An instant after every other."""

_InForce = Mapping[str, tuple[int, int]]
"""By plugin: the generation that counts in statements stored by an instant, and that instant."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What a query is given to leave out what does not count, and to say who found what does."""

    provenance: Mapping[int, tuple[str, str]]
    """Name and version of the plugin, by generation."""
    evidence: str = ""
    """For `{counts}` in queries of the table `evidence`; speaks of `:as_of`."""
    failures: str = ""
    """For `{counts}` in queries of the table `quarantine`."""


@dataclass(frozen=True, slots=True)
class _Known:
    number: int
    kind: str
    through: int | None
    plugin: str
    version: str


def counting(
    connection: sqlite3.Connection, as_of_us: int, instead: Mapping[str, int] | None = None
) -> Counting:
    """What counts at an instant; with `instead`, as `lrs.stores.base.EvidenceQuery` says.

    The connection has to be in the transaction in which the rows are read.
    """
    known = [_Known(*row) for row in connection.execute(query("provenance"))]
    provenance = {one.number: (one.plugin, one.version) for one in known}
    if not instead and all(one.kind == Kind.LIVE for one in known):
        # Live ones alone, none of them superseded: everything counts.
        return Counting(provenance)
    in_force = {
        plugin: (generation, through)
        for plugin, generation, through, _ in connection.execute(query("activations"), (as_of_us,))
    }
    in_force |= _as_if(known, instead or {})
    whens = " ".join(_whens(known, in_force))
    mended = any(one.kind == Kind.MENDED for one in known)
    return Counting(
        provenance,
        evidence=f"{_case('evidence', 'generation', whens)} {_mended(whens) if mended else ''}".strip(),
        failures=_case("quarantine", "generation", whens),
    )


def _as_if(known: Iterable[_Known], instead: Mapping[str, int]) -> _InForce:
    """The generations that are to be looked at as if they were in force."""
    by_number = {one.number: one for one in known}
    chosen = {}
    for plugin, number in instead.items():
        one = by_number.get(number)
        if one is None or one.plugin != plugin:
            raise NotFound(
                f"The plugin {plugin} has no generation {number}.",
                [Detail("generation", str(number), f"the number of a generation of {plugin}")],
            )
        if one.through is None:
            raise incomplete(number)
        chosen[plugin] = number, one.through
    return chosen


def incomplete(generation: int) -> Conflict:
    """What to raise when a generation cannot count: it is not a rebuilt one, or not a complete one."""
    return Conflict(
        f"Generation {generation} is not a complete rebuilt one.",
        [Detail("generation", str(generation), "a generation that `lrs reprofile` has finished")],
    )


def _whens(known: Iterable[_Known], in_force: _InForce) -> Iterator[str]:
    """Arms of a CASE on the generation that found a row, or failed; those that always count are left out."""
    for one in known:
        generation, through = in_force.get(one.plugin, (None, -1))
        if one.kind == Kind.REBUILT:
            counts = f"{{table}}.stored <= {through}" if one.number == generation else "0"
            yield f"WHEN {one.number} THEN {counts}"
        elif one.kind == Kind.LIVE and through >= 0:
            yield f"WHEN {one.number} THEN {{table}}.stored > {through}"


def _case(table: str, column: str, whens: str) -> str:
    if not whens:
        return ""
    return f"AND CASE {table}.{column} {whens.format(table=table)} ELSE 1 END"


def _mended(whens: str) -> str:
    """A term of its own, so that the other one can be answered from the index alone."""
    return f"AND (evidence.mended IS NULL OR evidence.mended <= :as_of {_case('evidence', 'mends', whens)})"
