"""Evidence and failures, read: by subject, by statement, by date."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from lrs.cohort.columns import EvidenceColumns
from lrs.competency.evidence import Evidence, Flag, RecordedEvidence, SubjectType, Tier
from lrs.stores.base import EvidenceQuery, Quarantined
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.counting import Counting, counting
from lrs.stores.mongo.models import Failed, Found, Statement, Subject, by, name_of
from lrs.stores.mongo.reading import View
from lrs.stores.mongo.rows import packed, term_key, unpacked
from lrs.stores.order import behind, place
from lrs.xapi.statement import TermKind

_TIERS = {tier.value: tier for tier in Tier}
_SUBJECT_TYPES = {kind.value: kind for kind in SubjectType}
_COLUMNS = (
    "competency",
    "indicator",
    "rating",
    "scale",
    "tier",
    "rater",
    "encounter",
    "observed",
    "flags",
    "stored",
)


def read_evidence(view: View, wanted: EvidenceQuery) -> list[RecordedEvidence]:
    """The evidence asked for, in order."""
    as_of_us = min(wanted.as_of_us, view.visible)
    counts = counting(view, as_of_us, wanted.instead)
    rows = list(view.find(Found, {**_filter_of(wanted), **_standing(as_of_us), **counts.evidence}))
    rows.sort(key=_kept_place)
    found = [_recorded(row, counts, view.visible) for row in rows]
    # So far, what several generations have in one statement comes one after the other.
    if any(one["stored"] == other["stored"] and _in_other(one, other) for one, other in pairwise(rows)):
        found.sort(key=place)
    return found


def _kept_place(row: Row) -> tuple[str, str, int, bytes]:
    return row["subject"], row["competency"], row["stored"], row["_id"]


def _in_other(one: Row, other: Row) -> bool:
    return bool(one["generation"] != other["generation"] or one["subject_type"] != other["subject_type"])


def _filter_of(wanted: EvidenceQuery) -> Row:
    found: Row = {}
    if wanted.subjects is not None:
        found["subject"] = {"$in": sorted(set(wanted.subjects))}
    if wanted.competencies is not None:
        found["competency"] = {"$in": sorted(set(wanted.competencies))}
    if wanted.subject_type is not None:
        found["subject_type"] = wanted.subject_type.value
    return found


def _standing(as_of_us: int) -> Row:
    """Found, and not void, at an instant."""
    return {"stored": by(as_of_us), "voided": {"$gt": as_of_us}, "mended": by(as_of_us)}


def read_columns(view: View, wanted: EvidenceQuery) -> EvidenceColumns:
    """See `EvidenceStore.columns`."""
    as_of_us = min(wanted.as_of_us, view.visible)
    counts = counting(view, as_of_us, wanted.instead)
    chosen = {"subject_type": SubjectType.OFFICER.value} | _filter_of(wanted)
    fields = dict.fromkeys(("subject", *_COLUMNS), 1) | {"_id": 0}
    rows = list(
        view.find(Found, {**chosen, **_standing(as_of_us), **counts.evidence}, fields, sort=[("subject", 1)])
    )
    columns = {name: [row[name] for row in rows] for name in ("subject", *_COLUMNS)}
    columns |= {f"{name}_us": columns.pop(name) for name in ("observed", "stored")}
    return EvidenceColumns(**columns)


def read_evidence_in(view: View, statement_id: str) -> list[RecordedEvidence]:
    """See `EvidenceStore.evidence_in`."""
    counts = counting(view, view.visible)
    key = packed(statement_id)
    # The index is by `stored`, which is shorter than an id.
    statement = view.find_one(Statement, {"_id": key, "stored": by(view.visible)}, {"stored": 1})
    if statement is None:
        return []
    wanted = {"stored": statement["stored"], "mended": by(view.visible), **counts.evidence}
    rows = view.find(Found, wanted)
    return sorted((_recorded(row, counts, view.visible) for row in rows), key=place)


def read_officers(view: View, as_of_us: int, *, after: str, limit: int, prefix: str) -> list[str]:
    """See `EvidenceStore.officers`."""
    as_of_us = min(as_of_us, view.visible)
    counts = counting(view, as_of_us)
    standing = {
        "subject_type": SubjectType.OFFICER.value,
        **_standing(as_of_us),
        **counts.evidence,
    }
    wanted = {"officer": True, "_id": {**_starting_with(prefix), "$gt": after}}
    # For each one look at the index, not at all that there is of it.
    first = {
        "from": name_of(Found),
        "localField": "_id",
        "foreignField": "subject",
        "pipeline": [{"$match": standing}, {"$limit": 1}, {"$project": {"_id": 1}}],
        "as": "found",
    }
    steps: list[Row] = [
        {"$match": wanted},
        {"$sort": {"_id": 1}},
        {"$lookup": first},
        {"$match": {"found": {"$ne": []}}},
        {"$limit": limit},
        {"$project": {"_id": 1}},
    ]
    return [row["_id"] for row in view.aggregate(Subject, steps)]


def read_subjects(view: View, *, prefix: str, limit: int) -> list[str]:
    """See `EvidenceStore.subjects`."""
    wanted = {"_id": _starting_with(prefix)}
    rows = view.find(Subject, wanted, {"_id": 1}, sort=[("_id", 1)], limit=limit)
    return [row["_id"] for row in rows]


def _starting_with(prefix: str) -> Row:
    end = behind(prefix)
    return {"$gte": prefix} if end is None else {"$gte": prefix, "$lt": end}


def read_quarantined(view: View, as_of_us: int, *, subject: str | None, limit: int) -> list[Quarantined]:
    """See `EvidenceStore.quarantined`."""
    as_of_us = min(as_of_us, view.visible)
    counts = counting(view, as_of_us)
    wanted = {
        "stored": by(as_of_us),
        "voided": {"$gt": as_of_us},
        "mended": {"$gt": as_of_us},
        **counts.failures,
    }
    if subject is not None:
        wanted["terms"] = term_key((TermKind.RELATED_AGENT, subject))
    newest_first = [("stored", -1), ("place", -1), ("generation", -1)]
    return [
        Quarantined(
            statement_id=unpacked(row["statement_id"]),
            stored_us=row["stored"],
            plugin=counts.provenance[row["generation"]][0],
            plugin_version=counts.provenance[row["generation"]][1],
            reason=row["reason"],
        )
        for row in view.find(Failed, wanted, sort=newest_first, limit=limit)
    ]


@lru_cache(maxsize=256)
def _flags(text: str) -> tuple[Flag, ...]:
    """There are few combinations, and each is met many times."""
    return tuple(map(Flag, text.split(","))) if text else ()


def evidence_of(row: Row) -> Evidence:
    """A document of evidence as what a recogniser answered."""
    # By place: there are thousands to a profile. The order is that of their members.
    return Evidence(
        row["subject"],
        row["competency"],
        row["rating"],
        row["scale"],
        _TIERS[row["tier"]],
        row["rater"],
        row["encounter"],
        row["observed"],
        row["rule"],
        _SUBJECT_TYPES[row["subject_type"]],
        row["indicator"],
        _flags(row["flags"]),
    )


def _recorded(row: Row, counts: Counting, visible: int) -> RecordedEvidence:
    plugin, plugin_version = counts.provenance[row["generation"]]
    voided = row["voided"]
    return RecordedEvidence(
        evidence_of(row),
        unpacked(row["statement_id"]),
        row["statement_sha256"].hex(),
        row["stored"],
        row["authority"] or "",
        plugin,
        plugin_version,
        voided if voided <= visible else None,
        row["mended"] or None,
    )
