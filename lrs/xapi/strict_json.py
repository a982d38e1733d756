"""Strict JSON: what a lenient parser would let through is refused, and what came in leaves unchanged.

jiter reads; msgspec cuts an array or object into the exact bytes of its parts. Refused: duplicate keys, NaN
and Infinity, lone surrogates, invalid UTF-8, a byte order mark, trailing text, integers of more than 4300
digits and nesting deeper than 200.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import jiter
import msgspec

from lrs.errors import Detail, MalformedJson

_decode = msgspec.json.Decoder().decode
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_PLACE = re.compile(r"(.*) at line (\d+) column (\d+)\Z", re.DOTALL)
_BOM = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"


class Number:
    """A JSON number as the text that was sent: `1e2`, `1.10`, `-0`."""

    # No dataclass: msgspec would print one as an object, and never ask `_raw`.

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Number({self.text!r})"


def parse(data: bytes) -> Any:
    """The value of a JSON text in UTF-8.

    Integers are exact at any size; other numbers become floats (`1e400` infinity; their text is kept in the
    bytes). Raises `MalformedJson` that names line, column and reason.
    """
    try:
        return jiter.from_json(data, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as exc:
        raise _malformed(data, str(exc)) from exc


def parse_again(data: bytes) -> Any:
    """What `parse` answered for a JSON text that it has accepted, in less than half of its time."""
    try:
        return _decode(data)
    except (msgspec.DecodeError, RecursionError):
        return parse(data)  # a number that is infinity, or very deep


def parse_exactly(data: bytes) -> Any:
    """The value of a JSON text that `parse` has accepted, each number a `Number`: for printing it again."""
    return _exact.decode(data.decode())


def print_exactly(value: Any) -> bytes:
    """The JSON text of what `parse_exactly` answered, or of parts of it put together anew.

    Keys keep their order and numbers their text; strings are written with as few escapes as JSON allows.
    """
    return _printer.encode(value)


def split_array(data: bytes) -> list[bytes]:
    """The exact bytes of each element of a JSON array that `parse` has accepted, without blanks around it."""
    return [bytes(part) for part in _split(data)]


def members(data: bytes) -> dict[str, bytes]:
    """The exact bytes of each member's value of a JSON object that `parse` has accepted, in order."""
    return {name: bytes(part) for name, part in _members(data).items()}


def join_members(parts: Mapping[str, bytes]) -> bytes:
    """The JSON object with these members, their values as they are: the inverse of `members`."""
    return b"{%b}" % b",".join(_text(name) + b":" + value for name, value in parts.items())


def with_members(data: bytes, added: bytes) -> bytes:
    """The JSON object `data` with members put first; all its other bytes stay.

    Args:
        data: an object that `parse` has accepted, and that has none of the members that are added.
        added: one or more members, divided by commas: `"id":"…","version":"…"`.
    """
    rest = data[data.index(b"{") + 1 :]
    # Only in an empty object nothing follows; a quotation mark at once is the usual case, quickly told.
    empty = rest[:1] not in (b'"', b"") and rest.lstrip(_BLANKS)[:1] == b"}"
    return b"{%b%b%b" % (added, b"" if empty else b",", rest)


def _raw(number: Number) -> msgspec.Raw:
    return msgspec.Raw(number.text.encode())


_exact = json.JSONDecoder(parse_int=Number, parse_float=Number)
_printer = msgspec.json.Encoder(enc_hook=_raw)
_text = msgspec.json.Encoder().encode


def _malformed(data: bytes, reason: str) -> MalformedJson:
    if not data.strip(_BLANKS):
        return MalformedJson("The body is empty.", [Detail("", "nothing", "a JSON text in UTF-8")])
    match = _PLACE.match(reason)
    cause, place = (
        (match[1], f"line {match[2]}, column {match[3]}") if match else (reason, "an unknown place")
    )
    if data.startswith(_BOM):
        cause = "a byte order mark"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        cause = "text in UTF-16 or UTF-32"
    return MalformedJson(
        f"The body is not strict JSON: {cause} at {place}.",
        [Detail("", f"{cause} at {place}", _expected(cause))],
    )


def _expected(cause: str) -> str:
    if "duplicate key" in cause:
        return "each key once in an object"
    if "recursion" in cause:
        return "at most 200 levels of nesting"
    if "out of range" in cause:
        return "integers of at most 4300 digits"
    if "unicode" in cause or "surrogate" in cause or "hex escape" in cause:
        return "UTF-8 without lone surrogates"
    if "byte order" in cause:
        return "UTF-8 without a byte order mark"
    return "a JSON text (RFC 8259) in UTF-8"
