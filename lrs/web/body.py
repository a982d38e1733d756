"""Bodies: that of a request whole or refused, that of an answer left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

from lrs.errors import Detail, InvalidInput
from lrs.services.ingest import Body

_SHORT_BYTES = 64 * 1024


def read_body() -> Body:
    """The body as it came. Raises `InvalidInput` when it is encoded, or shorter than its Content-Length says."""
    whole = request._get_current_object()  # type: ignore[attr-defined]  # each use of the proxy costs
    environ = whole.environ
    check_not_encoded(environ)
    data = whole.get_data(cache=False)
    declared = whole.content_length
    # A client that breaks off may leave what happens to be JSON; the server below us lets it through.
    if declared is not None and declared != len(data):
        raise InvalidInput(
            "The body is not as long as its Content-Length.",
            [Detail("Content-Length", f"{declared}, and {len(data)} bytes", "the length of the body")],
        )
    return Body(environ.get("CONTENT_TYPE", ""), data)


def check_not_encoded(environ: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` when the body is compressed: how long it is would be known only when it is too late."""
    encoding = environ.get("HTTP_CONTENT_ENCODING", "identity")
    if encoding.lower() != "identity":
        raise InvalidInput(
            f"The body is encoded as {encoding}.",
            [Detail("Content-Encoding", encoding, "a body that is not encoded")],
        )


def init_app(app: Flask) -> None:
    """Let `app` take what is left of a short body before it refuses the request."""

    @app.after_request
    def take_the_rest(response: Response) -> Response:
        # The server below us closes a connection of which something is unread, and the client's next request breaks.
        length = request.environ.get("CONTENT_LENGTH") or ""
        if response.status_code >= 400 and length.isdecimal() and 0 < int(length) <= _SHORT_BYTES:
            request.environ["wsgi.input"].read(int(length))
        return response


def no_content() -> Response:
    """204, with neither a body nor the type of one."""
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer
