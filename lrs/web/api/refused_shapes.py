"""The shapes of what was refused, as marshmallow schemas: a part of the answer on data quality."""

from __future__ import annotations

from marshmallow import Schema, fields


def _text(description: str) -> fields.String:
    return fields.String(metadata={"description": description})


def _count(description: str) -> fields.Integer:
    return fields.Integer(metadata={"description": description})


class RefusedVendor(Schema):
    """What one vendor sent that was refused."""

    authority = _text("Agent key; empty when no key was recognised.")
    requests = fields.Integer()
    statements = _count("In those requests, as far as is known.")
    last = _text("When the last of them came.")


class RefusedReason(Schema):
    """One error of one vendor."""

    authority = _text("Agent key; empty when no key was recognised.")
    code = _text("Of the error.")
    path = _text(
        "Where: a JSON Pointer with `*` for an index or a name that xAPI has not, the name of a header, or empty."
    )
    expected = _text("What would be right, as it was said last.")
    requests = fields.Integer()
    last = _text("When the last of them came.")


class Refused(Schema):
    """Requests with statements that were refused. Nothing of what they brought is kept."""

    since = _text("The first day, counted whole (UTC).")
    until = _text("The last day, counted whole.")
    requests = fields.Integer()
    statements = _count("In those requests, as far as is known.")
    by_vendor = fields.List(fields.Nested(RefusedVendor), metadata={"description": "Most requests first."})
    reasons = fields.List(
        fields.Nested(RefusedReason), metadata={"description": "At most 50, most requests first."}
    )
    more_reasons = _count("Reasons with fewer that were left off.")
