"""Problem-solving projects by SARA: rated stage by stage on the way, and as a whole when they close."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.observations import evaluated, observed
from lrs.demo.people import Character, Recruit
from lrs.demo.shapes import Posting, new_id, rating_of
from lrs.demo.timetable import Timetable

_STAGES: Final = ("scan", "analyse", "respond", "assess")
_ON_THE_WAY: Final = _STAGES[:2]
"""Stages that the training officer has seen, half-way."""
_WEEKS: Final = 5
"""Between the beginnings of two projects, and how long one takes."""
_PROBLEMS: Final = (
    ("lock-ups", "Break-ins in lock-ups", "Robos en trasteros"),
    ("school-gate", "Traffic at the school gate", "Tráfico ante la escuela"),
    ("night-bus", "Fights at the night bus", "Peleas en el autobús nocturno"),
    ("empty-house", "The empty house on the corner", "La casa vacía de la esquina"),
)


@dataclass(frozen=True, slots=True)
class _Project:
    recruit: Recruit
    activity: v.Json
    registration: str
    begun: int
    """Week."""

    @property
    def half_way(self) -> int:
        """Week in which the training officer looks at it."""
        return self.begun + 2

    @property
    def closed(self) -> int:
        """Week in which the supervisor does."""
        return self.begun + _WEEKS - 1

    def level(self, progress: float) -> float:
        """How well the recruit does, from 1 to 7."""
        return self.recruit.ability(v.PROBLEM_SOLVING, progress)


def projects(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """Every rating of every project of a recruit; a project that cannot end in time is not begun."""
    for number, begun in enumerate(weeks.field_weeks[::_WEEKS], start=1):
        problem = rng.choice(_PROBLEMS)
        work = v.activity(
            f"https://observe.example/projects/{recruit.account}/{number}", v.PROJECT, *problem[1:]
        )
        project = _Project(recruit, work, new_id(rng), begun)
        if project.closed not in weeks.field_weeks:
            return
        yield from _on_the_way(rng, project, weeks)
        if recruit.character is not Character.ONE_RATER:  # else there would be a second rater
            yield _closing(rng, project, weeks)


def _on_the_way(rng: random.Random, project: _Project, weeks: Timetable) -> Iterator[Posting]:
    """The first stages, each on its own, from 1 to 7, by the training officer."""
    recruit = project.recruit
    rater = recruit.rater_of(project.half_way)
    moment = weeks.at(project.half_way, rng.randrange(5), 14 + rng.random())
    for stage in _ON_THE_WAY:
        level = project.level(weeks.progress(project.half_way)) + rater.severity
        item = v.indicator_activity(v.PROBLEM_SOLVING, stage)
        yield observed(
            rng,
            moment,
            (recruit, rater),
            item,
            item,
            result={"score": {"raw": rating_of(rng, level, lowest=1, highest=7), "min": 1, "max": 7}},
            parent=project.activity,
            registration=project.registration,
        )


def _closing(rng: random.Random, project: _Project, weeks: Timetable) -> Posting:
    """The stages that were done, and a score for each of them, by the supervisor."""
    level = project.level(weeks.progress(project.closed))
    # A response is what everybody gets to; the weaker, the likelier it is that the rest is left out.
    done = [stage for stage in _STAGES if stage == "respond" or rng.random() < 0.3 + 0.11 * level]
    scores = {
        f"{v.PROBLEM_SOLVING}/{stage}": round(min(1.0, max(0.0, rng.gauss((level - 1) / 6, 0.12))), 2)
        for stage in done
    }
    return evaluated(
        rng,
        weeks.at(project.closed, 4, 15 + rng.random()),
        project.recruit,
        project.activity,
        v.competency_activity(v.PROBLEM_SOLVING),
        result={"completion": True, "extensions": {v.SCORES: scores, v.STAGES: done}},
        registration=project.registration,
    )
