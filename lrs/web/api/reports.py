"""`/api/v1/reports`: the training officer's questions of a cohort.

The audit of impact, which reads group data, is not here and never will be: it is a job of its own,
`lrs report impact`.
"""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from lrs.cohort import flat as flat_question
from lrs.cohort import stale as stale_question
from lrs.cohort import trend as trend_question
from lrs.cohort import unit_survey as survey_question
from lrs.cohort import vr_field as vr_question
from lrs.cohort.smoothing import BANDWIDTH_DAYS
from lrs.errors import ConfigError, NotFound
from lrs.services.reports import MOST_LINES, MOST_STATEMENTS, QUALITY_DAYS, Whom, instant
from lrs.web.api import report_shapes as shapes
from lrs.web.api.base import ApiBlueprint, Error
from lrs.web.auth import sight
from lrs.web.state import rapport


def _as_of(of_now: str) -> fields.String:
    """`of_now`: what is not as recorded by then."""
    return fields.String(
        metadata={
            "description": f"Evidence as recorded by this date or timestamp; default now. {of_now} now.",
            "example": "2026-11-23T06:10:00Z",
        }
    )


_AS_OF = _as_of("The roster is that of")
_COMPETENCY = fields.String(metadata={"description": "This one only; default each."})
_ONE_COMPETENCY = fields.String(required=True)
_MOST_DAYS = 36_500
_MOST_SCANNED = 100_000


class WhomQuery(Schema):
    """Which officers, as recorded by when."""

    as_of = _AS_OF
    unit = fields.String(metadata={"description": "Only officers of this unit on the roster."})
    phase = fields.String(metadata={"description": "Only officers in this phase on the roster."})
    trainer = fields.String(
        metadata={
            "description": "Only officers of this training officer on the roster: account name or agent key."
        }
    )


class GapsQuery(WhomQuery):
    """Parameters of missing evidence."""

    competency = _COMPETENCY
    indicator = fields.String(metadata={"description": "This one only."})
    lacking = fields.Boolean(
        load_default=False, metadata={"description": "Leave out officers without an empty cell."}
    )


class TrendQuery(Schema):
    """Parameters of a trend."""

    as_of = _AS_OF
    officer = fields.String(
        required=True, metadata={"description": "Account name, e-mail address or agent key."}
    )
    competency = _ONE_COMPETENCY
    indicator = fields.String(metadata={"description": "Only ratings on this one."})
    date = fields.String(metadata={"description": "Before and after this date or timestamp."})
    bandwidth_days = fields.Float(load_default=BANDWIDTH_DAYS, validate=validate.Range(1, 365))
    min_encounters = fields.Integer(
        load_default=trend_question.MIN_ENCOUNTERS, validate=validate.Range(2, 1000)
    )
    window_days = fields.Float(
        validate=validate.Range(1, _MOST_DAYS),
        metadata={"description": "Only what was observed within so many days of the date."},
    )


class VrFieldQuery(WhomQuery):
    """Parameters of VR beside the ride-along."""

    competency = _COMPETENCY
    min_encounters = fields.Integer(load_default=vr_question.MIN_ENCOUNTERS, validate=validate.Range(1, 1000))


class UnitSurveyQuery(Schema):
    """Parameters of a unit's survey."""

    as_of = _AS_OF
    unit = fields.String(required=True, metadata={"description": "Account name or agent key of the unit."})
    competency = _ONE_COMPETENCY
    date = fields.String(metadata={"description": "Before and after this date or timestamp."})
    controls = fields.String(
        metadata={"description": "Control units, joined by blanks; default every other unit with replies."}
    )
    period_days = fields.Integer(
        load_default=survey_question.PERIOD_DAYS, validate=validate.Range(1, _MOST_DAYS)
    )
    min_replies = fields.Integer(
        load_default=survey_question.MIN_REPLIES,
        validate=validate.Range(survey_question.LEAST_MIN_REPLIES, 1_000_000),
    )


class RatersQuery(WhomQuery):
    """Parameters of rater severity and agreement."""

    competency = _ONE_COMPETENCY


class FlatQuery(WhomQuery):
    """Parameters of who is flat."""

    competency = _COMPETENCY
    encounters = fields.Integer(
        load_default=flat_question.ENCOUNTERS, validate=validate.Range(flat_question.MIN_ENCOUNTERS, 1000)
    )
    nrt_times = fields.Integer(load_default=flat_question.NRT_TIMES, validate=validate.Range(1, 1000))


class StaleQuery(WhomQuery):
    """Parameters of what goes stale."""

    competency = _COMPETENCY
    days = fields.Float(load_default=stale_question.WITHIN_DAYS, validate=validate.Range(0, _MOST_DAYS))


