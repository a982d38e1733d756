"""The guests, and every example statement as each of them would be sent it.

The first three share every statement shape, and so every example. Each of the others has examples of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lrs_bias_reflection
import lrs_communication
import lrs_community_survey
import lrs_cultural_competency
import lrs_digital_engagement
import lrs_leadership
import lrs_legal_awareness
import lrs_mentoring
import lrs_partnership
import lrs_problem_solving
from lrs.plugin import DataPlugin

HERE = Path(__file__).parent
GUESTS: Mapping[str, DataPlugin] = {
    "communication": lrs_communication.plugin,
    "cultural_competency": lrs_cultural_competency.plugin,
    "leadership": lrs_leadership.plugin,
}
FIELD_GUESTS: Mapping[str, DataPlugin] = {
    "bias_reflection": lrs_bias_reflection.plugin,
    "community_survey": lrs_community_survey.plugin,
    "digital_engagement": lrs_digital_engagement.plugin,
    "legal_awareness": lrs_legal_awareness.plugin,
    "mentoring": lrs_mentoring.plugin,
    "partnership": lrs_partnership.plugin,
    "problem_solving": lrs_problem_solving.plugin,
}
ALL_GUESTS: Mapping[str, DataPlugin] = {**GUESTS, **FIELD_GUESTS}
FIELD_EXAMPLES: Mapping[str, str] = {
    "desk-day": "digital_engagement",
    "legal-certificate": "legal_awareness",
    "legal-test-failed": "legal_awareness",
    "legal-test-passed": "legal_awareness",
    "mentoring-by-an-officer": "mentoring",
    "mentoring-of-a-unit": "mentoring",
    "panel": "community_survey",
    "partner-meeting": "partnership",
    "reflection": "bias_reflection",
    "sara-project": "problem_solving",
    "sara-simulation": "problem_solving",
    "sara-stage": "problem_solving",
}
"""The one competency that each of the other examples speaks to."""
EXAMPLES = sorted(path.stem for path in (HERE / "examples").glob("*.json"))
R = "https://w3id.org/xapi/rapport"
MODE = f"{R}/extensions/mode"
ASSESSMENT_TYPE = f"{R}/extensions/assessment-type"

_INDICATORS = {
    "communication": (
        "checks-understanding",
        "closes-the-contact",
        "controls-voice-and-pace",
        "de-escalates-before-force",
        "explains-the-reason-for-an-action",
        "lets-others-finish",
        "offers-choices",
    ),
    "cultural_competency": (
        "uses-an-interpreter-or-accommodation",
        "avoids-assumption-language",
        "even-tone-across-contacts",
        "respects-custom-where-safe",
        "repairs-offence",
    ),
    "leadership": (
        "takes-ownership",
        "briefs-and-debriefs",
        "coaches-a-peer",
        "intervenes-on-misconduct",
        "credits-partners",
        "explains-decisions-openly",
    ),
}


def example(name: str, competency: str = "communication") -> dict[str, Any]:
    """The example statement of that name, speaking to this competency."""
    statement: dict[str, Any] = _read(HERE / "examples" / f"{name}.json", competency)
    return statement


def golden(name: str, competency: str = "communication") -> list[dict[str, Any]]:
    """The evidence that this example is for that competency, member by member."""
    evidence: list[dict[str, Any]] = _read(HERE / "golden" / f"{name}.json", competency)
    return evidence


def field_example(name: str) -> dict[str, Any]:
    """The example statement of that name, of one of the field guests."""
    statement: dict[str, Any] = _read(HERE / "fields" / "examples" / f"{name}.json", "communication")
    return statement


def field_golden(name: str) -> list[dict[str, Any]]:
    """The evidence that this example is, member by member."""
    evidence: list[dict[str, Any]] = _read(HERE / "fields" / "golden" / f"{name}.json", "communication")
    return evidence


def _read(path: Path, competency: str) -> Any:
    text = path.read_text("utf-8")
    if competency != "communication":
        # The two competencies change places, so that an example with scores for both still has them.
        swapped = {"communication": competency, competency: "communication"}
        text = re.sub(rf"\b(communication|{competency})\b", lambda match: swapped[match[1]], text)
        theirs = _INDICATORS[competency]
        for index, indicator in enumerate(_INDICATORS["communication"]):
            text = text.replace(f"{competency}/{indicator}", f"{competency}/{theirs[index % len(theirs)]}")
            text = text.replace(
                f'"indicator": "{indicator}"', f'"indicator": "{theirs[index % len(theirs)]}"'
            )
    return json.loads(text)
