"""The only reader of `schemas/`: every JSON Schema loaded once, compiled once, found by its file name.

Beside them stands one document that is no schema: our xAPI Profile.

The hot path uses `compiled` (jsonschema-rs, a few microseconds a statement). Authors' files and plugin
configuration use `authoring` (jsonschema, better words). `tests/test_schemas.py` holds both to the same verdicts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import jsonschema_rs

from lrs.errors import Detail
from lrs.wording import pointer, shown

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_FOLDERS = ("", "xapi-1.0.3", "xapi-2.0.0")


@cache
def documents() -> Mapping[str, dict[str, Any]]:
    """Every schema by its path below `schemas/`, e.g. `xapi-2.0.0/statement.json`."""
    root = files("lrs_schemas")
    return {
        f"{folder}/{entry.name}".lstrip("/"): json.loads(entry.read_text("utf-8"))
        for folder in _FOLDERS
        for entry in (root / folder if folder else root).iterdir()
        if entry.name.endswith(".json")
    }


@cache
def xapi_profile_text() -> bytes:
    """Rapport's xAPI Profile as it is published: JSON-LD in UTF-8."""
    return (files("lrs_schemas") / "xapi-profile.jsonld").read_bytes()


@cache
def xapi_profile() -> Mapping[str, Any]:
    """The same, parsed. Do not change it."""
    profile: Mapping[str, Any] = json.loads(xapi_profile_text())
    return profile


@cache
def compiled(name: str) -> jsonschema_rs.Validator:
    """The compiled validator of one schema, e.g. `compiled("xapi-1.0.3/statement.json")`.

    A fragment names a part of it: `compiled("xapi-1.0.3/types.json#/$defs/iri")`.
    """
    file, hash_sign, fragment = name.partition("#")
    document = documents()[file]
    everything = [(other["$id"], other) for other in documents().values()]
    return jsonschema_rs.validator_for(
        {"$ref": f"{document['$id']}#{fragment}"} if hash_sign else document,
        registry=jsonschema_rs.Registry(everything),
        validate_formats=False,
    )


@cache
def nodes(location: str) -> tuple[Any, ...]:
    """Every node from the root of a schema down to `location`, an absolute keyword location: `$id#/pointer`.

    The last is the deepest that exists: validators also name places that are none in the file.
    Raises `KeyError` when no schema has that `$id`.
    """
    base, _, place = location.partition("#")
    node: Any = next((document for document in documents().values() if document["$id"] == base), None)
    if node is None:
        raise KeyError(base)
    found = [node]
    for token in place.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdigit() and int(name) < len(node):
            node = node[int(name)]
        else:
            break
        found.append(node)
    return tuple(found)


def description(schema: Mapping[str, Any], base: str) -> str | None:
    """What a schema expects, in its own words or those of the schema that it refers to.

    `base` is the `$id` of its file.
    """
    while "description" not in schema:
        if "$ref" not in schema:
            return None
        location = urljoin(base, schema["$ref"])
        base, schema = location.partition("#")[0], nodes(location)[-1]
    return str(schema["description"])


@cache
def authoring(name: str) -> Validator:
    """The jsonschema validator of the same file, for authors' files."""
    return validator(documents()[name])


def validator(schema: Mapping[str, Any]) -> Validator:
    """A jsonschema validator for a schema that may refer to ours by `$id`.

    Raises `jsonschema.SchemaError` when the schema is not valid by its own meta-schema (2020-12 unless
    it says).
    """
    import jsonschema
    from referencing import Registry, Resource

    registry: Registry[Any] = Registry().with_resources(
        (document["$id"], Resource.from_contents(document)) for document in documents().values()
    )
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    kind.check_schema(dict(schema))
    return kind(schema, registry=registry)


def problems(validator: Validator, instance: Any) -> list[Detail]:
    """Everything that is wrong in an author's file or table, by place; empty when it is valid."""
    errors = sorted(validator.iter_errors(instance), key=lambda error: list(map(str, error.absolute_path)))
    return [
        Detail(pointer(error.absolute_path), shown(error.instance), error.message[:300]) for error in errors
    ]
