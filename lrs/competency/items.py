"""How one piece of evidence is written in a profile and in an explanation."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from lrs.competency.encounters import Rated
from lrs.competency.estimate import rounded
from lrs.competency.evidence import RecordedEvidence
from lrs.xapi.timestamps import format_us


def flag_item(record: RecordedEvidence) -> dict[str, Any]:
    """A flag: where it was raised and when."""
    return {
        "statement_id": record.statement_id,
        "indicator": record.evidence.indicator,
        "encounter": record.evidence.encounter,
        "observed": format_us(record.evidence.observed_us),
    }


def unusable_item(record: RecordedEvidence, reason: str) -> dict[str, Any]:
    """Evidence that cannot be scored, and why not."""
    return {**_given(record), "reason": reason}


def left_out_item(record: RecordedEvidence, kind: str, reason: str) -> dict[str, Any]:
    """Evidence that was left out, with its provenance. `kind`: `not_observed`, `no_rating` or `unusable`."""
    return {"kind": kind, "reason": reason, **completed_item(record)}


def completed_item(record: RecordedEvidence) -> dict[str, Any]:
    """Evidence that something was done, with its provenance."""
    evidence = record.evidence
    return {
        **_given(record),
        "tier": evidence.tier.value,
        "rater": evidence.rater,
        "encounter": evidence.encounter,
        "observed": format_us(evidence.observed_us),
        **provenance(record),
    }


def rating_item(rated: Rated) -> dict[str, Any]:
    """A rating inside of a vote, with its provenance."""
    return {**_given(rated.record), "s": rounded(rated.s), **provenance(rated.record)}


def provenance(record: RecordedEvidence) -> dict[str, Any]:
    """Which bytes it was found in, who supplied them (an agent key; empty: nobody is named), and what found it."""
    return {
        "statement_id": record.statement_id,
        "sha256": record.statement_sha256,
        "authority": record.authority,
        "rule": record.evidence.rule,
        "plugin": record.plugin,
        "plugin_version": record.plugin_version,
    }


def sources(records: Iterable[RecordedEvidence]) -> list[dict[str, Any]]:
    """Each statement once (for each plugin that found evidence in it), in order of id."""
    rows = {(r.statement_id, r.statement_sha256, r.plugin, r.plugin_version) for r in records}
    return [
        {"id": id_, "sha256": sha256, "plugin": plugin, "plugin_version": version}
        for id_, sha256, plugin, version in sorted(rows)
    ]


def _given(record: RecordedEvidence) -> dict[str, Any]:
    evidence = record.evidence
    # JSON has no NaN; the reason beside it says what stood there.
    known = evidence.rating is not None and math.isfinite(evidence.rating)
    return {
        "statement_id": record.statement_id,
        "indicator": evidence.indicator,
        "rating": evidence.rating if known else None,
        "scale": evidence.scale,
        "flags": [flag.value for flag in evidence.flags],
    }
