"""Question 4: the community survey of a unit, step by step, and its change beside that of control units.

The unit of observation is a survey period: the replies of one period share its weather, news and callers, and
counting each as independent would make the interval too narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.assessed import Encounter, encounters_of
from lrs.cohort.intervals import LEVEL, Measured, combined, mean_of
from lrs.cohort.ratings import points_per_s, rating_of
from lrs.competency.assessment import Assessment
from lrs.competency.encounters import mean
from lrs.competency.estimate import rounded
from lrs.competency.evidence import Tier
from lrs.competency.scales import Scale
from lrs.xapi.timestamps import FIRST_US, LAST_US, format_us

PERIOD_DAYS = 28
MIN_REPLIES = 5
"""Least replies in a period for it to count, unless another number is asked for."""
LEAST_MIN_REPLIES = 3
"""No smaller number may be asked for: of a mean of two, each who replied could read the other's answer."""
MIN_PERIODS = 3
"""Least periods that count on either side of the date, in each unit."""
METHOD = (
    "difference in differences of the means of periods: (unit after - before) - (mean of the controls, after - before);"
    " interval of Welch and Satterthwaite over periods"
)

_DAY_US = 86_400_000_000
_NOTES = (
    "Community surveys speak of a unit. They say nothing of any one officer.",
    "A survey that moved was not thereby moved by a course, or by anything else at that date.",
    "The comparison presumes that the unit would have gone the way of its control units. Look at the periods before "
    "the date: where they part already, it does not hold.",
    "The interval covers the spread between periods, not that one unit had something of its own happen to it.",
    "A period with too few replies shows no mean: in so few, one person's answer could be read.",
    "A reply is what came under one encounter (most often one registration) of the survey tool.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The replies of one stretch of days about one unit."""

    begins_us: int
    ends_us: int
    """Exclusive."""
    replies: int
    s: float
    """Mean of the replies, in [0, 1]."""
    counts: bool
    """It has enough replies."""
    after: bool | None
    """It begins at the date or later; None without a date."""


@dataclass(frozen=True, slots=True)
class UnitSteps:
    """One unit, period by period."""

    unit: str
    """Agent key."""
    control: bool
    periods: tuple[Period, ...]
    terms: tuple[tuple[float, Measured], ...]
    """Its change: 1 times the mean of the periods after the date, -1 times that of those before; empty: refused."""
    refused: str | None
    """Why no change is given for it."""

    @property
    def change(self) -> Measured | None:
        """Mean of the periods after the date, less that of those before it."""
        return combined(self.terms) if self.terms else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSurvey:
    """The answer."""

    competency: str
    date_us: int | None
    period_days: int
    min_replies: int
    scale: Scale | None
    """The one that all replies were given on; None when there are several."""
    units: tuple[UnitSteps, ...]
    """First the unit that was asked about, then its controls by agent key."""
    change: Measured | None
    """Difference in differences, of s."""
    refused: str | None

    @property
    def notes(self) -> Sequence[str]:
        """How to read it."""
        return _NOTES

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, without means of too few replies. `s` in [0, 1]; `rating` and `points` on `scale`."""
        return {
            "competency": self.competency,
            "date": None if self.date_us is None else format_us(self.date_us),
            "period_days": self.period_days,
            "min_replies": self.min_replies,
            "min_periods": MIN_PERIODS,
            "scale": None if self.scale is None else self.scale.name,
            "units": [self._unit(one) for one in self.units],
            "change": {
                "given": self.change is not None,
                "refused": self.refused,
                "method": METHOD,
                "interval_level": LEVEL,
                **self._measured(self.change),
            },
        }

    def table(self) -> Table:
        """A line for every period of every unit."""
        names = ("begins", "ends", "replies", "s", "rating", "withheld", "counts", "after")
        return Table(
            ("unit", "control", "competency", *names),
            tuple(
                (one.unit, one.control, self.competency, *self._period(period).values())
                for one in self.units
                for period in one.periods
            ),
        )

    def _unit(self, one: UnitSteps) -> dict[str, Any]:
        return {
            "unit": one.unit,
            "control": one.control,
            "periods": [self._period(period) for period in one.periods],
            "change": {"refused": one.refused, **self._measured(one.change)},
        }

    def _period(self, period: Period) -> dict[str, Any]:
        return {
            "begins": format_us(period.begins_us),
            "ends": format_us(period.ends_us),
            "replies": period.replies,
            "s": rounded(period.s) if period.counts else None,
            "rating": rounded(rating_of(self.scale, period.s)) if period.counts and self.scale else None,
            "withheld": None if period.counts else f"fewer than {self.min_replies} replies",
            "counts": period.counts,
            "after": period.after,
        }

    def _measured(self, change: Measured | None) -> dict[str, Any]:
        factor = None if self.scale is None else points_per_s(self.scale)
        in_points = None if change is None or factor is None else change.scaled(factor)
        return {
            "s": None if change is None else change.as_dict(),
            "points": None if in_points is None else in_points.as_dict(),
        }


def unit_survey(
    units: Mapping[str, Assessment],
    unit: str,
    *,
    as_of_us: int,
    controls: Iterable[str] | None = None,
    date_us: int | None = None,
    period_days: int = PERIOD_DAYS,
    min_replies: int = MIN_REPLIES,
) -> UnitSurvey:
    """The survey of a unit on one competency, and that of its controls.

    Args:
        units: by agent key, the assessment of each unit on the competency; `unit` is one of them.
        unit: the one that is asked about.
        as_of_us: periods are counted from it when there is no date.
        controls: agent keys; None: every other unit with a reply.
        date_us: no period reaches over it; None: steps alone, without a change.
        period_days: length of a period, at least 1.
        min_replies: least replies in a period for it to count.
    """
    competency = units[unit].rubric.competency
    chosen = [name for name in sorted(units if controls is None else set(controls)) if name != unit]
    anchor_us = as_of_us if date_us is None else date_us
    steps = []
    for name in [unit, *chosen]:
        replies = _replies(units[name]) if name in units else []
        periods = _periods(replies, anchor_us, date_us, period_days, min_replies)
        if periods or name == unit or controls is not None:
            terms, why_not = _terms(periods, date_us)
            steps.append(UnitSteps(name, name != unit, periods, terms, why_not))
    change, refused = _against(steps, date_us)
    return UnitSurvey(
        competency=competency,
        date_us=date_us,
        period_days=period_days,
        min_replies=min_replies,
        scale=_scale([units[one.unit] for one in steps if one.unit in units]),
        units=tuple(steps),
        change=change,
        refused=refused,
    )


def _replies(assessment: Assessment) -> list[Encounter]:
    return encounters_of(assessment.votes, [Tier.SURVEY])


def _periods(
    replies: Iterable[Encounter], anchor_us: int, date_us: int | None, period_days: int, min_replies: int
) -> tuple[Period, ...]:
    length = period_days * _DAY_US
    found: dict[int, list[float]] = {}
    for reply in replies:
        found.setdefault((reply.observed_us - anchor_us) // length, []).append(reply.s)
    return tuple(
        Period(
            begins_us=max(FIRST_US, anchor_us + number * length),
            ends_us=min(LAST_US, anchor_us + (number + 1) * length),
            replies=len(found[number]),
            s=mean(found[number]),
            counts=len(found[number]) >= min_replies,
            after=None if date_us is None else number >= 0,
        )
        for number in sorted(found)
    )


def _terms(
    periods: Iterable[Period], date_us: int | None
) -> tuple[tuple[tuple[float, Measured], ...], str | None]:
    if date_us is None:
        return (), "no date was given"
    before, after = ([one.s for one in periods if one.counts and one.after is side] for side in (False, True))
    if min(len(before), len(after)) < MIN_PERIODS:
        return (), (
            f"{MIN_PERIODS} periods with enough replies are needed on either side; "
            f"there are {len(before)} before the date and {len(after)} from it on"
        )
    return ((1.0, mean_of(after)), (-1.0, mean_of(before))), None


def _against(steps: Sequence[UnitSteps], date_us: int | None) -> tuple[Measured | None, str | None]:
    if date_us is None:
        return None, "no date was given"
    own, controls = steps[0], [one for one in steps[1:] if one.terms]
    if not own.terms:
        return None, f"of the unit itself, {own.refused}"
    if not controls:
        return (
            None,
            "no control unit has enough periods on either side: its change would be compared with nothing",
        )
    share = 1 / len(controls)
    beside = [(-share * factor, one) for control in controls for factor, one in control.terms]
    return combined([*own.terms, *beside]), None


def _scale(assessments: Iterable[Assessment]) -> Scale | None:
    found = {
        rated.record.evidence.scale: one.rubric.scales[rated.record.evidence.scale]
        for one in assessments
        for rated in one.rated
        if rated.record.evidence.tier is Tier.SURVEY
    }
    return next(iter(found.values())) if len(found) == 1 else None
