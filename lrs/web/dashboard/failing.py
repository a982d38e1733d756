"""An error as people read it: a page that says what was wrong, what would be right, and where to go on.

Who is not signed in is led to where they can, and from there back to where they wanted to go.
"""

from __future__ import annotations

from typing import Final

from flask import Response, g, make_response, redirect, render_template, request, url_for

from lrs.errors import LrsError, Unauthenticated
from lrs.web.dashboard.page import frame

_TITLES: Final = {
    400: "This cannot be taken as it is",
    401: "Not signed in",
    403: "Not for you to see",
    404: "Nothing here",
    409: "Changed meanwhile",
    413: "Too large",
    429: "Too many tries",
    503: "Not now",
}


def answer(status: int, error: LrsError) -> Response:
    """The page of an error."""
    if isinstance(error, Unauthenticated) and request.endpoint not in _SIGNING_IN:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return _as_response(redirect(url_for("dashboard.sign_in", next=target), 303))
    text = render_template(
        "error.html",
        title=_TITLES.get(status, "Something failed"),
        error=error,
        request_id=g.get("request_id", ""),
        **frame(),
    )
    response = make_response(text, status)
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response


_SIGNING_IN = frozenset({"dashboard.signing_in", "dashboard.signed_on"})


def _as_response(found: object) -> Response:
    return make_response(found)
