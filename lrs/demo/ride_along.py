"""Ride-alongs: the daily observation ratings of a shift, in the shapes that observation apps send them in.

`lrs.demo.observations` says which app has which shape.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.observations import Shape
from lrs.demo.people import Character, Rater, Recruit
from lrs.demo.shapes import (
    Posting,
    Vendor,
    context,
    new_id,
    officer_among_agents,
    rating_of,
    statement,
)
from lrs.demo.timetable import Timetable

_SHIFTS_A_WEEK: Final = 2
_ITEMS: Final = {v.COMMUNICATION: 3, v.CULTURAL: 2, v.LEADERSHIP: 2}
"""Ratings a shift on each competency, when there was occasion to see it."""
_OCCASION: Final = {v.COMMUNICATION: 0.95, v.CULTURAL: 0.65, v.LEADERSHIP: 0.6}
_COVERED: Final = 0.2
"""Share of the shifts in which another training officer stands in."""
_NOT_OBSERVED: Final = 0.06
_LATE: Final = 0.03
_LOCAL: Final = timezone(timedelta(hours=1))
_FLAGGED: Final = "checks-understanding"
"""The item on which a struggling recruit is flagged as not responding to training."""
_CORRECTED_SHIFT: Final = 3
"""In every fourth recruit's shift of that number one rating is voided and reissued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shift:
    number: int
    recruit: Recruit
    rater: Rater
    begins: datetime
    week: int
    registration: str | None
    encounter: str | None
    delay: timedelta
    """How long after the shift it is posted."""

    @property
    def activity(self) -> v.Json:
        day = self.begins.date().isoformat()
        return v.activity(
            f"https://observe.example/shifts/{day}/{self.recruit.account}",
            v.EVENT,
            f"Ride-along of {day}",
            f"Patrulla acompañada del {day}",
        )


def ride_along(rng: random.Random, recruit: Recruit, weeks: Timetable, until: datetime) -> Iterator[Posting]:
    """Every rating of every shift of a recruit; none is posted after `until`."""
    for shift in _shifts(rng, recruit, weeks):
        day_form = rng.gauss(0.0, 0.4)
        rated = list(_items(rng, shift))
        wrong = rng.randrange(len(rated)) if rated and _is_corrected(shift) else None
        for place, (competency, indicator) in enumerate(rated):
            seen = shift.begins + timedelta(hours=1 + place, minutes=rng.randrange(50))
            posted = min(seen + shift.delay, until)
            level = recruit.ability(competency, weeks.progress(shift.week)) + shift.rater.severity + day_form
            result = _result(rng, recruit, indicator, level)
            one = _rating(rng, shift, (competency, indicator), result=result, seen=seen)
            if place == wrong:
                yield from _corrected(rng, shift, one, posted, until)
            else:
                yield Posting(Vendor.OBSERVATION, Shape.of(shift.rater).version, one, posted)


def _shifts(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[_Shift]:
    number = 0
    for week in weeks.field_weeks:
        for day in sorted(rng.sample(range(7), _SHIFTS_A_WEEK)):
            number += 1
            kind = rng.randrange(3)
            yield _Shift(
                number=number,
                recruit=recruit,
                rater=rng.choice(recruit.raters) if rng.random() < _COVERED else recruit.rater_of(week),
                begins=weeks.at(week, day, rng.randrange(6, 13)),
                week=week,
                registration=new_id(rng) if kind == 0 else None,
                encounter=f"{recruit.account}/shift-{number}" if kind == 1 else None,
                delay=timedelta(days=rng.randint(10, 40) if rng.random() < _LATE else 0),
            )


def _items(rng: random.Random, shift: _Shift) -> Iterator[tuple[str, str]]:
    for competency, count in _ITEMS.items():
        occasion = rng.random() < _OCCASION[competency]
        indicators = shift.recruit.indicators(competency)
        if occasion and indicators:
            for indicator in rng.sample(indicators, count):
                yield competency, indicator


def _is_corrected(shift: _Shift) -> bool:
    return shift.number == _CORRECTED_SHIFT and shift.recruit.number % 4 == 1


def _corrected(
    rng: random.Random, shift: _Shift, right: v.Json, posted: datetime, until: datetime
) -> Iterator[Posting]:
    """A report with a slip in it, its voiding a day later, and the right one, posted then."""
    version = Shape.of(shift.rater).version
    slip = {"score": {"raw": 1, "min": 1, "max": 7}}
    wrong = {**right, "id": new_id(rng), "result": slip}
    noticed = min(posted + timedelta(days=1), until)
    reference = {"objectType": "StatementRef", "id": wrong["id"]}
    voiding = statement(rng, noticed, shift.rater.agent, "voided", reference)
    yield Posting(Vendor.OBSERVATION, version, wrong, posted)
    yield Posting(Vendor.OBSERVATION, version, voiding, noticed)
    yield Posting(Vendor.OBSERVATION, version, right, noticed)


def _result(rng: random.Random, recruit: Recruit, indicator: str, level: float) -> v.Json:
    if rng.random() < _NOT_OBSERVED:
        return rng.choice(
            ({"response": "N.O."}, {"response": "not observed"}, {"extensions": {v.NOT_OBSERVED: True}})
        )
    raw = rating_of(rng, level, lowest=1, highest=7)
    extensions: v.Json = {}
    if raw in (1, 7):  # a comment is due on extremes
        extensions["https://observe.example/extensions/comment"] = "See the shift report for what was seen."
    if recruit.character is Character.STRUGGLING and indicator == _FLAGGED and raw <= 3:
        extensions[v.NOT_RESPONDING] = True
    result: v.Json = {"score": {"raw": raw, "min": 1, "max": 7}}
    return {**result, "extensions": extensions} if extensions else result


def _rating(
    rng: random.Random, shift: _Shift, item: tuple[str, str], *, result: v.Json, seen: datetime
) -> v.Json:
    officer, rater = shift.recruit.agent, shift.rater.agent
    meaning = v.indicator_activity(*item)
    extensions: v.Json = {v.ENCOUNTER: shift.encounter} if shift.encounter else {}
    around = context(
        "Observation app",
        registration=shift.registration,
        parent=shift.activity,
        grouping=shift.recruit.phase_activity,
        extensions=extensions,
    )
    shape = Shape.of(shift.rater)
    if shape is Shape.INSTRUCTOR:
        around["instructor"] = rater
        return statement(rng, seen, officer, "rated", meaning, result=result, context=around)
    around["contextActivities"]["category"] = [meaning]
    if shape is Shape.CONTEXT_AGENTS:
        around["contextAgents"] = [officer_among_agents(officer)]
        return statement(rng, seen, rater, "rated", _app_item(*item), result=result, context=around)
    around["extensions"] = {**extensions, v.OFFICER: officer, v.ASSESSMENT_TYPE: "field-observation"}
    local = seen.astimezone(_LOCAL)
    return statement(rng, local, rater, "responded", _app_item(*item), result=result, context=around)


def _app_item(competency: str, indicator: str) -> v.Json:
    iri = f"https://observe.example/items/{competency}/{indicator}"
    return v.activity(iri, v.CHECKLIST_ITEM, *v.INDICATORS[competency][indicator])
