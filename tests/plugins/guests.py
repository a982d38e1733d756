"""The three guests, and every example statement as each of them would be sent it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import lrs_communication
import lrs_cultural_competency
import lrs_leadership

HERE = Path(__file__).parent
GUESTS: Mapping[str, ModuleType] = {
    "communication": lrs_communication,
    "cultural_competency": lrs_cultural_competency,
    "leadership": lrs_leadership,
}
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
