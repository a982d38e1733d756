"""The xAPI resources under `/xapi`, a module per resource, and what they share: version and authentication."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from flask import Blueprint, Flask, Response, g, request

from lrs.errors import Detail, InvalidInput, LrsError
from lrs.services.wiring import Rapport
from lrs.web import cors
from lrs.web.alternate import REFUSED, AlternateSyntax
from lrs.web.express import ASKING, FAILED, Express
from lrs.web.observe import Observer
from lrs.web.state import rapport
from lrs.web.xapi import about, activities, agents, state, statements
from lrs.web.xapi.reading import CONSISTENT_THROUGH
from lrs.xapi.timestamps import format_us
from lrs.xapi.versions import HEADER, Version, negotiate

PREFIX = "/xapi"


def init_app(app: Flask, services: Rapport, observer: Observer) -> None:
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
    app.after_request(_headers)
    app.before_request(cors.preflight)
    most_bytes = app.config["MAX_CONTENT_LENGTH"]
    unwrapping = AlternateSyntax(app.wsgi_app, prefix=PREFIX, most_bytes=most_bytes)
    app.wsgi_app = Express(  # type: ignore[method-assign]
        unwrapping,
        services,
        observer,
        path=PREFIX + statements.PATH,
        headers=(*cors.HEADERS, ("Cache-Control", "no-store")),
        most_bytes=most_bytes,
    )


def _negotiate() -> None:
    environ = request.environ
    refused = environ.get(REFUSED)
    if refused:
        raise InvalidInput(
            f"The alternate request syntax is not used as it should be: {refused}.",
            [Detail("method", "an alternate request", refused)],
        )
    if environ["PATH_INFO"].rstrip("/") != PREFIX + about.PATH:
        g.xapi_version = negotiate(environ.get("HTTP_X_EXPERIENCE_API_VERSION"))
    if FAILED in environ:
        g.credential = environ.get(ASKING)
        raise environ[FAILED]


def _asked_version(environ: Mapping[str, str]) -> Version:
    """The version of a request that no resource has seen; 2.0 when it names none that is spoken here."""
    try:
        return negotiate(environ.get("HTTP_X_EXPERIENCE_API_VERSION"))
    except LrsError:
        return Version.V2


def _headers(response: Response) -> Response:
    """What every answer under `/xapi` carries, an unknown path's too."""
    # Looked up once: each use of Flask's proxies costs, and this is on the path of every request.
    environ, headers = request.environ, response.headers
    path = environ["PATH_INFO"]
    if path.startswith(PREFIX):
        headers[HEADER] = (g.get("xapi_version") or _asked_version(environ)).value
        headers.extend(cors.HEADERS)
        method = environ["REQUEST_METHOD"]
        asked = path.rstrip("/") == PREFIX + statements.PATH and method != "OPTIONS"
        if asked and CONSISTENT_THROUGH not in headers:
            # A store that cannot answer promises nothing; the response says so itself.
            with contextlib.suppress(LrsError):
                after_write = method in ("POST", "PUT")
                through = rapport().statements.consistent_through(after_write=after_write)
                headers[CONSISTENT_THROUGH] = format_us(through)
    return response
