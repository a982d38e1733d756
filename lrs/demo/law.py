"""The yearly tests of law and ethics, by cmi5, and the certificate for who has passed them all.

Most recruits took theirs in the academy. Some came from elsewhere and bring tests of the year before: of those some
are out of date by now, and some will be within a month.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from lrs.demo import vocabulary as v
from lrs.demo.people import Character, Recruit
from lrs.demo.shapes import V1, Posting, Vendor, context, duration, new_id, statement
from lrs.demo.timetable import Timetable

_PASS_MARK: Final = 0.7
_EXPIRED_DAYS: Final = (366, 400)
_EXPIRING_DAYS: Final = (340, 362)
"""Days from the last test to the end of the weeks: it is good for 365."""


def law_tests(rng: random.Random, recruit: Recruit, weeks: Timetable) -> Iterator[Posting]:
    """One test for each indicator, all on one day; whoever fails one takes it again a week later."""
    first = _day(rng, recruit, weeks)
    moment, passed = first, []
    for indicator in v.MORE_INDICATORS[v.LEGAL]:
        moment += timedelta(minutes=rng.uniform(20, 40))
        passed.append(rng.random() < _chance(recruit))
        yield _test(rng, recruit, moment, indicator, passed=passed[-1])
    for indicator, well in zip(v.MORE_INDICATORS[v.LEGAL], passed, strict=True):
        if not well:
            again = moment + timedelta(days=7)
            yield _test(
                rng, recruit, min(again, weeks.end), indicator, passed=rng.random() < _chance(recruit)
            )
    if all(passed):
        yield _certificate(rng, recruit, moment + timedelta(minutes=10))


def _day(rng: random.Random, recruit: Recruit, weeks: Timetable) -> datetime:
    """When the first of the tests begins."""
    old = {0: _EXPIRED_DAYS, 1: _EXPIRING_DAYS}.get(recruit.number % 6)
    if old is None or recruit.character in (Character.NEWCOMER, Character.AWAY):
        week = min(weeks.weeks[0] + rng.randrange(1, 5), weeks.weeks[-1])
        return weeks.at(week, rng.randrange(5), 9)
    return weeks.end - timedelta(days=rng.randint(*old)) + timedelta(hours=9)


def _chance(recruit: Recruit) -> float:
    """How likely a test is passed; all know more than they show."""
    return min(0.98, 0.55 + 0.09 * recruit.ability(v.LEGAL, 0.3))


def _test(rng: random.Random, recruit: Recruit, moment: datetime, indicator: str, *, passed: bool) -> Posting:
    scaled = rng.uniform(_PASS_MARK, 1.0) if passed else rng.uniform(0.3, _PASS_MARK - 0.01)
    category = [
        {"id": f"{v.CMI5}/categories/cmi5"},
        {"id": f"{v.CMI5}/categories/moveon"},
        v.indicator_activity(v.LEGAL, indicator),
    ]
    around = context(
        "E-learning",
        registration=new_id(rng),
        category=category,
        extensions={
            v.LAUNCH_MODE: "Normal",
            v.SESSION_ID: new_id(rng),
            f"{v.CMI5}/extensions/masteryscore": _PASS_MARK,
        },
    )
    result = {
        "score": {"scaled": round(scaled, 2)},
        "success": passed,
        "duration": duration(timedelta(minutes=rng.uniform(8, 19))),
    }
    english, spanish = v.MORE_INDICATORS[v.LEGAL][indicator]
    thing = v.activity(
        f"https://learn.example/law/{indicator}",
        v.ASSESSMENT,
        f"Yearly test: {english}",
        f"Examen anual: {spanish}",
    )
    verb = "passed" if passed else "failed"
    one = statement(rng, moment, recruit.agent, verb, thing, result=result, context=around)
    return Posting(Vendor.ELEARNING, V1, one, moment)


def _certificate(rng: random.Random, recruit: Recruit, moment: datetime) -> Posting:
    thing = v.activity(
        "https://learn.example/law/certificate",
        v.CERTIFICATE,
        "Law and ethics, this year",
        "Ley y ética, este año",
    )
    around = context("E-learning", registration=new_id(rng), category=[v.competency_activity(v.LEGAL)])
    one = statement(rng, moment, recruit.agent, "passed", thing, result={"success": True}, context=around)
    return Posting(Vendor.ELEARNING, V1, one, moment)
