"""From evidence to an estimate: what can be scored, what is left out and why, and the votes that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lrs.competency.decayed_beta import estimate
from lrs.competency.encounters import Rated, Vote, collapse, order
from lrs.competency.estimate import Estimate
from lrs.competency.evidence import Flag, RecordedEvidence, SubjectType, Tier
from lrs.competency.policy import NEVER_SCORED, Policy
from lrs.competency.rubric import Rubric

_A_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Unusable:
    """Evidence that cannot be scored against the rubric: listed with a warning, never silently dropped."""

    record: RecordedEvidence
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The evidence on one competency of one subject, sorted out and weighed."""

    rubric: Rubric
    policy: Policy
    """The one in force for this competency."""
    as_of_us: int
    records: tuple[RecordedEvidence, ...]
    """All of it, in the one order of evidence."""
    rated: tuple[Rated, ...]
    """With a rating on a scale of the rubric, those of tiers that are never scored too."""
    not_observed: tuple[RecordedEvidence, ...]
    """N.O.: missing, never 0."""
    unrated: tuple[RecordedEvidence, ...]
    """Without a number: a flag alone."""
    unusable: tuple[Unusable, ...]
    votes: tuple[Vote, ...]
    """Of every tier, oldest first."""
    estimate: Estimate

    def weight_of(self, tier: Tier) -> float:
        """Weight of a tier in [0, 1]; 0 is shown and never scored."""
        return self.policy.tiers.get(tier, 0.0)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader has to know before trusting the estimate."""
        found = [
            f"{left.record.statement_id} is not scored on {self.rubric.competency}: {left.reason}."
            for left in self.unusable
        ]
        return tuple(found)


def recorded_by(evidence: Iterable[RecordedEvidence], as_of_us: int) -> list[RecordedEvidence]:
    """The evidence that stood at an instant (microseconds), in the one order of evidence.

    What was stored later, or voided by then, was no part of the record. What was voided later still is.
    """
    standing = (
        record
        for record in evidence
        if record.stored_us <= as_of_us and (record.voided_us is None or record.voided_us > as_of_us)
    )
    return sorted(standing, key=order)


def assess(evidence: Iterable[RecordedEvidence], rubric: Rubric, policy: Policy, as_of_us: int) -> Assessment:
    """Sort out and weigh evidence on the rubric's competency: one subject's, as `recorded_by` returns it.

    `policy` is the whole policy; what is in force for the competency is looked up here.
    """
    records = tuple(evidence)
    own = policy.for_competency(rubric.competency)
    rated: list[Rated] = []
    not_observed: list[RecordedEvidence] = []
    unrated: list[RecordedEvidence] = []
    unusable: list[Unusable] = []
    for record in records:
        item = record.evidence
        if Flag.NOT_OBSERVED in item.flags:
            not_observed.append(record)
        elif item.rating is None:
            unrated.append(record)
        elif (reason := _barred(record, rubric)) is not None:
            unusable.append(Unusable(record, reason))
        else:
            try:
                rated.append(Rated(record, rubric.scales[item.scale].normalise(item.rating)))
            except ValueError as exc:
                unusable.append(Unusable(record, str(exc)))
    votes = collapse(rated)
    return Assessment(
        rubric=rubric,
        policy=own,
        as_of_us=as_of_us,
        records=records,
        rated=tuple(rated),
        not_observed=tuple(not_observed),
        unrated=tuple(unrated),
        unusable=tuple(unusable),
        votes=votes,
        estimate=estimate(votes, own, rubric.cut, as_of_us),
    )


def _barred(record: RecordedEvidence, rubric: Rubric) -> str | None:
    """Why evidence with a rating must not be scored, whatever the rating is."""
    item = record.evidence
    if item.observed_us > record.stored_us + _A_DAY_US:
        # It would stay new for as long as its sender liked. A day covers clocks and time zones.
        return "it is dated more than a day after it was recorded"
    if item.scale not in rubric.scales:
        return f"its scale {item.scale} is not in the rubric ({', '.join(rubric.scales)})"
    if item.indicator is not None and item.indicator not in rubric.indicator_ids:
        return f"its indicator {item.indicator} is not in the rubric"
    if item.tier is Tier.SURVEY and item.subject_type is SubjectType.OFFICER:
        return "a survey speaks of a unit and never of one officer"
    if item.rater == item.subject and item.tier not in NEVER_SCORED:
        return "the rater is the subject, and it is not marked as self_report"
    return None
