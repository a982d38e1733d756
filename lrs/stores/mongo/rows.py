"""Statements, evidence and failures as documents of MongoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import NamedTuple

from bson.binary import UUID_SUBTYPE, Binary

from lrs.competency.evidence import Evidence, Finding
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.models import NEVER
from lrs.stores.order import in_order
from lrs.xapi.statement import Attachment, NewStatement, StoredStatement, Term, TermKind, with_stored

_PLACE = Struct(">QIH")
_TERM_BYTES = 16


class Origin(NamedTuple):
    """What evidence and failures have of the statement in which they were found."""

    stored: int
    key: Binary
    sha256: bytes
    authority: str | None
    terms: Sequence[bytes]
    """Its own."""
    voided: int = NEVER


def packed(statement_id: str) -> Binary:
    """A statement id as it is kept. Raises `ValueError` when it is no UUID."""
    return Binary(bytes.fromhex(statement_id.replace("-", "")), UUID_SUBTYPE)


def unpacked(key: bytes) -> str:
    """The lower-case UUID: the inverse of `packed`."""
    text = key.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=100_000)
def term_key(term: Term) -> bytes:
    """What stands for an index term: half of a SHA-256, so that an index entry has the same few bytes for all."""
    kind, text = term
    return sha256(f"{kind.value}\0{text}".encode()).digest()[:_TERM_BYTES]


def statement_row(stored: int, key: Binary, statement: NewStatement) -> Row:
    """A new statement."""
    return kept_statement(
        Kept(
            key=key,
            stored=stored,
            raw=with_stored(statement.body, stored),
            terms=statement.terms,
            refers_to=statement.refers_to,
            voiding=statement.voids,
            voids_others=statement.voids_others,
            timestamp_given=statement.timestamp_given,
        )
    )


class Kept(NamedTuple):
    """What is kept of a statement, as its sender and the server made it."""

    key: Binary
    stored: int
    raw: bytes
    terms: Sequence[Term]
    refers_to: str | None
    voiding: bool
    voids_others: bool
    timestamp_given: bool


def kept_statement(kept: Kept) -> Row:
    """A statement as a document. What is seldom so is left out where it is not."""
    terms = [term_key(term) for term in kept.terms]
    row: Row = {
        "_id": kept.key,
        "stored": kept.stored,
        "raw": kept.raw,
        "sha256": sha256(kept.raw).digest(),
        "terms": terms,
        "voided": NEVER,
        "timestamp_given": kept.timestamp_given,
    }
    authority = _authority(kept.terms)
    if authority is not None:
        row["authority"] = authority
    if kept.refers_to is not None:
        row |= {"refers_to": packed(kept.refers_to), "own": terms}
    if kept.voiding:
        row["voiding"] = True
    if kept.voids_others:
        row["voids_others"] = True
    return row


def _authority(terms: Sequence[Term]) -> str | None:
    """The agent key of the authority; None when there is none."""
    # As terms are made, it is the last.
    for kind, text in reversed(terms):
        if kind is TermKind.AUTHORITY:
            return text
    return None


def origin_of(row: Row) -> Origin:
    """Of a document of a statement."""
    return Origin(
        stored=row["stored"],
        key=row["_id"],
        sha256=row["sha256"],
        authority=row.get("authority"),
        terms=row.get("own") or row["terms"],
        voided=row["voided"],
    )


ORIGIN = {"stored": 1, "sha256": 1, "authority": 1, "own": 1, "terms": 1, "voided": 1}
"""The fields that `origin_of` needs."""

STATEMENT = {"stored": 1, "raw": 1, "sha256": 1, "voided": 1}
"""The fields that `stored_statement` needs."""


def stored_statement(row: Row, visible: int) -> StoredStatement:
    """A statement as it leaves; what was voided later than `visible` is not void yet."""
    voided = row["voided"]
    return StoredStatement(
        id=unpacked(row["_id"]),
        stored_us=row["stored"],
        raw=bytes(row["raw"]),
        sha256=bytes(row["sha256"]),
        voided_us=voided if voided <= visible else None,
    )


def place_key(stored: int, generation: int, place: int) -> bytes:
    """`_id` of a piece of evidence, or of a failure."""
    return _PLACE.pack(stored, generation, place)


def place_of(key: bytes) -> int:
    """The place of a piece of evidence in its statement."""
    return int(_PLACE.unpack(key)[2])


def evidence_rows(
    findings: Sequence[Finding],
    generations: Mapping[str, int],
    origin: Origin,
    *,
    mended: int = 0,
    mends: int | None = None,
    first_place: int = 0,
) -> Iterator[Row]:
    """What was found in one statement, in order; `generations` are numbers by the digest of the source."""
    for place, (finding, evidence) in enumerate(in_order(findings), first_place):
        yield evidence_row(
            evidence, generations[finding.source.digest], place, origin, mended=mended, mends=mends
        )


def evidence_row(
    evidence: Evidence, generation: int, place: int, origin: Origin, *, mended: int, mends: int | None
) -> Row:
    """A piece of evidence as a document."""
    row: Row = {
        "_id": place_key(origin.stored, generation, place),
        "stored": origin.stored,
        "voided": origin.voided,
        "mended": mended,
        "statement_id": origin.key,
        "statement_sha256": origin.sha256,
        "authority": origin.authority,
        "generation": generation,
        "subject": evidence.subject,
        "subject_type": evidence.subject_type.value,
        "competency": evidence.competency,
        "indicator": evidence.indicator,
        "rating": None if evidence.rating is None else float(evidence.rating),
        "scale": evidence.scale,
        "tier": evidence.tier.value,
        "rater": evidence.rater,
        "encounter": evidence.encounter,
        "observed": evidence.observed_us,
        "flags": ",".join(evidence.flags),
        "rule": evidence.rule,
    }
    if mends is not None:
        row["mends"] = mends
    return row


def failure_rows(
    findings: Sequence[Finding], generations: Mapping[str, int], origin: Origin
) -> Iterator[Row]:
    """The failures on one statement."""
    failed = [finding for finding in findings if finding.failure is not None]
    for place, finding in enumerate(failed):
        yield failure_row(
            generations[finding.source.digest], place, finding.failure or "", origin, mended=NEVER
        )


def failure_row(generation: int, place: int, reason: str, origin: Origin, *, mended: int) -> Row:
    """A failure as a document."""
    return {
        "_id": place_key(origin.stored, generation, place),
        "stored": origin.stored,
        "place": place,
        "generation": generation,
        "statement_id": origin.key,
        "terms": list(origin.terms),
        "voided": origin.voided,
        "mended": mended,
        "reason": reason,
    }


def subjects_in(rows: Iterable[Row]) -> dict[str, Row]:
    """By agent key: how the subject of evidence becomes known as an officer, as a unit or as both."""
    changes: dict[str, Row] = {}
    for row in rows:
        changes.setdefault(row["subject"], {"$set": {}})["$set"][row["subject_type"]] = True
    return changes


def attachment_of(row: Row, content: bytes) -> Attachment:
    """An attachment as it was sent."""
    return Attachment(row["_id"], row["content_type"], content)
