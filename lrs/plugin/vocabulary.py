"""The IRIs of our own xAPI vocabulary that the plugin host reads, and the verbs that say how something ended."""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/xapi/rapport/"

ASSESSMENT_TYPE: Final = f"{BASE}extensions/assessment-type"
COMPETENCY_SCORES: Final = f"{BASE}extensions/competency-scores"
ENCOUNTER: Final = f"{BASE}extensions/encounter"
MODE: Final = f"{BASE}extensions/mode"
NOT_OBSERVED: Final = f"{BASE}extensions/not-observed"
NOT_RESPONDING: Final = f"{BASE}extensions/not-responding"
OFFICER: Final = f"{BASE}extensions/officer"

OFFICER_ROLE: Final = f"{BASE}roles/officer"
RATER_ROLE: Final = f"{BASE}roles/rater"

COMPLETED: Final = "http://adlnet.gov/expapi/verbs/completed"
PASSED: Final = "http://adlnet.gov/expapi/verbs/passed"
EARNED: Final = "http://id.tincanapi.com/verb/earned"
FAILED: Final = "http://adlnet.gov/expapi/verbs/failed"


def competency_iri(competency: str) -> str:
    """The activity id that stands for a competency as a whole."""
    return f"{BASE}competencies/{competency}"


def indicator_iri(competency: str, indicator: str) -> str:
    """The activity id that stands for one indicator."""
    return f"{BASE}indicators/{competency}/{indicator}"
