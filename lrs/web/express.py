"""The express lane: `POST /xapi/statements`, the request that there are most of, answered ahead of Flask.

Routing, the request and response objects and the hooks of a framework cost as much as storing a statement does. So
the plain case is answered here, by the same services. Whatever is not plain is left to the application; so are the
words for an error.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Final

import msgspec

from lrs.services.ingest import Body
from lrs.services.wiring import Rapport
from lrs.web.observe import REQUEST_ID, Observer
from lrs.xapi.timestamps import format_us
from lrs.xapi.versions import HEADER, negotiate

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

FAILED: Final = "lrs.express_failed"
"""Key of the environment under which the application finds what was raised here: it is to raise it again."""
ASKING: Final = "lrs.express_asking"
"""Key of the environment under which the application finds the credential, if it was known by then."""


class Express:
    """WSGI middleware before the application."""

    def __init__(
        self,
        application: Application,
        services: Rapport,
        observer: Observer,
        *,
        path: str,
        endpoint: str,
        headers: Iterable[tuple[str, str]],
        through_header: str,
        most_bytes: int,
    ) -> None:
        """Make it.

        Args:
            application: answers what is not plain.
            services: what both serve.
            observer: counts and logs what is answered here.
            path: of the resource.
            endpoint: its name in metrics, the one that the application has for it.
            headers: what every answer carries.
            through_header: name of the header that says up to when statements are visible.
            most_bytes: bodies longer than that are left to be refused.
        """
        self.application = application
        self._services = services
        self._observer = observer
        self._path = path
        self._endpoint = endpoint
        self._headers = [("Content-Type", "application/json"), *headers]
        self._through_header = through_header
        self._most_bytes = most_bytes

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or pass on."""
        if (
            environ["PATH_INFO"] != self._path
            or environ["REQUEST_METHOD"] != "POST"
            or environ.get("QUERY_STRING")
            or "HTTP_CONTENT_ENCODING" in environ
        ):
            return self.application(environ, start_response)
        began = time.perf_counter()
        data = self._body(environ)
        if data is None:
            return self.application(environ, start_response)
        try:
            version = negotiate(environ.get("HTTP_X_EXPERIENCE_API_VERSION"))
            asking = self._services.access.authenticate(*_basic(environ.get("HTTP_AUTHORIZATION", "")))
            environ[ASKING] = asking
            asking.require("statements/write")
            ids = self._services.ingest.post(Body(environ.get("CONTENT_TYPE", ""), data), version, asking)
            through = self._services.statements.consistent_through(after_write=True)
            answer = msgspec.json.encode(ids)
        except Exception as exc:
            # Raised again where every error is answered and an unexpected one logged. Nothing is done twice.
            environ[FAILED] = exc
            environ["wsgi.input"] = BytesIO()
            return self.application(environ, start_response)
        request_id = self._observer.request_id(environ)
        start_response(
            "200 OK",
            [
                *self._headers,
                ("Content-Length", str(len(answer))),
                (HEADER, version.value),
                (self._through_header, format_us(through)),
                (REQUEST_ID, request_id),
            ],
        )
        elapsed = time.perf_counter() - began
        self._observer.answered(
            request_id, "POST", self._endpoint, self._path, 200, elapsed, key=asking.key_id, error=None
        )
        return (answer,)

    def _body(self, environ: Environ) -> bytes | None:
        """The whole body; None, and nothing is read, when its length is not said or too great."""
        length = environ.get("CONTENT_LENGTH") or ""
        if not (length.isascii() and length.isdigit()) or int(length) > self._most_bytes:
            return None
        data: bytes = environ["wsgi.input"].read(int(length))
        if len(data) != int(length):
            environ["wsgi.input"] = BytesIO(data)
            return None
        return data


def _basic(header: str) -> tuple[str | None, str | None]:
    """Id and secret of an Authorization header; None where there is none."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None, None
    try:
        id_, colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None, None
    return (id_, secret) if colon else (None, None)
