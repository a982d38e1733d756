"""The alternate request syntax of xAPI 1.0.x (xAPI-Communication 1.3): any request as a POST of a form.

Old browsers could send nothing else across origins. The form is unwrapped before anything else looks at the
request, since the credential and the version may stand in the form only. xAPI 2.0 has no such syntax.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import Headers
from werkzeug.http import parse_options_header

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "DELETE"})
_FORM = "application/x-www-form-urlencoded"
REFUSED = "lrs.alternate_refused"
"""Key of the environment under which the application finds why an alternate request is refused."""

# Form fields that are headers (1.3, table); everything else is a parameter.
_HEADERS = (
    "Authorization",
    "Content-Type",
    "Content-Length",
    "If-Match",
    "If-None-Match",
    "Accept",
    "Accept-Language",
    "X-Experience-API-Version",
)


class AlternateSyntax:
    """WSGI middleware that turns an alternate request into the request that is meant."""

    def __init__(self, application: Application, *, prefix: str, most_bytes: int) -> None:
        """`prefix`: path below which it applies; `most_bytes`: forms longer than that are left to be refused."""
        self._application = application
        self._prefix = prefix
        self._most_bytes = most_bytes

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Unwrap, where it is an alternate request, and go on."""
        if (
            environ["REQUEST_METHOD"] == "POST"
            and "method=" in environ.get("QUERY_STRING", "")
            and environ["PATH_INFO"].startswith(self._prefix)
        ):
            self._unwrap(environ)
        return self._application(environ, start_response)

    def _unwrap(self, environ: Environ) -> None:
        query = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
        methods = [value for name, value in query if name == "method"]
        if not methods:
            return
        kind, _ = parse_options_header(environ.get("CONTENT_TYPE", ""))
        if len(query) > 1 or methods[0] not in _METHODS or kind != _FORM:
            environ[REFUSED] = (
                "?method=M stands alone, with M one of DELETE, GET, HEAD, POST, PUT, and a form as the body"
            )
            return
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > self._most_bytes:
            return  # the application says so
        form = environ["wsgi.input"].read(length)
        self._replace(environ, methods[0], form)

    def _replace(self, environ: Environ, method: str, form: bytes) -> None:
        """Put what the form says in the place of what carried it."""
        try:
            fields = dict(
                parse_qsl(form.decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
            )
        except ValueError:
            environ[REFUSED] = "the body is a form in UTF-8 with at most 100 fields"
            return
        content = fields.pop("content", None)
        if content is None and method in ("PUT", "POST"):
            environ[REFUSED] = "the form has a field content with the body of the request"
            return
        headers = {name.lower(): value for name, value in fields.items()}
        sent = Headers((name, headers[name.lower()]) for name in _HEADERS if name.lower() in headers)
        names = {name.lower() for name in _HEADERS}
        body = (content or "").encode()
        environ["REQUEST_METHOD"] = method
        environ["QUERY_STRING"] = urlencode([pair for pair in fields.items() if pair[0].lower() not in names])
        environ["CONTENT_TYPE"] = sent.pop("Content-Type", "application/json")
        sent.pop("Content-Length", None)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)
        for name, value in sent:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        if environ.get("HTTP_X_EXPERIENCE_API_VERSION", "").startswith("2"):
            environ[REFUSED] = "xAPI 2.0 has no alternate request syntax: send the request itself"
