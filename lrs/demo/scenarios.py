"""VR scenarios: an attempt is raw telemetry, dialogue choices and, at its end, scores per competency.

Only graded attempts are meant to count; in guided, tutorial and freeplay ones the recruit is helped, and does
better.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.people import Character, Recruit
from lrs.demo.shapes import V2, Posting, Vendor, context, duration, new_id, statement
from lrs.demo.timetable import Timetable

_PLATFORM: Final = "VR"
_MODES: Final = ("graded", "guided", "tutorial", "freeplay")
_MODE_WEIGHTS: Final = (60, 15, 15, 10)
_HELP: Final = 0.25
"""Added to scores in [0, 1] where the mode is not graded."""
_TELEMETRY: Final = 16
"""Telemetry statements in an attempt."""
_THINGS: Final = ("hands", "doorway", "waistband", "bystander", "radio", "notebook")


@dataclass(frozen=True, slots=True)
class _Choice:
    """A point in the dialogue where the recruit chooses what to say; the first answer is the good one."""

    competency: str
    indicator: str
    question: tuple[str, str]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Scenario:
    slug: str
    name: tuple[str, str]
    choices: tuple[_Choice, ...]
    ends_with: str = "completed"

    @property
    def iri(self) -> str:
        return f"https://vr.example/scenarios/{self.slug}"

    @property
    def activity(self) -> v.Json:
        return v.activity(self.iri, v.SIMULATION, *self.name)

    @property
    def competencies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(choice.competency for choice in self.choices))


_LISTEN = _Choice(
    v.COMMUNICATION,
    "lets-others-finish",
    ("The driver is still talking.", "El conductor sigue hablando."),
    (("Wait", "Esperar"), ("Interrupt", "Interrumpir"), ("Walk away", "Marcharse")),
)
_CALM = _Choice(
    v.COMMUNICATION,
    v.DE_ESCALATION,
    ("The man shouts and steps closer.", "El hombre grita y se acerca."),
    (
        ("Step back and speak low", "Retroceder y hablar bajo"),
        ("Shout back", "Gritar"),
        ("Reach out", "Agarrarlo"),
    ),
)
_REASON = _Choice(
    v.COMMUNICATION,
    "explains-the-reason-for-an-action",
    ("She asks why she was stopped.", "Pregunta por qué la han parado."),
    (("Tell her why", "Decirle el motivo"), ("Ask for papers", "Pedir papeles"), ("Say nothing", "Callar")),
)
_INTERPRETER = _Choice(
    v.CULTURAL,
    "uses-an-interpreter-or-accommodation",
    ("He does not follow your words.", "No entiende sus palabras."),
    (
        ("Call an interpreter", "Llamar a un intérprete"),
        ("Speak louder", "Hablar más alto"),
        ("Use gestures", "Señas"),
    ),
)
_CUSTOM = _Choice(
    v.CULTURAL,
    "respects-custom-where-safe",
    ("You are asked to take off your shoes.", "Le piden que se descalce."),
    (("Ask what is possible", "Preguntar qué es posible"), ("Walk in", "Entrar"), ("Refuse", "Negarse")),
)
_MISCONDUCT = _Choice(
    v.LEADERSHIP,
    "intervenes-on-misconduct",
    ("Your partner insults the man.", "Su compañero insulta al hombre."),
    (("Step in at once", "Intervenir"), ("Look away", "Mirar a otro lado"), ("Talk later", "Hablar luego")),
)
_BRIEF = _Choice(
    v.LEADERSHIP,
    "briefs-and-debriefs",
    ("The team arrives.", "Llega el equipo."),
    (("Brief everyone", "Informar a todos"), ("Send them in", "Hacerlos entrar"), ("Wait", "Esperar")),
)

_SCENARIOS: Final = (
    _Scenario("traffic-stop", ("Traffic stop", "Control de tráfico"), (_LISTEN, _REASON)),
    _Scenario(
        "welfare-check", ("Welfare check", "Visita de bienestar"), (_INTERPRETER, _CUSTOM, _LISTEN), "scored"
    ),
    _Scenario("noise-complaint", ("Noise complaint", "Queja por ruido"), (_CALM, _CUSTOM), "responded"),
    _Scenario("shop-theft", ("Shop theft", "Hurto en tienda"), (_REASON, _MISCONDUCT)),
    # This one's vendor writes https for http in the verb, as public profiles do.
    _Scenario(
        "crowd-at-event", ("Crowd at an event", "Público en un acto"), (_BRIEF, _CALM), "completed_https"
    ),
)


def vr_attempts(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """Every attempt of a recruit: one in every second week, and one in a newcomer's only week."""
    for week in weeks.weeks[:: 2 if len(weeks.weeks) > 1 else 1]:
        mode = rng.choices(_MODES, _MODE_WEIGHTS)[0]
        if recruit.character is Character.ONE_RATER and mode == "graded":
            mode = "tutorial"  # else the simulation would be a second rater
        begins = weeks.at(week, rng.randrange(6), 9 + 8 * rng.random())
        attempt = _Attempt(rng, recruit, rng.choice(_SCENARIOS), mode, weeks.progress(week))
        for moment, one in attempt.statements(begins):
            yield Posting(Vendor.VR, V2, one, moment)


