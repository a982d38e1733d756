"""Answers compressed where the client asks for it (RFC 9110, 12.5.3), and where that is worth it and safe.

Only what GET and HEAD answer, and only text: pictures, PDF and raw data are compressed already, and ids say nothing
twice. Two things are never compressed:

- **An answer to a browser's cookie.** A page of another origin can make a browser send that cookie and words of its
  own choice; where both those words and a secret, such as the token of a form, stand in one compressed answer, its
  length tells whether they are alike. Nobody can make a browser send a key, so that what is asked with a key, and
  what is for everybody, has nothing to fear.
- **What has a strong ETag**: documents, whose tag xAPI wants to be the SHA-1 of their very bytes.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, Response, request

LEAST_BYTES = 1_000
"""Less fits into one packet as it is."""
CODINGS = ("zstd", "gzip")
"""What is spoken here, the better first: zstd takes a third of the time, and is smaller by a third."""
VARY = "Accept-Encoding"
# Beyond these, a page of statements becomes a tenth smaller at three times the cost.
_GZIP_LEVEL = 2
_ZSTD_LEVEL = 1
_GZIP_LEVEL_ONCE = 9
_ZSTD_LEVEL_ONCE = 12
_TEXT = re.compile(r"text/|application/(json|[a-z0-9.-]+\+json|javascript|x-ndjson)|image/svg\+xml")
_WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE | re.ASCII)
_LONGEST_HEADER = 500
_STATIC = (".static", ".vega")
_MOST_FILES = 100


def choose(accepted: str | None, size: int) -> str | None:
    """The coding for an answer of that many bytes; None when it leaves as it is.

    Args:
        accepted: the header `Accept-Encoding`.
        size: length of the answer, in bytes.

    What nobody can read because everything is refused leaves as it is: better than an error (RFC 9110, 12.5.3).
    """
    if not accepted or len(accepted) > _LONGEST_HEADER:
        return None
    return _chosen(accepted, worth=size >= LEAST_BYTES)


def compressed(data: bytes, coding: str) -> bytes:
    """The data in a coding of `CODINGS`."""
    return _compressed(data, coding, _GZIP_LEVEL, _ZSTD_LEVEL)


def coding_for(environ: Mapping[str, Any], content_type: str, size: int) -> str | None:
    """The coding for what GET or HEAD answers to this request; None when it leaves as it is."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING")
    if not accepted or "HTTP_COOKIE" in environ or not _TEXT.match(content_type):
        return None
    return choose(accepted, size)


def init_app(app: Flask) -> None:
    """Let `app` compress."""
    files: dict[tuple[str, str, str], bytes] = {}

    @app.after_request
    def compress(response: Response) -> Response:
        environ = request.environ
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "Content-Encoding" in response.headers:
            return response
        if (request.endpoint or "").endswith(_STATIC):
            return _file(response, environ, files)
        if response.status_code in (204, 304) or response.is_streamed or response.get_etag() != (None, None):
            return response
        if not _TEXT.match(response.content_type or ""):
            return response
        response.vary.add(VARY)
        if "HTTP_ACCEPT_ENCODING" in environ:
            data = response.get_data()
            coding = coding_for(environ, response.content_type or "", len(data))
            if coding is not None:
                _replace(response, compressed(data, coding), coding)
        return response


def _file(
    response: Response, environ: Mapping[str, Any], files: dict[tuple[str, str, str], bytes]
) -> Response:
    """A file of ours, the same for everybody: compressed once, as well as can be, and kept.

    Its ETag becomes a weak one: that of what means the same, byte for byte or not.
    """
    tag, _ = response.get_etag()
    if response.status_code not in (200, 304) or tag is None or not _TEXT.match(response.content_type or ""):
        return response
    response.vary.add(VARY)
    coding = choose(environ.get("HTTP_ACCEPT_ENCODING"), response.content_length or 0)
    if coding is None or response.status_code == 304:
        return response
    known = (environ["PATH_INFO"], tag, coding)
    data = files.get(known)
    if data is None:
        if len(files) >= _MOST_FILES:
            files.clear()
        whole = b"".join(response.iter_encoded())
        data = files[known] = _compressed(whole, coding, _GZIP_LEVEL_ONCE, _ZSTD_LEVEL_ONCE)
    if response.direct_passthrough:
        response.response.close()  # type: ignore[union-attr]  # the file
        response.direct_passthrough = False
    _replace(response, data, coding)
    response.set_etag(tag, weak=True)
    response.headers.pop("Accept-Ranges", None)
    return response


def _replace(response: Response, data: bytes, coding: str) -> None:
    response.set_data(data)
    response.headers["Content-Encoding"] = coding


@lru_cache(maxsize=256)
def _chosen(accepted: str, *, worth: bool) -> str | None:
    weights = _weights(accepted)
    others = weights.get("*")
    offered = {name: weights.get(name, others or 0.0) for name in CODINGS}
    best = max(CODINGS, key=lambda name: offered[name])  # the first, where they weigh the same
    # As it is will do, unless it is refused; what is asked for by name is liked better.
    plain = weights.get("identity", 0.001 if others is None else others)
    if offered[best] == 0 or (plain > 0 and (not worth or offered[best] < plain)):
        return None
    return best


def _weights(accepted: str) -> dict[str, float]:
    """Each coding, in lower case, with its weight from 0 to 1; one whose weight cannot be read is not wanted."""
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, semicolon, parameters = part.partition(";")
        weight = _WEIGHT.fullmatch(parameters)
        named = name.strip().lower()
        given = (float(weight[1]) if weight else 0.0) if semicolon else 1.0
        weights["gzip" if named == "x-gzip" else named] = given
    return weights


def _compressed(data: bytes, coding: str, gzip_level: int, zstd_level: int) -> bytes:
    if coding == "gzip":
        return gzip.compress(data, gzip_level, mtime=0)  # no time in it: equal answers stay equal
    import zstandard

    return zstandard.compress(data, zstd_level)
