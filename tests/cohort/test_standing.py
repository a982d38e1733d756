"""Where a cohort stands is what the profile of each officer says, to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.cohort.columns import EvidenceColumns
from lrs.cohort.standing import Standing, standings
from lrs.competency.assessment import assess, recorded_by
from lrs.competency.coverage import coverage
from lrs.competency.evidence import Evidence, Flag, RecordedEvidence, Tier
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric

DAY_US = 86_400_000_000
NOW_US = 20_000 * DAY_US
OFFICERS = [f"account:R-{number}@https://academy.example" for number in range(3)]
RATERS = ["mailto:t-1@academy.example", "mailto:t-2@academy.example", "system:vr", OFFICERS[0]]


def rubric(competency: str) -> Rubric:
    return Rubric.from_dict(
        {
            "competency": competency,
            "version": "1",
            "name": competency,
            "description": "For a test.",
            "scales": ["fto-7", "likert-5", "unit", "scaled"],
            "cut": {"scale": "fto-7", "rating": 3.5, "acceptable": 4},
            "indicators": [
                {"id": "listens", "name": "Listens", "description": "Waits."},
                {"id": "explains", "name": "Explains", "description": "Says why."},
            ],
        }
    )


RUBRICS = {name: rubric(name) for name in ("communication", "leadership")}
RATINGS = {"fto-7": (0, 8), "likert-5": (1, 5), "unit": (0, 1), "scaled": (-1, 1), "unknown": (0, 1)}


@st.composite
def records(draw: st.DrawFn) -> RecordedEvidence:
    scale = draw(st.sampled_from(sorted(RATINGS)))
    low, high = RATINGS[scale]
    number = draw(st.integers(0, 10**6))
    observed_us = NOW_US - draw(st.integers(-3 * DAY_US, 400 * DAY_US))
    return RecordedEvidence(
        evidence=Evidence(
            subject=draw(st.sampled_from(OFFICERS)),
            competency=draw(st.sampled_from([*RUBRICS, "unknown"])),
            indicator=draw(st.sampled_from([None, "listens", "explains", "unknown"])),
            rating=draw(st.none() | st.floats(low, high) | st.integers(low, high).map(float)),
            scale=scale,
            tier=draw(st.sampled_from(list(Tier))),
            rater=draw(st.sampled_from(RATERS)),
            encounter=draw(st.sampled_from(["shift 1", "shift 2", "shift 3", "run 1"])),
            observed_us=observed_us,
            flags=draw(st.sampled_from([(), (Flag.NOT_OBSERVED,), (Flag.NOT_RESPONDING,)])),
            rule="rule",
        ),
        statement_id=f"00000000-0000-4000-8000-{number:012d}",
        statement_sha256="0" * 64,
        stored_us=min(observed_us, NOW_US) if draw(st.booleans()) else NOW_US - 390 * DAY_US,
        authority="",
        plugin="p",
        plugin_version="1",
    )


def columns(evidence: Sequence[RecordedEvidence]) -> EvidenceColumns:
    ordered = sorted(evidence, key=lambda record: record.evidence.subject)

    def column(name: str) -> list[Any]:
        return [getattr(record.evidence, name) for record in ordered]

    return EvidenceColumns(
        subject=column("subject"),
        competency=column("competency"),
        indicator=column("indicator"),
        rating=column("rating"),
        scale=column("scale"),
        tier=[tier.value for tier in column("tier")],
        rater=column("rater"),
        encounter=column("encounter"),
        observed_us=column("observed_us"),
        flags=[",".join(flags) for flags in column("flags")],
        stored_us=[record.stored_us for record in ordered],
    )


def expected(evidence: Sequence[RecordedEvidence], officer: str, policy: Policy) -> list[dict[str, Any]]:
    """The same of the profile's own arithmetic."""
    found = []
    for name in sorted(RUBRICS):
        own = [r for r in evidence if r.evidence.subject == officer and r.evidence.competency == name]
        assessment = assess(recorded_by(own, NOW_US), RUBRICS[name], policy, NOW_US)
        estimate = assessment.estimate
        found.append(
            {
                "verdict": estimate.verdict,
                "score": estimate.score,
                "interval": estimate.interval,
                "probability": estimate.probability,
                "mass": estimate.mass,
                "raters": estimate.raters,
                "newest_us": estimate.newest_us,
                "gates": estimate.gates,
                "counts": estimate.counts,
                "gaps": tuple(one.indicator.id for one in coverage(assessment) if one.gap),
                "unusable": len(assessment.unusable),
            }
        )
    return found


def shown(standing: Standing) -> dict[str, Any]:
    left_out = ("officer", "competency")
    return {name: getattr(standing, name) for name in standing.__slots__ if name not in left_out}


POLICIES = (
    Policy(),
    Policy(half_life_days=365.0, min_mass=0.5, min_raters=1),
    Policy.from_mapping({"tiers": {"quiz": 0}, "competencies": {"leadership": {"decide_at": 0.6}}}),
)


@given(st.lists(records(), max_size=40), st.sampled_from(POLICIES))
@settings(deadline=None, max_examples=150)
def test_a_standing_is_what_the_profile_says(evidence: list[RecordedEvidence], policy: Policy) -> None:
    found = standings(OFFICERS, columns(evidence), RUBRICS, policy, NOW_US)
    for officer in OFFICERS:
        assert list(map(shown, found[officer])) == expected(evidence, officer, policy)


def test_officers_come_in_the_order_asked_for_each_with_every_competency() -> None:
    asked = [OFFICERS[2], OFFICERS[0]]
    found = standings(asked, columns([]), RUBRICS, Policy(), NOW_US)
    assert list(found) == asked
    assert [one.competency for one in found[OFFICERS[0]]] == ["communication", "leadership"]
    assert {one.verdict.value for standing in found.values() for one in standing} == {"insufficient"}


def test_evidence_on_somebody_else_is_refused() -> None:
    evidence = columns([draw_one(OFFICERS[1])])
    with pytest.raises(ValueError, match="R-1"):
        standings([OFFICERS[0]], evidence, RUBRICS, Policy(), NOW_US)


def draw_one(officer: str) -> RecordedEvidence:
    evidence = Evidence(
        subject=officer,
        competency="communication",
        rating=5.0,
        scale="fto-7",
        tier=Tier.FIELD,
        rater=RATERS[0],
        encounter="shift 1",
        observed_us=NOW_US,
        rule="rule",
    )
    return RecordedEvidence(
        evidence=evidence,
        statement_id="00000000-0000-4000-8000-000000000001",
        statement_sha256="0" * 64,
        stored_us=NOW_US,
        authority="",
        plugin="p",
        plugin_version="1",
    )
