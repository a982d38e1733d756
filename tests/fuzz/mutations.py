"""Requests of the xAPI resources that are good, and the ways in which one comes to be spoilt on its way."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from tests.clients import Xapi
from tests.conformance.samples import AGENT, FORM, attached, form, multipart, new_id, statement
from tests.xapi.corpus import FULL

ACTIVITY = "https://example.com/activities/1"
TOKENS = (
    *(
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\n",
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
    ),
    *(
        b"\\u0000",
        b"\\ud800",
        b"1e999",
        b"-",
        b"9" * 5000,
        b"NaN",
        b"null",
        b"true",
        b"[" * 300,
        b"%00",
        b"%zz",
        b"&",
    ),
    *(b"--B", b"--B--", b"%F0%9F", b"; charset=utf-16", b"../", b"'", b"=", b"*", b"\x7f", b"\xe2\x80\xa8"),
)


@dataclass(frozen=True)
class Request:
    """A request as a server gets it: everything is bytes that anybody could have sent."""

    method: str
    path: str
    query: bytes = b""
    headers: dict[str, bytes] = field(default_factory=dict)
    body: bytes = b""

    def environ(self) -> dict[str, Any]:
        """Its WSGI environment, made by hand: a test client would put right what is to stay wrong."""
        named = {f"HTTP_{n.upper().replace('-', '_')}": v.decode("latin-1") for n, v in self.headers.items()}
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if f"HTTP_{name}" in named:
                named[name] = named.pop(f"HTTP_{name}")
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query.decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **named,
        }


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def call(application: Callable[..., Any], request: Request) -> Answer:
    """Send a request straight into a WSGI application; what it raises is 500, as a server makes it."""
    begun: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        begun[:] = [int(status.split(maxsplit=1)[0]), {name.lower(): value for name, value in headers}]

    try:
        answer = application(request.environ(), start_response)
    except Exception as exc:
        return Answer(500, {}, repr(exc).encode())
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    return Answer(begun[0], begun[1], body)


def good_requests(xapi: Xapi) -> Iterator[Request]:
    """Requests of every kind, each of which is answered 2xx or 404 as it stands."""
    headers = {name: value.encode() for name, value in xapi.headers.items()}
    of_json = headers | {"Content-Type": b"application/json"}

    def statements(method: str, value: Any, **query: str) -> Request:
        return Request(method, "/xapi/statements", _query(query), of_json, json.dumps(value).encode())

    one = {**FULL, "id": new_id(), "authority": {"mbox": "mailto:a@example.com"}, "version": "1.0.0"}
    yield statements("POST", statement())
    yield statements("POST", [statement(), one])
    yield statements("PUT", put := statement(), statementId=put["id"])
    sent = multipart([statement(attachments=[attached(b"content")]), statement()], b"content")
    kind = {"Content-Type": sent["content_type"].encode()}
    yield Request("POST", "/xapi/statements", b"", headers | kind, sent["data"])
    questions = (
        {"verb": "https://example.com/v", "since": "2020-01-01T00:00:00Z", "limit": "2", "ascending": "true"},
        {"agent": AGENT, "related_agents": "true", "format": "canonical", "attachments": "true"},
        {"activity": ACTIVITY, "related_activities": "true", "registration": new_id(), "format": "ids"},
        {"statementId": new_id()},
    )
    for query in questions:
        yield Request(
            "GET", "/xapi/statements", _query(query), headers | {"Accept-Language": b"de, en;q=0.5"}
        )
    for path, scope in (
        ("activities/state", {"activityId": ACTIVITY, "agent": AGENT, "stateId": "s"}),
        ("activities/profile", {"activityId": ACTIVITY, "profileId": "p"}),
        ("agents/profile", {"agent": AGENT, "profileId": "p"}),
    ):
        for method in ("PUT", "POST", "GET", "DELETE"):
            condition = {"If-None-Match" if method == "PUT" else "If-Match": b"*"} if method != "GET" else {}
            body = b'{"a":[1,{"b":"c"}]}' if method in ("PUT", "POST") else b""
            yield Request(method, f"/xapi/{path}", _query(scope), of_json | condition, body)
    yield Request("GET", "/xapi/agents", _query({"agent": AGENT}), headers)
    yield Request("GET", "/xapi/activities", _query({"activityId": ACTIVITY}), headers)
    if xapi.version.startswith("2"):
        return  # which has no alternate request syntax
    fields = {"content": json.dumps(statement()), "Content-Type": "application/json"}
    of_form = {"Content-Type": FORM.encode()}
    yield Request("POST", "/xapi/statements", b"method=POST", of_form, form(xapi, **fields))
    yield Request("POST", "/xapi/statements", b"method=GET", of_form, form(xapi, limit="1"))


def _query(parameters: dict[str, str]) -> bytes:
    return urlencode(parameters).encode()


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Bytes with one to three accidents: a bit, a byte, a piece lost, doubled, moved, or a token put in."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((1, 2, 8, 40)))
        piece = data[start:end]
        match chance.randint(0, 5):
            case 0 if piece:
                data = data[:start] + bytes([piece[0] ^ (1 << chance.randint(0, 7))]) + data[start + 1 :]
            case 1:
                data = data[:start] + data[end:]
            case 2:
                data = data[:end] + piece * chance.randint(1, 3) + data[end:]
            case 3:
                place = chance.randint(0, len(data))
                data = data[:place] + piece + data[place:]
            case 4:
                data = data[:start]
            case _:
                data = data[:start] + chance.choice(TOKENS) + data[start:]
    return data


def mutated(request: Request, chance: random.Random) -> Request:
    """The request with one of its parts spoilt."""
    part = chance.choice(
        ("body", "body", "query", "header", "header", "drop", "method", "length", "boundary")
    )
    if part == "body":
        body = spoilt(request.body, chance)
        # A server cuts a longer body off and waits for a shorter one; what arrives is as long as it says.
        return replace(request, body=body)
    if part == "query":
        return replace(request, query=_on_one_line(spoilt(request.query, chance)))
    if part == "method":
        return replace(
            request, method=chance.choice(("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "BREW"))
        )
    if part == "length":
        wrong = str(chance.choice((0, 1, len(request.body) - 1, len(request.body) + 1))).encode()
        return replace(request, headers=request.headers | {"Content-Length": wrong})
    if part == "boundary" and b"boundary=" in request.headers.get("Content-Type", b""):
        kind = b"multipart/mixed; boundary=" + spoilt(b"B", chance)
        return replace(request, headers=request.headers | {"Content-Type": _on_one_line(kind)})
    name = chance.choice(sorted(request.headers))
    if part == "drop":
        return replace(request, headers={n: v for n, v in request.headers.items() if n != name})
    value = _on_one_line(spoilt(request.headers[name], chance))
    return replace(request, headers=request.headers | {name: value})


def _on_one_line(value: bytes) -> bytes:
    """Without what no HTTP server lets into a header or a request line."""
    return bytes(byte for byte in value if byte not in b"\r\n\x00")
