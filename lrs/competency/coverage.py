"""Coverage: which indicators of a rubric have evidence, and which are gaps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from lrs.competency.assessment import Assessment
from lrs.competency.evidence import Flag, RecordedEvidence, Tier
from lrs.competency.rubric import Indicator
from lrs.xapi.timestamps import format_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What there is on one indicator. Evidence on the competency as a whole covers none."""

    indicator: Indicator
    evidence: int
    """Pieces of evidence that are scored; of a rubric that is not scored, all that say that it was done."""
    shown: int
    """Pieces with a rating that are shown and never scored."""
    not_observed: int
    not_responding: int
    newest_us: int | None
    """When the newest scored piece was observed: microseconds since the epoch."""

    @property
    def gap(self) -> bool:
        """There is none of that."""
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
    counted: dict[str | None, list[RecordedEvidence]] = {}
    shown: Counter[str | None] = Counter()
    everything = not assessment.rubric.scored
    weighed = {tier: everything or assessment.weight_of(tier) > 0 for tier in Tier}
    for record in (*(one.record for one in assessment.rated), *assessment.completed):
        if weighed[record.evidence.tier]:
            counted.setdefault(record.evidence.indicator, []).append(record)
        else:
            shown[record.evidence.indicator] += 1
    flags = Counter((r.evidence.indicator, flag) for r in assessment.records for flag in r.evidence.flags)
    return tuple(
        Coverage(
            indicator=indicator,
            evidence=len(found := counted.get(indicator.id, [])),
            shown=shown[indicator.id],
            not_observed=flags[indicator.id, Flag.NOT_OBSERVED],
            not_responding=flags[indicator.id, Flag.NOT_RESPONDING],
            newest_us=max((record.evidence.observed_us for record in found), default=None),
        )
        for indicator in assessment.rubric.indicators
    )
