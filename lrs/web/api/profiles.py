"""`/api/v1/profiles`: one officer's profile, why it is so, and officers in a list."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from lrs.competency.explanation_text import AUDIENCES, as_text
from lrs.errors import Detail, InvalidParameter
from lrs.web.api import shapes
from lrs.web.api.base import AS_OF, ApiBlueprint, Error
from lrs.web.auth import sight
from lrs.web.state import rapport

_AGENT = {
    "in": "path",
    "name": "agent",
    "description": "An account's name, an e-mail address, or an agent key such as "
    "account:O-1017@https://academy.example.",
}


class ProfileQuery(Schema):
    """Parameters of a profile."""

    as_of = AS_OF


class ExplanationQuery(ProfileQuery):
    """Parameters of an explanation."""

    competency = fields.String(metadata={"description": "This one only; default each."})
    format = fields.String(
        load_default="json",
        validate=validate.OneOf(["json", "text"]),
        metadata={"description": "json, or text for people."},
    )
    audience = fields.String(
        validate=validate.OneOf(AUDIENCES),
        metadata={
            "description": "Of the text: officer, trainer or arbitrator; default arbitrator, who sees everything."
        },
    )


class ListQuery(ProfileQuery):
    """Parameters of a list of officers."""

    after = fields.String(load_default="", metadata={"description": "`next` of the page before."})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))
    prefix = fields.String(load_default="", metadata={"description": "Only agent keys that start so."})


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("profiles", __name__, description="What the recorded evidence says.")

    @endpoints.get("/profiles")
    @endpoints.arguments(ListQuery, location="query")
    @endpoints.response(200, shapes.Summaries)
    @endpoints.alt_response(400, schema=Error)
    @endpoints.alt_response(403, schema=Error)
    def list_profiles(query: dict[str, Any]) -> dict[str, Any]:
        """Officers with evidence, and their verdicts in short."""
        records = rapport().records
        moment = records.as_of(query.get("as_of"))
        return records.listing(
            sight(), moment, after=query["after"], limit=query["limit"], prefix=query["prefix"]
        )

    @endpoints.get("/profiles/<path:agent>", parameters=[_AGENT])
    @endpoints.arguments(ProfileQuery, location="query")
    @endpoints.response(200, shapes.Profile)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def profile(query: dict[str, Any], agent: str) -> dict[str, Any]:
        """One officer's profile, with the statements that it rests on."""
        records = rapport().records
        return records.profile(sight(), agent, records.as_of(query.get("as_of")))

    @endpoints.get("/profiles/<path:agent>/explanation", parameters=[_AGENT])
    @endpoints.arguments(ExplanationQuery, location="query")
    @endpoints.alt_response(200, schema=shapes.Explanation(many=True))
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def explanation(query: dict[str, Any], agent: str) -> Response:
        """Why the profile says what it says: every vote, weight and statement; as JSON or as text."""
        if "audience" in query and query["format"] != "text":
            detail = Detail("audience", query["audience"], "nothing, unless format is text")
            raise InvalidParameter("An explanation in JSON is the same for everybody.", [detail])
        records = rapport().records
        found = records.explanations(
            sight(), agent, records.as_of(query.get("as_of")), query.get("competency")
        )
        if query["format"] == "text":
            texts = [as_text(one, query.get("audience", "arbitrator")) for one in found]
            return Response("\n".join(texts), mimetype="text/plain")
        return jsonify(shapes.Explanation(many=True).dump(found))

    return endpoints
