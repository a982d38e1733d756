"""The frame that every statement of the demo shares, and the envelope in which it is posted."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from lrs.demo.vocabulary import OFFICER_ROLE, Json, verb

V1: Final = "1.0.3"
V2: Final = "2.0.0"


class Vendor(StrEnum):
    """Who posts a statement: each has a key of its own."""

    VR = "VR vendor"
    ELEARNING = "E-learning vendor"
    OBSERVATION = "Observation app vendor"
    SURVEY = "Survey tool vendor"


@dataclass(frozen=True, slots=True)
class Posting:
    """A statement, and how it is to be posted."""

    vendor: Vendor
    version: str
    """Value of the header `X-Experience-API-Version`: `1.0.3` or `2.0.0`."""
    statement: Json
    """Shares parts with other statements: do not change it."""
    posted: datetime
    """When the vendor would post it: at its timestamp, or long after."""


def stream(*names: object) -> random.Random:
    """A random stream of its own for each purpose, so that one more draw here changes nothing there."""
    return random.Random(":".join(map(str, names)))  # noqa: S311 (a generator of demo data, not of secrets)


def new_id(rng: random.Random) -> str:
    """A version 4 UUID drawn from the stream."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def instant(moment: datetime) -> str:
    """The moment as a timestamp with milliseconds."""
    return moment.isoformat(timespec="milliseconds")


def duration(length: timedelta) -> str:
    """An ISO 8601 duration in minutes and seconds."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"PT{minutes}M{seconds}S"


def statement(
    rng: random.Random,
    moment: datetime,
    actor: Json,
    verb_name: str,
    thing: Json,
    *,
    result: Json | None = None,
    context: Json | None = None,
) -> Json:
    """A statement with an id drawn from `rng`; members in the order of the specification."""
    made: Json = {"id": new_id(rng), "actor": actor, "verb": verb(verb_name), "object": thing}
    if result is not None:
        made["result"] = result
    if context is not None:
        made["context"] = context
    made["timestamp"] = instant(moment)
    return made


def context(
    platform: str,
    *,
    registration: str | None = None,
    instructor: Json | None = None,
    parent: Json | None = None,
    grouping: Json | None = None,
    category: Iterable[Json] = (),
    extensions: Json | None = None,
    **more: Any,
) -> Json:
    """A context with those members that are given; `more` is put in as it is."""
    activities = {
        "parent": [parent] if parent else [],
        "grouping": [grouping] if grouping else [],
        "category": list(category),
    }
    members: Json = {
        "registration": registration,
        "instructor": instructor,
        "contextActivities": {kind: some for kind, some in activities.items() if some},
        "platform": platform,
        "language": "en-US",
        "extensions": extensions,
        **more,
    }
    return {name: value for name, value in members.items() if value}


def officer_among_agents(officer: Json) -> Json:
    """The member of `contextAgents` (xAPI 2.0) that names the officer whom a statement is about."""
    return {"objectType": "contextAgent", "agent": officer, "relevantTypes": [OFFICER_ROLE]}


def rating_of(rng: random.Random, level: float, *, lowest: int, highest: int, noise: float = 0.6) -> int:
    """A whole rating of a true level: with a normal error of `noise`, and cut to the scale."""
    return min(highest, max(lowest, round(rng.gauss(level, noise))))
