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

    e = _number("E = Σ w·s; null, like all of these, where nothing is scored.", null=True)
    mass = _number("M = Σ w, the evidence mass.", null=True)
    score = _number("What the model makes of it, in [0, 1]; by decayed_beta E / M.", null=True)
    posterior_mean = _number(null=True)
    interval = fields.List(fields.Float(), allow_none=True)
    interval_level = _number(null=True)
    cut = _number("The rubric's cut, in [0, 1].", null=True)
    probability_at_or_above_cut = _number(null=True)
    confidence = _number("Twice the posterior mean less 1, in [-1, 1].", null=True)
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


class Amount(Schema):
    """The ratings on one scale of a competency that is not scored, added up."""

    scale = _text()
    ratings = fields.Integer()
    total = _number()
    mean = _number()


class Counts(Schema):
    """Plain counts, without any weight. The last three only where nothing is scored."""

    encounters = fields.Integer()
    at_or_above = fields.Integer(allow_none=True)
    anchor = _number(null=True)
    scale = _text(null=True)
    raters = fields.Integer()
    text = _text()
    completed = fields.Integer(metadata={"description": "Encounters in which it was completed."})
    newest = _text(null=True)
    amounts = fields.List(fields.Nested(Amount))


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
    scored = fields.Boolean(metadata={"description": "False: shown and never scored."})
    verdict = _text("at_standard, below_standard, undetermined, insufficient, stale or not_scored.")
    reasons = fields.List(fields.String())
    estimate = fields.Nested(Estimate)
    margins = fields.Nested(Margins, allow_none=True)
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


class Rater(Schema):
    """One rater of scored votes."""

    rater = _text()
    votes = fields.Integer()
    mean = _number("Plain mean of their votes, in [0, 1].")
    newest = _text()


class Prospect(Schema):
    """What would decide the verdict, if it was seen."""

    rated = _text("What they would be rated: acceptable, or mean_so_far.")
    s = _number("The same, in [0, 1].")
    tier = _text()
    most = fields.Integer(metadata={"description": "More encounters than this were not tried."})
    encounters = fields.Integer(allow_none=True)
    new_raters = fields.Integer(allow_none=True)
    verdict = _text(null=True)
    probability_at_or_above_cut = _number(null=True)
    text = _text()


class Note(Schema):
    """What a plugin says to it."""

    plugin = _text()
    text = _text()


class Explanation(Heading):
    """Why one competency has its verdict: every number that it was made of."""

    subject = _text()
    as_of = _text()
    about = _text()
    model = fields.Nested(Model)
    scales = fields.List(fields.Dict())
    raters = fields.List(fields.Nested(Rater))
    indicators = fields.List(fields.Nested(Coverage))
    gaps = fields.List(fields.String())
    votes = fields.List(fields.Nested(Vote))
    shown = fields.List(fields.Nested(Vote))
    completed = fields.List(fields.Dict())
    left_out = fields.List(fields.Dict())
    formulae = fields.List(fields.Dict())
    sensitivity = fields.Dict()
    to_decide = fields.List(fields.String())
    prospects = fields.List(fields.Nested(Prospect))
    notes = fields.List(fields.Nested(Note))
    plugins = fields.Dict(keys=fields.String(), values=fields.String())
    warnings = fields.List(fields.String())


class Line(Schema):
    """One competency in a list of officers."""

    competency = _text()
    verdict = _text()
    score = _number(null=True)
    interval = fields.List(fields.Float(), allow_none=True)
    mass = _number(null=True)
    counts = _text()
    gaps = fields.List(fields.String())
    unusable = fields.Integer(
        metadata={"description": "Ratings that cannot be scored; the profile names each with its reason."}
    )


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
