"""`/api/v1/keys`: credentials of machines."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from lrs.services.access.keys import DEFAULT_SCOPES, SCOPES, key_as_dict
from lrs.web.api.base import ApiBlueprint, Error
from lrs.web.auth import sight
from lrs.web.state import rapport

_KEY = {"in": "path", "name": "key", "description": "Id of a key."}


class Key(Schema):
    """A key, without its secret."""

    id = fields.String()
    name = fields.String()
    scopes = fields.List(fields.String())
    created = fields.String()
    revoked = fields.String(allow_none=True)


class NewKey(Key):
    """A key as it was made."""

    secret = fields.String(metadata={"description": "Shown this once: it is stored only as a hash."})


class KeyRequest(Schema):
    """What key is wanted."""

    name = fields.String(required=True, metadata={"description": "Who uses it: a vendor, a system."})
    scopes = fields.List(
        fields.String(),
        load_default=list(DEFAULT_SCOPES),
        metadata={"description": f"Of: {', '.join(SCOPES)}."},
    )


def blueprint() -> Blueprint:
    """The endpoints."""
    endpoints = ApiBlueprint("keys", __name__, description="Credentials of machines.")

    @endpoints.get("/keys")
    @endpoints.response(200, Key(many=True))
    @endpoints.alt_response(403, schema=Error)
    def keys() -> list[dict[str, Any]]:
        """Every key, revoked ones too, oldest first."""
        return [key_as_dict(one) for one in rapport().access.keys()]  # noqa: SIM118 (no mapping)

    @endpoints.post("/keys")
    @endpoints.arguments(KeyRequest)
    @endpoints.response(201, NewKey)
    @endpoints.alt_response(400, schema=Error)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(409, schema=Error)
    def create_key(body: dict[str, Any]) -> dict[str, Any]:
        """Make a key."""
        made, secret = rapport().access.create_key(body["name"], body["scopes"], by=sight().actor)
        return {**key_as_dict(made), "secret": secret}

    @endpoints.delete("/keys/<key>", parameters=[_KEY])
    @endpoints.response(200, Key)
    @endpoints.alt_response(403, schema=Error)
    @endpoints.alt_response(404, schema=Error)
    def revoke_key(key: str) -> dict[str, Any]:
        """Make a key worthless from its next request on, in every worker."""
        return key_as_dict(rapport().access.revoke_key(key, by=sight().actor))

    return endpoints
