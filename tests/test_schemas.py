from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from lrs import schemas
from tests.xapi.corpus import INVALID, INVALID_ONLY_2, VALID, VALID_ONLY_2

STATEMENT_SCHEMAS = sorted(name for name in schemas.documents() if name.startswith("xapi-"))
FOLDERS = ("xapi-1.0.3", "xapi-2.0.0")
ASSERTIONS = {
    "type",
    "enum",
    "const",
    "pattern",
    "required",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "anyOf",
    "oneOf",
    "not",
}
CASES = {
    **VALID,
    **VALID_ONLY_2,
    **{case.requirement: case.statement for case in (*INVALID, *INVALID_ONLY_2)},
}


@pytest.mark.parametrize("name", sorted(schemas.documents()))
def test_every_schema_is_valid_by_its_meta_schema(name: str) -> None:
    document = schemas.documents()[name]
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(document)


@pytest.mark.parametrize("name", STATEMENT_SCHEMAS)
def test_the_id_of_a_schema_ends_in_its_path(name: str) -> None:
    assert schemas.documents()[name]["$id"] == f"https://w3id.org/xapi/rapport/schemas/{name}"


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("case", CASES)
def test_both_validators_agree(case: str, folder: str) -> None:
    name = f"{folder}/statement.json"
    assert schemas.authoring(name).is_valid(CASES[case]) == schemas.compiled(name).is_valid(CASES[case])


@pytest.mark.parametrize("name", STATEMENT_SCHEMAS)
def test_every_constraint_says_what_it_expects(name: str) -> None:
    for path, node, described in _constraints(schemas.documents()[name], name, inherited=False):
        assert described or not ASSERTIONS & node.keys(), path


def _constraints(node: Any, path: str, *, inherited: bool) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """(path, schema, whether it or a schema around its own place has a description), conditions left out."""
    if not isinstance(node, dict):
        return
    described = inherited or "description" in node
    yield path, node, described
    for keyword in ("then", "else", "items", "propertyNames", "additionalProperties"):
        yield from _constraints(
            node.get(keyword), f"{path}/{keyword}", inherited=described and keyword in ("then", "else")
        )
    for keyword in ("properties", "$defs"):
        for name, inner in node.get(keyword, {}).items():
            yield from _constraints(inner, f"{path}/{keyword}/{name}", inherited=False)


@pytest.mark.parametrize("name", STATEMENT_SCHEMAS)
def test_patterns_are_read_alike_by_python_and_rust(name: str) -> None:
    for pattern in _patterns(schemas.documents()[name]):
        assert re.compile(pattern)
        assert not re.search(r"\\[dDwWsSbBAzZ]|\(\?P|\\p", pattern), pattern


def _patterns(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for inner in node.values():
            yield from _patterns(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _patterns(inner)


def test_a_part_of_a_schema_is_compiled_by_its_fragment() -> None:
    uuids = schemas.compiled("xapi-1.0.3/types.json#/$defs/uuid")
    assert uuids.is_valid("6690e6c9-3ef0-4ed3-8b37-7f3964730bee")
    assert not uuids.is_valid("x")


def test_nodes_leads_from_the_root_to_the_place() -> None:
    base = "https://w3id.org/xapi/rapport/schemas/xapi-1.0.3/types.json"
    nodes = schemas.nodes(f"{base}#/$defs/uuid/maxLength")
    assert nodes[-1] == 36
    assert nodes[0]["$id"] == base
    with pytest.raises(KeyError):
        schemas.nodes("https://example.org/none.json#")


def test_a_description_is_found_behind_references() -> None:
    base = "https://w3id.org/xapi/rapport/schemas/xapi-2.0.0/context.json"
    member = schemas.documents()["xapi-2.0.0/context.json"]["properties"]["registration"]
    assert str(schemas.description(member, base)).startswith("a UUID")
    assert schemas.description({"type": "string"}, base) is None
