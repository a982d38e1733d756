"""Profiles: what the recorded evidence says about one subject on every competency of the agency's rubrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from lrs.competency.assessment import Assessment, SortedOut, recorded_by, sort_out, weigh
from lrs.competency.coverage import Coverage, coverage
from lrs.competency.estimate import margins
from lrs.competency.evidence import Flag, RecordedEvidence, SubjectType
from lrs.competency.items import flag_item, sources, unusable_item
from lrs.competency.models import Model
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric
from lrs.xapi.timestamps import format_us

ABOUT = (
    "A summary of recorded evidence against this agency's rubric, with its margin, its gaps and the "
    "agreement of its raters. It decides nothing about a person."
)
"""What a profile is, said in every one of them."""

_SUBJECT = attrgetter("evidence.subject")
_SUBJECT_TYPE = attrgetter("evidence.subject_type")
_FOUND_BY = attrgetter("plugin", "plugin_version")


@dataclass(frozen=True, slots=True)
class CompetencyProfile:
    """One competency of a profile."""

    assessment: Assessment
    coverage: tuple[Coverage, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """Ids of the indicators without evidence that counts, in the order of the rubric."""
        return tuple(one.indicator.id for one in self.coverage if one.gap)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; `statements` are those that this part of the profile rests on."""
        assessment, estimate = self.assessment, self.assessment.estimate
        responding = [r for r in assessment.records if Flag.NOT_RESPONDING in r.evidence.flags]
        return {
            **heading(assessment),
            "tiers": [tier.as_dict() for tier in estimate.tiers],
            "indicators": [one.as_dict() for one in self.coverage],
            "gaps": list(self.gaps),
            "flags": {
                Flag.NOT_OBSERVED.value: [flag_item(record) for record in assessment.not_observed],
                Flag.NOT_RESPONDING.value: [flag_item(record) for record in responding],
            },
            "unusable": [unusable_item(left.record, left.reason) for left in assessment.unusable],
            "statements": sources(assessment.records),
            "warnings": list(assessment.warnings),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A pure function of (evidence, rubrics, policy, instant): asked for again, the same bytes."""

    subject: str
    """Agent key of the officer or unit."""
    as_of_us: int
    """The instant it is of: microseconds since the epoch."""
    policy: Policy
    competencies: tuple[CompetencyProfile, ...]
    """One for every rubric, in order of competency id; of units' own competencies only in a unit's profile."""
    plugins: Mapping[str, str]
    """Version by name of the plugins that were loaded."""
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, every computed number rounded to `lrs.competency.estimate.PLACES` decimals."""
        return {
            "subject": self.subject,
            "as_of": format_us(self.as_of_us),
            "about": ABOUT,
            "model": model(self.policy),
            "competencies": [competency.as_dict() for competency in self.competencies],
            "plugins": dict(sorted(self.plugins.items())),
            "warnings": list(self.warnings),
        }


class OnRecord:
    """What stood on one subject's record at an instant, sorted out when it is asked for, and once. It never changes."""

    def __init__(self, records: Sequence[RecordedEvidence]) -> None:
        """`records`: all there is on the subject, as `recorded_by` returns it."""
        self.records = tuple(records)
        self._by_competency: dict[str, list[RecordedEvidence]] = {}
        for record in self.records:
            self._by_competency.setdefault(record.evidence.competency, []).append(record)
        self._sorted_out: dict[tuple[str, str], SortedOut] = {}

    def on(self, rubric: Rubric) -> SortedOut:
        """The evidence on the rubric's competency."""
        key = rubric.competency, rubric.digest
        found = self._sorted_out.get(key)
        if found is None:
            found = sort_out(self._by_competency.get(rubric.competency, ()), rubric)
            self._sorted_out[key] = found
        return found

    def outside_of(self, competencies: Iterable[str]) -> dict[str, int]:
        """How many pieces there are on other competencies than these, by competency."""
        others = self._by_competency.keys() - set(competencies)
        return {name: len(self._by_competency[name]) for name in others}

    def check_subject(self, subject: str, where: str) -> None:
        """Raise `ValueError` for evidence on somebody else. `where` the evidence was to be used."""
        for other in sorted(set(map(_SUBJECT, self.records)) - {subject}):
            raise ValueError(f"evidence on {other} in {where} of {subject}")


def build_profile(  # noqa: PLR0917 - a pure function of these seven; their order is that of the docs
    subject: str,
    evidence: Sequence[RecordedEvidence],
    rubrics: Mapping[str, Rubric],
    policy: Policy,
    as_of_us: int,
    plugins: Mapping[str, str],
    warnings: Sequence[str] = (),
    *,
    models: Mapping[str, Model] | None = None,
) -> Profile:
    """The profile of `subject` (agent key) at an instant (microseconds), one competency for every rubric.

    Args:
        subject: agent key of the officer or unit.
        evidence: on nobody else. What was stored or found later, or voided by then, is left out.
        rubrics: by competency id. One whose subject is a unit is passed over for an officer without evidence on it.
        policy: the whole policy.
        as_of_us: instant, microseconds since the epoch.
        plugins: the version of each loaded plugin by name.
        warnings: what the caller knows and a reader must, e.g. quarantined statements.
        models: those that there are, by id; None: the standard ones.

    Raises `ValueError` for evidence on somebody else: people must not be mixed. Raises `ConfigError` when the
    policy names a model that there is not.
    """
    record = OnRecord(recorded_by(evidence, as_of_us))
    return profile_of(subject, record, rubrics, policy, as_of_us, plugins, warnings, models=models)


def profile_of(  # noqa: PLR0917 - the arguments of `build_profile`, in its order
    subject: str,
    record: OnRecord,
    rubrics: Mapping[str, Rubric],
    policy: Policy,
    as_of_us: int,
    plugins: Mapping[str, str],
    warnings: Sequence[str] = (),
    *,
    models: Mapping[str, Model] | None = None,
) -> Profile:
    """`build_profile` from a record that was put in order before, of the same instant."""
    record.check_subject(subject, "the profile")
    unit = SubjectType.UNIT in set(map(_SUBJECT_TYPE, record.records))
    assessments = [
        weigh(found, policy, as_of_us, models=models)
        for found in (record.on(rubrics[name]) for name in sorted(rubrics))
        if found.records or unit or found.rubric.subject is SubjectType.OFFICER
    ]
    homeless = record.outside_of(rubrics)
    return Profile(
        subject=subject,
        as_of_us=as_of_us,
        policy=policy,
        competencies=tuple(CompetencyProfile(one, coverage(one)) for one in assessments),
        plugins=plugins,
        warnings=(*warnings, *_without_rubric(homeless), *plugin_warnings(record.records, plugins)),
    )


def heading(assessment: Assessment) -> dict[str, Any]:
    """What a profile and an explanation of one competency both begin with, JSON-ready."""
    rubric, policy, estimate = assessment.rubric, assessment.policy, assessment.estimate
    distance = margins(estimate, half_life_days=policy.half_life_days, decide_at=policy.decide_at)
    return {
        "competency": rubric.competency,
        "name": rubric.name,
        "rubric": {"version": rubric.version, "digest": rubric.digest},
        "model": {"id": policy.model, "policy_digest": policy.digest},
        "scored": rubric.scored,
        "verdict": estimate.verdict.value,
        "reasons": list(estimate.reasons),
        "estimate": estimate.as_dict(),
        "margins": None if distance is None else distance.as_dict(),
        "gates": [gate.as_dict() for gate in estimate.gates],
        "counts": estimate.counts.as_dict(),
        "agreement": None if estimate.agreement is None else estimate.agreement.as_dict(),
    }


def model(policy: Policy) -> dict[str, Any]:
    """The model's id, its policy in full, and the digest of that."""
    return {"id": policy.model, "policy": policy.as_dict(), "policy_digest": policy.digest}


def plugin_warnings(records: Iterable[RecordedEvidence], plugins: Mapping[str, str]) -> list[str]:
    """A warning for every plugin version that found evidence and is not the one that is loaded now."""
    pieces = Counter(map(_FOUND_BY, records))
    found = []
    for (name, version), number in sorted(pieces.items()):
        if name not in plugins:
            found.append(f"{_pieces(number)} found by {name} {version}, which is not loaded.")
        elif plugins[name] != version:
            found.append(f"{_pieces(number)} found by {name} {version}; {plugins[name]} is loaded now.")
    return found


def _without_rubric(homeless: Mapping[str, int]) -> list[str]:
    return [
        f"{_pieces(number)} on {competency}, which no rubric defines: not in this profile."
        for competency, number in sorted(homeless.items())
    ]


def _pieces(number: int) -> str:
    return "1 piece of evidence" if number == 1 else f"{number} pieces of evidence"