class _Attempt:
    """One run of one scenario."""

    def __init__(
        self, rng: random.Random, recruit: Recruit, scenario: _Scenario, mode: str, progress: float
    ) -> None:
        self.rng, self.recruit, self.scenario, self.mode = rng, recruit, scenario, mode
        self.progress = progress
        self.registration = new_id(rng)
        self.choices = [c for c in scenario.choices if c.indicator in recruit.indicators(c.competency)]

    def statements(self, begins: datetime) -> Iterator[tuple[datetime, v.Json]]:
        """The attempt in order of time."""
        moment = begins
        for turn in range(_TELEMETRY):
            moment += timedelta(seconds=self.rng.uniform(5, 40))
            yield moment, self._telemetry(moment)
            if turn % 4 == 3 and turn // 4 < len(self.choices):
                moment += timedelta(seconds=self.rng.uniform(2, 9))
                yield moment, self._answer(moment, self.choices[turn // 4])
        moment += timedelta(seconds=20)
        yield moment, self._ending(moment, moment - begins)

    def _chance(self, competency: str) -> float:
        """How well the recruit does here, in [0, 1]."""
        level = (self.recruit.ability(competency, self.progress) - 1) / 6
        aided = level + (0.0 if self.mode == "graded" else _HELP)
        return min(1.0, max(0.0, self.rng.gauss(aided, 0.12)))

    def _context(self, parent: v.Json | None = None, category: v.Json | None = None) -> v.Json:
        return context(
            _PLATFORM,
            registration=self.registration,
            parent=parent,
            category=[category] if category else [],
            extensions={v.MODE: self.mode},
        )

    def _telemetry(self, moment: datetime) -> v.Json:
        rng = self.rng
        what = rng.choice(_THINGS)
        thing = {"objectType": "Activity", "id": f"{self.scenario.iri}/things/{what}"}
        place = [round(rng.uniform(-4, 4), 3) for _ in range(3)]
        sensed = {
            "https://vr.example/extensions/position": place,
            "https://vr.example/extensions/seconds": round(rng.expovariate(1.0), 3),
        }
        kind = rng.choices(("gazed", "grabbed", "nodded"), (80, 8, 12))[0]
        around = self._context(self.scenario.activity)
        return statement(
            rng, moment, self.recruit.agent, kind, thing, result={"extensions": sensed}, context=around
        )

    def _answer(self, moment: datetime, choice: _Choice) -> v.Json:
        right = self.rng.random() < self._chance(choice.competency)
        picked = 0 if right else self.rng.randrange(1, len(choice.answers))
        result = {"success": right, "response": f"answer-{picked}"}
        around = self._context(
            self.scenario.activity, v.indicator_activity(choice.competency, choice.indicator)
        )
        thing = choice_activity(
            f"{self.scenario.iri}/choices/{choice.indicator}", choice.question, choice.answers
        )
        return statement(
            self.rng, moment, self.recruit.agent, "answered", thing, result=result, context=around
        )

    def _ending(self, moment: datetime, took: timedelta) -> v.Json:
        scores = {
            competency: round(self._chance(competency), 3)
            for competency in self.scenario.competencies
            if self.recruit.indicators(competency)
        }
        mean = sum(scores.values()) / len(scores) if scores else 0.0
        result = {
            "score": {"scaled": round(mean, 3), "raw": round(100 * mean), "min": 0, "max": 100},
            "completion": True,
            "success": mean >= 0.5,
            "duration": duration(took),
            "extensions": {v.SCORES: scores},
        }
        verb, thing, around = self.scenario.ends_with, self.scenario.activity, self._context()
        return statement(self.rng, moment, self.recruit.agent, verb, thing, result=result, context=around)


def choice_activity(iri: str, question: tuple[str, str], answers: tuple[tuple[str, str], ...]) -> v.Json:
    """A choice interaction whose first answer, `answer-0`, is the right one."""
    english, spanish = question
    return v.activity(
        iri,
        v.INTERACTION,
        english,
        spanish,
        interactionType="choice",
        correctResponsesPattern=["answer-0"],
        choices=[
            {"id": f"answer-{number}", "description": v.words(*answer)}
            for number, answer in enumerate(answers)
        ],
    )
