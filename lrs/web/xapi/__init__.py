"""The xAPI resources under `/xapi`, a module per resource, and what they share: version and authentication."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, request

from lrs.web.xapi import about, statements
from lrs.xapi.versions import HEADER, Version, negotiate

PREFIX = "/xapi"


def init_app(app: Flask) -> None:
    """Let `app` answer under `/xapi`."""
    resources = Blueprint("xapi", __name__, url_prefix=PREFIX)
    resources.before_request(_negotiate)
    about.add_to(resources)
    statements.add_to(resources)
    app.register_blueprint(resources)
    app.after_request(_version_header)


def _negotiate() -> None:
    if request.endpoint != "xapi.about":
        g.xapi_version = negotiate(request.headers.get(HEADER))


def _version_header(response: Response) -> Response:
    # After every request and not only those of the blueprint: an unknown path below /xapi is xAPI, too.
    if request.path.startswith(PREFIX):
        response.headers[HEADER] = g.get("xapi_version", Version.V2).value
    return response
