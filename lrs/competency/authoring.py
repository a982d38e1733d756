"""What is wrong in an author's file, said as `Detail`s: where, what was found, what was expected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lrs.errors import Detail


def details_of(schema: str, instance: object) -> list[Detail]:
    """Every breach of `schemas/<schema>` in `instance`, in document order; empty when it is valid."""
    from lrs import schemas  # its validators take a while to load; scoring needs none of them

    return schemas.problems(schemas.authoring(schema), _plain(instance))


def digest_of(value: Mapping[str, Any]) -> str:
    """Lower-case hex SHA-256 of the value as canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The value with dicts and lists for mappings and tuples: jsonschema knows no others."""
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
