from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lrs import schemas

FILES = ["rubric.json", "scoring.json"]


def members(schema: dict[str, Any], root: dict[str, Any], path: str = "") -> Iterator[tuple[str, bool]]:
    """Each member that a schema describes, and whether it says what it is."""
    for name, member in schema.get("properties", {}).items():
        target = root["$defs"][member["$ref"].rpartition("/")[2]] if "$ref" in member else member
        yield f"{path}/{name}", "description" in member or "description" in target
        yield from members(member, root, f"{path}/{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from members(schema[key], root, f"{path}/*")
    for name, definition in schema.get("$defs", {}).items():
        yield f"#/$defs/{name}", "description" in definition
        yield from members(definition, root, f"#/$defs/{name}")


@pytest.mark.parametrize("name", FILES)
def test_every_member_has_a_description(name: str) -> None:
    document = schemas.documents()[name]
    found = dict(members(document, document))
    assert len(found) > 10
    assert [path for path, described in found.items() if not described] == []


@pytest.mark.parametrize("name", FILES)
def test_a_schema_has_its_address(name: str) -> None:
    assert schemas.documents()[name]["$id"] == f"https://w3id.org/xapi/rapport/schemas/{name}"
