"""The rules that no schema can say: numbers against each other, dates that exist, distinct ids.

They look at any JSON value and pass over whatever has not the shape they speak of: the schema reports that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lrs.errors import Detail
from lrs.wording import shown
from lrs.xapi.timestamps import parse_us

# `type(x) in` instead of isinstance: a boolean is no number, and this is on the path of every statement.
_NUMBERS = (int, float)
COMPONENT_LISTS = ("choices", "scale", "source", "target", "steps")
_CONTEXT_ACTIVITIES = ("parent", "grouping", "category", "other")
_EDGES = ("0000", "0001", "9999")
_FIRST_US = -62_135_596_800_000_000
_LAST_US = 253_402_300_799_999_999
"""The years 1 to 9999: an instant beyond them cannot be written as a timestamp in UTC."""


def broken_rules(statement: object) -> list[Detail]:
    """One `Detail` for each rule that the statement, or a SubStatement in it, breaks; [] for none.

    About 3 µs for a statement that breaks none.
    """
    if not isinstance(statement, dict):
        return []
    details: list[Detail] = []
    _check(statement, "", details)
    inner = statement.get("object")
    if isinstance(inner, dict) and inner.get("objectType") == "SubStatement":
        _check(inner, "/object", details)
    return details


def _check(part: dict[str, Any], path: str, details: list[Detail]) -> None:
    """Add what is wrong with a statement or SubStatement."""
    for name in ("timestamp", "stored"):
        text = part.get(name)
        if isinstance(text, str) and (text[5:10] == "02-29" or text[:4] in _EDGES):
            _check_instant(text, f"{path}/{name}", details)
    result = part.get("result")
    if isinstance(result, dict) and isinstance(result.get("score"), dict):
        _check_score(result["score"], f"{path}/result/score", details)
    activity = part.get("object")
    if isinstance(activity, dict) and "definition" in activity:
        _check_components(activity["definition"], f"{path}/object/definition", details)
    context = part.get("context")
    if isinstance(context, dict):
        groups = context.get("contextActivities")
        if isinstance(groups, dict):
            _check_context_activities(groups, f"{path}/context/contextActivities", details)


def _check_instant(text: str, path: str, details: list[Detail]) -> None:
    """A date that exists and an instant in the years 1 to 9999 of UTC; the schema sees to the rest.

    Only for texts that speak of a leap day, or of one of the `_EDGES`.
    """
    try:
        us = parse_us(text)
    except ValueError as exc:
        details.append(Detail(path, shown(text), f"a timestamp of a date that exists ({exc})"))
        return
    if not _FIRST_US <= us <= _LAST_US:
        details.append(Detail(path, shown(text), "a timestamp in the years 1 to 9999 of UTC"))


def _check_score(score: dict[str, Any], path: str, details: list[Detail]) -> None:
    """`min` < `max`, `min` ≤ `raw` ≤ `max` (xAPI-Data 2.4.5.1)."""
    low: Any = score.get("min")
    high: Any = score.get("max")
    raw: Any = score.get("raw")
    has_low, has_high, has_raw = type(low) in _NUMBERS, type(high) in _NUMBERS, type(raw) in _NUMBERS
    if has_low and has_high and not low < high:
        details.append(Detail(f"{path}/min", shown(low), f"a number below max, {shown(high)}"))
    elif has_raw and has_low and raw < low:
        details.append(Detail(f"{path}/raw", shown(raw), f"a number from min, {shown(low)}, upwards"))
    elif has_raw and has_high and raw > high:
        details.append(Detail(f"{path}/raw", shown(raw), f"a number up to max, {shown(high)}"))


def _check_context_activities(groups: dict[str, Any], path: str, details: list[Detail]) -> None:
    """Hold the definition of each context activity to what that of an object is held to."""
    for kind in _CONTEXT_ACTIVITIES:
        value = groups.get(kind)
        if isinstance(value, list):
            for index, activity in enumerate(value):
                if isinstance(activity, dict) and "definition" in activity:
                    _check_components(activity["definition"], f"{path}/{kind}/{index}/definition", details)
        elif isinstance(value, dict) and "definition" in value:
            _check_components(value["definition"], f"{path}/{kind}/definition", details)


def _check_components(definition: object, path: str, details: list[Detail]) -> None:
    """Distinct ids within each list of interaction components (xAPI-Data 2.4.4.1)."""
    if not isinstance(definition, dict) or "interactionType" not in definition:
        return
    for name in COMPONENT_LISTS:
        components = definition.get(name)
        if isinstance(components, list):
            ids = [component.get("id") for component in components if isinstance(component, dict)]
            if len(ids) != len(set(map(str, ids))):
                details += _repeated(components, f"{path}/{name}")


def _repeated(components: list[Any], path: str) -> Iterator[Detail]:
    """A `Detail` for each component whose id stands before it in the list."""
    seen: set[str] = set()
    for index, component in enumerate(components):
        identifier = component.get("id") if isinstance(component, dict) else None
        if not isinstance(identifier, str):
            continue
        if identifier in seen:
            expected = "an id that no component before it in the list has"
            yield Detail(f"{path}/{index}/id", shown(identifier), expected)
        seen.add(identifier)
