"""`/api/v1/audit`: who read whose record, who changed what, and whether the log is what was written."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from lrs.services.access.permissions import Action
from lrs.services.audit import MOST
from lrs.services.reports import instant
from lrs.stores.audit import AuditQuery
from lrs.web.api.base import ApiBlueprint, Error
from lrs.web.auth import sight
from lrs.web.state import rapport


class EntriesQuery(Schema):
    """Which entries."""

    subject = fields.String(metadata={"description": "Agent key: those about this person."})
    actor = fields.String(metadata={"description": "user:ID, key:ID or system."})
    action = fields.String()
    since = fields.String(metadata={"description": "At or after this date or timestamp."})
    until = fields.String(metadata={"description": "Before this date or timestamp."})
    before = fields.Integer(
        validate=validate.Range(1), metadata={"description": "Only numbers below this: the next page."}
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST))


class Entry(Schema):
    """What was written down."""

    number = fields.Integer()
    at = fields.String()
    actor = fields.String()
    action = fields.String()
    subjects = fields.List(fields.String(), metadata={"description": "Agent keys, or pseudonyms."})
    detail = fields.Dict(keys=fields.String())
    previous = fields.String(metadata={"description": "SHA-256 of the entry before."})
    sha256 = fields.String()


class Verified(Schema):
    """The chain holds."""

    entries = fields.Integer()
    head = fields.String(metadata={"description": "SHA-256 of the newest entry; write it down elsewhere."})


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("audit", __name__, description="Who read and changed what.")

    @endpoints.get("/audit")
    @endpoints.arguments(EntriesQuery, location="query")
    @endpoints.response(200, Entry(many=True))
    @endpoints.alt_response(403, schema=Error)
    def entries(query: dict[str, Any]) -> list[dict[str, Any]]:
        """Entries of the audit log, newest first; to who sees only their own record, those about it."""
        subject = query.get("subject")
        wanted = AuditQuery(
            subject=None
            if subject is None
            else rapport().records.officer(sight(), subject, Action.READ_AUDIT),
            actor=query.get("actor"),
            action=query.get("action"),
            since_us=instant("since", query.get("since")),
            until_us=instant("until", query.get("until")),
            before=query.get("before"),
            limit=query["limit"],
        )
        return rapport().audit.page(sight(), wanted)

    @endpoints.get("/audit/verification")
    @endpoints.response(200, Verified)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(409, schema=Error)
    def verify() -> dict[str, Any]:
        """Compute every hash of the log anew. 409 names the first entry that is not what was written."""
        return rapport().audit.verify().as_dict()

    return endpoints
