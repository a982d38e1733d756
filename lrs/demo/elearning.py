"""E-learning by cmi5: a session of a course with its quiz, in `Normal` mode or only browsed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.people import REMEDIAL_COURSE, Character, Recruit
from lrs.demo.scenarios import choice_activity
from lrs.demo.shapes import V1, Posting, Vendor, context, duration, new_id, statement
from lrs.demo.timetable import WEEKS, Timetable

_PASS_MARK: Final = 0.6
_BROWSED: Final = 0.15
"""Share of the sessions in which a course is only looked through."""


@dataclass(frozen=True, slots=True)
class _Course:
    slug: str
    name: tuple[str, str]
    competency: str
    week: int

    @property
    def iri(self) -> str:
        return f"https://learn.example/courses/{self.slug}"

    @property
    def activity(self) -> v.Json:
        return v.activity(self.iri, v.COURSE, *self.name)

    @property
    def lesson(self) -> v.Json:
        return v.activity(f"{self.iri}/lesson", v.LESSON, *self.name)


_COURSES: Final = (
    _Course("plain-words", ("Plain words", "Palabras claras"), v.COMMUNICATION, 1),
    _Course("many-customs", ("One town, many customs", "Un pueblo, muchas costumbres"), v.CULTURAL, 4),
    _Course("first-among-equals", ("First among equals", "Primero entre iguales"), v.LEADERSHIP, 7),
    _Course("listening", ("Listening under stress", "Escuchar bajo presión"), v.COMMUNICATION, 10),
    _Course("interpreters", ("Working with interpreters", "Trabajar con intérpretes"), v.CULTURAL, 13),
)
_REMEDIAL: Final = _Course(
    "remedial-contacts",
    ("Remedial training: contacts", "Refuerzo: contactos"),
    v.COMMUNICATION,
    round(REMEDIAL_COURSE * (WEEKS - 1)),
)


def courses(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """Every session of a recruit with a course."""
    for course in (*_COURSES, _REMEDIAL):
        if course.week not in weeks.weeks or not recruit.indicators(course.competency):
            continue
        if course is _REMEDIAL and recruit.character is not Character.REMEDIAL:
            continue
        browsed = rng.random() < _BROWSED or recruit.character is Character.ONE_RATER
        begins = weeks.at(course.week, rng.randrange(6), 12 + 6 * rng.random())
        session = _Session(
            rng, recruit, course, "Browse" if browsed else "Normal", weeks.progress(course.week)
        )
        for moment, one in session.statements(begins):
            yield Posting(Vendor.ELEARNING, V1, one, moment)


class _Session:
    """One recruit with one course."""

    def __init__(
        self, rng: random.Random, recruit: Recruit, course: _Course, mode: str, progress: float
    ) -> None:
        self.rng, self.recruit, self.course, self.mode = rng, recruit, course, mode
        level = (recruit.ability(course.competency, progress) - 1) / 6
        self.chance = 0.3 + 0.65 * level  # knowing is easier than doing
        self.registration, self.session = new_id(rng), new_id(rng)

    def statements(self, begins: datetime) -> Iterator[tuple[datetime, v.Json]]:
        """Initialized, the quiz, completed, passed or failed, terminated: the order that cmi5 asks for."""
        moment = begins
        yield moment, self._defined(moment, "initialized")
        rights = []
        for indicator in self.rng.sample(self.recruit.indicators(self.course.competency), 4):
            moment += timedelta(minutes=2 + 3 * self.rng.random())
            rights.append(self.rng.random() < self.chance)
            yield moment, self._answer(moment, indicator, rights[-1])
        took = {"duration": duration(moment - begins)}
        moment += timedelta(minutes=1)
        yield moment, self._defined(moment, "completed", {"completion": True, **took}, moves_on=True)
        if self.mode == "Normal":
            scaled = sum(rights) / len(rights)
            passed = scaled >= _PASS_MARK
            judged = {"score": {"scaled": scaled}, "success": passed, **took}
            moment += timedelta(seconds=1)
            yield moment, self._defined(moment, "passed" if passed else "failed", judged, moves_on=True)
        moment += timedelta(seconds=2)
        yield moment, self._defined(moment, "terminated", took)

    def _context(self, category: list[v.Json]) -> v.Json:
        return context(
            "E-learning",
            registration=self.registration,
            grouping=self.course.activity,
            category=category,
            extensions={v.LAUNCH_MODE: self.mode, v.SESSION_ID: self.session},
        )

    def _defined(
        self, moment: datetime, verb: str, result: v.Json | None = None, *, moves_on: bool = False
    ) -> v.Json:
        """A statement that cmi5 defines."""
        category: list[v.Json] = [{"id": f"{v.CMI5}/categories/cmi5"}]
        if moves_on:
            category.append({"id": f"{v.CMI5}/categories/moveon"})
        category.append(v.competency_activity(self.course.competency))
        around, thing = self._context(category), self.course.lesson
        return statement(self.rng, moment, self.recruit.agent, verb, thing, result=result, context=around)

    def _answer(self, moment: datetime, indicator: str, right: bool) -> v.Json:
        """A question of the quiz: cmi5 allows it, and does not define it."""
        english, spanish = v.INDICATORS[self.course.competency][indicator]
        thing = choice_activity(
            f"{self.course.iri}/quiz/{indicator}",
            (f"Which of these is it: {english}?", f"¿Cuál de estas es: {spanish}?"),
            (("The first", "La primera"), ("The second", "La segunda"), ("Neither", "Ninguna")),
        )
        result = {"success": right, "response": "answer-0" if right else "answer-1"}
        around = self._context([v.indicator_activity(self.course.competency, indicator)])
        return statement(
            self.rng, moment, self.recruit.agent, "answered", thing, result=result, context=around
        )
