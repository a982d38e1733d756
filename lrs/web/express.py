"""The express lane: `/xapi/statements`, which there are most requests to, answered ahead of Flask.

Routing, the request and response objects and the hooks of a framework cost as much as storing a statement does, and
more than reading a page of them. So the plain cases of POST, GET and HEAD are answered here, by the same services.
Whatever is not plain is left to the application; so are the words for an error.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from io import BytesIO
from typing import Any, Final

import msgspec

from lrs.services.access.keys import Credential
from lrs.services.ingest import Body
from lrs.services.wiring import Rapport
from lrs.web.observe import REQUEST_ID, Observer
from lrs.web.xapi.reading import CONSISTENT_THROUGH, Reply, reply
from lrs.xapi.timestamps import format_us
from lrs.xapi.versions import HEADER, Version, negotiate

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_Answering = Callable[[Environ, Version, Credential], Reply]

FAILED: Final = "lrs.express_failed"
"""Key of the environment under which the application finds what was raised here: it is to raise it again."""
ASKING: Final = "lrs.express_asking"
"""Key of the environment under which the application finds the credential, if it was known by then."""

_JSON = ("Content-Type", "application/json")
_ENDPOINTS = {
    "POST": "xapi.post_statements",
    "GET": "xapi.get_statements",
    "HEAD": "xapi.get_statements",
}
"""What the application calls, in metrics, what is answered here."""
_negotiate = lru_cache(maxsize=64)(negotiate)  # errors are not kept


class Express:
    """WSGI middleware before the application."""

    def __init__(
        self,
        application: Application,
        services: Rapport,
        observer: Observer,
        *,
        path: str,
        headers: Iterable[tuple[str, str]],
        most_bytes: int,
    ) -> None:
        """Make it.

        Args:
            application: answers what is not plain.
            services: what both serve.
            observer: counts and logs what is answered here.
            path: of the resource.
            headers: what every answer carries.
            most_bytes: bodies longer than that are left to be refused.
        """
        self.application = application
        self._services = services
        self._observer = observer
        self._path = path
        self._headers = tuple(headers)
        self._most_bytes = most_bytes

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or pass on."""
        if environ["PATH_INFO"] != self._path:
            return self.application(environ, start_response)
        began = time.perf_counter()
        key_id, secret = _basic(environ.get("HTTP_AUTHORIZATION", ""))
        answering = None if key_id is None else self._plain(environ)
        if answering is None:
            return self.application(environ, start_response)
        try:
            version = _negotiate(environ.get("HTTP_X_EXPERIENCE_API_VERSION"))
            asking = self._services.access.authenticate(key_id, secret)
            environ[ASKING] = asking
            status, headers, body = answering(environ, version, asking)
        except Exception as exc:
            # Raised again where every error is answered and an unexpected one logged. Nothing is done twice.
            environ[FAILED] = exc
            environ["wsgi.input"] = BytesIO()
            return self.application(environ, start_response)
        request_id = self._observer.request_id(environ)
        if not status.startswith("304"):
            headers.append(("Content-Length", str(len(body))))
        start_response(status, [*self._headers, (HEADER, version.value), (REQUEST_ID, request_id), *headers])
        method = environ["REQUEST_METHOD"]
        elapsed = time.perf_counter() - began
        self._observer.answered(
            request_id,
            method,
            _ENDPOINTS[method],
            self._path,
            int(status[:3]),
            elapsed,
            key=asking.key_id,
            error=None,
        )
        return () if method == "HEAD" else (body,)

    def _plain(self, environ: Environ) -> _Answering | None:
        """What answers a request, if it is a plain one. A body is read then, and else left where it is."""
        method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING") or ""
        if method == "POST" and not query and "HTTP_CONTENT_ENCODING" not in environ:
            data = self._body(environ)
            return None if data is None else partial(self._post, data)
        if method in ("GET", "HEAD") and query.isascii():
            return self._get
        return None

    def _post(self, data: bytes, environ: Environ, version: Version, asking: Credential) -> Reply:
        asking.require("statements/write")
        ids = self._services.ingest.post(Body(environ.get("CONTENT_TYPE", ""), data), version, asking)
        through = self._services.statements.consistent_through(after_write=True)
        headers = [_JSON, (CONSISTENT_THROUGH, format_us(through))]
        return Reply("200 OK", headers, msgspec.json.encode(ids))

    def _get(self, environ: Environ, _: Version, asking: Credential) -> Reply:
        return reply(self._services, environ, asking)

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
    """Id and secret of an Authorization header; None where there is none that is plain to read."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None, None
    try:
        id_, colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None, None
    return (id_, secret) if colon else (None, None)
