"""The shapes of the answers to the training officer's questions, as marshmallow schemas."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from lrs.web.api.refused_shapes import Refused


def _text(description: str = "", *, null: bool = False) -> fields.String:
    return fields.String(allow_none=null, metadata={"description": description} if description else {})


def _number(description: str = "", *, null: bool = False) -> fields.Float:
    return fields.Float(allow_none=null, metadata={"description": description} if description else {})


def _interval() -> fields.List[Any]:
    return fields.List(fields.Float(), allow_none=True, metadata={"description": "Null: none can be given."})


class Report(Schema):
    """What every answer begins with."""

    report = _text("Name of the question.")
    as_of = _text()
    about = _text()
    notes = fields.List(
        fields.String(), metadata={"description": "How to read it, and what it does not say."}
    )
    warnings = fields.List(fields.String())


class Who(Schema):
    """An officer, and what the roster says; empty where it says nothing."""

    officer = _text("Agent key.")
    name = _text()
    unit = _text()
    phase = _text()
    trainer = _text("Agent key.")


class Measured(Schema):
    """A number with its interval."""

    value = _number()
    interval = _interval()
    n = fields.Integer(metadata={"description": "How many observations it rests on."})


class Cell(Schema):
    """One officer on one indicator."""

    competency = _text()
    indicator = _text()
    scored = fields.Integer()
    shown = fields.Integer(metadata={"description": "With a rating, and never scored."})
    completed = fields.Integer()
    not_observed = fields.Integer()
    newest = _text(null=True)
    empty = fields.Boolean()


class GapsRow(Who):
    """One officer of the grid."""

    empty = fields.Integer(metadata={"description": "Empty cells."})
    whole = fields.Dict(keys=fields.String(), values=fields.Integer())
    cells = fields.List(fields.Nested(Cell))


class GapsColumn(Schema):
    """One indicator of the grid."""

    competency = _text()
    indicator = _text()
    name = _text()
    officers_empty = fields.Integer()


class Gaps(Report):
    """Missing evidence: a grid of officers and indicators."""

    officers_looked_at = fields.Integer()
    indicators = fields.List(fields.Nested(GapsColumn))
    officers = fields.List(fields.Nested(GapsRow))


class Dot(Schema):
    """One vote."""

    observed = _text()
    rater = _text()
    encounter = _text()
    tier = _text()
    s = _number()
    rating = _number()
    scored = fields.Boolean()
    statements = fields.List(fields.String())


class TrendMean(Schema):
    """A mean in [0, 1] and on the scale."""

    s = _number()
    interval = _interval()
    rating = _number()
    rating_interval = _interval()
    n = _number()


class TierMean(TrendMean):
    """The mean of one tier."""

    tier = _text()


class BandPoint(TrendMean):
    """The band at an instant; `n` is the effective number of encounters near it."""

    at = _text()


class Band(Schema):
    """The smoothed band."""

    method = _text()
    bandwidth_days = _number()
    interval_level = _number()
    points = fields.List(fields.Nested(BandPoint))


class Side(Schema):
    """Before the date, or from it on."""

    encounters = fields.Integer()
    raters = fields.List(fields.String())
    mean = fields.Nested(TrendMean, allow_none=True)
    tiers = fields.List(fields.Nested(TierMean))


class Change(Schema):
    """A difference, or why it is refused."""

    given = fields.Boolean()
    refused = _text(null=True)
    method = _text()
    interval_level = _number()
    s = fields.Nested(Measured, allow_none=True)
    points = fields.Nested(Measured, allow_none=True)


class TrendCut(Schema):
    """The rubric's cut."""

    s = _number()
    rating = _number()


class Trend(Report, Who):
    """One officer on one competency around a date."""

    competency = _text()
    indicator = _text(null=True)
    scale = _text()
    cut = fields.Nested(TrendCut, allow_none=True)
    date = _text(null=True)
    dots = fields.List(fields.Nested(Dot))
    band = fields.Nested(Band)
    before = fields.Nested(Side, allow_none=True)
    after = fields.Nested(Side, allow_none=True)
    change = fields.Nested(Change)


class Pair(Who):
    """One officer in VR and in the field."""

    vr = _number()
    vr_encounters = fields.Integer()
    field = _number()
    field_encounters = fields.Integer()


class Correlation(Schema):
    """A correlation with its interval."""

    r = _number()
    interval = _interval()
    method = _text()


class Comparison(Schema):
    """VR and field on one competency."""

    competency = _text()
    given = fields.Boolean()
    refused = _text(null=True)
    n = fields.Integer()
    left_out = fields.Integer()
    pearson = fields.Nested(Correlation, allow_none=True)
    spearman = fields.Nested(Correlation, allow_none=True)
    pairs = fields.List(fields.Nested(Pair))


class VrField(Report):
    """VR beside the ride-along."""

    min_pairs = fields.Integer()
    min_encounters = fields.Integer()
    interval_level = _number()
    competencies = fields.List(fields.Nested(Comparison))


