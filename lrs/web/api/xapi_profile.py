"""`/api/v1/xapi-profile`: our xAPI Profile, for authoring tools, profile servers and validators."""

from __future__ import annotations

from flask import Response
from flask_smorest import Blueprint

from lrs import schemas
from lrs.web.api.base import ApiBlueprint

_TYPE = "application/ld+json"


def blueprint() -> Blueprint:
    """The endpoint. It says nothing of anybody, and needs no key."""
    endpoints = ApiBlueprint(
        "xapi-profile", __name__, description="How to send statements: our xAPI Profile."
    )

    @endpoints.get("/xapi-profile")
    @endpoints.doc(
        security=[],
        responses={
            200: {
                "description": "The xAPI Profile, as JSON-LD.",
                "content": {_TYPE: {"schema": {"type": "object"}}},
            }
        },
    )
    def xapi_profile() -> Response:
        """Our xAPI Profile: concepts, statement templates and patterns, as JSON-LD."""
        return Response(schemas.xapi_profile_text(), content_type=_TYPE)

    return endpoints
