"""From a validator's errors to `Detail`s: the true place, what stood there, what the schema says it expects.

Every constraint in `schemas/xapi-*` carries a `description` of what is expected; the one nearest to the
failing keyword becomes the words of the error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import jsonschema_rs

from lrs import schemas
from lrs.errors import Detail
from lrs.wording import MISSING, pointer, shown

MOST_DETAILS = 50
_MOST_ERRORS = 500
"""Errors of one statement that are looked at: more would cost time and help nobody."""

_Path = list[str | int]


def explain(validator: jsonschema_rs.Validator, instance: object) -> list[Detail]:
    """What is wrong with an invalid instance, at most one `Detail` for each place.

    Raises `ValueError` for an instance that is not JSON (other types, lone surrogates).
    """
    found: dict[str, Detail] = {}
    for error in islice(validator.iter_errors(instance), _MOST_ERRORS):
        for detail in _details(error, instance):
            found.setdefault(detail.path, detail)
    return list(found.values())


def in_document_order(details: Iterable[Detail], instance: object) -> list[Detail]:
    """The details as one meets them reading the document, missing members last in their object.

    The first of each place, and at most `MOST_DETAILS`.
    """
    once: dict[str, Detail] = {}
    for detail in details:
        once.setdefault(detail.path, detail)
    orders: dict[int, dict[str, int]] = {}
    ordered = sorted(once.values(), key=lambda detail: _place(detail.path, instance, orders))
    return ordered[:MOST_DETAILS]


def _place(path: str, instance: object, orders: dict[int, dict[str, int]]) -> list[int]:
    """A JSON Pointer as the positions of its steps. `orders` keeps those of the members of each object."""
    place: list[int] = []
    for part in path.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(instance, dict):
            order = orders.setdefault(id(instance), {})
            if not order:
                order.update((member, index) for index, member in enumerate(instance))
            place.append(order.get(name, len(order)))
            instance = instance.get(name)
        elif isinstance(instance, list) and name.isdigit() and int(name) < len(instance):
            place.append(int(name))
            instance = instance[int(name)]
    return place


def _details(error: jsonschema_rs.ValidationError, instance: object) -> list[Detail]:
    location = error.absolute_keyword_location or ""
    nodes = schemas.nodes(location)
    path = list(error.instance_path)
    value = _at(instance, path)
    kind: Any = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        return [_unknown(path, value, name, _innermost(nodes)) for name in kind.unexpected]
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        missing = str(kind.property)
        expected = _of_member(_innermost(nodes), missing, location) or _nearest(nodes)
        return [_detail([*path, missing], MISSING, expected)]
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.PropertyNames):
        name = str(kind.error.instance)
        return [_detail([*path, name], shown(name), _nearest(nodes))]
    return [_detail(path, _choices(nodes, value) or shown(value), _nearest(nodes))]


def _detail(path: _Path, found: str, expected: str) -> Detail:
    return Detail(pointer(path), found, expected)


def _unknown(path: _Path, value: object, name: str, schema: Mapping[str, Any]) -> Detail:
    """A member that is not allowed here; says so when only its case is wrong."""
    allowed = list(schema["properties"])
    expected = f"no member of this name; allowed are {', '.join(allowed)}"
    twin = next((other for other in allowed if other.lower() == name.lower()), None)
    if twin is not None:
        expected = f'"{twin}", in this case: names are case-sensitive; allowed are {", ".join(allowed)}'
    member = value.get(name) if isinstance(value, dict) else None
    return _detail([*path, name], shown(member), expected)


def _innermost(nodes: tuple[Any, ...]) -> Mapping[str, Any]:
    """The innermost schema that speaks of members: the one whose keyword failed."""
    keywords = {"required", "properties", "dependentRequired"}
    return next(node for node in reversed(nodes) if isinstance(node, dict) and keywords & node.keys())


def _of_member(schema: Mapping[str, Any], name: str, location: str) -> str | None:
    """What the schema of an object expects of one member."""
    member = schema.get("properties", {}).get(name)
    return schemas.description(member, location.partition("#")[0]) if member is not None else None


def _nearest(nodes: tuple[Any, ...]) -> str:
    """The description of the innermost schema that has one."""
    return next(
        str(node["description"])
        for node in reversed(nodes)
        if isinstance(node, dict) and isinstance(node.get("description"), str)
    )


def _choices(nodes: tuple[Any, ...], value: object) -> str | None:
    """For "exactly one of these members": which of them are there."""
    branches = nodes[-1]
    if not isinstance(value, dict) or not isinstance(branches, list):
        return None
    names = [
        branch["required"][0] for branch in branches if isinstance(branch, dict) and "required" in branch
    ]
    there = [name for name in names if name in value]
    return (" and ".join(there) or f"none of them in {shown(value)}") if names else None


def _at(instance: object, path: _Path) -> object:
    for name in path:
        if isinstance(instance, dict):
            instance = instance.get(name)
        elif isinstance(instance, list) and isinstance(name, int):
            instance = instance[name]
    return instance
