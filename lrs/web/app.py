"""The application factory: the one place that puts the parts of the web together."""

from __future__ import annotations

from flask import Flask

from lrs import config as configuration
from lrs.config import Config
from lrs.services.wiring import Rapport
from lrs.web import api, errors, health, home, observe, state, xapi


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
    app.url_map.merge_slashes = False  # an agent key in a path holds "https://"
    app.json.sort_keys = False  # type: ignore[attr-defined]
    state.attach(app, services or Rapport.open(settings))
    observe.init_app(app, multiprocess=multiprocess)
    errors.init_app(app)
    health.init_app(app)
    xapi.init_app(app)
    api.init_app(app)
    home.init_app(app)
    return app