class SurveyPeriod(Schema):
    """The replies of one period."""

    begins = _text()
    ends = _text("Exclusive.")
    replies = fields.Integer()
    s = _number(null=True)
    rating = _number(null=True)
    withheld = _text("Why there is no mean; null: there is one.", null=True)
    counts = fields.Boolean()
    after = fields.Boolean(allow_none=True)


class UnitChange(Schema):
    """The change of one unit."""

    refused = _text(null=True)
    s = fields.Nested(Measured, allow_none=True)
    points = fields.Nested(Measured, allow_none=True)


class UnitSteps(Schema):
    """One unit, period by period."""

    unit = _text("Agent key.")
    control = fields.Boolean()
    periods = fields.List(fields.Nested(SurveyPeriod))
    change = fields.Nested(UnitChange)


class UnitSurvey(Report):
    """A unit's survey beside control units."""

    competency = _text()
    date = _text(null=True)
    period_days = fields.Integer()
    min_replies = fields.Integer()
    min_periods = fields.Integer()
    scale = _text(null=True)
    units = fields.List(fields.Nested(UnitSteps))
    change = fields.Nested(Change)


class Raters(Report):
    """Severity and agreement of raters."""

    competency = _text()
    tiers = fields.List(fields.String())
    scale = _text()
    ratings = fields.Integer()
    on_other_scales = fields.Integer()
    between_steps = fields.Integer()
    interval_level = _number()
    model = _text()
    needed = fields.Dict(keys=fields.String(), values=fields.Integer())
    networks = fields.List(fields.Dict())
    raters = fields.List(fields.Dict())
    agreement = fields.Dict()


class FlatMean(Schema):
    """The plain mean of the encounters."""

    s = _number()
    rating = _number()
    scale = _text()


class FlatLine(Who):
    """No change shown, below the cut."""

    competency = _text()
    encounters = fields.Integer()
    first = _text()
    last = _text()
    raters = fields.Integer()
    mean = fields.Nested(FlatMean)
    cut = _number()
    slope_per_encounter = fields.Nested(Measured)
    change = fields.Nested(Measured)
    change_points = fields.Nested(Measured, allow_none=True)
    verdict = _text()


class Flagged(Who):
    """Flagged as not responding on one item in several encounters."""

    competency = _text()
    indicator = _text(null=True)
    encounters = fields.Integer()
    raters = fields.Integer()
    first = _text()
    last = _text()
    statements = fields.List(fields.String())


class Flat(Report):
    """Who is flat, or not responding."""

    encounters = fields.Integer()
    nrt_times = fields.Integer()
    method = _text()
    interval_level = _number()
    looked_at = fields.Integer()
    too_few_encounters = fields.Integer()
    flat = fields.List(fields.Nested(FlatLine))
    not_responding = fields.List(fields.Nested(Flagged))


class StaleLine(Who):
    """What goes stale."""

    competency = _text()
    verdict = _text()
    newest = _text(null=True)
    first = _text("mass or stale: which comes first.", null=True)
    days = _number(null=True)
    on = _text(null=True)
    days_until_stale = _number(null=True)
    days_until_mass_gate = _number(null=True)


class Stale(Report):
    """What goes stale in the next days, soonest first."""

    within_days = _number()
    already_stale = fields.Integer()
    already_too_little = fields.Integer()
    without_estimate = fields.Integer()
    lines = fields.List(fields.Nested(StaleLine))


class Reason(Schema):
    """A reason, and how often."""

    reason = _text()
    times = fields.Integer()


class WhyNot(Schema):
    """Why unrecognised statements are not recognised."""

    sampled = fields.Integer()
    reasons = fields.List(fields.Nested(Reason))


class QualityCounts(Schema):
    """Statements up to `future`, pieces of evidence from there on."""

    statements = fields.Integer()
    voided = fields.Integer()
    recognised = fields.Integer()
    unrecognised = fields.Integer()
    quarantined = fields.Integer()
    future = fields.Integer()
    evidence = fields.Integer()
    unusable = fields.Integer()
    not_observed = fields.Integer()


class QualityLine(QualityCounts):
    """One vendor, platform and scenario."""

    authority = _text("Agent key; empty when nobody is named.")
    platform = _text()
    activity = _text()
    not_observed_share = _number(null=True)
    why_not = fields.Nested(WhyNot)
    why_unusable = fields.List(fields.Nested(Reason))


class Covered(Schema):
    """Which statements were looked at, by when they were stored."""

    since = _text("Exclusive.")
    until = _text("Inclusive.")
    through = _text("The last that was looked at; not complete: ask again with `since` from here.")
    complete = fields.Boolean()


class Quality(Report):
    """What was sent that cannot be used."""

    covered = fields.Nested(Covered)
    sample = fields.Integer()
    totals = fields.Nested(QualityCounts)
    lines = fields.List(fields.Nested(QualityLine))
    more_lines = fields.Integer()
    refused = fields.Nested(Refused)
