"""Work with partners, and with people by message and post: rated by training officers, and by the partners."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.observations import evaluated, observed
from lrs.demo.people import Character, Recruit, partner
from lrs.demo.shapes import V1, Posting, Vendor, context, new_id, rating_of, statement
from lrs.demo.timetable import Timetable

_MEETINGS: Final = (
    ("tenants", "Meeting with the tenants", "Reunión con los inquilinos"),
    ("youth-club", "Meeting with the youth club", "Reunión con el club juvenil"),
    ("shelter", "Meeting with the shelter", "Reunión con el albergue"),
    ("shops", "Meeting with the shops", "Reunión con los comercios"),
)
_DESK: Final = ("Day at the message desk", "Día en el mostrador de mensajes")
_FIVE: Final = 4 / 6
"""Points of a 5-point scale in one of a 7-point scale."""


def meetings(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """Every third week in the field one meeting: two ratings of it, and what the partner says."""
    for week in weeks.field_weeks[1::3]:
        registration = new_id(rng)
        slug, *names = rng.choice(_MEETINGS)
        begins = weeks.at(week, rng.randrange(5), 17 + 2 * rng.random())
        thing = v.activity(f"https://observe.example/meetings/{slug}", v.MEETING, *names)
        level = recruit.ability(v.PARTNERSHIP, weeks.progress(week))
        rater = recruit.rater_of(week)
        for indicator in rng.sample(tuple(v.MORE_INDICATORS[v.PARTNERSHIP]), 2):
            yield observed(
                rng,
                begins,
                (recruit, rater),
                thing,
                v.indicator_activity(v.PARTNERSHIP, indicator),
                result=_one_to_seven(rng, level + rater.severity),
                registration=registration,
            )
        if rng.random() < 0.5:
            yield _said_by_the_partner(rng, recruit, begins, level, registration)


def desk_days(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """Every third week in the field a day at the message desk; at the end what the supervisor has read."""
    for week in weeks.field_weeks[2::3]:
        day = weeks.at(week, rng.randrange(5), 11 + rng.random())
        level = recruit.ability(v.DIGITAL, weeks.progress(week))
        rater = recruit.rater_of(week)
        parent = v.activity(f"https://observe.example/desk/{day.date().isoformat()}", v.EVENT, *_DESK)
        registration = new_id(rng)
        for indicator in rng.sample(tuple(v.MORE_INDICATORS[v.DIGITAL]), 2):
            item = v.indicator_activity(v.DIGITAL, indicator)
            yield observed(
                rng,
                day,
                (recruit, rater),
                item,
                item,
                result=_one_to_seven(rng, level + rater.severity),
                parent=parent,
                registration=registration,
            )
    if len(weeks.field_weeks) > 3 and recruit.character is not Character.ONE_RATER:
        yield _read_by_the_supervisor(rng, recruit, weeks)


def _one_to_seven(rng: random.Random, level: float) -> v.Json:
    return {"score": {"raw": rating_of(rng, level, lowest=1, highest=7), "min": 1, "max": 7}}


def _said_by_the_partner(
    rng: random.Random, recruit: Recruit, moment: datetime, level: float, registration: str
) -> Posting:
    raw = rating_of(rng, 1 + (level - 1) * _FIVE, lowest=1, highest=5, noise=0.9)
    around = context(
        "Survey tool",
        registration=registration,
        extensions={v.OFFICER: recruit.agent, v.ASSESSMENT_TYPE: "stakeholder-feedback"},
    )
    thing = v.indicator_activity(v.PARTNERSHIP, "treats-partners-as-equals")
    result = {"score": {"raw": raw, "min": 1, "max": 5}}
    who = partner(rng.randint(1, 8))
    one = statement(rng, moment, who, "rated", thing, result=result, context=around)
    return Posting(Vendor.SURVEY, V1, one, moment)


def _read_by_the_supervisor(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Posting:
    level = 1 + (recruit.ability(v.DIGITAL, 1.0) - 1) * _FIVE
    result = {"score": {"raw": rating_of(rng, level, lowest=1, highest=5), "min": 1, "max": 5}}
    thing = v.competency_activity(v.DIGITAL)
    moment = weeks.at(weeks.weeks[-1], 4, 17 + rng.random())
    return evaluated(rng, moment, recruit, thing, thing, result=result, registration=new_id(rng))
