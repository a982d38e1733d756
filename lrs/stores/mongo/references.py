"""What statements do to each other: the filters that a StatementRef takes over, and voiding.

Both work in either order of arrival, and are looked at once for all new statements of a commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
    if pairs:
        _void(unit, pairs)
        _inherit(unit, known, [source for source, _ in pairs])


def _load(unit: Unit, known: dict[bytes, Row], keys: Iterable[bytes]) -> None:
    """Add the statements with these keys to those that are known."""
    missing = list({key for key in keys if key not in known})
    if missing:
        known.update((row["_id"], row) for row in unit.find(Statement, {"_id": {"$in": missing}}, _FIELDS))


def _void(unit: Unit, pairs: Iterable[tuple[Row, Row]]) -> None:
    """The first that has the right voids."""
    since: dict[int, int] = {}
    changes: dict[bytes, Row] = {}
    for source, target in sorted(pairs, key=lambda pair: pair[0]["stored"]):
        stored = target["stored"]
        if _voids(source, target) and target["voided"] == NEVER and stored not in since:
            # When the voiding statement came first, the target is void from its first instant.
            since[stored] = max(source["stored"], stored)
            changes[target["_id"]] = {"$set": {"voided": since[stored]}}
    if not changes:
        return
    unit.update_each(Statement, changes)
    for model in (Found, Failed):
        found = unit.find(model, {"stored": {"$in": list(since)}, "voided": NEVER}, {"stored": 1})
        unit.update_each(model, {row["_id"]: {"$set": {"voided": since[row["stored"]]}} for row in found})


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
    _load(unit, known, (row["refers_to"] for row in reached.values()))
    changes = {
        key: {"$set": {"terms": terms}}
        for key, terms in _taken_over(reached, known).items()
        if terms != reached[key]["terms"]
    }
    unit.update_each(Statement, changes)


def _taken_over(reached: Mapping[bytes, Row], known: Mapping[bytes, Row]) -> dict[bytes, list[bytes]]:
    """The terms of each that was reached, its own first.

    Each leads to one other, so that what it has is its own and what that one has: those that are not reached have
    theirs already.
    """
    terms: dict[bytes, list[bytes]] = {}
    for start in reached:
        # A dict, for it may be long: it is asked at each step whether it has come round.
        passed: dict[bytes, None] = {}
        key = start
        while key in reached and key not in terms and key not in passed:
            passed[key] = None
            key = reached[key]["refers_to"]
        chain = list(passed)
        # A circle of references ends where it began: all in it have the same.
        circle = chain[chain.index(key) :] if key in passed else []
        if circle:
            all_own = [term for one in circle for term in _handed_on(reached[one], reached[one]["own"])]
            for one in circle:
                terms[one] = list(dict.fromkeys([*reached[one]["own"], *all_own]))
        for one in reversed(chain[: len(chain) - len(circle)]):
            target = reached[one]["refers_to"]
            behind: list[bytes] = []
            if target in terms:
                behind = _handed_on(reached[target], terms[target])
            elif target in known:
                behind = _handed_on(known[target], known[target]["terms"])
            terms[one] = list(dict.fromkeys([*reached[one]["own"], *behind]))
    return terms


def _handed_on(target: Row, terms: Sequence[bytes]) -> list[bytes]:
    """Of the terms of a statement those that one takes over who refers to it: all but its authority."""
    if "authority" not in target:
        return list(terms)
    authority = term_key((TermKind.AUTHORITY, target["authority"]))
    return [term for term in terms if term != authority]
