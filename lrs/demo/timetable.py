"""When things happen: each recruit's sixteen weeks, whole days in UTC that end by a given instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from lrs.demo.people import Character, Recruit

WEEKS: Final = 16

_FIRST_WEEK_IN_FIELD: Final = {1: 10, 2: 5, 3: 0}
_LEAVE: Final = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The weeks of the academy, or of one recruit."""

    start: datetime
    """Midnight, UTC, of the first day."""
    first_week: int = 0
    """The first week with e-learning and VR."""
    first_field_week: int = 0
    """The first week with ride-alongs."""

    @property
    def weeks(self) -> range:
        """Weeks of training."""
        return range(self.first_week, WEEKS)

    @property
    def field_weeks(self) -> range:
        """Weeks of field training."""
        return range(self.first_field_week, WEEKS)

    @property
    def end(self) -> datetime:
        """Midnight, UTC, after the last day."""
        return self.start + timedelta(weeks=WEEKS)

    def at(self, week: int, day: int, hour: float) -> datetime:
        """The moment on a day from 0 to 6 of a week, at an hour from 0 to 24."""
        return self.start + timedelta(weeks=week, days=day, hours=hour)

    def progress(self, week: int) -> float:
        """How far through the weeks a week is, in [0, 1]."""
        return week / (WEEKS - 1)


def timetable(until: datetime, recruit: Recruit | None = None) -> Timetable:
    """The weeks that end at the last midnight before `until`; for a recruit on leave, 200 days earlier.

    Raises `ValueError` when `until` says no offset from UTC.
    """
    if until.utcoffset() is None:
        raise ValueError(f"until is {until.isoformat()}; expected an instant with its offset from UTC")
    midnight = until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight - timedelta(weeks=WEEKS)
    if recruit is None:
        return Timetable(start)
    if recruit.character is Character.NEWCOMER:
        return Timetable(start, WEEKS - 1, WEEKS - 1)
    if recruit.character is Character.AWAY:
        start -= _LEAVE
    return Timetable(start, 0, _FIRST_WEEK_IN_FIELD[recruit.phase])
