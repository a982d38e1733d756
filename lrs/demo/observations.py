"""One rating by a training officer or a supervisor, in the shape that the observation app of theirs sends.

Half of the training officers use an app in which the officer is the actor and they are the instructor. For
the others the actor is the rater; the officer stands in `contextAgents` (xAPI 2.0) or an extension (1.0.3).
"""

from __future__ import annotations

import random
from datetime import datetime
from enum import Enum

from lrs.demo import vocabulary as v
from lrs.demo.people import Rater, Recruit, supervisor
from lrs.demo.shapes import V1, V2, Posting, Vendor, context, officer_among_agents, statement


class Shape(Enum):
    """Where the officer and the rater stand in a statement."""

    INSTRUCTOR = "officer is actor, rater is instructor (1.0.3)"
    CONTEXT_AGENTS = "rater is actor, officer in contextAgents (2.0)"
    EXTENSION = "rater is actor, officer in a context extension (1.0.3)"

    @classmethod
    def of(cls, rater: Rater) -> Shape:
        """The shape that this training officer's app sends."""
        return {1: cls.CONTEXT_AGENTS, 3: cls.EXTENSION}.get(rater.number % 4, cls.INSTRUCTOR)

    @property
    def version(self) -> str:
        """The version of xAPI that this shape needs."""
        return V2 if self is Shape.CONTEXT_AGENTS else V1


def observed(
    rng: random.Random,
    moment: datetime,
    people: tuple[Recruit, Rater],
    thing: v.Json,
    meaning: v.Json,
    *,
    result: v.Json,
    parent: v.Json | None = None,
    registration: str,
) -> Posting:
    """A rating of a recruit, on `thing`, an activity of the app's own that speaks to `meaning`."""
    recruit, rater = people
    shape = Shape.of(rater)
    around = context(
        "Observation app",
        registration=registration,
        parent=parent,
        grouping=recruit.phase_activity,
        category=[] if thing is meaning else [meaning],
    )
    actor = rater.agent
    if shape is Shape.INSTRUCTOR:
        actor, around["instructor"] = recruit.agent, rater.agent
    elif shape is Shape.CONTEXT_AGENTS:
        around["contextAgents"] = [officer_among_agents(recruit.agent)]
    else:
        around["extensions"] = {v.OFFICER: recruit.agent, v.ASSESSMENT_TYPE: "field-observation"}
    one = statement(rng, moment, actor, "rated", thing, result=result, context=around)
    return Posting(Vendor.OBSERVATION, shape.version, one, moment)


def evaluated(
    rng: random.Random,
    moment: datetime,
    recruit: Recruit,
    thing: v.Json,
    meaning: v.Json,
    *,
    result: v.Json,
    registration: str,
) -> Posting:
    """The same by the supervisor of the recruit's unit."""
    around = context(
        "Observation app",
        registration=registration,
        grouping=recruit.phase_activity,
        category=[] if thing is meaning else [meaning],
        contextAgents=[officer_among_agents(recruit.agent)],
        extensions={v.ASSESSMENT_TYPE: "supervisor-evaluation"},
    )
    boss = supervisor(recruit.unit)
    one = statement(rng, moment, boss, "rated", thing, result=result, context=around)
    return Posting(Vendor.OBSERVATION, V2, one, moment)
