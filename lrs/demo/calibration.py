"""Calibration: two training officers rate one recorded role-play, each for themselves.

Without it no two of them ever see the same, and how far they agree could not be told.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.people import Character, Recruit
from lrs.demo.shapes import V1, Posting, Vendor, context, new_id, rating_of, statement
from lrs.demo.timetable import Timetable

_WEEK: Final = 12
_ITEMS: Final = 3


def calibration(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """The recording of one recruit, rated from 1 to 7 on the same indicators by two training officers."""
    if recruit.character is Character.ONE_RATER or _WEEK not in weeks.weeks:
        return
    scene = v.activity(
        "https://observe.example/role-plays/recorded", v.EVENT, "Recorded role-play", "Ensayo grabado"
    )
    registration = new_id(rng)
    items = rng.sample(recruit.indicators(v.COMMUNICATION), _ITEMS)
    level = recruit.ability(v.COMMUNICATION, weeks.progress(_WEEK))
    shown = {item: level + rng.gauss(0.0, 0.7) for item in items}
    for rater in rng.sample(recruit.raters, 2):
        moment = weeks.at(_WEEK, 2, 13 + 3 * rng.random())
        for item in items:
            raw = rating_of(rng, shown[item] + rater.severity, lowest=1, highest=7, noise=0.5)
            around = context(
                "Observation app",
                registration=registration,
                instructor=rater.agent,
                parent=scene,
                extensions={v.ASSESSMENT_TYPE: "role-play"},
            )
            thing = v.indicator_activity(v.COMMUNICATION, item)
            result = {"score": {"raw": raw, "min": 1, "max": 7}}
            one = statement(rng, moment, recruit.agent, "rated", thing, result=result, context=around)
            yield Posting(Vendor.OBSERVATION, V1, one, moment)
