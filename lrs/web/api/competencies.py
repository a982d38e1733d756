"""`/api/v1/competencies` and `/api/v1/plugins`: what is scored, by which rubric, by whom."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from lrs.web.api.base import ApiBlueprint, Error
from lrs.web.auth import credential
from lrs.web.state import rapport
from lrs.xapi.parameters import single


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
    cut = fields.Nested(Cut)
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


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("competencies", __name__, description="What is scored, and by whom.")

    @endpoints.get("/competencies")
    @endpoints.response(200, Competency(many=True))
    @endpoints.alt_response(401, schema=Error)
    def competencies() -> list[dict[str, Any]]:
        """The rubric of every competency."""
        credential()
        single(request.args.items(multi=True), ())
        rubrics = rapport().plugins.rubrics
        return [{**rubrics[name].as_dict(), "digest": rubrics[name].digest} for name in sorted(rubrics)]

    @endpoints.get("/plugins")
    @endpoints.response(200, Plugins)
    @endpoints.alt_response(401, schema=Error)
    def plugins() -> dict[str, Any]:
        """The plugins that are loaded."""
        credential()
        single(request.args.items(multi=True), ())
        services = rapport()
        loaded = [plugin.as_dict() for plugin in services.plugins.plugins]
        return {"plugins": loaded, "quarantined": services.store.count_quarantined()}

    return endpoints
