"""`/health`: the process answers. `/ready`: the store takes reads and writes, too."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, jsonify

from lrs import __version__
from lrs.web.state import rapport


def init_app(app: Flask) -> None:
    """Add both endpoints."""
    probes = Blueprint("probes", __name__)
    probes.add_url_rule("/health", "health", health)
    probes.add_url_rule("/ready", "ready", ready)
    app.register_blueprint(probes)


def health() -> Response:
    """200 while the process answers."""
    return jsonify(status="ok", version=__version__)


def ready() -> Response:
    """200 when the store would take a write; else 503 with the reason."""
    rapport().store.ping()
    return jsonify(status="ready")
