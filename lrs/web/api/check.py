"""`/api/v1/check`: a dry run that answers a vendor: valid? recognised, by which rule? worth what? why not?"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from lrs.errors import Detail, InvalidInput
from lrs.web.api.base import ApiBlueprint, Error, Problem
from lrs.web.auth import sight
from lrs.web.body import read_body
from lrs.web.state import rapport
from lrs.xapi.multipart import media_type
from lrs.xapi.versions import HEADER, SUPPORTED, negotiate


class CheckQuery(Schema):
    """Parameters of a dry run."""

    version = fields.String(
        validate=validate.OneOf(SUPPORTED),
        metadata={
            "description": "The version of xAPI whose rules are applied; default that of the header "
            f"{HEADER}, else {SUPPORTED[0]}."
        },
    )


class Worth(Schema):
    """What one piece of evidence would weigh on the day it is observed."""

    subject = fields.String()
    competency = fields.String()
    indicator = fields.String(allow_none=True)
    rating = fields.Float(allow_none=True)
    scale = fields.String()
    s = fields.Float(
        allow_none=True, metadata={"description": "The rating on the rubric's anchor table, in [0, 1]."}
    )
    tier = fields.String()
    weight = fields.Float(metadata={"description": "Weight of its tier; 0 is shown and never scored."})
    rater = fields.String()
    encounter = fields.String()
    flags = fields.List(fields.String())


class Rule(Schema):
    """What one rule made of the statement."""

    plugin = fields.String()
    rule = fields.String()
    matched = fields.Boolean()
    reasons = fields.List(
        fields.String(), metadata={"description": "Why not; or what to know about the match."}
    )
    evidence = fields.List(fields.Nested(Worth))


class TemplateMatch(Schema):
    """How the statement compares with one template of our xAPI Profile."""

    id = fields.String(metadata={"description": "IRI of the template."})
    name = fields.String()
    matched = fields.Boolean()
    reasons = fields.List(
        fields.String(), metadata={"description": "Why not; or what the template recommends beside."}
    )


class Checked(Schema):
    """The outcome of a dry run."""

    valid = fields.Boolean()
    recognised = fields.Boolean()
    problems = fields.List(fields.Nested(Problem))
    rules = fields.List(fields.Nested(Rule))
    templates = fields.List(
        fields.Nested(TemplateMatch),
        metadata={"description": "The templates for its verb: matches first, then the nearest misses."},
    )


def blueprint() -> Blueprint:
    """The endpoint."""
    endpoints = ApiBlueprint("check", __name__, description="Did my statement count, and why not?")

    @endpoints.post("/check")
    @endpoints.arguments(CheckQuery, location="query")
    @endpoints.response(200, Checked)
    @endpoints.alt_response(401, schema=Error)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.doc(
        requestBody={
            "required": True,
            "description": "One statement.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    )
    def check(query: dict[str, Any]) -> dict[str, Any]:
        """What one statement would come to, if it were posted now. Nothing is stored."""
        asking = sight()
        version = negotiate(query.get("version") or request.headers.get(HEADER) or SUPPORTED[0])
        body = read_body()
        kind, _ = media_type(body.content_type)
        if kind != "application/json":
            raise InvalidInput(
                f"The Content-Type is {body.content_type or 'missing'}.",
                [Detail("Content-Type", body.content_type or "nothing", "application/json")],
            )
        return rapport().check.run(body.data, version, rapport().access.speaking(asking)).as_dict()

    return endpoints
