"""The words that the demo's vendors use: IRIs, names in English and Spanish, competencies and indicators."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from lrs.demo.indicators import (
    COMMUNICATION,
    COMPETENCY_NAMES,
    CULTURAL,
    DE_ESCALATION,
    DIGITAL,
    INDICATORS,
    LEADERSHIP,
    LEGAL,
    MENTORING,
    MORE_INDICATORS,
    PARTNERSHIP,
    PROBLEM_SOLVING,
    REFLECTION,
    SURVEY,
)

__all__ = [
    "COMMUNICATION",
    "CULTURAL",
    "DE_ESCALATION",
    "DIGITAL",
    "INDICATORS",
    "LEADERSHIP",
    "LEGAL",
    "MENTORING",
    "MORE_INDICATORS",
    "PARTNERSHIP",
    "PROBLEM_SOLVING",
    "REFLECTION",
    "SURVEY",
]

Json = dict[str, Any]
"""A JSON object. Those in this module are shared by many statements: never change one."""

RAPPORT: Final = "https://w3id.org/xapi/rapport"
ADL: Final = "http://adlnet.gov/expapi"
CMI5: Final = "https://w3id.org/xapi/cmi5/context"
HOME_PAGE: Final = "https://academy.example"

_VERBS: Final = {
    "responded": (f"{ADL}/verbs/responded", "responded", "respondió"),
    "completed": (f"{ADL}/verbs/completed", "completed", "completó"),
    "completed_https": ("https://adlnet.gov/expapi/verbs/completed", "completed", "completó"),
    "scored": (f"{ADL}/verbs/scored", "scored", "puntuó"),
    "answered": (f"{ADL}/verbs/answered", "answered", "contestó"),
    "passed": (f"{ADL}/verbs/passed", "passed", "aprobó"),
    "failed": (f"{ADL}/verbs/failed", "failed", "suspendió"),
    "initialized": (f"{ADL}/verbs/initialized", "initialized", "inició"),
    "terminated": (f"{ADL}/verbs/terminated", "terminated", "terminó"),
    "voided": (f"{ADL}/verbs/voided", "voided", "anuló"),
    "rated": ("http://id.tincanapi.com/verb/rated", "rated", "valoró"),
    "mentored": ("http://id.tincanapi.com/verb/mentored", "mentored", "orientó"),
    "gazed": ("https://vr.example/verbs/gazed", "gazed at", "miró"),
    "grabbed": ("https://vr.example/verbs/grabbed", "grabbed", "agarró"),
    "nodded": ("https://vr.example/verbs/nodded", "nodded at", "asintió a"),
}

SIMULATION: Final = f"{ADL}/activities/simulation"
INTERACTION: Final = f"{ADL}/activities/cmi.interaction"
ASSESSMENT: Final = f"{ADL}/activities/assessment"
COURSE: Final = f"{ADL}/activities/course"
LESSON: Final = f"{ADL}/activities/lesson"
CHECKLIST_ITEM: Final = "http://id.tincanapi.com/activitytype/checklist-item"
PROJECT: Final = f"{RAPPORT}/activity-types/problem-solving-project"
MEETING: Final = f"{RAPPORT}/activity-types/partner-meeting"
CERTIFICATE: Final = f"{RAPPORT}/activity-types/certificate"
REFLECTED: Final = f"{RAPPORT}/activity-types/reflection"
EVENT: Final = "http://activitystrea.ms/schema/1.0/event"

MODE: Final = f"{RAPPORT}/extensions/mode"
SCORES: Final = f"{RAPPORT}/extensions/competency-scores"
ASSESSMENT_TYPE: Final = f"{RAPPORT}/extensions/assessment-type"
OFFICER: Final = f"{RAPPORT}/extensions/officer"
NOT_OBSERVED: Final = f"{RAPPORT}/extensions/not-observed"
NOT_RESPONDING: Final = f"{RAPPORT}/extensions/not-responding"
STAGES: Final = f"{RAPPORT}/extensions/stages"
ENCOUNTER: Final = f"{RAPPORT}/extensions/encounter"
OFFICER_ROLE: Final = f"{RAPPORT}/roles/officer"
LAUNCH_MODE: Final = f"{CMI5}/extensions/launchmode"
SESSION_ID: Final = f"{CMI5}/extensions/sessionid"


def words(english: str, spanish: str) -> dict[str, str]:
    """A language map in the academy's two languages."""
    return {"en-US": english, "es-US": spanish}


@cache
def verb(name: str) -> Json:
    """The verb of that short name, with its display in two languages."""
    iri, english, spanish = _VERBS[name]
    return {"id": iri, "display": words(english, spanish)}


def activity(iri: str, kind: str, english: str, spanish: str, **definition: Any) -> Json:
    """An activity with its name in two languages; `definition` is added to its definition."""
    return {
        "objectType": "Activity",
        "id": iri,
        "definition": {"type": kind, "name": words(english, spanish), **definition},
    }


@cache
def competency_activity(competency: str) -> Json:
    """The activity that stands for a competency: object or category of statements that speak to it."""
    return activity(f"{RAPPORT}/competencies/{competency}", ASSESSMENT, *COMPETENCY_NAMES[competency])


@cache
def indicator_activity(competency: str, indicator: str) -> Json:
    """The activity that stands for one indicator of a competency."""
    english, spanish = {**INDICATORS, **MORE_INDICATORS}[competency][indicator]
    return activity(
        f"{RAPPORT}/indicators/{competency}/{indicator}",
        CHECKLIST_ITEM,
        english,
        spanish,
        description=words(
            f"Daily observation of the indicator “{english}”, from 1 to 7, where 4 is the least acceptable.",
            f"Observación diaria del indicador «{spanish}», de 1 a 7, donde 4 es el mínimo aceptable.",
        ),
    )
