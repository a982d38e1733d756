"""Coverage: which indicators of a rubric have evidence, and which are gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lrs.competency.assessment import Assessment
from lrs.competency.evidence import Flag, RecordedEvidence
from lrs.competency.rubric import Indicator
from lrs.xapi.timestamps import format_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What there is on one indicator. Evidence on the competency as a whole covers none."""

    indicator: Indicator
    evidence: int
    """Pieces of evidence that are scored."""
    shown: int
    """Pieces with a rating that are shown and never scored."""
    not_observed: int
    not_responding: int
    newest_us: int | None
    """When the newest scored piece was observed: microseconds since the epoch."""

    @property
    def gap(self) -> bool:
        """There is no scored evidence."""
        return self.evidence == 0

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "indicator": self.indicator.id,
            "name": self.indicator.name,
            "evidence": self.evidence,
            "shown": self.shown,
            "not_observed": self.not_observed,
            "not_responding": self.not_responding,
            "newest": None if self.newest_us is None else format_us(self.newest_us),
            "gap": self.gap,
        }


def coverage(assessment: Assessment) -> tuple[Coverage, ...]:
    """The coverage of every indicator, in the order of the rubric."""
    rated: dict[str | None, list[RecordedEvidence]] = {}
    for one in assessment.rated:
        rated.setdefault(one.record.evidence.indicator, []).append(one.record)
    return tuple(
        _coverage(indicator, rated.get(indicator.id, []), assessment)
        for indicator in assessment.rubric.indicators
    )


def _coverage(indicator: Indicator, rated: list[RecordedEvidence], assessment: Assessment) -> Coverage:
    scored = [record for record in rated if assessment.weight_of(record.evidence.tier) > 0]
    flagged = [r for r in assessment.records if r.evidence.flags and r.evidence.indicator == indicator.id]
    return Coverage(
        indicator=indicator,
        evidence=len(scored),
        shown=len(rated) - len(scored),
        not_observed=sum(Flag.NOT_OBSERVED in record.evidence.flags for record in flagged),
        not_responding=sum(Flag.NOT_RESPONDING in record.evidence.flags for record in flagged),
        newest_us=max((record.evidence.observed_us for record in scored), default=None),
    )
