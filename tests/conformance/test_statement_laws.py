"""Laws that hold for any statement: it is kept, it is taken again, and what breaks one rule is refused whole."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.xapi.equality import same_meaning
from lrs.xapi.strict_json import parse
from lrs.xapi.versions import Version
from tests.clients import Xapi
from tests.conformance.samples import error_of, multipart, new_id, raw_post
from tests.xapi.corpus import CORE, INVALID, INVALID_ONLY_2, VALID, VALID_ONLY_2, Invalid
from tests.xapi.strategies import statements

VERSIONS = [pytest.param(version, id=version.value) for version in Version]
SERVERS = ("id", "stored", "authority", "version")
SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"

bounded = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def sendable(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement under an id of its own, each attachment with a place where its data is."""
    for part in (statement, statement["object"]):
        for attachment in part.get("attachments", ()):
            attachment.setdefault("fileUrl", "https://example.com/file")
    return {**statement, "id": new_id()}


def printed(statement: dict[str, Any], seed: int) -> bytes:
    """JSON text with the freedoms that JSON leaves: blanks, escapes, the order of members."""
    chance = random.Random(seed)
    members = list(statement.items())
    chance.shuffle(members)
    indent = chance.choice([None, 0, 3])
    return json.dumps(dict(members), ensure_ascii=chance.random() < 0.5, indent=indent).encode()


def lone(statement: dict[str, Any]) -> bool:
    """Whether a context activity stands without its array, so that the text around it is written anew."""
    parts = (statement, statement["object"])
    listed = [part.get("context", {}).get("contextActivities", {}) for part in parts]
    return any(isinstance(value, dict) for kinds in listed for value in kinds.values())


@pytest.mark.parametrize("version", VERSIONS)
@bounded
@given(data=st.data())
def test_any_statement_is_stored_and_comes_back(
    shared: Callable[[str], Xapi], version: Version, data: st.DataObject
) -> None:
    xapi = shared(version.value)
    one = sendable(data.draw(statements(version)))
    body = printed(one, data.draw(st.integers(0, 99)))
    answer = raw_post(xapi, body)
    assert answer.status_code == 200, answer.text
    kept = xapi.get(statementId=one["id"])
    back = parse(kept.data)
    assert same_meaning(parse(body), back)
    assert {"id", "stored", "timestamp", "authority", "version"} <= back.keys()
    if "stored" not in one and not lone(one):
        assert body.strip()[1:] in kept.data
    for name in one.keys() - {"stored"} if not lone(one) else ():
        assert back[name] == parse(body)[name]


@pytest.mark.parametrize("version", VERSIONS)
@bounded
@given(data=st.data())
def test_a_statement_taken_once_is_taken_again_in_any_text(
    shared: Callable[[str], Xapi], version: Version, data: st.DataObject
) -> None:
    xapi = shared(version.value)
    one = sendable(data.draw(statements(version)))
    assert raw_post(xapi, printed(one, 1)).status_code == 200
    kept = xapi.get(statementId=one["id"]).data
    for body in (printed(one, data.draw(st.integers(2, 99))), kept):
        answer = raw_post(xapi, body)
        assert answer.status_code == 200, answer.text
    assert xapi.get(statementId=one["id"]).data == kept


def broken(version: Version) -> list[Invalid]:
    return INVALID + (INVALID_ONLY_2 if version is Version.V2 else [])


def sent_with_room(xapi: Xapi, one: Any, content_type: str = "application/json") -> Any:
    return raw_post(xapi, json.dumps(one).encode(), content_type)


@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_breaks_one_rule_is_400_at_its_place_and_leaves_nothing(
    shared: Callable[[str], Xapi], version: Version
) -> None:
    xapi = shared(version.value)
    before = xapi.get(limit="1").data
    for case in broken(version):
        answer = sent_with_room(xapi, case.statement)
        assert answer.status_code == 400, case.requirement
        assert case.path in [detail["path"] for detail in error_of(answer)["details"]], case.requirement
    assert xapi.get(limit="1").data == before


@pytest.mark.parametrize("version", VERSIONS)
@bounded
@given(data=st.data())
def test_one_broken_statement_anywhere_in_a_batch_refuses_all_of_it(
    shared: Callable[[str], Xapi], version: Version, data: st.DataObject
) -> None:
    xapi = shared(version.value)
    good = [{**CORE, "id": new_id()} for _ in range(data.draw(st.integers(0, 4)))]
    case = data.draw(st.sampled_from(broken(version)))
    place = data.draw(st.integers(0, len(good)))
    batch = [*good[:place], case.statement, *good[place:]]
    before = xapi.get(limit="1").data
    answer = (
        xapi.request("POST", "/xapi/statements", **multipart(batch))
        if data.draw(st.booleans())
        else xapi.post(batch)
    )
    assert answer.status_code == 400
    paths = [detail["path"] for detail in error_of(answer)["details"]]
    assert f"/{place}{case.path}" in paths
    assert all(path.startswith(f"/{place}") for path in paths)
    assert xapi.get(limit="1").data == before


@pytest.mark.parametrize("version", VERSIONS)
def test_every_shape_that_is_valid_is_taken(shared: Callable[[str], Xapi], version: Version) -> None:
    xapi = shared(version.value)
    shapes = VALID | (VALID_ONLY_2 if version is Version.V2 else {})
    for name, shape in shapes.items():
        if any(part["usageType"] == SIGNATURE for part in shape.get("attachments", ())):
            continue  # a signature needs its own raw data
        one = {**shape, "id": new_id()}
        answer = xapi.post(one)
        assert answer.status_code == 200, (name, answer.text)
        back = parse(xapi.get(statementId=one["id"]).data)
        assert same_meaning(one, back), name


def test_what_1_0_calls_unknown_is_refused_there_by_name(shared: Callable[[str], Xapi]) -> None:
    for name, shape in VALID_ONLY_2.items():
        answer = shared("1.0.3").post({**shape, "id": new_id()})
        assert answer.status_code == 400, name
        paths = " ".join(detail["path"] for detail in error_of(answer)["details"])
        assert "context" in paths or paths == "/version", name
