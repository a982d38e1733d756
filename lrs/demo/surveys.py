"""Community surveys: what residents say of a unit, never of one officer.

One unit takes a course half-way; the others are its controls.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.people import Unit
from lrs.demo.shapes import V1, Posting, Vendor, context, new_id, rating_of, statement
from lrs.demo.timetable import Timetable

COURSE_WEEK: Final = 8
"""Week of the course that the first unit takes."""

_EVERY_WEEKS: Final = 2
_RISE: Final = 0.7
"""What the course's unit gains, in points of the 5-point scale; nothing says that the course is why."""

_QUESTIONS: Final = (
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
_SCALE: Final = (
    ("1", "Not at all", "Nada"),
    ("2", "A little", "Poco"),
    ("3", "Partly", "En parte"),
    ("4", "Mostly", "Bastante"),
    ("5", "Fully", "Del todo"),
)


def surveys(rng: random.Random, unit: Unit, weeks: Timetable, replies: int) -> Iterator[Posting]:
    """Every second week, `replies` answers of unnamed residents to each question about a unit."""
    liking = rng.uniform(3.0, 3.8)
    for week in weeks.weeks[::_EVERY_WEEKS]:
        level = liking + (_RISE if unit.number == 1 and week > COURSE_WEEK else 0.0)
        for _ in range(replies):
            moment = weeks.at(week, rng.randrange(7), 9 + 10 * rng.random())
            sheet = new_id(rng)
            for question in _QUESTIONS:
                yield Posting(
                    Vendor.SURVEY,
                    V1,
                    _answer(rng, unit, moment, sheet, question=question, level=level),
                    moment,
                )


def _answer(
    rng: random.Random,
    unit: Unit,
    moment: datetime,
    sheet: str,
    *,
    question: tuple[str, str, str, str],
    level: float,
) -> v.Json:
    competency, slug, english, spanish = question
    scale = [{"id": step, "description": v.words(low, high)} for step, low, high in _SCALE]
    thing = v.activity(
        f"https://survey.example/contacts/{slug}",
        v.INTERACTION,
        english,
        spanish,
        interactionType="likert",
        scale=scale,
    )
    around = context(
        "Survey tool",
        registration=sheet,
        category=[v.competency_activity(competency)],
        extensions={v.ASSESSMENT_TYPE: "survey"},
    )
    result = {"response": str(rating_of(rng, level, lowest=1, highest=5, noise=0.9))}
    return statement(rng, moment, unit.agent, "answered", thing, result=result, context=around)
