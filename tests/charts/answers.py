"""Answers to draw, made by the functions that make them in the product, as they leave it. All synthetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lrs.cohort.answer import Answer
from lrs.cohort.flat import flat
from lrs.cohort.gaps import gaps
from lrs.cohort.groups import Groups
from lrs.cohort.impact import adverse_impact
from lrs.cohort.quality import Covered, Look, quality
from lrs.cohort.raters import rater_report
from lrs.cohort.refused import refused
from lrs.cohort.roster import Member, who
from lrs.cohort.stale import stale
from lrs.cohort.standing import Standing
from lrs.cohort.trend import trend
from lrs.cohort.unit_survey import unit_survey
from lrs.cohort.vr_field import vr_field
from lrs.competency.estimate import Verdict
from lrs.competency.evidence import RecordedEvidence, SubjectType, Tier
from lrs.competency.explanation import explain
from lrs.competency.policy import Policy
from lrs.competency.profile import build_profile
from lrs.competency.rubric import Rubric
from lrs.services.reports import Report
from tests.cohort.cohorts import DAY_US, NOW_US, RUBRIC, cohort, key, one, seen

DATE_US = NOW_US - 30 * DAY_US
"""2024-09-04T00:00:00Z."""


def left(name: str, answer: Answer) -> dict[str, Any]:
    """As it leaves the services."""
    return Report(name=name, as_of_us=NOW_US, answer=answer, read=(), warnings=()).as_dict()


def members(*names: str) -> dict[str, Member]:
    """A roster: R-1 called `Recruit 1` and so on."""
    return {key(name): Member(officer=key(name), name=name.replace("R-", "Recruit ")) for name in names}


def shifts(name: str, ratings: Sequence[float], until: float = 1, **parts: Any) -> list[RecordedEvidence]:
    """Oldest first, a day apart, the last `until` days before now; two raters in turn."""
    return [
        seen(name, x, until + len(ratings) - 1 - n, **{"rater": f"T-{n % 2 + 1}", **parts})
        for n, x in enumerate(ratings)
    ]


def of_trend(
    evidence: Sequence[RecordedEvidence], date_us: int | None = DATE_US, **options: Any
) -> dict[str, Any]:
    """Of R-1."""
    assessment = one(evidence, officers=() if evidence else ("R-1",))
    return left("trend", trend(assessment, who(key("R-1"), members("R-1")), date_us=date_us, **options))


def of_gaps(
    evidence: Iterable[RecordedEvidence],
    *officers: str,
    rubrics: Sequence[Rubric] = (RUBRIC,),
    **options: Any,
) -> dict[str, Any]:
    """Of these officers."""
    found = cohort(evidence, *rubrics, officers=officers)
    return left("gaps", gaps(found, members(*officers), {one.competency: one for one in rubrics}, **options))


def of_stale(evidence: Iterable[RecordedEvidence], **options: float) -> dict[str, Any]:
    return left("stale", stale(cohort(evidence), members("R-1", "R-2"), **options))


def of_flat(evidence: Iterable[RecordedEvidence]) -> dict[str, Any]:
    return left("flat", flat(cohort(evidence), members("R-1", "R-2")))


def of_vr_field(pairs: Iterable[tuple[float, float]]) -> dict[str, Any]:
    """An officer for each pair: VR in [0, 1], field from 1 to 7, three encounters on either side."""
    evidence = [
        piece
        for n, (vr, field) in enumerate(pairs)
        for age in (1, 2, 3)
        for piece in (
            seen(f"R-{n}", vr, age, scale="unit", tier=Tier.VR_AUTOMATIC, rater="sim"),
            seen(f"R-{n}", field, age),
        )
    ]
    return left("vr-field", vr_field(cohort(evidence), {}, {"communication": RUBRIC}))


def replies(unit: str, means: Sequence[float], per_period: int = 5) -> list[RecordedEvidence]:
    """A period of 28 days each, the last ends now."""
    return [
        seen(
            unit,
            mean + (-1, 0, 1, 0, 0)[n % 5],
            28 * (len(means) - number) - n - 1,
            encounter=f"{unit}/{number}/{n}",
            tier=Tier.SURVEY,
            scale="likert-5",
            subject_type=SubjectType.UNIT,
            rater="survey",
        )
        for number, mean in enumerate(means)
        for n in range(per_period)
    ]


def of_unit_survey(*units: Sequence[RecordedEvidence], date_us: int | None) -> dict[str, Any]:
    """Of U-1; all others are controls."""
    evidence = [piece for unit in units for piece in unit]
    found = {one.subject: one.assessments[0] for one in cohort(evidence, officers=("U-1",))}
    return left("unit-survey", unit_survey(found, key("U-1"), as_of_us=NOW_US, date_us=date_us))


def of_raters(evidence: Iterable[RecordedEvidence]) -> dict[str, Any]:
    return left("raters", rater_report(evidence, RUBRIC))


def of_impact(cells: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """By group: how many are at standard and below. As `ImpactReport.as_dict()` has it in `verdicts`."""
    verdicts, groups = {}, {}
    for group, counts in cells.items():
        for verdict, count in zip((Verdict.AT_STANDARD, Verdict.BELOW_STANDARD), counts, strict=True):
            for number in range(count):
                officer = f"{group}-{verdict}-{number}"
                verdicts[officer], groups[officer] = verdict, group
    found = adverse_impact(verdicts, Groups({"origin": groups}, len(groups), 0))
    return {"competency": "communication", "verdicts": found.as_dict()}


def look(vendor: str, **parts: Any) -> Look:
    """What one statement of a vendor came to."""
    return Look(authority=key(vendor), platform="", activity="https://vr.example/door", **parts)


def of_quality(looks: Iterable[Look], limit: int = 100) -> dict[str, Any]:
    covered = Covered(since_us=NOW_US - 30 * DAY_US, until_us=NOW_US, through_us=NOW_US, complete=True)
    nothing = refused([], "2026-10-24", "2026-11-23")
    return left("quality", quality(looks, covered, nothing, limit=limit))


def of_profile(evidence: Sequence[RecordedEvidence], rubric: Rubric = RUBRIC) -> dict[str, Any]:
    """The only competency of the profile of R-1."""
    profile = build_profile(key("R-1"), evidence, {rubric.competency: rubric}, Policy(), NOW_US, {})
    [competency] = profile.as_dict()["competencies"]
    return dict(competency)


def of_explanation(
    evidence: Sequence[RecordedEvidence], rubric: Rubric = RUBRIC, policy: Policy | None = None
) -> dict[str, Any]:
    """Of R-1."""
    return explain(key("R-1"), evidence, rubric, policy or Policy(), NOW_US, {}).as_dict()


def of_standings(evidence: Iterable[RecordedEvidence], *officers: str) -> list[dict[str, Any]]:
    return [
        Standing.of(officer.subject, officer.assessments[0]).as_dict()
        for officer in cohort(evidence, officers=officers)
    ]


def ago(days: float) -> str:
    """A day before now, as charts write it."""
    moment = datetime.fromtimestamp(NOW_US / 1e6, UTC) - timedelta(days=days)
    return f"{moment.day} {moment:%B} {moment.year}"
