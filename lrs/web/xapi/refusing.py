"""Refused statements are counted: once each, by whichever way they came, and with nothing of what was in them."""

from __future__ import annotations

import contextlib

from flask import request

from lrs.errors import Detail, LrsError
from lrs.web.auth import credential
from lrs.web.state import rapport
from lrs.xapi.actors import agent_key

_ENDPOINTS = frozenset({"xapi.post_statements", "xapi.put_statement"})
_STATUSES = frozenset({400, 409, 413})
"""What a vendor sent wrong. Who may not send at all (401, 403), and what failed here (5xx), is not a vendor's data."""


def note(status: int, error: LrsError) -> None:
    """Count the answer to the request at hand, if it refuses statements."""
    if status in _STATUSES and request.endpoint in _ENDPOINTS:
        rapport().refusals.note(_authority(), _of_body(error), error.statements)


def _authority() -> str:
    """Agent key of the key that posted; it may not have been looked at yet."""
    with contextlib.suppress(LrsError):
        return agent_key(credential().authority) or ""
    return ""


def _of_body(error: LrsError) -> LrsError:
    """The same error; one that names the path of the request is about the whole body."""
    if not error.details or error.details[0].path != request.path[:200]:
        return error
    first = error.details[0]
    whole = LrsError(error.message, [Detail("", first.found, first.expected)])
    whole.code = error.code  # type: ignore[misc]  # of the error at hand, no class of ours
    return whole
