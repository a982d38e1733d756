"""Mentoring: talks of a training officer with a recruit, and hours that a unit gives to young people."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.people import Recruit, Unit
from lrs.demo.shapes import V1, Posting, Vendor, context, duration, statement
from lrs.demo.timetable import Timetable

_CLUBS: Final = (
    ("football", "Football after school", "Fútbol después de clase"),
    ("homework", "Help with homework", "Ayuda con los deberes"),
    ("cadets", "Cadet evening", "Tarde de cadetes"),
)


def talks(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """A training officer's talk with the recruit, every fourth week in the field; the unit is the team."""
    for week in weeks.field_weeks[2::4]:
        moment = weeks.at(week, rng.randrange(7), 15)
        # A platform is for statements about activities only; this one is about an Agent.
        around = context(
            "", category=[v.indicator_activity(v.MENTORING, "one-to-one")], team=recruit.unit.agent
        )
        took = {"duration": duration(timedelta(minutes=rng.choice((30, 45, 60, 90))))}
        mentor = recruit.rater_of(week).agent
        talk = statement(rng, moment, mentor, "mentored", recruit.agent, result=took, context=around)
        yield Posting(Vendor.OBSERVATION, V1, talk, moment)


def clubs(rng: random.Random, unit: Unit, weeks: Timetable) -> Iterator[Posting]:
    """Every second week an afternoon of a unit with young people; the unit is the actor."""
    for week in weeks.weeks[::2]:
        slug, *names = rng.choice(_CLUBS)
        thing = v.activity(f"https://observe.example/clubs/{slug}", v.EVENT, *names)
        moment = weeks.at(week, rng.randrange(5), 16 + rng.random())
        around = context("Observation app", category=[v.indicator_activity(v.MENTORING, "young-people")])
        took = {
            "duration": duration(timedelta(minutes=rng.choice((60, 90, 120, 180)) * (1 + unit.number % 2)))
        }
        one = statement(rng, moment, unit.agent, "mentored", thing, result=took, context=around)
        yield Posting(Vendor.OBSERVATION, V1, one, moment)
