"""The script that draws charts: Vega and what it stands on, from the wheel that carries them, no network.

It is made once in a process, which takes seconds: begun when somebody comes to sign in, so that it is there when they
look at the first chart. A server of which nobody opens the dashboard never makes it.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from threading import Lock, Thread

from flask import Blueprint, Response, make_response, request

from lrs.charts import drawing

THREAD = "script of charts"
"""Name of the thread that waits for it while nobody else does."""


def add_to(pages: Blueprint) -> None:
    """Add the script."""
    pages.add_url_rule("/vega.js", "vega", vega)


def begin() -> None:
    """Let the script be made, if it is not there or being made; nobody waits for it."""
    if not drawing.javascript.cache_info().currsize and not _turn().locked():
        Thread(target=_made, name=THREAD, daemon=True).start()


def vega() -> Response:
    """Vega, Vega-Lite and vega-embed in one script; the same for as long as the wheel is."""
    script = _made()
    response = make_response(script)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.set_etag(_etag(script))
    response.make_conditional(request)
    return response


def _made() -> bytes:
    """The script; who comes while it is being made waits for that one."""
    with _turn():
        return drawing.javascript()


@cache
def _turn() -> Lock:
    return Lock()


@lru_cache(maxsize=1)
def _etag(script: bytes) -> str:
    return hashlib.sha256(script).hexdigest()[:32]
