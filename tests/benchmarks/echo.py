"""The limit beside which the server is held: a bare Flask view on the same HTTP server with the same settings.

It reads the body and answers JSON of the size that Rapport answers to a single statement, or bytes that were ready
before, of the size of a page. No routing to speak of, no credential, no log, no metrics, nothing parsed or stored.

`python -m tests.benchmarks.echo PAGE_BYTES PORT` serves it.
"""

from __future__ import annotations

import sys
from typing import Any

from flask import Flask, Response, jsonify, request

_ANSWER = ["00000000-0000-4000-8000-000000000000"]


def create_echo(page_bytes: int) -> Flask:
    """The application; a page is of that size."""
    page = b" " * page_bytes
    app = Flask(__name__, static_folder=None)

    @app.post("/")
    def echo() -> Response:
        request.get_data(cache=False)
        return jsonify(_ANSWER)

    @app.get("/")
    def small() -> Response:
        return jsonify(_ANSWER)

    @app.get("/page")
    def whole_page() -> Response:
        return Response(page, content_type="application/json")

    @app.get("/ready")
    def ready() -> Response:
        return jsonify(status="ready")

    return app


class _Loader:
    def __init__(self, page_bytes: int) -> None:
        self._page_bytes = page_bytes

    def __call__(self, *_: Any) -> Flask:
        return create_echo(self._page_bytes)


def serve(page_bytes: int, port: int) -> None:
    """Serve until told to stop, as `lrs.cli.server.run` serves Rapport with one worker."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from lrs.config import Config

    threads = Config().threads
    Granian(
        "tests.benchmarks.echo:create_echo",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        backpressure=max(threads * 4, 64),
        websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=_Loader(page_bytes), wrap_loader=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
