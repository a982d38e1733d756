"""The demo academy as a whole: sixteen weeks of statements from all vendors, in order of posting, and its roster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter

from lrs.cohort.roster import Member
from lrs.demo.calibration import calibration
from lrs.demo.elearning import courses
from lrs.demo.law import law_tests
from lrs.demo.mentoring import clubs, talks
from lrs.demo.partners import desk_days, meetings
from lrs.demo.people import Recruit, cohort
from lrs.demo.projects import projects
from lrs.demo.reflections import reflections
from lrs.demo.reports import reports
from lrs.demo.ride_along import ride_along
from lrs.demo.scenarios import vr_attempts
from lrs.demo.shapes import Posting, stream
from lrs.demo.surveys import panel, surveys
from lrs.demo.timetable import WEEKS, timetable
from lrs.xapi.actors import agent_key

_REPLIES = 5
"""Replies to each survey, at scale 1."""


def generate(*, until: datetime, seed: int = 1, scale: float = 1.0) -> list[Posting]:
    """The statements of a demo academy whose sixteen weeks end by `until`, in order of posting.

    About 22,000 for 60 recruits at scale 1; a smaller scale makes a smaller cohort. The same arguments give
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
        postings.extend(panel(stream(seed, "panel", unit.number), unit, whole, replies))
        postings.extend(clubs(stream(seed, "clubs", unit.number), unit, whole))
    postings.sort(key=attrgetter("posted"))
    return postings


def roster(*, until: datetime, seed: int = 1, scale: float = 1.0) -> list[Member]:
    """Everybody in training at the academy that the same arguments give, in order of officer.

    The trainer is who has the recruit in the last of the weeks. Raises `ValueError` as `generate` does.
    """
    return [_member(recruit, until) for recruit in cohort(seed, scale).recruits]


def _member(recruit: Recruit, until: datetime) -> Member:
    weeks = timetable(until, recruit)
    return Member(
        officer=agent_key(recruit.agent) or "",
        name=recruit.agent["name"],
        unit=recruit.unit.agent["account"]["name"],
        phase=str(recruit.phase),
        trainer=agent_key(recruit.rater_of(WEEKS - 1).agent) or "",
        start=weeks.at(weeks.first_week, 0, 0).date(),
    )


def _record(seed: int, recruit: Recruit, until: datetime) -> Iterator[Posting]:
    """Everything that is posted about one recruit; a stream of its own for each source."""
    weeks = timetable(until, recruit)
    number = recruit.number
    yield from ride_along(stream(seed, "ride-along", number), recruit, weeks, until)
    yield from reports(stream(seed, "reports", number), recruit, weeks)
    yield from vr_attempts(stream(seed, "vr", number), recruit, weeks)
    yield from courses(stream(seed, "courses", number), recruit, weeks)
    yield from calibration(stream(seed, "calibration", number), recruit, weeks)
    yield from projects(stream(seed, "projects", number), recruit, weeks)
    yield from meetings(stream(seed, "meetings", number), recruit, weeks)
    yield from desk_days(stream(seed, "desk", number), recruit, weeks)
    yield from law_tests(stream(seed, "law", number), recruit, weeks)
    yield from reflections(stream(seed, "reflections", number), recruit, weeks)
    yield from talks(stream(seed, "talks", number), recruit, weeks)
