"""The limit beside which the server is held: a bare Flask view on the same HTTP server with the same settings.

It reads the body and answers JSON of the size that Rapport answers to a single statement. No routing to speak of,
no credential, no log, no metrics, nothing parsed, nothing stored.

`python -m tests.benchmarks.echo PORT` serves it.
"""

from __future__ import annotations

import sys
from typing import Any

from flask import Flask, Response, jsonify, request

_ANSWER = ["00000000-0000-4000-8000-000000000000"]


def create_echo() -> Flask:
    """The application."""
    app = Flask(__name__, static_folder=None)

    @app.post("/")
    def echo() -> Response:
        request.get_data(cache=False)
        return jsonify(_ANSWER)

    @app.get("/ready")
    def ready() -> Response:
        return jsonify(status="ready")

    return app


class _Loader:
    def __call__(self, *_: Any) -> Flask:
        return create_echo()


def serve(port: int) -> None:
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
    ).serve(target_loader=_Loader(), wrap_loader=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
