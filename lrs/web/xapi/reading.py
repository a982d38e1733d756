"""What `GET /xapi/statements` answers, in HTTP: said once, for the application and for the express lane.

The tag is a weak one: that of the same statements, compressed or not. `Cache-Control` is `no-store` here as
everywhere: a client that keeps statements keeps them itself, and asks with the tag that it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from werkzeug.http import http_date, parse_etags

from lrs.services.access.keys import Credential
from lrs.services.wiring import Rapport
from lrs.web.compression import VARY, coding_for, compressed
from lrs.xapi import parameters
from lrs.xapi.statement_parameters import KNOWN
from lrs.xapi.timestamps import format_us

CONSISTENT_THROUGH = "X-Experience-API-Consistent-Through"
_KNOWN = (*KNOWN, "more")
_SCOPES = ("statements/read", "statements/read/mine", "all/read")


class Reply(NamedTuple):
    """A status, the headers that are of this answer alone, without Content-Length, and a body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


def reply(services: Rapport, environ: Mapping[str, Any], asking: Credential) -> Reply:
    """One statement, or a page of them; 304 when the client has the same answer.

    Args:
        services: who knows them.
        environ: of the request, by its query in UTF-8.
        asking: who asks.

    Raises `Forbidden`, `InvalidParameter`, `NotFound`, `StoreUnavailable`.
    """
    asking.require(*_SCOPES)
    query = environ.get("QUERY_STRING", "").encode("latin-1").decode()
    # As Werkzeug reads the queries of other resources: what is percent-encoded and no UTF-8 stays as it is.
    given = parameters.single(parse_qsl(query, keep_blank_values=True, errors="werkzeug.url_quote"), _KNOWN)
    # Before the page is read: whoever asks next for what was stored since then misses nothing.
    through = services.statements.consistent_through(after_write=False)
    answer = services.statements.get(
        given,
        asking,
        path=environ.get("SCRIPT_NAME", "").rstrip("/") + environ["PATH_INFO"],
        accept_language=environ.get("HTTP_ACCEPT_LANGUAGE"),
    )
    compress = services.config.compression
    headers = [
        (CONSISTENT_THROUGH, format_us(through)),
        ("Vary", _vary(answer.by_language, compress)),
    ]
    if answer.tag is not None:
        headers.append(("ETag", f'W/"{answer.tag}"'))
        if "HTTP_IF_NONE_MATCH" in environ and _has(environ["HTTP_IF_NONE_MATCH"], answer.tag):
            return Reply("304 Not Modified", headers, b"")
    headers.append(("Content-Type", answer.content_type))
    if answer.stored_us is not None:
        headers.append(("Last-Modified", http_date(answer.stored_us // 1_000_000)))
    coding = coding_for(environ, answer.content_type, len(answer.data)) if compress else None
    if coding is None:
        return Reply("200 OK", headers, answer.data)
    headers.append(("Content-Encoding", coding))
    return Reply("200 OK", headers, compressed(answer.data, coding))


def _vary(by_language: bool, compress: bool) -> str:
    parts = ["Authorization"]
    if by_language:
        parts.append("Accept-Language")
    if compress:
        parts.append(VARY)
    return ", ".join(parts)


def _has(sent: str, tag: str) -> bool:
    """Whether If-None-Match names the tag, weak or not, or anything at all (RFC 9110, 13.1.2)."""
    return bool(parse_etags(sent).contains_weak(tag))
