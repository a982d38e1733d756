"""The alternate request syntax of xAPI 1.0.x (xAPI-Communication 1.3): any request as a POST of a form.

Old browsers could send nothing else across origins. The form is unwrapped before anything else looks at the
request, since the credential and the version may stand in the form only. xAPI 2.0 has no such syntax.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "DELETE"})
# That the body is a form SHOULD be said (1.3); browsers of the time said text/plain, or nothing.
_FORMS = frozenset({"application/x-www-form-urlencoded", "text/plain", ""})
REFUSED = "lrs.alternate_refused"
"""Key of the environment under which the application finds why an alternate request is refused."""

# Form fields that are headers (1.3, table), and their names in the environment; everything else is a parameter.
_HEADERS = {
    "authorization": "HTTP_AUTHORIZATION",
    "content-type": "CONTENT_TYPE",
    "content-length": "CONTENT_LENGTH",
    "if-match": "HTTP_IF_MATCH",
    "if-none-match": "HTTP_IF_NONE_MATCH",
    "accept": "HTTP_ACCEPT",
    "accept-language": "HTTP_ACCEPT_LANGUAGE",
    "x-experience-api-version": "HTTP_X_EXPERIENCE_API_VERSION",
}


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
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        if len(query) > 1 or methods[0] not in _METHODS or kind not in _FORMS:
            environ[REFUSED] = (
                "?method=M stands alone, with M one of DELETE, GET, HEAD, POST, PUT, and a form as the body"
            )
            return
        form = self._form(environ)
        if form is None:
            environ[REFUSED] = (
                f"the form has at most {self._most_bytes} bytes, as many as its Content-Length says"
            )
        else:
            self._replace(environ, methods[0], form)

    def _form(self, environ: Environ) -> bytes | None:
        """The body; None when it is too large or its length is none."""
        length = environ.get("CONTENT_LENGTH") or ""
        if length and not (length.isascii() and length.isdigit()):
            return None
        # A chunked body has no length, and ends where it ends.
        wanted = int(length) if length else self._most_bytes + 1
        if wanted > self._most_bytes + 1:
            return None
        form: bytes = environ["wsgi.input"].read(wanted)
        return (
            form if len(form) <= self._most_bytes and len(form) == (wanted if length else len(form)) else None
        )

    def _replace(self, environ: Environ, method: str, form: bytes) -> None:
        """Put what the form says in the place of what carried it."""
        try:
            pairs = parse_qsl(form.decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError:
            environ[REFUSED] = "the body is a form in UTF-8 with at most 100 fields"
            return
        fields = dict(pairs)
        content = fields.pop("content", None)
        headers = {
            _HEADERS[name.lower()]: fields.pop(name) for name in list(fields) if name.lower() in _HEADERS
        }
        refused = _refused(method, content, headers, repeated=len(pairs) > len(dict(pairs)))
        if refused:
            environ[REFUSED] = refused
            return
        body = (content or "").encode()
        environ.update(headers)
        environ["REQUEST_METHOD"] = method
        environ["QUERY_STRING"] = urlencode(fields)
        environ["CONTENT_TYPE"] = headers.get("CONTENT_TYPE", "application/json")
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)
        if environ.get("HTTP_X_EXPERIENCE_API_VERSION", "").startswith("2"):
            environ[REFUSED] = "xAPI 2.0 has no alternate request syntax: send the request itself"


def _refused(method: str, content: str | None, headers: dict[str, str], *, repeated: bool) -> str | None:
    """Why the fields of a form make no request."""
    if repeated:
        return "each field stands once in the form"
    if content is None and method in ("PUT", "POST"):
        return "the form has a field content with the body of the request"
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        return "a field that is a header is one line of visible ASCII"
    return None
