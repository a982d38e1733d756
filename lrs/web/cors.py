"""Cross-origin requests: content in a browser posts from wherever it is served.

Any origin may ask, because a request carries its own key and no cookie of ours counts under `/xapi`.
"""

from __future__ import annotations

from flask import Flask, Response, request

from lrs.web.body import no_content

_PREFIX = "/xapi"
_ALLOWED = (
    "Authorization, Content-Type, If-Match, If-None-Match, Accept, Accept-Language, "
    "X-Experience-API-Version, X-Request-ID"
)
_EXPOSED = (
    "ETag, Last-Modified, WWW-Authenticate, Retry-After, X-Experience-API-Version, "
    "X-Experience-API-Consistent-Through, X-Request-ID"
)
_A_DAY_S = "86400"


def init_app(app: Flask) -> None:
    """Let pages of other origins use `/xapi`."""
    app.before_request(_preflight)
    app.after_request(_headers)


def _preflight() -> Response | None:
    if request.method == "OPTIONS" and request.path.startswith(_PREFIX):
        answer = no_content()
        answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD, PUT, POST, DELETE"
        answer.headers["Access-Control-Allow-Headers"] = _ALLOWED
        answer.headers["Access-Control-Max-Age"] = _A_DAY_S
        return answer
    return None


def _headers(response: Response) -> Response:
    if request.path.startswith(_PREFIX):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    return response
