"""Evidence and the audit log of one person, as tables show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from lrs.services.said import behind

_Dict = Mapping[str, Any]
_MINUTE = len("2026-11-28T17:06")


@dataclass(frozen=True, slots=True)
class Readings:
    """What one actor did with a record in one minute."""

    at: str
    """Instant of the latest."""
    actor: str
    """As the audit log names them."""
    actions: tuple[str, ...]


def readings(trail: Iterable[_Dict]) -> list[Readings]:
    """Entries of the audit log, newest first, those of one actor in one minute together."""
    grouped = groupby(trail, key=lambda one: (one["actor"], one["at"][:_MINUTE]))
    found = []
    for (actor, _), entries in grouped:
        several = list(entries)
        actions = tuple(dict.fromkeys(one["action"] for one in reversed(several)))
        found.append(Readings(several[0]["at"], actor, actions))
    return found


def scored_weights(explanations: Iterable[_Dict]) -> dict[tuple[str, str, str | None], float]:
    """The weight of the vote that an item is in, by competency, statement and indicator; only what is scored."""
    return {
        (one["competency"], rating["statement_id"], rating["indicator"]): vote["weight"]
        for one in explanations
        for vote in one["votes"]
        for rating in vote["ratings"]
    }


def newest_first(
    evidence: Iterable[_Dict], weights: Mapping[tuple[str, str, str | None], float]
) -> list[dict[str, Any]]:
    """Evidence by when it was observed, each with the `weight` of its vote; None: it is not scored."""
    items = [
        {**one, "weight": weights.get((one["competency"], one["statement_id"], one["indicator"]))}
        for one in evidence
    ]
    return sorted(items, key=lambda one: str(one["observed"]), reverse=True)


def without_items(said: _Dict, items: Sequence[_Dict]) -> dict[str, list[_Dict]]:
    """What was said to items that are not among these: of other versions of plugins, or voided by who sent them."""
    shown = behind((one["statement_id"] for one in items), said)
    return {
        kind: [one for one in said[kind] if one["statement_id"] not in shown]
        for kind in ("contests", "rejoinders")
    }
