"""Reports beside the shifts: role-plays, supervisors' evaluations, self-reports, feedback of partners."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.people import Character, Recruit, partner, supervisor
from lrs.demo.shapes import (
    V1,
    V2,
    Posting,
    Vendor,
    context,
    new_id,
    officer_among_agents,
    rating_of,
    statement,
)
from lrs.demo.timetable import Timetable

_ROLE_PLAY_WEEKS: Final = (3, 8, 13)
_EVALUATION_WEEKS: Final = (5, 10, 15)
_SELF_REPORT_WEEKS: Final = (3, 7, 11, 15)
_SELF_ESTEEM: Final = 0.8
"""How much better recruits think of themselves, in points of the 7-point scale."""


def reports(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """Every such report on one recruit."""
    if recruit.character is not Character.ONE_RATER:  # else there would be a second rater
        yield from _role_plays(rng, recruit, weeks)
        yield from _evaluations(rng, recruit, weeks)
    yield from _self_reports(rng, recruit, weeks)
    yield from _stakeholders(rng, recruit, weeks)


def _subjects(recruit: Recruit) -> Iterator[str]:
    return (competency for competency in v.INDICATORS if recruit.indicators(competency))


def _five(level: float) -> float:
    """A level from 1 to 7 on a scale from 1 to 5."""
    return 1 + (level - 1) * 4 / 6


def _role_plays(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """Rated from 0 to 10 by a training officer, on one indicator of each competency."""
    for week in (week for week in _ROLE_PLAY_WEEKS if week in weeks.weeks):
        registration = new_id(rng)
        rater = rng.choice(recruit.raters)
        scene = v.activity(
            f"https://observe.example/role-plays/{week}",
            v.EVENT,
            f"Role-play of week {week}",
            f"Ensayo {week}",
        )
        for competency in _subjects(recruit):
            indicator = rng.choice(recruit.indicators(competency))
            level = recruit.ability(competency, weeks.progress(week)) + rater.severity
            raw = rating_of(rng, (level - 1) * 10 / 6, lowest=0, highest=10, noise=1.0)
            around = context(
                "Observation app",
                registration=registration,
                instructor=rater.agent,
                parent=scene,
                extensions={v.ASSESSMENT_TYPE: "role-play"},
            )
            thing = v.indicator_activity(competency, indicator)
            moment = weeks.at(week, 1, 10 + rng.random())
            result = {"score": {"raw": raw, "min": 0, "max": 10}}
            one = statement(rng, moment, recruit.agent, "rated", thing, result=result, context=around)
            yield Posting(Vendor.OBSERVATION, V1, one, moment)


def _evaluations(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """From 1 to 5 by the unit's supervisor, on whole competencies."""
    for week in (week for week in _EVALUATION_WEEKS if week in weeks.field_weeks):
        if week == weeks.first_field_week:
            continue  # nothing seen yet
        for competency in _subjects(recruit):
            level = recruit.ability(competency, weeks.progress(week))
            around = context(
                "Observation app",
                grouping=recruit.phase_activity,
                contextAgents=[officer_among_agents(recruit.agent)],
                extensions={v.ASSESSMENT_TYPE: "supervisor-evaluation"},
            )
            result = {"score": {"raw": rating_of(rng, _five(level), lowest=1, highest=5), "min": 1, "max": 5}}
            thing = v.competency_activity(competency)
            moment = weeks.at(week, 4, 16 + rng.random())
            boss = supervisor(recruit.unit)
            one = statement(rng, moment, boss, "rated", thing, result=result, context=around)
            yield Posting(Vendor.OBSERVATION, V2, one, moment)


def _self_reports(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """From 1 to 5, as a likert response, by the recruit: shown and never scored."""
    for week in (week for week in _SELF_REPORT_WEEKS if week in weeks.weeks):
        for competency in _subjects(recruit):
            level = recruit.ability(competency, weeks.progress(week)) + _SELF_ESTEEM
            result = {"response": str(rating_of(rng, _five(level), lowest=1, highest=5)), "completion": True}
            around = context("Survey tool", extensions={v.ASSESSMENT_TYPE: "self-report"})
            thing = v.competency_activity(competency)
            moment = weeks.at(week, 6, 18 + rng.random())
            one = statement(rng, moment, recruit.agent, "responded", thing, result=result, context=around)
            yield Posting(Vendor.SURVEY, V1, one, moment)


def _stakeholders(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """From 1 to 5 by a pseudonymous partner: shown and never scored."""
    for week in weeks.field_weeks[3::8]:
        moment = weeks.at(week, 5, 11 + rng.random())
        level = recruit.ability(v.COMMUNICATION, weeks.progress(week))
        yield Posting(Vendor.SURVEY, V1, _stakeholder(rng, recruit, moment, level), moment)


def _stakeholder(rng: random.Random, recruit: Recruit, moment: datetime, level: float) -> v.Json:
    around = context(
        "Survey tool", extensions={v.OFFICER: recruit.agent, v.ASSESSMENT_TYPE: "stakeholder-feedback"}
    )
    result = {
        "score": {"raw": rating_of(rng, _five(level), lowest=1, highest=5, noise=0.9), "min": 1, "max": 5}
    }
    thing = v.competency_activity(v.COMMUNICATION)
    return statement(rng, moment, partner(rng.randint(1, 8)), "rated", thing, result=result, context=around)
