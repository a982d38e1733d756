"""What statements do to each other: the filters that a StatementRef takes over, and voiding.

Both work in either order of arrival, and are looked at once for all new statements of a commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.models import NEVER, Failed, Found, Statement
from lrs.stores.mongo.rows import term_key
from lrs.stores.mongo.units import Unit
from lrs.xapi.statement import TermKind

_FIELDS = dict.fromkeys(
    ("stored", "refers_to", "authority", "voiding", "voids_others", "voided", "own", "terms"), 1
)


def follow(unit: Unit, new: Sequence[Row]) -> None:
    """Follow the references from and to new statements, in the unit that writes them.

    xAPI-Communication 2.1.3 (a StatementRef meets the filters that its target meets, recursively) and
    xAPI-Data 2.3.2 (a voiding statement cannot be voided). Who may void what, see `StatementStore.add`.
    """
    known = {row["_id"]: row for row in new}
    # Mostly nobody has referred to them, and they refer to none.
    sources = {row["_id"]: row for row in new if "refers_to" in row}
    for row in unit.find(Statement, {"refers_to": {"$in": list(known)}}, _FIELDS):
        known.setdefault(row["_id"], row)
        sources.setdefault(row["_id"], row)
    if not sources:
        return
    _load(unit, known, (row["refers_to"] for row in sources.values()))
    pairs = [
        (source, known[source["refers_to"]]) for source in sources.values() if source["refers_to"] in known
    ]
    _void(unit, pairs)
    _inherit(unit, known, [source for source, _ in pairs])


def _load(unit: Unit, known: dict[bytes, Row], keys: Iterable[bytes]) -> None:
    """Add the statements with these keys to those that are known."""
    missing = list({key for key in keys if key not in known})
    if missing:
        known.update((row["_id"], row) for row in unit.find(Statement, {"_id": {"$in": missing}}, _FIELDS))


def _void(unit: Unit, pairs: Iterable[tuple[Row, Row]]) -> None:
    """The first that has the right voids."""
    since: dict[int, tuple[Row, int]] = {}
    for source, target in sorted(pairs, key=lambda pair: pair[0]["stored"]):
        if _voids(source, target) and target["voided"] == NEVER:
            # When the voiding statement came first, the target is void from its first instant.
            instant = max(source["stored"], target["stored"])
            since.setdefault(target["stored"], (target, instant))
    for target, instant in since.values():
        change = {"$set": {"voided": instant}}
        unit.update(Statement, {"_id": target["_id"]}, change)
        for model in (Found, Failed):
            unit.update(model, {"stored": target["stored"], "voided": NEVER}, change)


def _voids(source: Row, target: Row) -> bool:
    """Whether one voids the other by referring to it."""
    if not source.get("voiding") or target.get("voiding"):
        return False
    if source.get("voids_others"):
        return True
    authority = source.get("authority")
    return authority is not None and authority == target.get("authority")


def _inherit(unit: Unit, known: dict[bytes, Row], sources: Sequence[Row]) -> None:
    """Let these, and all that lead to them, take over the terms of all that they lead to."""
    reached: dict[bytes, Row] = {}
    level = list(sources)
    while level:
        reached.update((row["_id"], row) for row in level)
        leading = unit.find(Statement, {"refers_to": {"$in": [row["_id"] for row in level]}}, _FIELDS)
        level = [row for row in leading if row["_id"] not in reached]
    known.update(reached)
    for source in reached.values():
        terms = dict.fromkeys(source["own"])
        for target in _led_to(unit, known, source):
            terms |= dict.fromkeys(_handed_on(target))
        if len(terms) > len(source["own"]):
            unit.update(Statement, {"_id": source["_id"]}, {"$set": {"terms": list(terms)}})


def _led_to(unit: Unit, known: dict[bytes, Row], source: Row) -> Iterable[Row]:
    """All that a statement leads to; a circle of references ends where it began."""
    seen = {source["_id"]}
    key = source["refers_to"]
    while key is not None and key not in seen:
        seen.add(key)
        _load(unit, known, [key])
        target = known.get(key)
        if target is None:
            return
        yield target
        key = target.get("refers_to")


def _handed_on(target: Row) -> Iterable[bytes]:
    """The terms of a statement that those take over who refer to it: its own, but for its authority."""
    own: list[bytes] = target.get("own") or target["terms"]
    if "authority" not in target:
        return own
    authority = term_key((TermKind.AUTHORITY, target["authority"]))
    return [term for term in own if term != authority]
