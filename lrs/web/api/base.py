"""What every module of the API shares: blueprints that refuse unknown parameters, and the form of errors.

Who may ask for what is `lrs.web.permissions`' to say.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields
from webargs.flaskparser import FlaskParser

from lrs.xapi.parameters import single

AS_OF = fields.String(
    metadata={
        "description": "As recorded by this date or timestamp; default now. The same question has the same answer "
        "ever after.",
        "example": "2026-11-23T06:10:00Z",
    }
)


class _Parser(FlaskParser):
    """A parameter is implemented or refused with 400, never accepted and ignored."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE, "json": RAISE}  # noqa: RUF012 (webargs' own way)


class ApiBlueprint(Blueprint):
    """A blueprint of this API."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.before_request(_each_parameter_once)

    def register_views_in_doc(self, api: Any, *args: Any, **options: Any) -> None:
        """Describe the endpoints, but not before somebody asks."""
        api.later(partial(super().register_views_in_doc, api, *args, **options))


def _each_parameter_once() -> None:
    # The parser would take the first and pass the others over in silence.
    single(request.args.items(multi=True), request.args)


class Problem(Schema):
    """One thing that was wrong."""

    path = fields.String(metadata={"description": "JSON Pointer, or the name of a parameter or header."})
    found = fields.String()
    expected = fields.String()


class ErrorBody(Schema):
    """What was wrong."""

    status = fields.Integer()
    code = fields.String()
    message = fields.String()
    details = fields.List(fields.Nested(Problem))


class Error(Schema):
    """How every error is answered."""

    error = fields.Nested(ErrorBody)
