"""Who is asking: the HTTP Basic credential of a request, looked up once."""

from __future__ import annotations

from flask import g, request
from werkzeug.datastructures import Authorization

from lrs.services.access import Credential
from lrs.web.state import rapport


def credential() -> Credential:
    """The credential of this request. Raises `Unauthenticated` without a valid one."""
    known: Credential | None = g.get("credential")
    if known is None:
        sent = _sent()
        basic = sent is not None and sent.type == "basic"
        known = rapport().access.authenticate(
            sent.username if sent and basic else None, sent.password if sent and basic else None
        )
        g.credential = known
    return known


def _sent() -> Authorization | None:
    try:
        return request.authorization
    except ValueError:  # beyond ASCII: no credential of ours
        return None
