"""`/api/v1/evidence`: the pieces of evidence themselves, by officer or by statement."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from lrs.errors import Detail, InvalidParameter
from lrs.web.api.base import AS_OF, ApiBlueprint, Error
from lrs.web.api.contest_shapes import Contest, Rejoinder
from lrs.web.auth import sight
from lrs.web.state import rapport
from lrs.xapi.parameters import read_uuid


class EvidenceQuery(Schema):
    """Which evidence: of an agent, or in a statement."""

    agent = fields.String(metadata={"description": "Account name, e-mail address or agent key."})
    statement = fields.String(
        metadata={"description": "Id of a statement; its evidence is shown even when voided."}
    )
    competency = fields.String()
    as_of = AS_OF


class Recorded(Schema):
    """One piece of evidence with its provenance."""

    subject = fields.String()
    subject_type = fields.String()
    competency = fields.String()
    indicator = fields.String(allow_none=True)
    rating = fields.Float(allow_none=True)
    scale = fields.String()
    tier = fields.String()
    rater = fields.String()
    encounter = fields.String()
    observed = fields.String()
    flags = fields.List(fields.String())
    rule = fields.String()
    authority = fields.String(metadata={"description": "Agent key of who supplied it."})
    statement_id = fields.String()
    sha256 = fields.String(metadata={"description": "SHA-256 of the statement's exact bytes."})
    stored = fields.String()
    voided = fields.String(allow_none=True)
    plugin = fields.String()
    plugin_version = fields.String()
    contests = fields.List(
        fields.Nested(Contest), metadata={"description": "Of the statement, by its officer."}
    )
    rejoinders = fields.List(fields.Nested(Rejoinder))


def blueprint() -> Blueprint:
    """The endpoint."""
    endpoints = ApiBlueprint("evidence", __name__, description="What profiles are made of.")

    @endpoints.get("/evidence")
    @endpoints.arguments(EvidenceQuery, location="query")
    @endpoints.response(200, Recorded(many=True))
    @endpoints.alt_response(400, schema=Error)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def evidence(query: dict[str, Any]) -> list[Any]:
        """The evidence on an agent, or in a statement: one of the two is needed."""
        if ("agent" in query) == ("statement" in query):
            raise InvalidParameter(
                "Evidence is asked for by agent or by statement.",
                [Detail("agent", "both or neither", "either agent or statement")],
            )
        records = rapport().records
        if "statement" in query:
            others = sorted(query.keys() - {"statement"})
            if others:
                raise InvalidParameter(
                    "A statement's evidence takes no other parameter.",
                    [Detail(others[0], query[others[0]], "statement alone")],
                )
            return records.evidence_in(sight(), read_uuid("statement", query["statement"]))
        moment = records.as_of(query.get("as_of"))
        return records.evidence(sight(), query["agent"], moment, query.get("competency"))

    return endpoints
