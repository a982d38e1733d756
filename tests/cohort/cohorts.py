"""Constructed cohorts: a small rubric, and a short way to make evidence of several officers. All synthetic."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from lrs.cohort.assessed import Assessed, assessed
from lrs.competency.assessment import Assessment
from lrs.competency.evidence import Evidence, Flag, RecordedEvidence, SubjectType, Tier
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric

DAY_US = 86_400_000_000
NOW_US = 20_000 * DAY_US
"""2024-10-04T00:00:00Z."""

RUBRIC = Rubric.from_dict(
    {
        "competency": "communication",
        "version": "1.0.0",
        "name": "Communication",
        "description": "Speaks and listens.",
        "scales": ["fto-7", "likert-5", "unit"],
        "cut": {"scale": "fto-7", "rating": 3.5, "acceptable": 4},
        "indicators": [
            {"id": "lets-others-finish", "name": "Lets others finish", "description": "Waits."},
            {"id": "de-escalates", "name": "De-escalates", "description": "Calms first."},
        ],
    }
)
DONE = Rubric.from_dict(
    {
        "competency": "reflection",
        "version": "1.0.0",
        "name": "Reflection",
        "description": "Is done.",
        "scored": False,
        "scales": ["unit"],
        "indicators": [{"id": "completes-it", "name": "Completes it", "description": "To the end."}],
    }
)


def key(name: str) -> str:
    """Agent key of an officer, rater or unit."""
    return f"account:{name}@https://academy.example"


def seen(
    officer: str,
    rating: float | None,
    age: float = 1.0,
    *,
    rater: str = "T-1",
    encounter: str | None = None,
    indicator: str | None = None,
    tier: Tier = Tier.FIELD,
    scale: str = "fto-7",
    flags: tuple[Flag, ...] = (),
    subject_type: SubjectType = SubjectType.OFFICER,
    competency: str = "communication",
    stored_age: float | None = None,
) -> RecordedEvidence:
    """One piece of evidence, observed `age` days before NOW_US and stored then; each its own encounter."""
    observed_us = NOW_US - round(age * DAY_US)
    told = (officer, rating, age, rater, encounter, indicator, tier, scale, flags, competency)
    digest = hashlib.sha256(repr(told).encode()).hexdigest()
    return RecordedEvidence(
        evidence=Evidence(
            subject=key(officer),
            subject_type=subject_type,
            competency=competency,
            indicator=indicator,
            rating=rating,
            scale=scale,
            tier=tier,
            rater=key(rater),
            encounter=encounter or f"{tier}-{age}",
            observed_us=observed_us,
            flags=flags,
            rule="daily-observation",
        ),
        statement_id=f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}",
        statement_sha256=digest,
        stored_us=observed_us if stored_age is None else NOW_US - round(stored_age * DAY_US),
        authority=key("app"),
        plugin="communication",
        plugin_version="1.0",
    )


def cohort(
    evidence: Iterable[RecordedEvidence],
    *rubrics: Rubric,
    officers: Sequence[str] = (),
    as_of_us: int = NOW_US,
    policy: Policy | None = None,
) -> list[Assessed]:
    """Those of whom there is evidence, and `officers`, assessed on the rubrics (default communication)."""
    by: dict[str, list[RecordedEvidence]] = {key(name): [] for name in officers}
    for record in evidence:
        by.setdefault(record.evidence.subject, []).append(record)
    wanted = {rubric.competency: rubric for rubric in rubrics or (RUBRIC,)}
    return list(assessed(sorted(by.items()), wanted, policy or Policy(), as_of_us))


def one(evidence: Iterable[RecordedEvidence], **options: Any) -> Assessment:
    """The assessment of the only officer there is evidence of."""
    [officer] = cohort(evidence, **options)
    return officer.assessments[0]
