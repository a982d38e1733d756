"""Which evidence and which failures count at an instant: a piece of SQL, empty in the usual case.

`lrs.stores.standing` says which. A row that was mended counts where and when the failure does in whose place it stands.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lrs.stores.base import Kind
from lrs.stores.sqlite.sql import query
from lrs.stores.standing import KnownGeneration, Limit, limits

FOREVER = 2**63 - 1
"""An instant after every other."""

_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Counting:
    """What a query is given to leave out what does not count, and to say who found what does."""

    provenance: Mapping[int, tuple[str, str]]
    """Name and version of the plugin, by generation."""
    evidence: str = ""
    """For `{counts}` in queries of the table `evidence`; speaks of `:as_of`."""
    failures: str = ""
    """For `{counts}` in queries of the table `quarantine`."""


def counting(
    connection: sqlite3.Connection, as_of_us: int, instead: Mapping[str, int] | None = None
) -> Counting:
    """What counts at an instant; with `instead`, as `lrs.stores.base.EvidenceQuery` says.

    The connection has to be in the transaction in which the rows are read.
    """
    known = [
        KnownGeneration(number, _KINDS[kind], through, plugin, version)
        for number, kind, through, plugin, version in connection.execute(query("provenance"))
    ]
    provenance = {one.number: (one.plugin, one.version) for one in known}
    if not instead and all(one.kind == Kind.LIVE for one in known):
        # Live ones alone, none of them superseded: everything counts.
        return Counting(provenance)
    in_force = {
        plugin: (generation, through)
        for plugin, generation, through, _ in connection.execute(query("activations"), (as_of_us,))
    }
    whens = _whens(limits(known, in_force, instead or {}))
    mended = any(one.kind == Kind.MENDED for one in known)
    return Counting(
        provenance,
        evidence=f"{_case('evidence', 'generation', whens)} {_mended(whens) if mended else ''}".strip(),
        failures=_case("quarantine", "generation", whens),
    )


def _whens(found: Iterable[Limit]) -> str:
    """Arms of a CASE on the generation that found a row, or failed."""
    return " ".join(f"WHEN {limit.generation} THEN {_counts(limit)}" for limit in found)


def _counts(limit: Limit) -> str:
    if limit.until is not None:
        return f"{{table}}.stored <= {limit.until}"
    return "0" if limit.after is None else f"{{table}}.stored > {limit.after}"


def _case(table: str, column: str, whens: str) -> str:
    if not whens:
        return ""
    return f"AND CASE {table}.{column} {whens.format(table=table)} ELSE 1 END"


def _mended(whens: str) -> str:
    """A term of its own, so that the other one can be answered from the index alone."""
    return f"AND (evidence.mended IS NULL OR evidence.mended <= :as_of {_case('evidence', 'mends', whens)})"
