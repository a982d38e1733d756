"""The xAPI resources under `/xapi`, a module per resource, and what they share: version and authentication."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, request

from lrs.errors import Detail, InvalidInput
from lrs.web import cors
from lrs.web.alternate import REFUSED, AlternateSyntax
from lrs.web.xapi import about, activities, agents, state, statements
from lrs.xapi.versions import HEADER, Version, negotiate

PREFIX = "/xapi"


def init_app(app: Flask) -> None:
    """Let `app` answer under `/xapi`."""
    resources = Blueprint("xapi", __name__, url_prefix=PREFIX)
    resources.before_request(_negotiate)
    about.add_to(resources)
    statements.add_to(resources)
    activities.add_to(resources)
    agents.add_to(resources)
    for resource in (state.RESOURCE, activities.PROFILE, agents.PROFILE):
        resource.add_to(resources)
    app.register_blueprint(resources)
    app.after_request(_version_header)
    cors.init_app(app)
    app.wsgi_app = AlternateSyntax(  # type: ignore[method-assign]
        app.wsgi_app, prefix=PREFIX, most_bytes=app.config["MAX_CONTENT_LENGTH"]
    )


def _negotiate() -> None:
    refused = request.environ.get(REFUSED)
    if refused:
        raise InvalidInput(
            f"The alternate request syntax is not used as it should be: {refused}.",
            [Detail("method", "an alternate request", refused)],
        )
    if request.endpoint != "xapi.about":
        g.xapi_version = negotiate(request.headers.get(HEADER))


def _version_header(response: Response) -> Response:
    # After every request and not only those of the blueprint: an unknown path below /xapi is xAPI, too.
    if request.path.startswith(PREFIX):
        response.headers[HEADER] = g.get("xapi_version", Version.V2).value
    return response
