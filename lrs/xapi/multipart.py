"""`multipart/mixed` in and out: statements first, then raw data of attachments (xAPI-Communication 1.5.2).

Parts are cut out of the body by their boundary (RFC 2046, 5.1), byte for byte; nothing is decoded. The time
this takes grows with the length of the body, whatever stands in it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lrs.errors import Detail, InvalidAttachment
from lrs.xapi.statement import Attachment

_CRLF = b"\r\n"
_MOST_PARTS = 50_000
_MOST_HEADER_BYTES = 16_384
_UNKNOWN_TYPE = "application/octet-stream"
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEADER = re.compile(rf"({_NAME})[ \t]*:([^\x00-\x08\x0a-\x1f\x7f]*)")
_PARAMETER = re.compile(
    rf"[ \t]*;[ \t]*(?:({_NAME})[ \t]*=[ \t]*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;\"]+))[ \t]*(?=;|\Z))?",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# What may stand in a header that we write: visible ASCII and blanks, so no line end, nor what becomes one.
_WRITABLE = re.compile(r"[\x20-\x7e\t]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body: its headers (names in lower case) and its exact bytes."""

    headers: dict[str, str]
    content: bytes


def media_type(content_type: str) -> tuple[str, dict[str, str]]:
    """A Content-Type header as (type in lower case, parameters, their names in lower case): RFC 9110, 8.3.1.

    Of a parameter that is there twice the first counts. Reading ends at the first thing that is no parameter.
    """
    kind, semicolon, _ = content_type.partition(";")
    parameters: dict[str, str] = {}
    place = len(kind)
    while semicolon and (match := _PARAMETER.match(content_type, place)):
        name, quoted, plain = match.groups()
        if name:
            parameters.setdefault(name.lower(), plain or _ESCAPE.sub(r"\1", quoted or ""))
        place = match.end()
    return kind.strip(" \t").lower(), parameters


def read_parts(body: bytes, boundary: str | None) -> list[Part]:
    """The parts of a body; what stands before the first and behind the last is passed over (RFC 2046, 5.1.1).

    Raises `InvalidAttachment` when the boundary is missing or does not fit the body, for a part whose headers
    cannot be read, and for more than 50,000 parts.
    """
    if not boundary:
        raise _refused("Content-Type", "no boundary", "multipart/mixed; boundary=…")
    parts: list[Part] = []
    for start, end in _spans(body, boundary):
        if len(parts) == _MOST_PARTS:
            raise _refused("", f"more than {_MOST_PARTS} parts", f"at most {_MOST_PARTS}")
        parts.append(_part(body, start, end, f"part {len(parts)}"))
    return parts


def _spans(body: bytes, boundary: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each part: from behind its delimiter to the line break that belongs to the next.

    Of two delimiters in a row, which share a line break, the end comes before the start.
    """
    start = None
    for delimiter in _delimiters(body, boundary):
        if start is not None:
            yield start, delimiter.start()
        if delimiter["last"]:
            return
        start = delimiter.end()
    raise _no_end(body, boundary, begun=start is not None)


def _delimiters(body: bytes, boundary: str) -> Iterator[re.Match[bytes]]:
    """The lines that are the boundary and nothing else; a line that only starts like it is content."""
    rest = rb"%b(?P<last>--)?[ \t]*(?:\r\n|\Z)" % re.escape(_dashed(boundary))
    first = re.match(rest, body)
    if first:
        yield first
    line = re.compile(rb"\r\n" + rest)
    match = line.search(body, max(0, first.end() - len(_CRLF)) if first else 0)
    while match:
        yield match
        match = line.search(body, match.end() - len(_CRLF))


def _dashed(boundary: str) -> bytes:
    return b"--" + boundary.encode("latin-1", "backslashreplace")


def _part(body: bytes, start: int, end: int, place: str) -> Part:
    # Header lines, an empty line, the content. Without headers the empty line comes first; without content it
    # may be the line break of the next delimiter, which stands at `end`.
    if body.startswith(_CRLF, start, end + 2):
        return Part({}, body[start + 2 : end])
    gap = body.find(_CRLF + _CRLF, start, min(end + 2, start + _MOST_HEADER_BYTES))
    if gap < 0:
        raise _refused(
            place, "no empty line after its headers", "headers (at most 16 kB), an empty line, content"
        )
    return Part(_headers(body[start:gap], place), body[gap + 4 : end])


def _headers(head: bytes, place: str) -> dict[str, str]:
    """Header lines as (name in lower case → value)."""
    headers: dict[str, str] = {}
    # A line that starts with a blank goes on where the one before it ended (RFC 5322, 2.2.3).
    for line in re.sub(r"\r\n(?=[ \t])", "", head.decode("latin-1")).split("\r\n"):
        match = _HEADER.fullmatch(line)
        if match is None:
            raise _refused(place, f"the line {line[:80]!r}", "a header, NAME: VALUE")
        name = match[1].lower()
        if name in headers:
            raise _refused(place, f"the header {name} twice", "each header once")
        headers[name] = match[2].strip(" \t")
    return headers


def write(statements: bytes, attachments: Iterable[Attachment]) -> tuple[bytes, str]:
    """A body of statements (JSON) and raw data, and its Content-Type."""
    # A boundary of 128 random bits stands in no content, and has no character that needs quoting.
    boundary = secrets.token_hex(16)
    pieces = [_head(boundary, {"Content-Type": "application/json"}), statements]
    for attachment in attachments:
        headers = {
            "Content-Type": attachment.content_type,
            "Content-Transfer-Encoding": "binary",
            "X-Experience-API-Hash": attachment.sha2,
        }
        pieces += [_CRLF, _head(boundary, headers), attachment.content]
    pieces.append(f"\r\n--{boundary}--\r\n".encode())
    return b"".join(pieces), f"multipart/mixed; boundary={boundary}"


def _head(boundary: str, headers: dict[str, str]) -> bytes:
    lines = [f"--{boundary}", *(f"{name}: {_writable(value)}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("ascii")


def _writable(value: str) -> str:
    return value if _WRITABLE.fullmatch(value) else _UNKNOWN_TYPE


def _no_end(body: bytes, boundary: str, *, begun: bool) -> InvalidAttachment:
    if re.search(rb"(?:\A|\n)%b(?:--)?[ \t]*\n" % re.escape(_dashed(boundary)), body):
        return _refused("", "lines that end with LF alone", "lines that end with CRLF (RFC 2046)")
    if begun:
        return _refused("", "a body that ends before its last part does", f"a last line --{boundary}--")
    return _refused("", "no line that is the boundary", f"parts divided by lines --{boundary}")


def _refused(path: str, found: str, expected: str) -> InvalidAttachment:
    return InvalidAttachment(
        f"The multipart body cannot be read: {found}; expected {expected}.", [Detail(path, found, expected)]
    )
