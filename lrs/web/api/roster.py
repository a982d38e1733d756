"""`/api/v1/roster`: who is in training, and the import of the list."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from lrs.errors import Detail, InvalidInput
from lrs.web.api.base import ApiBlueprint, Error, Problem
from lrs.web.auth import sight
from lrs.web.body import read_body
from lrs.web.state import rapport
from lrs.xapi.multipart import media_type

_CSV = "text/csv"
_MOST_PROBLEMS = 1000


class RosterQuery(Schema):
    """Which members."""

    unit = fields.String(metadata={"description": "Only this unit."})
    phase = fields.String(metadata={"description": "Only this phase."})
    trainer = fields.String(
        metadata={"description": "Only this training officer: account name or agent key."}
    )


class RosterImportQuery(Schema):
    """How a roster is taken in."""

    home_page = fields.String(
        metadata={"description": "homePage of accounts that the file gives by name alone."}
    )
    replace = fields.Boolean(
        load_default=False, metadata={"description": "Remove members that the file does not name."}
    )
    skip_refused = fields.Boolean(
        load_default=False, metadata={"description": "Take the other rows when some are refused."}
    )
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Change nothing."})


class Member(Schema):
    """One officer on the roster."""

    officer = fields.String(metadata={"description": "Agent key."})
    name = fields.String()
    unit = fields.String()
    phase = fields.String()
    trainer = fields.String(metadata={"description": "Agent key; empty when it is not said."})
    start = fields.String(allow_none=True, metadata={"description": "ISO date."})


class RowFate(Schema):
    """One row, and what becomes of it."""

    row = fields.Integer(metadata={"description": "Line of the file, counted from 1."})
    officer = fields.String(allow_none=True)
    fate = fields.String(metadata={"description": "added, changed, unchanged or refused."})
    changes = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String(allow_none=True)),
        metadata={"description": "Before and after, by column."},
    )
    problems = fields.List(fields.Nested(Problem))


class Imported(Schema):
    """What an import did."""

    stored = fields.Boolean(metadata={"description": "false: nothing was changed."})
    without_evidence = fields.Integer()
    added = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()
    refused = fields.Integer()
    removed = fields.Integer()
    rows = fields.List(fields.Nested(RowFate))
    removed_officers = fields.List(fields.String())


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("roster", __name__, description="Who is in training.")

    @endpoints.get("/roster")
    @endpoints.arguments(RosterQuery, location="query")
    @endpoints.response(200, Member(many=True))
    @endpoints.alt_response(403, schema=Error)
    def members(query: dict[str, Any]) -> list[dict[str, Any]]:
        """Who is on the roster, in order of agent key."""
        return rapport().records.roster(sight(), **query)

    @endpoints.post("/roster")
    @endpoints.arguments(RosterImportQuery, location="query")
    @endpoints.response(200, Imported)
    @endpoints.alt_response(400, schema=Error)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.doc(
        requestBody={
            "required": True,
            "description": "CSV: account, name, unit, phase, trainer, start.",
            "content": {_CSV: {"schema": {"type": "string"}}},
        }
    )
    def import_roster(query: dict[str, Any]) -> dict[str, Any]:
        """Take in a roster, and tell the fate of each row. A refused row refuses all, unless skip_refused."""
        body = read_body()
        kind, _ = media_type(body.content_type)
        if kind != _CSV:
            raise InvalidInput(
                f"The Content-Type is {body.content_type or 'missing'}.",
                [Detail("Content-Type", body.content_type or "nothing", _CSV)],
            )
        done = rapport().records.import_roster(sight(), body.data, **query)
        if not done.stored and not query["dry_run"]:
            problems = [problem for row in done.changes.refused for problem in row.problems]
            raise InvalidInput(
                f"{len(done.changes.refused)} row(s) are refused; nothing was changed.",
                problems[:_MOST_PROBLEMS],
            )
        return done.as_dict()

    return endpoints
