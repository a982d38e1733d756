"""The dashboard under `/dashboard`: pages for people who sign in, a module for each group of them.

A page asks `lrs.services.records` and its neighbours, draws with `lrs.charts`, prints with `lrs.paper`; it decides
nothing about who may see what. Nothing is loaded from elsewhere: agencies are air-gapped.
"""

from __future__ import annotations

from flask import Blueprint, Flask
from flask_bootstrap import Bootstrap5

from lrs.web.dashboard import (
    administration,
    auditing,
    cohort,
    contesting,
    drawing,
    impact,
    messages,
    officer,
    plugins,
    quality,
    questions,
    roster,
    sign_on,
    signing_in,
    statements,
    words,
)
from lrs.web.permissions import PAGES

PREFIX = "/dashboard"


def init_app(app: Flask) -> None:
    """Let `app` answer under `/dashboard`."""
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    app.static_url_path = "/static"  # where Bootstrap-Flask puts its assets: /bootstrap/static
    Bootstrap5(app)
    pages = Blueprint(PAGES, __name__, url_prefix=PREFIX, template_folder="templates", static_folder="static")
    modules = (
        signing_in,
        sign_on,
        drawing,
        cohort,
        officer,
        questions,
        impact,
        quality,
        statements,
        contesting,
        administration,
        roster,
        plugins,
        auditing,
    )
    for module in modules:
        module.add_to(pages)
    words.init_app(app)
    messages.init_app(app, PREFIX)
    app.register_blueprint(pages)
