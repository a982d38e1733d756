"""Where in a JSON text each of its parts stands: asked only once something is wrong with one of them."""

from __future__ import annotations

import json
import re

from lrs.wording import step

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n')


def lines_of_json(text: str) -> dict[str, int]:
    """The line (the first is 1) of each part of a valid JSON text, by JSON Pointer: of a member, that of its name."""
    lines: dict[str, int] = {}
    line = 1
    path: list[str | int] = []  # an int is the place in an array; text is the member that is read now
    key_is_next = False
    for match in _TOKEN.finditer(text):
        mark = match[0]
        if mark == "\n":
            line += 1
            continue
        if mark == ",":
            if isinstance(path[-1], int):
                path[-1] += 1
            else:
                key_is_next = True
        elif mark in "]}":
            path.pop()
            key_is_next = False
        elif key_is_next and mark.startswith('"'):
            path[-1] = json.loads(mark)
            key_is_next = False
            lines["".join("/" + step(part) for part in path)] = line
        elif mark != ":":
            lines.setdefault("".join("/" + step(part) for part in path), line)
            if mark in "[{":
                path.append(0 if mark == "[" else "")
                key_is_next = mark == "{"
    return lines
