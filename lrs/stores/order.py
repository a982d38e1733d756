"""The order of evidence: the same in every store, and whatever the order in which plugins are asked.

Texts are in order of their code points, as in Python, in SQLite and in MongoDB.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lrs.competency.evidence import Evidence, Finding, RecordedEvidence


def in_order(findings: Sequence[Finding]) -> list[tuple[Finding, Evidence]]:
    """The evidence found in one statement, each piece beside its finding, as it is kept.

    In order of rule, indicator and plugin, then everything else.
    """
    found = [(finding, evidence) for finding in findings for evidence in finding.evidence]
    if len(found) > 1:
        found.sort(key=_order)
        if any(_order(one) == _order(other) for one, other in pairwise(found)):
            found.sort(key=_whole_order)
    return found


def _order(found: tuple[Finding, Evidence]) -> tuple[str, ...]:
    """Rule and indicator; then the plugin, so that the order of plugins never shows."""
    finding, evidence = found
    return evidence.rule, evidence.indicator or "", finding.source.plugin


def _whole_order(found: tuple[Finding, Evidence]) -> tuple[str, ...]:
    """Then everything else. Seldom needed, and slow."""
    return *_order(found), repr(found[1])


def place(recorded: RecordedEvidence) -> tuple[str | int, ...]:
    """Where it stands among what is answered, see `lrs.stores.base.EvidenceStore.evidence`.

    Then everything else, so that the order of plugins never shows.
    """
    evidence = recorded.evidence
    return (
        evidence.subject,
        evidence.competency,
        recorded.stored_us,
        evidence.rule,
        evidence.indicator or "",
        recorded.plugin,
        repr(evidence),
    )


def behind(prefix: str) -> str | None:
    """The first text behind all that start with the prefix; None when no text is behind them."""
    kept = prefix.rstrip("\U0010ffff")
    if not kept:
        return None
    # There are no surrogates in a text.
    return kept[:-1] + ("\ue000" if kept[-1] == "\ud7ff" else chr(ord(kept[-1]) + 1))
