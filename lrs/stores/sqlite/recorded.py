"""Evidence and failures as rows, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any

from lrs.competency.evidence import Evidence, Finding, Flag, RecordedEvidence, SubjectType, Tier
from lrs.stores.base import EvidenceQuery, Quarantined
from lrs.stores.sqlite.finding import term_id
from lrs.stores.sqlite.ids import packed, unpacked
from lrs.stores.sqlite.sql import query
from lrs.stores.sqlite.terms import Name
from lrs.xapi.statement import TermKind

_Subject = tuple[str, SubjectType, int]
"""Agent key, type, `term.id`."""

Source = tuple[int, bytes, bytes, str | None]
"""The statement that evidence is found in: `stored`, id in 16 bytes, SHA-256, `term.id` of its authority."""

_TIERS = {tier.value: tier for tier in Tier}
# Counting further would not change which side of the quarantine is walked.
_COUNT_AT_MOST = 1_000


def subjects_of(findings: Sequence[Finding]) -> Iterator[Name]:
    """Whom the evidence is about, as names to be interned."""
    for finding in findings:
        for evidence in finding.evidence:
            yield evidence.subject_type, evidence.subject


def evidence_rows(
    findings: Sequence[Finding], source: Source, ids: Mapping[Name, str]
) -> list[tuple[Any, ...]]:
    """Rows of the table `evidence` for one statement, in order of rule, then indicator."""
    found = [(finding, evidence) for finding in findings for evidence in finding.evidence]
    if len(found) > 1:
        found.sort(key=_order)
    return [
        (
            *source,
            ids[evidence.subject_type, evidence.subject],
            evidence.competency,
            evidence.indicator,
            evidence.rating,
            evidence.scale,
            str(evidence.tier),
            evidence.rater,
            evidence.encounter,
            evidence.observed_us,
            ",".join(evidence.flags),
            evidence.rule,
            finding.plugin,
            finding.plugin_version,
        )
        for finding, evidence in found
    ]


def _order(found: tuple[Finding, Evidence]) -> tuple[str, ...]:
    """Rule and indicator; then everything else, so that the order of plugins never shows."""
    finding, evidence = found
    return evidence.rule, evidence.indicator or "", finding.plugin, repr(evidence)


def quarantine_rows(findings: Sequence[Finding], stored: int, key: bytes) -> list[tuple[Any, ...]]:
    """Rows of the table `quarantine` for one statement."""
    failed = [finding for finding in findings if finding.failure is not None]
    return [
        (stored, place, key, finding.plugin, finding.plugin_version, finding.failure)
        for place, finding in enumerate(failed)
    ]


def read_evidence(connection: sqlite3.Connection, wanted: EvidenceQuery) -> list[RecordedEvidence]:
    """The evidence asked for, in order: one walk along the index per subject and competency."""
    competencies = None if wanted.competencies is None else sorted(set(wanted.competencies))
    found: list[RecordedEvidence] = []
    for _, group in groupby(_subjects(connection, wanted.subjects), key=lambda known: known[0]):
        walks = [_walk(connection, known, competencies, wanted.as_of_us) for known in group]
        # One agent key may be that of an officer and, by mistake, of a unit.
        found += walks[0] if len(walks) == 1 else sorted(chain(*walks), key=_place)
    return found


def _subjects(connection: sqlite3.Connection, wanted: Sequence[str] | None) -> list[_Subject]:
    """Those of whom there is evidence, in order."""
    if wanted is None:
        rows = (
            (text, kind, number)
            for kind in SubjectType
            for number, text in connection.execute(query("subjects_of_kind"), (kind.value,))
        )
        return sorted(rows)
    return [
        (text, kind, number)
        for text in sorted(set(wanted))
        for kind in SubjectType
        if (number := term_id(connection, kind, text)) is not None
    ]


def _walk(
    connection: sqlite3.Connection, subject: _Subject, competencies: Sequence[str] | None, as_of_us: int
) -> list[RecordedEvidence]:
    text, kind, number = subject
    bound: dict[str, Any] = {"subject": number, "as_of": as_of_us}
    if competencies is None:
        rows = connection.execute(query("evidence_of_subject"), bound).fetchall()
    else:
        rows = [
            row
            for competency in competencies
            for row in connection.execute(query("evidence_of"), {**bound, "competency": competency})
        ]
    return [_recorded(kind, text, row) for row in rows]


def read_evidence_in(connection: sqlite3.Connection, statement_id: str) -> list[RecordedEvidence]:
    """All evidence found in one statement, in the order of `read_evidence`."""
    rows = connection.execute(query("evidence_in"), (packed(statement_id),))
    return sorted((_recorded(SubjectType(kind), text, row) for kind, text, *row in rows), key=_place)


def _place(recorded: RecordedEvidence) -> tuple[str | int, ...]:
    evidence = recorded.evidence
    return evidence.subject, evidence.competency, recorded.stored_us, evidence.rule, evidence.indicator or ""


def read_officers(
    connection: sqlite3.Connection, as_of_us: int, *, after: str, limit: int, prefix: str
) -> list[str]:
    """See `EvidenceStore.officers`."""
    bound = {"as_of": as_of_us, "after": after, "prefix": prefix, "behind": _behind(prefix), "limit": limit}
    return [text for (text,) in connection.execute(query("officers"), bound)]


def read_subjects(connection: sqlite3.Connection, *, prefix: str, limit: int) -> list[str]:
    """See `EvidenceStore.subjects`."""
    bound = {"prefix": prefix, "behind": _behind(prefix), "limit": limit}
    return [text for (text,) in connection.execute(query("subjects"), bound)]


def _behind(prefix: str) -> str | bytes:
    """The first text behind all that start with the prefix; for SQLite every BLOB is behind every text."""
    kept = prefix.rstrip("\U0010ffff")
    if not kept:
        return b""
    # There are no surrogates in a text.
    return kept[:-1] + ("\ue000" if kept[-1] == "\ud7ff" else chr(ord(kept[-1]) + 1))


def read_quarantined(
    connection: sqlite3.Connection, as_of_us: int, *, subject: str | None, limit: int
) -> list[Quarantined]:
    """See `EvidenceStore.quarantined`."""
    bound: dict[str, Any] = {"as_of": as_of_us, "limit": limit}
    name = "quarantined"
    if subject is not None:
        term = term_id(connection, TermKind.RELATED_AGENT, subject)
        if term is None:
            return []
        bound["term"] = term
        _, _, failures = read_counts(connection)
        counted = {"term": term, "low": -1, "high": as_of_us, "most": min(failures, _COUNT_AT_MOST)}
        (statements,) = connection.execute(query("how_many"), counted).fetchone()
        name = "term_with_quarantined" if statements < failures else "quarantined_with_term"
    return [
        Quarantined(
            statement_id=unpacked(key), stored_us=stored, plugin=plugin, plugin_version=version, reason=reason
        )
        for key, stored, plugin, version, reason in connection.execute(query(name), bound)
    ]


def read_counts(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """How many statements, pieces of evidence and failures there are."""
    statements, evidence, quarantine = connection.execute(query("counts")).fetchone()
    return statements, evidence, quarantine


def _recorded(kind: SubjectType, subject: str, row: Sequence[Any]) -> RecordedEvidence:
    (
        _number,
        stored,
        voided,
        key,
        digest,
        _authority,
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
        plugin,
        plugin_version,
        supplier,
    ) = row
    return RecordedEvidence(
        evidence=Evidence(
            subject=subject,
            subject_type=kind,
            competency=competency,
            indicator=indicator,
            rating=rating,
            scale=scale,
            tier=_TIERS[tier],
            rater=rater,
            encounter=encounter,
            observed_us=observed,
            flags=tuple(map(Flag, flags.split(","))) if flags else (),
            rule=rule,
        ),
        statement_id=unpacked(key),
        statement_sha256=digest.hex(),
        stored_us=stored,
        authority=supplier or "",
        voided_us=voided,
        plugin=plugin,
        plugin_version=plugin_version,
    )
