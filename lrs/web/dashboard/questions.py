"""The questions of a cohort, a page each: what is missing, what goes stale, who makes no progress, and comparisons.

A page that cannot answer as it was asked says why above its filters, which keep what was chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, request

from lrs.charts.chart import Chart
from lrs.charts.flat import flat_chart
from lrs.charts.gaps import gaps_chart
from lrs.charts.raters import raters_chart
from lrs.charts.stale import stale_chart
from lrs.charts.unit_survey import unit_survey_chart
from lrs.charts.vr_field import vr_field_chart
from lrs.cohort.flat import ENCOUNTERS, MIN_ENCOUNTERS, NRT_TIMES
from lrs.cohort.stale import WITHIN_DAYS
from lrs.cohort.vr_field import MIN_ENCOUNTERS as MIN_VR_ENCOUNTERS
from lrs.competency.evidence import SubjectType
from lrs.competency.rubric import Rubric
from lrs.errors import ConfigError, Detail, InvalidParameter, LrsError, NotFound
from lrs.services.access.permissions import Action
from lrs.services.reports import instant
from lrs.web.dashboard.page import as_of, asked, asking, choices, show, whom
from lrs.web.state import rapport

EVERY = "all"
"""What stands for every competency, where one is chosen unless it is asked for."""
_MOST_DAYS = 36_500
_MOST_ENCOUNTERS = 1000
_Answer = Mapping[str, Any]


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/gaps", "gaps", gaps)
    pages.add_url_rule("/stale", "stale", stale)
    pages.add_url_rule("/flat", "flat", flat)
    pages.add_url_rule("/vr-field", "vr_field", vr_field)
    pages.add_url_rule("/raters", "raters", raters)
    pages.add_url_rule("/surveys", "surveys", surveys)


def gaps() -> tuple[str, int]:
    """Question 1: recruits and indicators, empty cells marked."""
    offered = _rubrics()
    chosen = asked("competency") or next(iter(offered), EVERY)
    lacking = asked("lacking") is not None

    def answered() -> _Answer:
        return rapport().records.gaps(
            asking(),
            as_of(),
            whom(),
            competency=None if chosen == EVERY else chosen,
            indicator=asked("indicator"),
            lacking=lacking,
        )

    listed = offered if chosen == EVERY else {name: one for name, one in offered.items() if name == chosen}
    indicators = {one.name: [(each.id, each.name) for each in one.indicators] for one in listed.values()}
    return _page("gaps.html", "Gaps", answered, gaps_chart, offered, chosen=chosen, indicators=indicators)


def stale() -> tuple[str, int]:
    """Question 8: whose evidence goes stale, or loses the mass for a verdict, in the next days."""

    def answered() -> _Answer:
        days = _number("days", WITHIN_DAYS, 0, _MOST_DAYS)
        return rapport().records.stale(
            asking(), as_of(), whom(), competency=asked("competency"), within_days=days
        )

    return _page("stale.html", "Going stale", answered, stale_chart, _rubrics(scored=True), days=WITHIN_DAYS)


def flat() -> tuple[str, int]:
    """Question 7: who shows no change below the cut, or was flagged as not responding on one item again."""

    def answered() -> _Answer:
        return rapport().records.flat(
            asking(),
            as_of(),
            whom(),
            competency=asked("competency"),
            encounters=_whole("encounters", ENCOUNTERS, MIN_ENCOUNTERS, _MOST_ENCOUNTERS),
            nrt_times=_whole("nrt_times", NRT_TIMES, 1, _MOST_ENCOUNTERS),
        )

    return _page(
        "flat.html",
        "Not progressing",
        answered,
        flat_chart,
        _rubrics(scored=True),
        encounters=ENCOUNTERS,
        nrt_times=NRT_TIMES,
    )


def vr_field() -> tuple[str, int]:
    """Question 3: VR beside the field, one competency drawn; nothing is said where there are too few pairs."""

    def answered() -> _Answer:
        least = _whole("min_encounters", MIN_VR_ENCOUNTERS, 1, _MOST_ENCOUNTERS)
        return rapport().records.vr_field(
            asking(), as_of(), whom(), competency=asked("competency"), min_encounters=least
        )

    return _page(
        "vr_field.html",
        "VR and field",
        answered,
        vr_field_chart,
        _rubrics(scored=True),
        min_encounters=MIN_VR_ENCOUNTERS,
    )


def raters() -> tuple[str, int]:
    """Question 6: who is severe or lenient beside others, and how far raters agree; one competency at a time."""
    offered = _rubrics(scored=True)
    chosen = asked("competency") or next(iter(offered), "")

    def answered() -> _Answer:
        return rapport().records.raters(asking(), as_of(), whom(), chosen)

    return _page(
        "raters.html", "Raters", answered, raters_chart, offered, action=Action.READ_RATERS, chosen=chosen
    )


def surveys() -> tuple[str, int]:
    """Question 4: the survey of a unit by period beside its control units, and the change since a date."""
    at = as_of()
    units = list(rapport().records.units(asking(), at))
    offered = _surveyed()
    unit, chosen = asked("unit") or next(iter(units), None), asked("competency") or next(iter(offered), "")

    def answered() -> _Answer | None:
        if unit is None:
            return None
        return rapport().records.unit_survey(
            asking(),
            at,
            unit,
            chosen,
            controls=_controls() or None,
            date_us=instant("date", asked("date")),
        )

    return _page(
        "surveys.html",
        "Unit surveys",
        answered,
        unit_survey_chart,
        offered,
        action=Action.READ_UNITS,
        chosen=chosen,
        unit=unit,
        units=units,
        controls=_controls(),
    )


def _page(
    template: str,
    title: str,
    answered: Callable[[], _Answer | None],
    drawn: Callable[[_Answer], Chart],
    offered: Mapping[str, Rubric],
    *,
    action: Action = Action.READ_COHORT,
    **context: Any,
) -> tuple[str, int]:
    """The page of a question: its answer, or what is wrong with how it was asked. Raises `Forbidden`.

    Args:
        template: of the page.
        title: of the page.
        answered: asks the question; None where there is nothing to ask about.
        drawn: the chart of its answer.
        offered: competencies that can be chosen, by id.
        action: whom the filters offer.
        context: what else the template shows.
    """
    answer, problem, status = None, None, 200
    try:
        answer = answered()
    except (InvalidParameter, NotFound, ConfigError) as exc:
        problem, status = exc, _status(exc)
    return show(
        template,
        title=title,
        status=status,
        answer=answer,
        error=problem,
        chart=None if answer is None else drawn(answer),
        choices=choices(action),
        competencies=[(name, one.name) for name, one in offered.items()],
        names={name: one.name for name, one in offered.items()},
        **context,
    )


def _status(error: LrsError) -> int:
    """A library that is not installed is no mistake of who asks."""
    return 404 if isinstance(error, NotFound) else 400 if isinstance(error, InvalidParameter) else 200


def _rubrics(*, scored: bool = False) -> dict[str, Rubric]:
    """Those of officers that are in force; scored ones first, for the first is chosen where nobody chose."""
    known = _in_force()
    found = {name: one for name, one in known.items() if one.subject is SubjectType.OFFICER}
    return dict(
        sorted(
            ((name, one) for name, one in found.items() if one.scored or not scored),
            key=lambda item: not item[1].scored,
        )
    )


def _surveyed() -> dict[str, Rubric]:
    """All that units are asked about; those that are of units first."""
    return dict(sorted(_in_force().items(), key=lambda item: item[1].subject is not SubjectType.UNIT))


def _in_force() -> Mapping[str, Rubric]:
    return rapport().profiles.in_force(as_of()).rubrics


def _controls() -> Sequence[str]:
    """The control units that were chosen; none: every other unit."""
    return [one for one in request.args.getlist("control") if one]


def _number(name: str, usual: float, least: float, most: float) -> float:
    """A number of the query. Raises `InvalidParameter`."""
    text = asked(name)
    if text is None:
        return float(usual)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:  # NaN is not, either
        raise _no_number(name, text, f"a number from {least:g} to {most:g}")
    return value


def _whole(name: str, usual: int, least: int, most: int) -> int:
    """A whole number of the query. Raises `InvalidParameter`."""
    value = _number(name, usual, least, most)
    if not value.is_integer():
        raise _no_number(name, str(asked(name)), f"a whole number from {least} to {most}")
    return int(value)


def _no_number(name: str, text: str, expected: str) -> InvalidParameter:
    return InvalidParameter(
        f"{name.replace('_', ' ')} is not {expected}.", [Detail(name, text[:100], expected)]
    )
