"""What every question starts from: the evidence of officers, sorted out and weighed per competency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lrs.competency.assessment import Assessment, SortedOut, assess, recorded_by, weigh
from lrs.competency.encounters import Vote, mean
from lrs.competency.evidence import RecordedEvidence, Tier
from lrs.competency.models import Model
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric

Records = Iterable[tuple[str, Sequence[RecordedEvidence]]]
"""Agent key and all evidence of each subject, on whatever competencies."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """One subject with one assessment for every rubric, in the order of the rubrics."""

    subject: str
    assessments: tuple[Assessment, ...]


@dataclass(frozen=True, slots=True)
class Encounter:
    """One encounter of a subject on one competency, however many saw it."""

    name: str
    observed_us: int
    """When the newest of its ratings was observed."""
    s: float
    """Plain mean of its votes, in [0, 1]."""
    votes: tuple[Vote, ...]

    @property
    def raters(self) -> frozenset[str]:
        """Who saw it."""
        return frozenset(vote.rater for vote in self.votes)


def assessed(
    records: Records,
    rubrics: Mapping[str, Rubric],
    policy: Policy,
    as_of_us: int,
    *,
    models: Mapping[str, Model] | None = None,
) -> Iterator[Assessed]:
    """Each subject's evidence as recorded by an instant, weighed on every rubric; one subject at a time.

    The arguments are those of `lrs.competency.assessment.assess`.
    """
    for subject, evidence in records:
        found: dict[str, list[RecordedEvidence]] = {name: [] for name in rubrics}
        for record in recorded_by(evidence, as_of_us):
            if record.evidence.competency in found:
                found[record.evidence.competency].append(record)
        yield Assessed(
            subject,
            tuple(
                assess(found[name], rubric, policy, as_of_us, models=models)
                for name, rubric in rubrics.items()
            ),
        )


def weighed(
    sorted_out: Iterable[tuple[str, Sequence[SortedOut]]],
    policy: Policy,
    as_of_us: int,
    *,
    models: Mapping[str, Model] | None = None,
) -> Iterator[Assessed]:
    """`assessed` of subjects whose evidence was sorted out before, of the same instant."""
    for subject, found in sorted_out:
        yield Assessed(subject, tuple(weigh(one, policy, as_of_us, models=models) for one in found))


def encounters_of(votes: Iterable[Vote], tiers: Iterable[Tier] | None = None) -> list[Encounter]:
    """The votes as encounters, oldest first. `tiers`: only votes of these.

    Two raters of one encounter saw the same thing: what is counted, averaged and compared is the encounter.
    """
    wanted = None if tiers is None else frozenset(tiers)
    groups: dict[str, list[Vote]] = {}
    for vote in votes:
        if wanted is None or vote.tier in wanted:
            groups.setdefault(vote.encounter, []).append(vote)
    found = [
        Encounter(name, max(v.observed_us for v in group), mean(v.s for v in group), tuple(group))
        for name, group in groups.items()
    ]
    return sorted(found, key=lambda encounter: (encounter.observed_us, encounter.name))
