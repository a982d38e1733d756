"""YAML 1.2, core schema, of the plain kind that authors' files are: what it says and on which line.

`no` is text, `2026-01-01` is text, `010` is ten. Keys are text, whatever they look like. Refused: duplicate keys,
anchors and aliases, tags, NaN and infinity, a second document, and nesting deeper than 64.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import yaml

from lrs.wording import shown, step

_DEEPEST = 64
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_ENDLESS = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_BASES = {"0o": 8, "0x": 16}
_LONGEST_NUMBER = 300
"""Digits, and more than any rating has; a longer one takes long to read, or is infinite."""


class Unreadable(Exception):
    """A text that is not what it should be: on which line, what stands there, and what is expected."""

    def __init__(self, line: int, found: str, expected: str) -> None:
        super().__init__(f"line {line}: {found}; expected {expected}")
        self.line, self.found, self.expected = line, found, expected


class Parsed(NamedTuple):
    """A value, and the line (the first is 1) of each of its parts by JSON Pointer."""

    value: Any
    lines: dict[str, int]


def parse_yaml(text: str) -> Parsed:
    """What a YAML text says. Raises `Unreadable`."""
    reader = _Reader(text)
    try:
        return reader.whole()
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(line, f"no YAML ({exc.problem or exc.context})", "YAML 1.2") from exc
    except yaml.reader.ReaderError as exc:
        line = text.count("\n", 0, exc.position if isinstance(exc.position, int) else 0) + 1
        raise Unreadable(line, f"no YAML ({exc.reason})", "characters that can be printed") from exc


def is_text(plain: str) -> bool:
    """Whether it is text when it stands there without quotes, and neither number, boolean nor null."""
    return not (plain in _NULL or plain in _BOOLEANS or _ENDLESS.fullmatch(plain) or _NUMBER.fullmatch(plain))


class _Reader:
    """Builds the value from the parser's events: nothing is resolved that is not written there."""

    def __init__(self, text: str) -> None:
        # libyaml's parser, where PyYAML was built with it, is about ten times as fast.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events: Iterator[Any] = yaml.parse(text, Loader=loader)
        self._lines: dict[str, int] = {}

    def whole(self) -> Parsed:
        event = self._next(yaml.StreamStartEvent, yaml.DocumentStartEvent)
        if isinstance(event, yaml.StreamEndEvent):
            return Parsed(None, {"": 1})
        value = self._value(event, "", 0)
        self._next(yaml.DocumentEndEvent, last=True)
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _unreadable(event, "a second document", "one document")
        return Parsed(value, self._lines)

    def _next(self, *skipped: type, last: bool = False) -> Any:
        """The next event that is none of those; with `last`, the last of those."""
        event = next(self._events)
        while isinstance(event, skipped) and not last:
            event = next(self._events)
        return event

    def _value(self, event: Any, path: str, depth: int) -> Any:
        self._lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            raise _unreadable(event, f"the alias *{event.anchor}", "what it stands for, written out")
        if event.anchor is not None:
            raise _unreadable(event, f"the anchor &{event.anchor}", "no anchors: each value written out")
        if event.tag is not None:
            raise _unreadable(event, f"the tag {shown(event.tag)}", "no tags")
        if depth == _DEEPEST:
            raise _unreadable(event, f"more than {_DEEPEST} levels", "fewer")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        read: Callable[[str, int], Any] = (
            self._mapping if isinstance(event, yaml.MappingStartEvent) else self._sequence
        )
        return read(path, depth + 1)

    def _mapping(self, path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in iter(self._events.__next__, None):
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            if key in found:
                raise _unreadable(event, f"the key {shown(key)} a second time", "each key once")
            place = f"{path}/{step(key)}"
            self._lines[place] = event.start_mark.line + 1
            found[key] = self._value(next(self._events), place, depth)
        return found

    def _sequence(self, path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        for event in iter(self._events.__next__, None):
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, f"{path}/{len(found)}", depth))
        return found

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
            raise _unreadable(event, "a key that is no plain text", "text as key")
        return str(event.value)


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    text = str(event.value)
    if not event.implicit[0]:  # in quotes, or a block of text
        return text
    if is_text(text):
        return text
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _ENDLESS.fullmatch(text):
        raise _unreadable(event, text, "a finite number")
    return _number(event, text)


def _number(event: yaml.ScalarEvent, text: str) -> int | float:
    if len(text) > _LONGEST_NUMBER:
        raise _unreadable(event, f"a number of {len(text)} digits", "a shorter one")
    if text[:2] in _BASES:
        return int(text[2:], _BASES[text[:2]])
    value = int(text) if _WHOLE.fullmatch(text) else float(text)
    if value in (float("inf"), float("-inf")):
        raise _unreadable(event, text, "a number that is not as large")
    return value


def _unreadable(event: Any, found: str, expected: str) -> Unreadable:
    return Unreadable(event.start_mark.line + 1, found, expected)
