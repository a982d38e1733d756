"""`/xapi/activities/state`: what an activity keeps of an agent, in a registration or without (2.3)."""

from __future__ import annotations

from collections.abc import Mapping

from lrs.stores.base import DocumentKind, DocumentScope
from lrs.web.xapi.documents import Resource
from lrs.xapi import parameters


def _scope(given: Mapping[str, str]) -> DocumentScope:
    return DocumentScope(
        kind=DocumentKind.STATE,
        activity=parameters.read_activity(given),
        agent=parameters.read_agent(given),
        registration=parameters.read_uuid("registration", given["registration"])
        if "registration" in given
        else None,
    )


RESOURCE = Resource(
    path="/activities/state",
    id_name="stateId",
    known=("activityId", "agent", "registration"),
    scope=_scope,
    access="state",
    deletes_all=True,
)
