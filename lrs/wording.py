"""JSON values in a few words, for errors: bounded in time and length whatever the value is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

LONGEST = 80
"""Characters of a rendering, the sign that it was cut included."""

MISSING = "nothing"
"""How a member that is not there is shown."""

_DEEPEST = 3
_DIGITS = 40


def shown(value: object) -> str:
    """The value as JSON, cut to `LONGEST` characters; deep parts as `{…}` and `[…]`."""
    text = ""
    for piece in _pieces(value, 0):
        text += piece
        if len(text) > LONGEST:
            return text[: LONGEST - 1] + "…"
    return text


def pointer(path: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a path."""
    return "".join("/" + step(part) for part in path)


def step(name: str | int) -> str:
    """One step of a JSON Pointer, escaped."""
    return _encodable(str(name)).replace("~", "~0").replace("/", "~1")


def _pieces(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _object(value, depth)
    elif isinstance(value, list | tuple):
        yield from _array(value, depth)
    else:
        yield _scalar(value)


def _object(value: dict[object, object], depth: int) -> Iterator[str]:
    if depth == _DEEPEST and value:
        yield "{…}"
        return
    yield "{"
    for index, (name, member) in enumerate(value.items()):
        yield f"{', ' if index else ''}{_scalar(name)}: "
        yield from _pieces(member, depth + 1)
    yield "}"


def _array(value: list[object] | tuple[object, ...], depth: int) -> Iterator[str]:
    if depth == _DEEPEST and value:
        yield "[…]"
        return
    yield "["
    for index, element in enumerate(value):
        if index:
            yield ", "
        yield from _pieces(element, depth + 1)
    yield "]"


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(_encodable(value[: LONGEST + 1]), ensure_ascii=False)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 3 * _DIGITS:
        return f"a whole number of about {value.bit_length() * 3 // 10} digits"
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    return f"a value of type {type(value).__name__}"


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no encoding carries, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")
