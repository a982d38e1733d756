"""`/api/v1/users`: people who may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from lrs.services.access.users import user_as_dict
from lrs.stores.users import Role
from lrs.web.api.base import ApiBlueprint, Error
from lrs.web.auth import sight
from lrs.web.state import rapport

_NAME = {"in": "path", "name": "name", "description": "Name of a user."}
_ROLES = validate.OneOf([role.value for role in Role])


class User(Schema):
    """Somebody who may sign in."""

    id = fields.String()
    name = fields.String()
    role = fields.String()
    agent = fields.String(metadata={"description": "Agent key; empty: statements know nothing of them."})
    units = fields.List(fields.String(), metadata={"description": "Of a supervisor; `*`: every unit."})
    signs_in_by = fields.String()
    created = fields.String()
    disabled = fields.String(allow_none=True)
    locked_until = fields.String(allow_none=True)


class NewUser(User):
    """A user as they were made."""

    password = fields.String(
        metadata={"description": "Shown this once; empty with a sign-on of the agency's."}
    )


class UserChange(Schema):
    """What is to be different."""

    role = fields.String(validate=_ROLES)
    agent = fields.String()
    units = fields.List(fields.String())
    disabled = fields.Boolean(metadata={"description": "true: they may not sign in, and their sessions end."})


class UserRequest(Schema):
    """Who is to be made a user."""

    name = fields.String(required=True)
    role = fields.String(required=True, validate=_ROLES)
    agent = fields.String(load_default="")
    units = fields.List(fields.String(), load_default=list)
    issuer = fields.String(
        metadata={"description": "With `subject`: they sign in by the agency's own sign-on."}
    )
    subject = fields.String()


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("users", __name__, description="People who may sign in.")

    @endpoints.get("/users")
    @endpoints.response(200, User(many=True))
    @endpoints.alt_response(403, schema=Error)
    def users() -> list[Mapping[str, Any]]:
        """Everybody, in order of name."""
        return [user_as_dict(one) for one in rapport().users.listed()]

    @endpoints.post("/users")
    @endpoints.arguments(UserRequest)
    @endpoints.response(201, NewUser)
    @endpoints.alt_response(400, schema=Error)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(409, schema=Error)
    def create_user(body: dict[str, Any]) -> dict[str, Any]:
        """Make somebody a user; the password is answered once, and a new one asked for at the first sign-in."""
        issuer, subject = body.pop("issuer", None), body.pop("subject", None)
        sign_on = (issuer or "", subject or "") if issuer or subject else None
        made, password = rapport().users.create(**body, sign_on=sign_on, by=sight().actor)
        return {**user_as_dict(made), "password": password}

    @endpoints.patch("/users/<name>", parameters=[_NAME])
    @endpoints.arguments(UserChange)
    @endpoints.response(200, User)
    @endpoints.alt_response(400, schema=Error)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def change_user(body: dict[str, Any], name: str) -> Mapping[str, Any]:
        """Change what is named; it counts from their next request on."""
        users, by, disabled = rapport().users, sight().actor, body.pop("disabled", None)
        user = users.change(name, **body, by=by) if body else users.named(name)
        if disabled is not None:
            user = users.disable(name, by=by) if disabled else users.enable(name, by=by)
        return user_as_dict(user)

    return endpoints
