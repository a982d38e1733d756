"""`/api/v1/contests` and `/api/v1/rejoinders`: what officers say against items of their record, and what came of it."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from lrs.errors import Detail, InvalidParameter
from lrs.services.contests import LONGEST
from lrs.services.said import contest_as_dict, rejoinder_as_dict
from lrs.services.wiring import now_us
from lrs.stores.contests import ContestState
from lrs.web.api.base import ApiBlueprint, Error
from lrs.web.api.contest_shapes import Contest, Rejoinder
from lrs.web.auth import sight
from lrs.web.state import rapport
from lrs.xapi.parameters import read_uuid

_CONTEST = {"in": "path", "name": "contest", "description": "Id of a contest."}
_TEXT = validate.Length(1, LONGEST)


class ContestsQuery(Schema):
    """Which contests."""

    state = fields.String(validate=validate.OneOf([one.value for one in ContestState]))


class Raised(Schema):
    """A contest as it is raised."""

    statement_id = fields.String(required=True)
    officer = fields.String(required=True, metadata={"description": "Agent key: one's own."})
    reason = fields.String(required=True, validate=_TEXT)


class Spoken(Schema):
    """A rejoinder as it is written."""

    statement_id = fields.String(required=True)
    officer = fields.String(required=True, metadata={"description": "Agent key: one's own."})
    text = fields.String(required=True, validate=_TEXT)


class Decision(Schema):
    """How a contest is decided."""

    granted = fields.Boolean(required=True)
    reasons = fields.String(required=True, validate=_TEXT)
    value = fields.String(
        metadata={
            "description": "Granted: what is to stand in the place of the rating; missing: nothing stands there."
        }
    )


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("contests", __name__, description="What officers say to their record.")

    @endpoints.get("/contests")
    @endpoints.arguments(ContestsQuery, location="query")
    @endpoints.response(200, Contest(many=True))
    @endpoints.alt_response(403, schema=Error)
    def contests(query: dict[str, Any]) -> list[dict[str, Any]]:
        """Contests of those whom one may see, oldest first."""
        return rapport().contests.listed(sight(), query.get("state"))

    @endpoints.post("/contests")
    @endpoints.arguments(Raised)
    @endpoints.response(201, Contest)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    @endpoints.alt_response(409, schema=Error)
    def raise_contest(body: dict[str, Any]) -> dict[str, Any]:
        """Contest an item of one's own record."""
        statement = read_uuid("statement_id", body["statement_id"])
        made = rapport().contests.raise_contest(sight(), statement, body["officer"], body["reason"])
        return contest_as_dict(made, now_us())

    @endpoints.post("/contests/<contest>/withdrawal", parameters=[_CONTEST])
    @endpoints.response(200, Contest)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    @endpoints.alt_response(409, schema=Error)
    def withdraw(contest: str) -> dict[str, Any]:
        """Take a contest of one's own back."""
        return contest_as_dict(rapport().contests.withdraw(sight(), contest), now_us())

    @endpoints.post("/contests/<contest>/decision", parameters=[_CONTEST])
    @endpoints.arguments(Decision)
    @endpoints.response(200, Contest)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    @endpoints.alt_response(409, schema=Error)
    def decide(body: dict[str, Any], contest: str) -> dict[str, Any]:
        """Decide a contest: granted, the statement is voided and, with a value, reissued; refused, it stays."""
        service, value = rapport().contests, body.get("value")
        if not body["granted"] and value is not None:
            raise InvalidParameter(
                "A refused contest changes no value.", [Detail("/value", value[:100], "nothing")]
            )
        decided = (
            service.grant(sight(), contest, body["reasons"], value=value)
            if body["granted"]
            else service.refuse(sight(), contest, body["reasons"])
        )
        return contest_as_dict(decided, now_us())

    @endpoints.post("/rejoinders")
    @endpoints.arguments(Spoken)
    @endpoints.response(201, Rejoinder)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def rejoin(body: dict[str, Any]) -> dict[str, Any]:
        """Say something to an item of one's own record."""
        statement = read_uuid("statement_id", body["statement_id"])
        return rejoinder_as_dict(rapport().contests.rejoin(sight(), statement, body["officer"], body["text"]))

    return endpoints
