"""The script that draws charts: Vega and what it stands on, from the wheel that carries them, no network."""

from __future__ import annotations

import hashlib
from functools import cache

from flask import Blueprint, Response, make_response, request

from lrs.charts import drawing


def add_to(pages: Blueprint) -> None:
    """Add the script."""
    pages.add_url_rule("/vega.js", "vega", vega)


def vega() -> Response:
    """Vega, Vega-Lite and vega-embed in one script; the same for as long as the wheel is."""
    script, etag = _script()
    response = make_response(script)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.set_etag(etag)
    response.make_conditional(request)
    return response


@cache
def _script() -> tuple[bytes, str]:
    script = drawing.javascript()
    return script, hashlib.sha256(script).hexdigest()[:32]
