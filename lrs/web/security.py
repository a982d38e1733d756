"""What every answer says to a browser: load nothing from elsewhere, show this in no frame, keep no record."""

from __future__ import annotations

from flask import Flask, Response, request

from lrs.web.auth import secure

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap draws its arrows and ticks from data: URLs in its style sheet
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
_PRIVATE = ("/xapi", "/api", "/dashboard")
_STATIC = (".static", ".vega")


def init_app(app: Flask) -> None:
    """Let `app` say it."""
    app.after_request(_say)


def _say(response: Response) -> Response:
    path = request.environ["PATH_INFO"]
    if path.startswith(_PRIVATE) and not (request.endpoint or "").endswith(_STATIC):
        # Records of people: without this a browser keeps them, and shows them to whoever comes next.
        response.headers["Cache-Control"] = "no-store"
    if not path.startswith("/xapi"):
        response.headers.extend(_HEADERS)
        if secure():
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
