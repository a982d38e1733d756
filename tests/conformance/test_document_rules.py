"""The rules of documents that differ between the versions, and those that no other test asks for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.clients import Xapi
from tests.conformance.samples import AGENT, error_of, new_id

ACTIVITY = "https://example.com/activities/1"
STATE = ("/xapi/activities/state", {"activityId": ACTIVITY, "agent": AGENT}, "stateId")
AGENT_PROFILE = ("/xapi/agents/profile", {"agent": AGENT}, "profileId")
ACTIVITY_PROFILE = ("/xapi/activities/profile", {"activityId": ACTIVITY}, "profileId")
ALL = [pytest.param(one, id=one[0]) for one in (STATE, AGENT_PROFILE, ACTIVITY_PROFILE)]
NEW = {"If-None-Match": "*"}
JSON = "application/json"

Resource = tuple[str, dict[str, str], str]


def ask(
    xapi: Xapi,
    resource: Resource,
    method: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    name: str | None = "d",
    kind: str | None = JSON,
    **more: str,
) -> Any:
    path, scope, id_name = resource
    query = scope | ({} if name is None else {id_name: name}) | more
    return xapi.request(
        method,
        path,
        headers,
        query_string=query,
        data=body,
        content_type=kind if body is not None else None,
    )


@pytest.mark.parametrize("resource", ALL)
def test_an_etag_is_the_quoted_sha1_of_what_is_stored_after_every_write(
    either: Xapi, resource: Resource
) -> None:
    ask(either, resource, "PUT", b'{"a":1}', NEW)
    ask(either, resource, "POST", b'{"b":2}')
    answer = ask(either, resource, "GET")
    assert answer.headers["ETag"] == f'"{hashlib.sha1(answer.data).hexdigest()}"'
    assert json.loads(answer.data) == {"a": 1, "b": 2}
    assert ask(either, resource, "HEAD").headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize("resource", ALL)
def test_the_condition_star_asks_whether_there_is_a_document(either: Xapi, resource: Resource) -> None:
    there = {"If-Match": "*"}
    assert ask(either, resource, "PUT", b"1", there).status_code == 412
    assert ask(either, resource, "POST", b"{}", there).status_code == 412
    assert ask(either, resource, "DELETE", None, there).status_code == 412
    assert ask(either, resource, "GET").status_code == 404
    assert ask(either, resource, "PUT", b"1", NEW).status_code == 204
    assert ask(either, resource, "PUT", b"2", NEW).status_code == 412
    assert ask(either, resource, "POST", b"{}", NEW).status_code == 412
    assert ask(either, resource, "PUT", b"3", there).status_code == 204
    assert ask(either, resource, "GET").data == b"3"
    assert ask(either, resource, "DELETE", None, there).status_code == 204
    assert ask(either, resource, "GET").status_code == 404


@pytest.mark.parametrize("resource", ALL)
def test_one_of_several_tags_is_enough(either: Xapi, resource: Resource) -> None:
    ask(either, resource, "PUT", b"1", NEW)
    tag = ask(either, resource, "GET").headers["ETag"]
    assert ask(either, resource, "PUT", b"2", {"If-Match": f'"{"0" * 40}", {tag}'}).status_code == 204
    assert ask(either, resource, "PUT", b"3", {"If-Match": f'"{"0" * 40}", {tag}'}).status_code == 412
    assert ask(either, resource, "GET").data == b"2"


@pytest.mark.parametrize("resource", ALL)
def test_a_refused_condition_names_its_header_and_the_tag_that_is_stored(
    either: Xapi, resource: Resource
) -> None:
    ask(either, resource, "PUT", b"1", NEW)
    tag = ask(either, resource, "GET").headers["ETag"]
    [detail] = error_of(ask(either, resource, "PUT", b"2", {"If-Match": '"0"'}))["details"]
    assert (detail["path"], detail["found"]) == ("If-Match", tag)


@pytest.mark.parametrize("resource", ALL)
def test_a_put_that_would_overwrite_unasked_says_how_to_ask(xapi2: Xapi, resource: Resource) -> None:
    ask(xapi2, resource, "PUT", b"1")
    answer = ask(xapi2, resource, "PUT", b"2")
    assert answer.status_code == 409
    assert "If-Match" in error_of(answer)["details"][0]["path"]
    assert ask(xapi2, resource, "GET").data == b"1"


@pytest.mark.parametrize("resource", ALL)
def test_json_is_merged_however_its_type_is_written(either: Xapi, resource: Resource) -> None:
    ask(either, resource, "PUT", b'{"a":{"x":1},"b":1e2}', NEW)
    for kind in ("application/json; charset=utf-8", "Application/JSON", 'application/json;x="y"'):
        assert ask(either, resource, "POST", b'{"a":{"y":2},"c":[]}', kind=kind).status_code == 204, kind
        assert ask(either, resource, "GET").data == b'{"a":{"y":2},"b":1e2,"c":[]}'


@pytest.mark.parametrize("resource", ALL)
def test_what_does_not_merge_is_400_whether_or_not_there_is_a_document(
    either: Xapi, resource: Resource
) -> None:
    ask(either, resource, "PUT", b'{"a":0}', NEW, name="there")
    for body in (b'{"a":1,"a":2}', b'{"a":NaN}', b"{", b"", b"[]", b"1", b"null", b'{"\\ud800":1}'):
        assert ask(either, resource, "POST", body).status_code == 400, body
        assert ask(either, resource, "GET").status_code == 404
        assert ask(either, resource, "POST", body, name="there").status_code == 400, body
        assert ask(either, resource, "GET", name="there").data == b'{"a":0}'


@pytest.mark.parametrize("resource", ALL)
def test_what_is_put_is_not_looked_into(either: Xapi, resource: Resource) -> None:
    for number, body in enumerate((b"", b"{", b"\xff\x00", b'{"a":1,"a":2}', b"[" * 5000)):
        assert ask(either, resource, "PUT", body, NEW, name=f"d{number}").status_code == 204
        assert ask(either, resource, "GET", name=f"d{number}").data == body


@pytest.mark.parametrize("resource", ALL)
def test_deleting_what_is_not_there_is_204(either: Xapi, resource: Resource) -> None:
    assert ask(either, resource, "DELETE").status_code == 204


@pytest.mark.parametrize("resource", ALL)
def test_an_id_is_any_text(either: Xapi, resource: Resource) -> None:
    names = ["http://tincanapi.co.uk/stateapikeys/registrations", "a b/ü?#%41&+", "'; --", "0"]
    for name in names:
        assert ask(either, resource, "PUT", name.encode(), NEW, name=name).status_code == 204
    for name in names:
        assert ask(either, resource, "GET", name=name).data == name.encode()
    assert sorted(ask(either, resource, "GET", name=None).json) == sorted(names)


def test_an_agent_is_the_same_whatever_else_is_said_of_it(either: Xapi) -> None:
    path, scope, id_name = STATE
    ask(either, STATE, "PUT", b"1")
    named = {"objectType": "Agent", "name": "A", "mbox": "mailto:a@EXAMPLE.com"}
    other = (path, scope | {"agent": json.dumps(named)}, id_name)
    assert ask(either, other, "GET").data == b"1"


def test_documents_of_unknown_activities_and_agents_are_taken(either: Xapi) -> None:
    strange = {"activityId": "tag:example.com,2020:unknown", "agent": '{"openid":"https://id.example/new"}'}
    assert ask(either, (STATE[0], strange, "stateId"), "PUT", b"1").status_code == 204


def test_state_with_and_without_a_registration_is_listed_and_deleted_apart(either: Xapi) -> None:
    path, scope, id_name = STATE
    inside: Resource = (path, scope | {"registration": new_id()}, id_name)
    ask(either, STATE, "PUT", b"1", name="outside")
    ask(either, inside, "PUT", b"1", name="inside")
    assert ask(either, inside, "GET", name=None).json == ["inside"]
    assert "outside" in ask(either, STATE, "GET", name=None).json
    assert ask(either, inside, "DELETE", name=None).status_code == 204
    assert ask(either, STATE, "GET", name="outside").status_code == 200


@pytest.mark.parametrize("resource", ALL)
def test_since_is_exclusive_and_speaks_of_the_latest_write(either: Xapi, resource: Resource) -> None:
    ask(either, resource, "PUT", b"1", NEW, name="old")
    answer = ask(either, resource, "GET", name=None, since="2001-01-01T00:00:00+14:00")
    assert answer.json == ["old"]
    assert ask(either, resource, "GET", name=None, since="2999-01-01T00:00:00Z").json == []
    assert ask(either, resource, "GET", since="2001-01-01T00:00:00Z").status_code == 400


@pytest.mark.parametrize("resource", ALL)
def test_what_is_written_in_one_version_is_read_in_the_other(
    xapi: Xapi, xapi2: Xapi, resource: Resource
) -> None:
    ask(xapi, resource, "PUT", b"1", NEW, kind="text/plain")
    answer = ask(xapi2, resource, "GET")
    assert (answer.data, answer.headers["Content-Type"]) == (b"1", "text/plain")
    assert ask(xapi2, resource, "PUT", b"2", {"If-Match": answer.headers["ETag"]}).status_code == 204
    assert ask(xapi, resource, "GET").data == b"2"


def test_no_content_type_is_taken_as_bytes(either: Xapi) -> None:
    assert ask(either, STATE, "PUT", b"\x00\x01", kind=None).status_code == 204
    answer = ask(either, STATE, "GET")
    assert (answer.data, answer.headers["Content-Type"]) == (b"\x00\x01", "application/octet-stream")


@pytest.mark.parametrize("resource", ALL)
def test_a_document_may_be_megabytes(either: Xapi, resource: Resource) -> None:
    body = bytes(range(256)) * 12_000
    assert ask(either, resource, "PUT", body, NEW, kind="video/mp4").status_code == 204
    assert ask(either, resource, "GET").data == body
