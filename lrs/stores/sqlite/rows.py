"""Evidence and failures as rows to be inserted; `recorded` reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lrs.competency.evidence import Finding
from lrs.stores.order import in_order
from lrs.stores.sqlite.terms import Name

Origin = tuple[int, bytes, bytes, str | None] | tuple[int, int | None, int | None, bytes, bytes]
"""Of `insert_evidence`: `stored`, id in 16 bytes, SHA-256 and `term.id` of the authority of the statement.

Of `insert_evidence_later`: its `stored`; since when it is mended and the generation that had failed, or None twice; its
id in 16 bytes and SHA-256.
"""


def subjects_of(findings: Sequence[Finding]) -> Iterator[Name]:
    """Whom the evidence is about, as names to be interned."""
    for finding in findings:
        for evidence in finding.evidence:
            yield evidence.subject_type, evidence.subject


def evidence_rows(
    findings: Sequence[Finding], generations: Mapping[str, int], origin: Origin, ids: Mapping[Name, str]
) -> list[tuple[Any, ...]]:
    """Values of an insertion for one statement, in order of rule, then indicator; see `Origin` for which.

    `generations` are numbers by the digest of the source.
    """
    return [
        (
            generations[finding.source.digest],
            *origin,
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
        )
        for finding, evidence in in_order(findings)
    ]


def quarantine_rows(
    findings: Sequence[Finding], generations: Mapping[str, int], stored: int, key: bytes
) -> list[tuple[Any, ...]]:
    """Values of `insert_quarantine` for one statement."""
    failed = [finding for finding in findings if finding.failure is not None]
    return [
        (generations[finding.source.digest], stored, place, key, finding.failure)
        for place, finding in enumerate(failed)
    ]


def counted(
    evidence: Iterable[tuple[Any, ...]], quarantine: Iterable[tuple[Any, ...]]
) -> list[dict[str, int]]:
    """Values of `count_found`, from the rows that are inserted."""
    found = Counter(row[0] for row in evidence)
    failed = Counter(row[0] for row in quarantine)
    return [
        {"generation": number, "evidence": found[number], "failures": failed[number]}
        for number in sorted({*found, *failed})
    ]
