"""`/`: a plain page that links what there is."""

from __future__ import annotations

from flask import Flask, render_template

from lrs import __version__
from lrs.web.state import rapport


def init_app(app: Flask) -> None:
    """Add the page."""
    app.add_url_rule("/", "home", home)


def home() -> str:
    """The page: counts, endpoints, competencies. It names no person and needs no key."""
    services = rapport()
    return render_template(
        "home.html",
        version=__version__,
        url=services.config.public_url,
        statements=services.store.count_statements(),
        evidence=services.store.count_evidence(),
        rubrics=services.plugins.rubrics.values(),
        plugins=services.plugins.plugins,
    )
