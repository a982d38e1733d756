"""Authors' files: YAML 1.2 or JSON, one object each, and every mistake in one told with file, line and path."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any

from lrs.errors import Detail, MalformedJson, PluginError
from lrs.plugin.json_lines import lines_of_json
from lrs.wording import shown
from lrs.xapi import strict_json

_LINE = re.compile(r"at line (\d+)")

SUFFIXES = (".yaml", ".yml", ".json")
"""Of the names of authors' files."""

_JSON = (".json", ".jsonld")

MOST_BYTES = 4 * 1024 * 1024
"""Of a rubric or alignment; a file of this size would hold some ten thousand indicators."""


@dataclass(frozen=True)
class Document:
    """An authors' file that has been read."""

    name: str
    """Name of the file, for messages."""
    data: dict[str, Any]
    """The object in it, as JSON knows values."""
    text: str
    folder: Traversable | None = None
    """Where it lies, and the files that it names beside it."""

    def place(self, path: str) -> str:
        """A JSON Pointer with file and line: `alignment.yaml:12 /rules/0/tier`."""
        return f"{self.name}:{self._line(path)} {path or '/'}"

    def placed(self, details: Iterable[Detail]) -> tuple[Detail, ...]:
        """The same details with file and line before each path."""
        return tuple(Detail(self.place(detail.path), detail.found, _in_quotes(detail)) for detail in details)

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Whatever `PluginError` is raised inside speaks of this file, and now names its lines."""
        try:
            yield
        except PluginError as exc:
            raise PluginError(exc.message, self.placed(exc.details)) from exc

    def _line(self, path: str) -> int:
        """The line of that part, or of the innermost that there is."""
        while path and path not in self._lines:
            path = path.rpartition("/")[0]
        return self._lines.get(path, 1)

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        if self.name.endswith(_JSON):
            return lines_of_json(self.text)
        from lrs.plugin.yaml_core import parse_yaml

        return parse_yaml(self.text).lines


def read_document(file: Traversable, folder: Traversable | None = None) -> Document:
    """The object in a file whose name ends in `.yaml`, `.yml` or `.json`.

    `folder` is where the files lie that it names beside it. Raises `PluginError` that names file and line.
    """
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise PluginError(f"{file.name} cannot be read: {exc.strerror or exc}.") from exc
    return document_of(content, file.name, folder)


def document_of(content: bytes, name: str, folder: Traversable | None = None) -> Document:
    """The object in the bytes of a file of that name. Raises `PluginError` that names file and line."""
    if len(content) > MOST_BYTES:
        raise _unreadable(name, 1, f"{len(content)} bytes", f"{MOST_BYTES} bytes at most")
    try:
        # Editors of one family put a byte order mark before everything they write.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise _unreadable(name, line, f"the byte {content[exc.start]:#04x}", "UTF-8") from exc
    data = _from_json(text, name) if name.endswith(_JSON) else _from_yaml(text, name)
    if not isinstance(data, dict):
        raise _unreadable(name, 1, shown(data), "an object: members with names")
    return Document(name, data, text, folder)


def find_document(folder: Traversable, stem: str) -> Document:
    """The file `stem.yaml`, `stem.yml` or `stem.json` of a folder.

    Raises `PluginError` when there is none or more than one of them, and as `read_document`.
    """
    names = names_of(folder, stem)
    if not names:
        wanted = ", ".join(f"{stem}{suffix}" for suffix in SUFFIXES)
        raise PluginError(f"There is none of {wanted} in {folder}.")
    if len(names) > 1:
        raise PluginError(f"There are {' and '.join(names)} in {folder}; there must be one of them.")
    return read_document(folder / names[0], folder)


def names_of(folder: Traversable, stem: str) -> list[str]:
    """Which of `stem.yaml`, `stem.yml` and `stem.json` are files of a folder."""
    return [f"{stem}{suffix}" for suffix in SUFFIXES if (folder / f"{stem}{suffix}").is_file()]


def _from_yaml(text: str, name: str) -> Any:
    from lrs.plugin.yaml_core import Unreadable, parse_yaml  # an agency whose files are JSON needs no YAML

    try:
        return parse_yaml(text).value
    except Unreadable as exc:
        raise _unreadable(name, exc.line, exc.found, exc.expected) from exc


def _from_json(text: str, name: str) -> Any:
    try:
        value = strict_json.parse(text.encode())
    except MalformedJson as exc:
        found = exc.details[0]
        line = _LINE.search(found.found)
        raise _unreadable(name, int(line[1]) if line else 1, found.found, found.expected) from exc
    if not _is_finite(value):
        raise _unreadable(name, 1, "a number that is too large for a double", "finite numbers")
    return value


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(map(_is_finite, parts))


def _in_quotes(detail: Detail) -> str:
    """What is expected; where YAML made a number of what was meant as text, how to say so."""
    if detail.expected == "text" and not detail.found.startswith(("{", "[", '"')):
        return f'text; in quotes it is: "{detail.found}"'
    return detail.expected


def _unreadable(name: str, line: int, found: str, expected: str) -> PluginError:
    return PluginError(f"{name} cannot be read.", [Detail(f"{name}:{line}", found, expected)])
