"""`/xapi/activities` and `/xapi/activities/profile` (xAPI-Communication 2.5, 2.7)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request

from lrs.stores.base import DocumentKind, DocumentScope
from lrs.web.auth import credential
from lrs.web.state import rapport
from lrs.web.xapi.documents import Resource
from lrs.xapi import parameters


def add_to(resources: Blueprint) -> None:
    """Add the resource to the blueprint."""
    resources.add_url_rule("/activities", "get_activities", get, methods=["GET"])


def get() -> Response:
    """The activity, with what all statements together say of it."""
    credential().require("statements/read", "all/read", "define")
    given = parameters.single(request.args.items(multi=True), ("activityId",))
    activity = parameters.read_activity(given)
    return Response(rapport().activities.get(activity), mimetype="application/json")


def _scope(given: Mapping[str, str]) -> DocumentScope:
    return DocumentScope(kind=DocumentKind.ACTIVITY_PROFILE, activity=parameters.read_activity(given))


PROFILE = Resource(
    path="/activities/profile", id_name="profileId", known=("activityId",), scope=_scope, access="profile"
)
