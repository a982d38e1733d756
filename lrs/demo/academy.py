"""The demo academy as a whole: sixteen weeks of statements from all vendors, in order of posting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter

from lrs.demo.elearning import courses
from lrs.demo.people import Recruit, cohort
from lrs.demo.reports import reports
from lrs.demo.ride_along import ride_along
from lrs.demo.scenarios import vr_attempts
from lrs.demo.shapes import Posting, stream
from lrs.demo.surveys import surveys
from lrs.demo.timetable import timetable

_REPLIES = 5
"""Replies to each survey, at scale 1."""


def generate(*, until: datetime, seed: int = 1, scale: float = 1.0) -> list[Posting]:
    """The statements of a demo academy whose sixteen weeks end by `until`, in order of posting.

    About 20,000 for 60 recruits at scale 1; a smaller scale makes a smaller cohort. The same arguments give
    the same bytes. Ids depend on the seed and the recruit alone: a store that has one academy does not
    take the same people's statements again with another instant, but ignores or refuses them.

    Raises `ValueError` when `scale` is not above 0, or `until` says no offset from UTC.
    """
    people = cohort(seed, scale)
    whole = timetable(until)
    postings: list[Posting] = []
    for recruit in people.recruits:
        postings.extend(_record(seed, recruit, until))
    replies = max(1, round(_REPLIES * scale))
    for unit in people.units:
        postings.extend(surveys(stream(seed, "survey", unit.number), unit, whole, replies))
    postings.sort(key=attrgetter("posted"))
    return postings


def _record(seed: int, recruit: Recruit, until: datetime) -> Iterator[Posting]:
    """Everything that is posted about one recruit; a stream of its own for each source."""
    weeks = timetable(until, recruit)
    number = recruit.number
    yield from ride_along(stream(seed, "ride-along", number), recruit, weeks, until)
    yield from reports(stream(seed, "reports", number), recruit, weeks)
    yield from vr_attempts(stream(seed, "vr", number), recruit, weeks)
    yield from courses(stream(seed, "courses", number), recruit, weeks)
