"""What is wrong in an author's file, said as `Detail`s: where, what was found, what was expected."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from lrs.errors import Detail
from lrs.wording import pointer, shown, step

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_LONGEST = 300
"""Characters of what is expected, where it is a schema's own words."""

_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object: members with names",
    "null": "nothing",
}


def details_of(schema: str, instance: object, *, most: int | None = None) -> list[Detail]:
    """Every breach of `schemas/<schema>` in `instance`, by place; empty when it is valid.

    `most`: look for no more than so many; None: for all.
    """
    from lrs import schemas  # its validators take a while to load; scoring needs none of them

    validator = schemas.authoring(schema)
    errors = islice(validator.iter_errors(_plain(instance)), most)
    found = [detail for error in errors for detail in _details(error)]
    return sorted(found, key=lambda detail: detail.path)


def digest_of(value: Mapping[str, Any]) -> str:
    """Lower-case hex SHA-256 of the value as canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint for a word that is none of those that are known: ` (did you mean "field"?)`; empty without one."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f' (did you mean "{close[0]}"?)' if close else ""


def _details(error: ValidationError) -> Iterator[Detail]:
    path = pointer(error.absolute_path)
    if error.validator == "additionalProperties" and error.validator_value is False:
        yield from _unknown_members(error, path)
    else:
        yield Detail(path, shown(error.instance), _expected(error)[:_LONGEST])


def _unknown_members(error: ValidationError, path: str) -> Iterator[Detail]:
    """One detail for each, at its own place."""
    schema: Any = error.schema
    instance: Any = error.instance
    known = sorted(schema.get("properties", ()))
    for name, value in instance.items():
        if name not in known:
            expected = f"no member of this name{nearest(name, known)}: there are {', '.join(known)}"
            yield Detail(f"{path}/{step(name)}", shown(value), expected)


def _expected(error: ValidationError) -> str:
    """What would be right, in words for an author."""
    wanted: Any = error.validator_value
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "required":
        return f"the member {error.message.removesuffix(' is a required property')}"
    if error.validator == "enum":
        hint = nearest(error.instance, map(str, wanted)) if isinstance(error.instance, str) else ""
        return f"one of {', '.join(map(str, wanted))}{hint}"
    if error.validator == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return " or ".join(_TYPES[kind] for kind in kinds)
    if error.validator in ("oneOf", "anyOf", "not", "pattern", "const") and "description" in schema:
        return str(schema["description"])
    return error.message


def _plain(value: Any) -> Any:
    """The value with dicts and lists for mappings and tuples: jsonschema knows no others."""
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
