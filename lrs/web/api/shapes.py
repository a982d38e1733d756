"""The shapes of a profile and of an explanation, as marshmallow schemas: what OpenAPI tells a client."""

from __future__ import annotations

from marshmallow import Schema, fields


def _text(description: str = "", *, null: bool = False) -> fields.String:
    return fields.String(allow_none=null, metadata={"description": description} if description else {})


def _number(description: str = "", *, null: bool = False) -> fields.Float:
    return fields.Float(allow_none=null, metadata={"description": description} if description else {})


class RubricRef(Schema):
    """Which rubric was used."""

    version = _text()
    digest = _text("SHA-256 of the rubric's canonical JSON.")


class ModelRef(Schema):
    """Which model was used."""

    id = _text()
    policy_digest = _text("SHA-256 of the policy's canonical JSON.")


class Model(ModelRef):
    """The model and its policy, whole."""

    policy = fields.Dict(keys=fields.String())


class Estimate(Schema):
    """The evidence, weighed."""

    e = _number("E = Σ w·s.")
    mass = _number("M = Σ w, the evidence mass.")
    score = _number("E / M, in [0, 1].", null=True)
    posterior_mean = _number()
    interval = fields.List(fields.Float())
    interval_level = _number()
    cut = _number("The rubric's cut, in [0, 1].")
    probability_at_or_above_cut = _number()
    confidence = _number("(2E - M) / (M + 2), in [-1, 1].")
    raters = fields.Integer()
    newest = _text(null=True)


class Margins(Schema):
    """How far the estimate is from where its verdict would turn."""

    interval_width = _number()
    probability_to_at_standard = _number()
    probability_to_below_standard = _number()
    days_until_mass_gate = _number(null=True)
    days_until_stale = _number(null=True)


class Gate(Schema):
    """One condition that has to hold before any verdict is decided."""

    gate = _text()
    found = _number(null=True)
    needed = _number()
    met = fields.Boolean()
    reason = _text()


class Counts(Schema):
    """Plain counts, without any weight."""

    encounters = fields.Integer()
    at_or_above = fields.Integer()
    anchor = _number()
    scale = _text()
    raters = fields.Integer()
    text = _text()


class Agreement(Schema):
    """How far apart the raters are."""

    lowest_rater_mean = _number()
    highest_rater_mean = _number()
    spread = _number()


class TierSummary(Schema):
    """One tier by itself."""

    tier = _text()
    scored = fields.Boolean()
    weight = _number()
    votes = fields.Integer()
    raters = fields.Integer()
    mass = _number()
    ratio = _number(null=True)
    newest = _text()


class Heading(Schema):
    """What a profile and an explanation of one competency both begin with."""

    competency = _text()
    name = _text()
    rubric = fields.Nested(RubricRef)
    model = fields.Nested(ModelRef)
    verdict = _text("at_standard, below_standard, undetermined, insufficient or stale.")
    reasons = fields.List(fields.String())
    estimate = fields.Nested(Estimate)
    margins = fields.Nested(Margins)
    gates = fields.List(fields.Nested(Gate))
    counts = fields.Nested(Counts)
    agreement = fields.Nested(Agreement, allow_none=True)
    tiers = fields.List(fields.Nested(TierSummary))


class Coverage(Schema):
    """What there is on one indicator."""

    indicator = _text()
    name = _text()
    evidence = fields.Integer()
    shown = fields.Integer()
    not_observed = fields.Integer()
    not_responding = fields.Integer()
    newest = _text(null=True)
    gap = fields.Boolean()


class Source(Schema):
    """A statement that the profile rests on."""

    id = _text()
    sha256 = _text("SHA-256 of the statement's exact bytes.")
    plugin = _text()
    plugin_version = _text()


class CompetencyProfile(Heading):
    """One competency of a profile."""

    indicators = fields.List(fields.Nested(Coverage))
    gaps = fields.List(fields.String())
    flags = fields.Dict(keys=fields.String(), values=fields.List(fields.Dict()))
    unusable = fields.List(fields.Dict())
    statements = fields.List(fields.Nested(Source))
    warnings = fields.List(fields.String())


class Profile(Schema):
    """A profile, whole."""

    subject = _text("Agent key.")
    as_of = _text()
    about = _text()
    model = fields.Nested(Model)
    competencies = fields.List(fields.Nested(CompetencyProfile))
    plugins = fields.Dict(keys=fields.String(), values=fields.String())
    warnings = fields.List(fields.String())


class Rating(Schema):
    """A rating inside of a vote, with its provenance."""

    authority = _text("Agent key of who supplied it.")
    statement_id = _text()
    indicator = _text(null=True)
    rating = _number(null=True)
    scale = _text()
    flags = fields.List(fields.String())
    s = _number()
    sha256 = _text()
    rule = _text()
    plugin = _text()
    plugin_version = _text()


class Vote(Schema):
    """One rater's vote in one encounter."""

    rater = _text()
    encounter = _text()
    observed = _text()
    tier = _text()
    s = _number()
    tier_weight = _number()
    age_days = _number()
    decay = _number()
    weight = _number()
    to_e = _number()
    to_mass = _number()
    ratings = fields.List(fields.Nested(Rating))


class Explanation(Heading):
    """Why one competency has its verdict: every number that it was made of."""

    subject = _text()
    as_of = _text()
    about = _text()
    model = fields.Nested(Model)
    scales = fields.List(fields.Dict())
    votes = fields.List(fields.Nested(Vote))
    shown = fields.List(fields.Nested(Vote))
    left_out = fields.List(fields.Dict())
    formulae = fields.List(fields.Dict())
    sensitivity = fields.Dict()
    to_decide = fields.List(fields.String())
    plugins = fields.Dict(keys=fields.String(), values=fields.String())
    warnings = fields.List(fields.String())


class Line(Schema):
    """One competency in a list of officers."""

    competency = _text()
    verdict = _text()
    score = _number(null=True)
    interval = fields.List(fields.Float())
    mass = _number()
    counts = _text()
    gaps = fields.List(fields.String())


class Summary(Schema):
    """One officer in a list."""

    subject = _text("Agent key.")
    competencies = fields.List(fields.Nested(Line))
    warnings = fields.List(fields.String())


class Summaries(Schema):
    """A page of officers, in order of agent key."""

    as_of = _text()
    about = _text()
    profiles = fields.List(fields.Nested(Summary))
    next = _text("Pass it as `after` for the next page; null on the last.", null=True)
