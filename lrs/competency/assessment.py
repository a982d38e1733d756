"""From evidence to an estimate: what can be scored, what is left out and why, and the votes that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lrs.competency.encounters import Rated, Vote, collapse, order
from lrs.competency.estimate import Estimate
from lrs.competency.estimating import estimate, not_scored, standard_models
from lrs.competency.evidence import Evidence, Flag, RecordedEvidence, SubjectType, Tier
from lrs.competency.models import Model
from lrs.competency.policy import NEVER_SCORED, Policy
from lrs.competency.rubric import Rubric
from lrs.competency.tally import tally

DAY_US = 86_400_000_000
"""What may lie between being recorded and the date of an observation after it: clocks and time zones."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """Evidence that cannot be scored against the rubric: listed with a warning, never silently dropped."""

    record: RecordedEvidence
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedOut:
    """The evidence on one competency of one subject, sorted out: what neither the instant nor the policy changes."""

    rubric: Rubric
    records: tuple[RecordedEvidence, ...]
    """All of it, in the one order of evidence."""
    rated: tuple[Rated, ...]
    """With a rating on a scale of the rubric, those of tiers that are never scored too."""
    not_observed: tuple[RecordedEvidence, ...]
    """N.O.: missing, never 0."""
    unrated: tuple[RecordedEvidence, ...]
    """Without a number: a flag alone."""
    completed: tuple[RecordedEvidence, ...]
    """Without a number, of a rubric that is not scored: it was done, which is all that is asked."""
    unusable: tuple[Unusable, ...]
    votes: tuple[Vote, ...]
    """Of every tier, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(SortedOut):
    """The same, weighed."""

    policy: Policy
    """The one in force for this competency."""
    as_of_us: int
    estimate: Estimate
    models: Mapping[str, Model]
    """Those that there are, by id; the policy names the one that was asked."""

    @property
    def model(self) -> Model:
        """The one that was asked."""
        return self.models[self.policy.model]

    @property
    def scored(self) -> tuple[Vote, ...]:
        """The votes that the model was shown."""
        return tuple(vote for vote in self.votes if self.weight_of(vote.tier) > 0)

    def weight_of(self, tier: Tier) -> float:
        """Weight of a tier in [0, 1]; 0 is shown and never scored."""
        return self.policy.tiers.get(tier, 0.0) if self.rubric.scored else 0.0

    def again(self, policy: Policy) -> Estimate:
        """The estimate, had the policy been this one. Raises `ValueError` when the rubric is not scored."""
        if self.rubric.cut is None:
            raise ValueError(f"{self.rubric.competency} is not scored")
        return estimate(self.votes, policy, self.rubric.cut, self.as_of_us, models=self.models)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader has to know before trusting the estimate."""
        verb = "scored" if self.rubric.scored else "counted"
        found = [
            f"{left.record.statement_id} is not {verb} on {self.rubric.competency}: {left.reason}."
            for left in self.unusable
        ]
        if self.estimate.failure is not None:
            found.append(f"There is no estimate of {self.rubric.competency}: {self.estimate.failure}.")
        return tuple(found)


def recorded_by(evidence: Iterable[RecordedEvidence], as_of_us: int) -> list[RecordedEvidence]:
    """The evidence that stood at an instant (microseconds), in the one order of evidence.

    What was stored or found later, or voided by then, was no part of the record. What was voided later still is.
    """
    standing = (
        record
        for record in evidence
        if (record.stored_us if record.mended_us is None else record.mended_us) <= as_of_us
        and (record.voided_us is None or record.voided_us > as_of_us)
    )
    return sorted(standing, key=order)


def assess(
    evidence: Iterable[RecordedEvidence],
    rubric: Rubric,
    policy: Policy,
    as_of_us: int,
    *,
    models: Mapping[str, Model] | None = None,
) -> Assessment:
    """Sort out and weigh evidence on the rubric's competency: one subject's, as `recorded_by` returns it.

    Args:
        evidence: of one subject on one competency.
        rubric: of that competency.
        policy: the whole policy; what is in force for the rubric is looked up here.
        as_of_us: instant, microseconds since the epoch.
        models: those that there are, by id; None: the standard ones.

    Raises `ConfigError` when the policy names a model that there is not.
    """
    return weigh(sort_out(evidence, rubric), policy, as_of_us, models=models)


def sort_out(evidence: Iterable[RecordedEvidence], rubric: Rubric) -> SortedOut:
    """What can be scored, what is left out and why, and the votes; the arguments are those of `assess`."""
    records = tuple(evidence)
    normalised: dict[tuple[str, float], float] = {}  # most ratings were given before
    rated: list[Rated] = []
    not_observed: list[RecordedEvidence] = []
    unrated: list[RecordedEvidence] = []
    unusable: list[Unusable] = []
    completed: list[RecordedEvidence] = []
    for record in records:
        item = record.evidence
        if Flag.NOT_OBSERVED in item.flags:
            not_observed.append(record)
        elif item.rating is None and (rubric.scored or Flag.COMPLETED not in item.flags):
            unrated.append(record)
        elif (reason := _barred(record, rubric)) is not None:
            unusable.append(Unusable(record, reason))
        elif item.rating is None:
            completed.append(record)
        else:
            given = item.scale, item.rating
            try:
                if given not in normalised:
                    normalised[given] = rubric.scales[item.scale].normalise(item.rating)
                rated.append(Rated(record, normalised[given]))
            except ValueError as exc:
                unusable.append(Unusable(record, str(exc)))
    return SortedOut(
        rubric=rubric,
        records=records,
        rated=tuple(rated),
        not_observed=tuple(not_observed),
        unrated=tuple(unrated),
        completed=tuple(completed),
        unusable=tuple(unusable),
        votes=collapse(rated),
    )


def weigh(
    found: SortedOut, policy: Policy, as_of_us: int, *, models: Mapping[str, Model] | None = None
) -> Assessment:
    """Weigh what was sorted out; the arguments are those of `assess`, which says what is raised."""
    rubric = found.rubric
    own = policy.for_rubric(rubric)
    known = standard_models() if models is None else models
    if rubric.cut is None:
        pieces = [one.record for one in found.rated]
        estimated = not_scored(found.votes, tally([*pieces, *found.completed], pieces), own, as_of_us)
    else:
        estimated = estimate(found.votes, own, rubric.cut, as_of_us, models=known)
    return Assessment(
        rubric=rubric,
        records=found.records,
        rated=found.rated,
        not_observed=found.not_observed,
        unrated=found.unrated,
        completed=found.completed,
        unusable=found.unusable,
        votes=found.votes,
        policy=own,
        as_of_us=as_of_us,
        estimate=estimated,
        models=known,
    )


def _barred(record: RecordedEvidence, rubric: Rubric) -> str | None:
    """Why evidence must not be scored or counted, whatever the rating is."""
    item = record.evidence
    if item.observed_us > record.stored_us + DAY_US:
        # It would stay new for as long as its sender liked.
        return "it is dated more than a day after it was recorded"
    if item.scale not in rubric.scales:
        return f"its scale {item.scale} is not in the rubric ({', '.join(rubric.scales)})"
    if item.indicator is not None and item.indicator not in rubric.indicator_ids:
        return f"its indicator {item.indicator} is not in the rubric"
    if item.rater == item.subject and item.tier not in NEVER_SCORED:
        return "the rater is the subject, and it is not marked as self_report"
    return _of_a_unit(item, rubric) if item.subject_type is SubjectType.OFFICER else None


def _of_a_unit(item: Evidence, rubric: Rubric) -> str | None:
    """Why evidence on an officer must not be: it speaks of a unit."""
    if item.tier is Tier.SURVEY:
        return "a survey speaks of a unit and never of one officer"
    if rubric.subject is SubjectType.UNIT:
        return "the competency is of a unit and never of one officer"
    return None
