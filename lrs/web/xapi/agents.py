"""`/xapi/agents` and `/xapi/agents/profile` (xAPI-Communication 2.4, 2.6)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request

from lrs.stores.base import DocumentKind, DocumentScope
from lrs.web.auth import credential
from lrs.web.state import rapport
from lrs.web.xapi.documents import Resource
from lrs.xapi import parameters


def add_to(resources: Blueprint) -> None:
    """Add the resource to the blueprint."""
    resources.add_url_rule("/agents", "get_agents", get, methods=["GET"])


def get() -> Response:
    """The Person that an agent is: every identifier and name that is known, as arrays."""
    credential().require("statements/read", "all/read")
    given = parameters.single(request.args.items(multi=True), ("agent",))
    return jsonify(rapport().people.get(parameters.read_agent_object(given)))


def _scope(given: Mapping[str, str]) -> DocumentScope:
    return DocumentScope(kind=DocumentKind.AGENT_PROFILE, agent=parameters.read_agent(given))


PROFILE = Resource(
    path="/agents/profile", id_name="profileId", known=("agent",), scope=_scope, access="profile"
)