class QualityQuery(Schema):
    """Parameters of data quality."""

    as_of = _as_of("The roster and the plugins are those of")
    since = fields.String(
        metadata={"description": f"Stored later than this; default {QUALITY_DAYS} days before as_of."}
    )
    statements = fields.Integer(
        load_default=MOST_STATEMENTS,
        validate=validate.Range(1, _MOST_SCANNED),
        metadata={"description": "At most so many statements are looked at, oldest first."},
    )
    lines = fields.Integer(load_default=MOST_LINES, validate=validate.Range(1, 1000))


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("reports", __name__, description="Questions of a training officer.")
    _grids(endpoints)
    _comparisons(endpoints)
    _lists(endpoints)
    return endpoints


def _grids(endpoints: ApiBlueprint) -> None:
    @endpoints.get("/reports/gaps")
    @endpoints.arguments(GapsQuery, location="query")
    @endpoints.response(200, shapes.Gaps)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def gaps(query: dict[str, Any]) -> dict[str, Any]:
        """Which evidence is missing: a grid of officers and indicators, empty cells marked."""
        as_of_us, whom = _asked(query)
        return rapport().records.gaps(sight(), as_of_us, whom, **query)

    @endpoints.get("/reports/quality")
    @endpoints.arguments(QualityQuery, location="query")
    @endpoints.response(200, shapes.Quality)
    @endpoints.alt_response(403, schema=Error)
    def quality(query: dict[str, Any]) -> dict[str, Any]:
        """Which vendors and scenarios sent what cannot be used, and why not."""
        as_of_us, _ = _asked(query)
        since_us = instant("since", query.get("since"))
        return rapport().records.quality(
            sight(), as_of_us, since_us=since_us, most=query["statements"], lines=query["lines"]
        )


def _comparisons(endpoints: ApiBlueprint) -> None:
    @endpoints.get("/reports/trend")
    @endpoints.arguments(TrendQuery, location="query")
    @endpoints.response(200, shapes.Trend)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def trend(query: dict[str, Any]) -> dict[str, Any]:
        """One officer on one competency around a date: votes by rater, a smoothed band, before and after."""
        as_of_us, _ = _asked(query)
        officer, date_us = query.pop("officer"), instant("date", query.pop("date", None))
        return rapport().records.trend(
            sight(), officer, as_of_us, query.pop("competency"), date_us=date_us, **query
        )

    @endpoints.get("/reports/vr-field")
    @endpoints.arguments(VrFieldQuery, location="query")
    @endpoints.response(200, shapes.VrField)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def vr_field(query: dict[str, Any]) -> dict[str, Any]:
        """VR beside the ride-along, with correlation and interval; refused below 30 pairs."""
        as_of_us, whom = _asked(query)
        return rapport().records.vr_field(sight(), as_of_us, whom, **query)

    @endpoints.get("/reports/unit-survey")
    @endpoints.arguments(UnitSurveyQuery, location="query")
    @endpoints.response(200, shapes.UnitSurvey)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def unit_survey(query: dict[str, Any]) -> dict[str, Any]:
        """A unit's community survey by period, and its change beside that of control units."""
        as_of_us = rapport().records.as_of(query.pop("as_of", None))
        date_us = instant("date", query.pop("date", None))
        named = query.pop("controls", None)
        return rapport().records.unit_survey(
            sight(),
            as_of_us,
            query.pop("unit"),
            query.pop("competency"),
            controls=None if named is None else named.split(),
            date_us=date_us,
            **query,
        )

    @endpoints.get("/reports/raters")
    @endpoints.arguments(RatersQuery, location="query")
    @endpoints.response(200, shapes.Raters)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def raters(query: dict[str, Any]) -> dict[str, Any]:
        """Which raters are severe or lenient beside others, with intervals, and how far they agree."""
        as_of_us, whom = _asked(query)
        try:
            return rapport().records.raters(sight(), as_of_us, whom, query["competency"])
        except (
            ConfigError
        ) as exc:  # no mistake of the caller's, and none that should be looked for in the log
            raise NotFound(exc.message, exc.details) from exc


def _lists(endpoints: ApiBlueprint) -> None:
    @endpoints.get("/reports/flat")
    @endpoints.arguments(FlatQuery, location="query")
    @endpoints.response(200, shapes.Flat)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def flat(query: dict[str, Any]) -> dict[str, Any]:
        """Who shows no change below the cut, or was flagged as not responding on one item again."""
        as_of_us, whom = _asked(query)
        return rapport().records.flat(sight(), as_of_us, whom, **query)

    @endpoints.get("/reports/stale")
    @endpoints.arguments(StaleQuery, location="query")
    @endpoints.response(200, shapes.Stale)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def stale(query: dict[str, Any]) -> dict[str, Any]:
        """Whose evidence goes stale, or loses the mass that a verdict needs, in the next days."""
        as_of_us, whom = _asked(query)
        return rapport().records.stale(sight(), as_of_us, whom, within_days=query.pop("days"), **query)


def _asked(query: dict[str, Any]) -> tuple[int, Whom]:
    """The instant and the officers that are asked about, taken out of the query."""
    whom = Whom(**{name: query.pop(name, None) for name in ("unit", "phase", "trainer")})
    return rapport().records.as_of(query.pop("as_of", None)), whom
