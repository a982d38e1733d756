"""Which evidence and which failures count at an instant: terms of a filter, none in the usual case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lrs.stores.base import Kind
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.models import ActivationOf, GenerationOf, by
from lrs.stores.mongo.reading import View
from lrs.stores.standing import KnownGeneration, Limit, limits


@dataclass(frozen=True, slots=True)
class Counting:
    """What a query is given to leave out what does not count, and to say who found what does."""

    provenance: Mapping[int, tuple[str, str]]
    """Name and version of the plugin, by generation."""
    evidence: Row
    """For filters of the collection of evidence."""
    failures: Row
    """For filters of the quarantine."""


def counting(view: View, as_of_us: int, instead: Mapping[str, int] | None = None) -> Counting:
    """What counts at an instant; with `instead`, as `lrs.stores.base.EvidenceQuery` says."""
    known = [
        KnownGeneration(row["_id"], Kind(row["kind"]), row["through"], row["plugin"], row["version"])
        for row in view.find(GenerationOf, {}, {"kind": 1, "through": 1, "plugin": 1, "version": 1})
    ]
    provenance = {one.number: (one.plugin, one.version) for one in known}
    # A rebuild may begin while the answer is read: what it finds is of a generation that was not there.
    seen = {"generation": by(int(view.clock["generations"]))}
    if not instead and all(one.kind is Kind.LIVE for one in known):
        # Live ones alone, none of them superseded: everything counts.
        return Counting(provenance, seen, seen)
    found = limits(known, in_force(view, as_of_us), instead or {})
    excluded = [_excluded("generation", one) for one in found]
    evidence: Row = {"$nor": excluded, **seen} if excluded else seen
    failures = evidence
    if excluded and any(one.kind is Kind.MENDED for one in known):
        # What was mended counts where the failure does in whose place it stands.
        evidence = {"$nor": [*excluded, *(_excluded("mends", one) for one in found)], **seen}
    return Counting(provenance, evidence, failures)


def in_force(view: View, as_of_us: int) -> dict[str, tuple[int, int]]:
    """By plugin: number and `through` of the generation that was activated last by the instant."""
    rows = sorted(view.find(ActivationOf, {"at": by(as_of_us)}), key=_at)
    return {row["plugin"]: (row["generation"], row["through"]) for row in rows}


def last_activations(rows: Iterable[Row]) -> list[Row]:
    """Of each plugin the last, in order of the plugin's name."""
    last = {row["plugin"]: row for row in sorted(rows, key=_at)}
    return [last[plugin] for plugin in sorted(last)]


def _at(row: Row) -> Any:
    return row["at"]


def _excluded(field: str, limit: Limit) -> Row:
    """What a generation found where it does not count."""
    if limit.until is not None:
        return {field: limit.generation, "stored": {"$gt": limit.until}}
    if limit.after is not None:
        return {field: limit.generation, "stored": by(limit.after)}
    return {field: limit.generation}
