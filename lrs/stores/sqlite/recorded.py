"""Evidence and failures, read: by subject, by statement, by date."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, groupby, pairwise
from typing import Any

from lrs.cohort.columns import EvidenceColumns
from lrs.competency.evidence import Evidence, Flag, RecordedEvidence, SubjectType, Tier
from lrs.stores.base import EvidenceQuery, Quarantined
from lrs.stores.order import behind, place
from lrs.stores.sqlite.counting import FOREVER, Counting, counting
from lrs.stores.sqlite.finding import term_id
from lrs.stores.sqlite.ids import packed, unpacked
from lrs.stores.sqlite.sql import query
from lrs.xapi.statement import TermKind

_Subject = tuple[str, SubjectType, int]
"""Agent key, type, `term.id`."""

_TIERS = {tier.value: tier for tier in Tier}
# Counting further would not change which side of the quarantine is walked.
_COUNT_AT_MOST = 1_000


def read_evidence(connection: sqlite3.Connection, wanted: EvidenceQuery) -> list[RecordedEvidence]:
    """The evidence asked for, in order: one walk along the index per subject and competency.

    The connection has to be in a transaction.
    """
    counts = counting(connection, wanted.as_of_us, wanted.instead)
    competencies = None if wanted.competencies is None else sorted(set(wanted.competencies))
    found: list[RecordedEvidence] = []
    for _, group in groupby(
        _subjects(connection, wanted.subjects, wanted.subject_type), key=lambda known: known[0]
    ):
        walks = [_walk(connection, known, competencies, wanted.as_of_us, counts) for known in group]
        # One agent key may be that of an officer and, by mistake, of a unit.
        found += walks[0] if len(walks) == 1 else sorted(chain(*walks), key=place)
    return found


def _subjects(
    connection: sqlite3.Connection, wanted: Sequence[str] | None, subject_type: SubjectType | None
) -> list[_Subject]:
    """Those of whom there is evidence, in order; `subject_type` None: officers and units."""
    kinds = tuple(SubjectType) if subject_type is None else (subject_type,)
    if wanted is None:
        rows = (
            (text, kind, number)
            for kind in kinds
            for number, text in connection.execute(query("subjects_of_kind"), (kind.value,))
        )
        return sorted(rows)
    return [
        (text, kind, number)
        for text in sorted(set(wanted))
        for kind in kinds
        if (number := term_id(connection, kind, text)) is not None
    ]


def _walk(
    connection: sqlite3.Connection,
    subject: _Subject,
    competencies: Sequence[str] | None,
    as_of_us: int,
    counts: Counting,
) -> list[RecordedEvidence]:
    text, kind, number = subject
    bound: dict[str, Any] = {"subject": number, "as_of": as_of_us}
    if competencies is None:
        sql = query("evidence_of_subject").format(counts=counts.evidence)
        rows = connection.execute(sql, bound).fetchall()
    else:
        sql = query("evidence_of").format(counts=counts.evidence)
        rows = [
            row
            for competency in competencies
            for row in connection.execute(sql, {**bound, "competency": competency})
        ]
    found = [_recorded(kind, text, row, counts) for row in rows]
    # By the index, what several generations have in one statement comes one after the other.
    if any(one[1] == other[1] and one[8] != other[8] for one, other in pairwise(rows)):
        found.sort(key=place)
    return found


def read_columns(connection: sqlite3.Connection, wanted: EvidenceQuery) -> EvidenceColumns:
    """See `EvidenceStore.columns`. The connection has to be in a transaction."""
    sql = query("columns_of").format(counts=counting(connection, wanted.as_of_us, wanted.instead).evidence)
    competencies = None if wanted.competencies is None else json.dumps(list(wanted.competencies))
    bound: dict[str, Any] = {"as_of": wanted.as_of_us, "competencies": competencies}
    subjects: list[str] = []
    rows: list[tuple[Any, ...]] = []
    for text, _, number in _subjects(connection, wanted.subjects, wanted.subject_type or SubjectType.OFFICER):
        own = connection.execute(sql, {**bound, "subject": number}).fetchall()
        subjects += [text] * len(own)
        rows += own
    # Without rows there would be no columns.
    columns = list(zip(*rows, strict=True)) if rows else [()] * 10
    competency, indicator, rating, scale, tier, rater, encounter, observed, flags, stored = columns
    return EvidenceColumns(
        subject=subjects,
        competency=competency,
        indicator=indicator,
        rating=rating,
        scale=scale,
        tier=tier,
        rater=rater,
        encounter=encounter,
        observed_us=observed,
        flags=flags,
        stored_us=stored,
    )


def read_evidence_in(connection: sqlite3.Connection, statement_id: str) -> list[RecordedEvidence]:
    """See `EvidenceStore.evidence_in`. The connection has to be in a transaction."""
    counts = counting(connection, FOREVER)
    sql = query("evidence_in").format(counts=counts.evidence)
    rows = connection.execute(sql, {"id": packed(statement_id), "as_of": FOREVER})
    return sorted((_recorded(SubjectType(kind), text, row, counts) for kind, text, *row in rows), key=place)


def read_officers(
    connection: sqlite3.Connection, as_of_us: int, *, after: str, limit: int, prefix: str
) -> list[str]:
    """See `EvidenceStore.officers`. The connection has to be in a transaction."""
    sql = query("officers").format(counts=counting(connection, as_of_us).evidence)
    bound = {"as_of": as_of_us, "after": after, "prefix": prefix, "behind": _behind(prefix), "limit": limit}
    return [text for (text,) in connection.execute(sql, bound)]


def read_subjects(connection: sqlite3.Connection, *, prefix: str, limit: int) -> list[str]:
    """See `EvidenceStore.subjects`."""
    bound = {"prefix": prefix, "behind": _behind(prefix), "limit": limit}
    return [text for (text,) in connection.execute(query("subjects"), bound)]


def _behind(prefix: str) -> str | bytes:
    """What is behind all that start with the prefix; for SQLite every BLOB is behind every text."""
    return behind(prefix) or b""


def read_quarantined(
    connection: sqlite3.Connection, as_of_us: int, *, subject: str | None, limit: int
) -> list[Quarantined]:
    """See `EvidenceStore.quarantined`. The connection has to be in a transaction."""
    bound: dict[str, Any] = {"as_of": as_of_us, "limit": limit}
    name = "quarantined"
    if subject is not None:
        term = term_id(connection, TermKind.RELATED_AGENT, subject)
        if term is None:
            return []
        bound["term"] = term
        _, _, failures = read_counts(connection)
        counted = {"term": term, "low": -1, "high": as_of_us, "most": min(failures, _COUNT_AT_MOST)}
        (statements,) = connection.execute(query("how_many_own"), counted).fetchone()
        name = "term_with_quarantined" if statements < failures else "quarantined_with_term"
    counts = counting(connection, as_of_us)
    found = []
    for key, stored, generation, reason in connection.execute(
        query(name).format(counts=counts.failures), bound
    ):
        plugin, version = counts.provenance[generation]
        found.append(
            Quarantined(
                statement_id=unpacked(key),
                stored_us=stored,
                plugin=plugin,
                plugin_version=version,
                reason=reason,
            )
        )
    return found


def read_counts(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """How many statements, pieces of evidence and failures there are."""
    statements, evidence, quarantine = connection.execute(query("counts")).fetchone()
    return statements, evidence, quarantine


@lru_cache(maxsize=256)
def _flags(text: str) -> tuple[Flag, ...]:
    """There are few combinations, and each is met many times."""
    return tuple(map(Flag, text.split(","))) if text else ()


def _recorded(kind: SubjectType, subject: str, row: Sequence[Any], counts: Counting) -> RecordedEvidence:
    (
        _number,
        stored,
        voided,
        mended,
        _mends,
        key,
        digest,
        _authority,
        generation,
        _subject,
        competency,
        indicator,
        rating,
        scale,
        tier,
        rater,
        encounter,
        observed,
        flags,
        rule,
        supplier,
    ) = row
    plugin, plugin_version = counts.provenance[generation]
    # By place: there are thousands to a profile. The order is that of their members.
    evidence = Evidence(
        subject,
        competency,
        rating,
        scale,
        _TIERS[tier],
        rater,
        encounter,
        observed,
        rule,
        kind,
        indicator,
        _flags(flags),
    )
    return RecordedEvidence(
        evidence,
        unpacked(key),
        digest.hex(),
        stored,
        supplier or "",
        plugin,
        plugin_version,
        voided,
        mended,
    )
