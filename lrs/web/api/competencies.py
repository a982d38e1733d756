"""`/api/v1/competencies`, `/api/v1/plugins` and `/api/v1/quarantine`: what is scored, by which rubric, by whom.

Generations of evidence and failures of plugins are told of here as well; changed they are by `lrs plugin`.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from lrs.services.access.permissions import Action
from lrs.services.quarantine import failure_as_dict
from lrs.web.api.base import AS_OF, ApiBlueprint, Error
from lrs.web.auth import sight
from lrs.web.state import rapport
from lrs.xapi.parameters import single

_NAME = {"in": "path", "name": "name", "description": "Name of a plugin."}


class Indicator(Schema):
    """One thing that can be seen to be done, or not."""

    id = fields.String()
    name = fields.String()
    description = fields.String()
    anchors = fields.Dict(keys=fields.String(), values=fields.String())


class Scale(Schema):
    """An anchor table: piecewise linear from a rating to s in [0, 1]."""

    name = fields.String()
    version = fields.String()
    points = fields.List(fields.List(fields.Float()))


class Cut(Schema):
    """Where the standard lies."""

    scale = fields.String()
    rating = fields.Float()
    acceptable = fields.Float()


class Competency(Schema):
    """A rubric, whole."""

    competency = fields.String()
    version = fields.String()
    name = fields.String()
    description = fields.String()
    scales = fields.List(fields.Nested(Scale))
    cut = fields.Nested(Cut, metadata={"description": "Missing where nothing is scored."})
    scored = fields.Boolean(metadata={"description": "False: shown and never scored. Missing: true."})
    scoring = fields.Dict(
        keys=fields.String(),
        metadata={"description": "What the rubric has different from the policy, if anything."},
    )
    subject = fields.String(metadata={"description": "`unit`: of no one officer. Missing: `officer`."})
    indicators = fields.List(fields.Nested(Indicator))
    digest = fields.String(metadata={"description": "SHA-256 of the rubric's canonical JSON."})


class Plugin(Schema):
    """A loaded plugin."""

    name = fields.String()
    version = fields.String()
    distribution = fields.String()
    summary = fields.String()
    competencies = fields.List(fields.String())
    recognisers = fields.List(fields.String())


class Plugins(Schema):
    """The loaded plugins, and how many of their failures are quarantined."""

    plugins = fields.List(fields.Nested(Plugin))
    quarantined = fields.Integer()


class InForce(Schema):
    """Since when a generation counts."""

    since = fields.String(
        allow_none=True, metadata={"description": "`as_of` from which on; null: it is the plugin's first."}
    )
    through = fields.String(
        allow_none=True,
        metadata={
            "description": "In statements stored later than this, what was found as they came in counts; null: in all."
        },
    )


class Generation(Schema):
    """The evidence that a plugin, in one version and configuration, found in one way."""

    generation = fields.Integer()
    plugin = fields.String()
    version = fields.String()
    digest = fields.String(
        metadata={"description": "SHA-256 over version, configuration, rubrics and rules."}
    )
    kind = fields.String(
        metadata={
            "description": "live: as statements came in; rebuilt: by lrs reprofile; mended: in the place of a failure."
        }
    )
    loaded = fields.Boolean(metadata={"description": "It is of the plugin as this server has loaded it."})
    begun = fields.String()
    through = fields.String(
        allow_none=True,
        metadata={"description": "Rebuilt and complete: every statement stored by then was looked at."},
    )
    evidence = fields.Integer()
    failures = fields.Integer()
    in_force = fields.Nested(InForce, allow_none=True, metadata={"description": "null: it does not count."})


class QuarantineQuery(Schema):
    """Parameters of the quarantine."""

    as_of = AS_OF
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class Failure(Schema):
    """A statement that a plugin failed on; evidence may be missing of it."""

    statement_id = fields.String()
    stored = fields.String()
    plugin = fields.String()
    version = fields.String()
    reason = fields.String()


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("competencies", __name__, description="What is scored, and by whom.")

    @endpoints.get("/competencies")
    @endpoints.response(200, Competency(many=True))
    @endpoints.alt_response(401, schema=Error)
    def competencies() -> list[dict[str, Any]]:
        """The rubric in force of every competency."""
        single(request.args.items(multi=True), ())
        profiles = rapport().profiles
        rubrics = profiles.in_force(profiles.as_of(None)).rubrics.values()
        return [{**rubric.as_dict(), "digest": rubric.digest} for rubric in rubrics]

    @endpoints.get("/plugins")
    @endpoints.response(200, Plugins)
    @endpoints.alt_response(401, schema=Error)
    def plugins() -> dict[str, Any]:
        """The plugins that are loaded."""
        single(request.args.items(multi=True), ())
        services = rapport()
        loaded = [plugin.as_dict() for plugin in services.plugins.plugins]
        return {"plugins": loaded, "quarantined": services.store.count_quarantined()}

    @endpoints.get("/plugins/<name>/generations", parameters=[_NAME])
    @endpoints.response(200, Generation(many=True))
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def generations(name: str) -> list[dict[str, Any]]:
        """Generations of a plugin's evidence, and since when which of them counts."""
        single(request.args.items(multi=True), ())
        return [one.as_dict() for one in rapport().generations.listed(name)]

    @endpoints.get("/quarantine")
    @endpoints.arguments(QuarantineQuery, location="query")
    @endpoints.response(200, Failure(many=True))
    @endpoints.alt_response(400, schema=Error)
    @endpoints.alt_response(403, schema=Error)
    def quarantine(query: dict[str, Any]) -> list[dict[str, Any]]:
        """Statements that a plugin failed on and was not put right on, newest first, with the reason."""
        services = rapport()
        moment = services.profiles.as_of(query.get("as_of"))
        failures = services.quarantine.listed(moment, limit=query["limit"])
        # A reason is what a plugin raised: it may quote a statement.
        return sight().shown(Action.READ_PLUGINS, [failure_as_dict(one) for one in failures])

    return endpoints
