"""Cross-origin requests: content in a browser posts from wherever it is served.

Any origin may ask, because a request carries its own key and no cookie of ours counts under `/xapi`.
"""

from __future__ import annotations

from flask import Response, request

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
_REQUESTED = "Access-Control-Request-Headers"
_A_DAY_S = "86400"


HEADERS = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", _EXPOSED))
"""What every answer under `/xapi` carries."""


def preflight() -> Response | None:
    """Answer a page that asks whether it may ask; it has no key yet."""
    if request.method == "OPTIONS" and request.path.startswith(_PREFIX):
        answer = no_content()
        answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD, PUT, POST, DELETE"
        # What a page wants to send is no danger to us; old libraries send headers of their own making.
        answer.headers["Access-Control-Allow-Headers"] = request.headers.get(_REQUESTED) or _ALLOWED
        answer.headers["Access-Control-Max-Age"] = _A_DAY_S
        return answer
    return None
