"""The application factory: the one place that puts the parts of the web together."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from lrs import config as configuration
from lrs.config import Config
from lrs.errors import Detail, InvalidParameter
from lrs.services.wiring import Rapport
from lrs.web import (
    api,
    body,
    compression,
    dashboard,
    errors,
    health,
    home,
    observe,
    permissions,
    security,
    state,
    xapi,
)
from lrs.web.body import check_not_encoded


def create_app(
    config: Config | None = None, services: Rapport | None = None, *, multiprocess: bool = False
) -> Flask:
    """A new application.

    Args:
        config: the settings; read from the environment when not given.
        services: what it serves; opened from `config` when not given.
        multiprocess: whether other worker processes share its metrics.
    """
    settings = config or configuration.load()
    observe.set_up_logging(settings)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.url_map.strict_slashes = False
    # Nothing here is async; asking each function of each request whether it is costs as much as routing.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    app.url_map.merge_slashes = False  # an agent key in a path holds "https://"
    app.json.sort_keys = False  # type: ignore[attr-defined]
    rapport = services or Rapport.open(settings)
    state.attach(app, rapport)
    observer = observe.init_app(app, settings, multiprocess=multiprocess)
    if settings.trusted_proxies:
        behind = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=0, x_host=0)  # type: ignore[method-assign]
    if settings.compression:
        compression.init_app(app)
    body.init_app(app)
    errors.init_app(app)
    permissions.init_app(app)
    health.init_app(app)
    xapi.init_app(app, rapport, observer)
    api.init_app(app)
    dashboard.init_app(app)
    home.init_app(app)
    app.before_request(_readable)
    security.init_app(app)
    return app


def _readable() -> None:
    environ = request.environ
    if not environ["PATH_INFO"].startswith(xapi.PREFIX):  # there, who asks is told first whether they may
        check_not_encoded(environ)
    query = environ["QUERY_STRING"]
    if not query.isascii():
        try:
            query.encode("latin-1").decode()
        except UnicodeError as exc:
            raise InvalidParameter(
                "The query string is no UTF-8.", [Detail("", "other bytes", "percent-encoded UTF-8")]
            ) from exc
