"""Reflections on bias: that they were completed, with the text that only their author may read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.people import Recruit
from lrs.demo.shapes import V1, Posting, Vendor, context, duration, new_id, statement
from lrs.demo.timetable import Timetable

_PLAN: Final = ((2, "after-training", 0.85), (7, "after-a-contact", 0.7), (14, "look-back", 0.55))
"""Week, kind, and the share of the recruits who complete it."""
_TEXT: Final = "(Made up for the demo: here stands what the recruit has written.)"


def reflections(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """The reflections that a recruit has completed."""
    for week, kind, share in _PLAN:
        done = rng.random() < share
        if not done or week not in weeks.weeks:
            continue
        thing = v.activity(
            f"https://learn.example/reflections/{kind}", v.REFLECTED, *v.MORE_INDICATORS[v.REFLECTION][kind]
        )
        around = context(
            "E-learning",
            registration=new_id(rng),
            category=[v.indicator_activity(v.REFLECTION, kind)],
        )
        took = duration(timedelta(minutes=rng.uniform(15, 50)))
        result = {"completion": True, "response": _TEXT, "duration": took}
        moment = weeks.at(week, rng.randrange(7), 19 + rng.random())
        one = statement(rng, moment, recruit.agent, "completed", thing, result=result, context=around)
        yield Posting(Vendor.ELEARNING, V1, one, moment)
