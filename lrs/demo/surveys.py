"""Community surveys: what residents say of a unit, never of one officer.

One unit takes a course half-way; the others are its controls. Residents are asked after a contact, and, beside that,
a panel of them is asked about the unit as a whole.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from lrs.demo import vocabulary as v
from lrs.demo.people import Unit
from lrs.demo.shapes import V1, Posting, Vendor, context, new_id, rating_of, statement
from lrs.demo.timetable import Timetable

COURSE_WEEK: Final = 8
"""Week of the course that the first unit takes."""

_EVERY_WEEKS: Final = 2
_RISE: Final = 0.7
"""What the course's unit gains, in points of the 5-point scale; nothing says that the course is why."""

_PANEL_ITEMS: Final = 3
"""Items of the panel that one resident is asked, of the six."""


class _Question(NamedTuple):
    iri: str
    english: str
    spanish: str
    meaning: v.Json
    """The activity that it speaks to."""


def _asked_after_a_contact() -> tuple[_Question, ...]:
    said = (
        (
            v.COMMUNICATION,
            "listened",
            "Officers listened to what I had to say.",
            "Los agentes escucharon lo que dije.",
        ),
        (
            v.COMMUNICATION,
            "explained",
            "Officers explained what they did.",
            "Los agentes explicaron lo que hacían.",
        ),
        (v.CULTURAL, "respect", "Officers treated me with respect.", "Los agentes me trataron con respeto."),
        (
            v.LEADERSHIP,
            "answerable",
            "Officers answered for their decisions.",
            "Los agentes respondieron de sus decisiones.",
        ),
    )
    return tuple(
        _Question(
            f"https://survey.example/contacts/{slug}", english, spanish, v.competency_activity(competency)
        )
        for competency, slug, english, spanish in said
    )


def _asked_of_the_panel() -> tuple[_Question, ...]:
    said = (
        (
            "trust",
            "If I had a problem, I would turn to the police here.",
            "Con un problema acudiría a la policía.",
        ),
        ("fairness", "The police here treat people alike.", "La policía trata a todos por igual."),
        (
            "respect",
            "The police here are polite to people like me.",
            "La policía es amable con gente como yo.",
        ),
        ("voice", "What we say changes what the police do.", "Lo que decimos cambia lo que hace la policía."),
        ("safety", "I feel safe in my area after dark.", "Me siento seguro en mi zona de noche."),
        ("ease-of-contact", "It is easy to reach the police here.", "Es fácil contactar con la policía."),
    )
    return tuple(
        _Question(
            f"https://survey.example/panel/{item}", english, spanish, v.indicator_activity(v.SURVEY, item)
        )
        for item, english, spanish in said
    )


_SCALE: Final = (
    ("1", "Not at all", "Nada"),
    ("2", "A little", "Poco"),
    ("3", "Partly", "En parte"),
    ("4", "Mostly", "Bastante"),
    ("5", "Fully", "Del todo"),
)


def surveys(rng: random.Random, unit: Unit, weeks: Timetable, replies: int) -> Iterator[Posting]:
    """Every second week, `replies` answers of unnamed residents to each question about a unit."""
    questions = _asked_after_a_contact()
    for level, moment in _occasions(rng, unit, weeks, replies):
        sheet = new_id(rng)
        for question in questions:
            yield _answer(rng, unit, moment, sheet, question=question, level=level)


def panel(rng: random.Random, unit: Unit, weeks: Timetable, replies: int) -> Iterator[Posting]:
    """Every second week, `replies` residents of a panel, each of whom is asked some of its items."""
    questions = _asked_of_the_panel()
    for level, moment in _occasions(rng, unit, weeks, replies):
        sheet = new_id(rng)
        for question in rng.sample(questions, _PANEL_ITEMS):
            yield _answer(rng, unit, moment, sheet, question=question, level=level)


def _occasions(
    rng: random.Random, unit: Unit, weeks: Timetable, replies: int
) -> Iterator[tuple[float, datetime]]:
    """How well a unit is liked, from 1 to 5, and when somebody is asked."""
    liking = rng.uniform(3.0, 3.8)
    for week in weeks.weeks[::_EVERY_WEEKS]:
        level = liking + (_RISE if unit.number == 1 and week > COURSE_WEEK else 0.0)
        for _ in range(replies):
            yield level, weeks.at(week, rng.randrange(7), 9 + 10 * rng.random())


def _answer(
    rng: random.Random, unit: Unit, moment: datetime, sheet: str, *, question: _Question, level: float
) -> Posting:
    scale = [{"id": step, "description": v.words(low, high)} for step, low, high in _SCALE]
    thing = v.activity(
        question.iri,
        v.INTERACTION,
        question.english,
        question.spanish,
        interactionType="likert",
        scale=scale,
    )
    around = context(
        "Survey tool",
        registration=sheet,
        category=[question.meaning],
        extensions={v.ASSESSMENT_TYPE: "survey"},
    )
    result = {"response": str(rating_of(rng, level, lowest=1, highest=5, noise=0.9))}
    one = statement(rng, moment, unit.agent, "answered", thing, result=result, context=around)
    return Posting(Vendor.SURVEY, V1, one, moment)
