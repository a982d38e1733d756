"""Activities: the definitions that statements give, and the one that they come to together (xAPI-Data 2.4.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from lrs.xapi import strict_json
from lrs.xapi.statement import Statement

_MERGED = ("name", "description", "extensions")
_print = msgspec.json.Encoder().encode


def definitions_of(statement: Statement) -> Iterator[tuple[str, str]]:
    """(activity IRI, its definition as JSON text) of every activity that a valid statement defines."""
    for activity in _activities(statement):
        if activity.get("definition"):
            yield activity["id"], _print(activity["definition"]).decode()


def merged(definitions: Iterable[str]) -> Mapping[str, Any]:
    """What definitions (JSON text), oldest first, come to together.

    Language maps and extensions grow by each; of anything else the newest stands. Numbers keep their text.
    """
    whole: dict[str, Any] = {}
    for text in definitions:
        for name, value in strict_json.parse_exactly(text.encode()).items():
            whole[name] = {**whole.get(name, {}), **value} if name in _MERGED else value
    return whole


def _activities(statement: Statement) -> Iterator[Mapping[str, Any]]:
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        yield target
    elif kind == "SubStatement":
        yield from _activities(target)
    for listed in statement.get("context", {}).get("contextActivities", {}).values():
        yield from [listed] if isinstance(listed, dict) else listed
