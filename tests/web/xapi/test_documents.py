"""The three document resources, which share their rules, and where the two versions differ."""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.clients import Xapi

AGENT = '{"mbox":"mailto:a@example.com"}'
ACTIVITY = "https://example.com/activities/1"
STATE = ("/xapi/activities/state", {"activityId": ACTIVITY, "agent": AGENT}, "stateId")
AGENT_PROFILE = ("/xapi/agents/profile", {"agent": AGENT}, "profileId")
ACTIVITY_PROFILE = ("/xapi/activities/profile", {"activityId": ACTIVITY}, "profileId")
ALL = [pytest.param(*one, id=one[0]) for one in (STATE, AGENT_PROFILE, ACTIVITY_PROFILE)]
PROFILES = ALL[1:]
NEW = {"If-None-Match": "*"}


class Resource:
    """One document resource, spoken to by one client."""

    def __init__(self, xapi: Xapi, path: str, scope: dict[str, str], id_name: str) -> None:
        self.xapi, self.path, self.scope, self.id_name = xapi, path, scope, id_name

    def __call__(self, method: str, name: str | None = "d", body: bytes | None = None, **headers: str) -> Any:
        kind = headers.pop("content_type", "application/json" if body is not None else None)
        query = self.scope | ({self.id_name: name} if name is not None else {})
        sent = {header.replace("_", "-"): value for header, value in headers.items()}
        return self.xapi.request(method, self.path, sent, query_string=query, data=body, content_type=kind)

    def put_new(self, name: str, body: bytes, **headers: str) -> str:
        """Put a document that is new, and answer its ETag header."""
        answer = self("PUT", name, body, If_None_Match="*", **headers)
        assert answer.status_code == 204, answer.text
        return self("GET", name).headers["ETag"]


@pytest.fixture
def at(xapi: Xapi, xapi2: Xapi) -> Callable[..., Resource]:
    return lambda *resource, version=1: Resource(xapi2 if version == 2 else xapi, *resource)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_a_document_comes_back_as_it_came(
    at: Callable[..., Resource], version: int, path: str, scope: Any, id_name: str
) -> None:
    resource = at(path, scope, id_name, version=version)
    content = bytes(range(256)) * 3
    resource.put_new("d", content, content_type="image/x-own; a=b")
    answer = resource("GET")
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers["Content-Type"] == "image/x-own; a=b"
    assert answer.headers["ETag"] == f'"{hashlib.sha1(content).hexdigest()}"'
    assert answer.last_modified is not None
    head = resource("HEAD")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])


@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_a_document_that_is_not_there_is_404(
    at: Callable[..., Resource], path: str, scope: Any, id_name: str
) -> None:
    answer = at(path, scope, id_name)("GET", "nothing")
    assert answer.status_code == 404
    assert answer.json["error"]["details"][0]["path"] == id_name


@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_ids_are_listed_in_the_scope_and_since(
    at: Callable[..., Resource], path: str, scope: Any, id_name: str
) -> None:
    resource = at(path, scope, id_name)
    for name in ("b", "a"):
        resource.put_new(name, b"{}")
    assert resource("GET", None).json == ["a", "b"]
    since = resource.xapi.get(path, **scope, since="2001-01-01T00:00:00Z")
    assert since.json == ["a", "b"]
    assert resource.xapi.get(path, **scope, since="2999-01-01T00:00:00Z").json == []
    assert resource.xapi.get(path, **scope, since="yesterday").status_code == 400
    other = {name: value.replace("example.com", "other.example") for name, value in scope.items()}
    assert resource.xapi.get(path, **other).json == []


@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_a_post_merges_top_level_members_and_keeps_the_bytes_of_the_others(
    at: Callable[..., Resource], path: str, scope: Any, id_name: str
) -> None:
    resource = at(path, scope, id_name)
    resource.put_new("d", b'{"a": 1e2, "b": {"x": 1, "y": 2}}')
    assert resource("POST", "d", b'{"b": {"z": 3}, "c": null}').status_code == 204
    assert resource("GET").data == b'{"a":1e2,"b":{"z": 3},"c":null}'


@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_a_post_of_a_new_document_stores_it(
    at: Callable[..., Resource], path: str, scope: Any, id_name: str
) -> None:
    resource = at(path, scope, id_name)
    assert resource("POST", "d", b"\x00\x01", content_type="application/octet-stream").status_code == 204
    assert resource("GET").data == b"\x00\x01"


@pytest.mark.parametrize(
    ("stored", "stored_type", "sent", "sent_type"),
    [
        (b"{}", "application/json", b"[]", "application/json"),
        (b"[]", "application/json", b"{}", "application/json"),
        (b"{}", "application/json", b"{", "application/json"),
        (b"{}", "application/json", b"{}", "text/plain"),
        (b"{}", "text/plain", b"{}", "application/json"),
        (b"x", "text/plain", b"y", "text/plain"),
    ],
)
@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_a_post_that_cannot_merge_is_400_and_changes_nothing(
    at: Callable[..., Resource],
    path: str,
    scope: Any,
    id_name: str,
    stored: bytes,
    stored_type: str,
    sent: bytes,
    sent_type: str,
) -> None:
    resource = at(path, scope, id_name)
    resource.put_new("d", stored, content_type=stored_type)
    assert resource("POST", "d", sent, content_type=sent_type).status_code == 400
    assert (resource("GET").data, resource("GET").headers["Content-Type"]) == (stored, stored_type)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_conditions_decide_whether_a_document_is_changed(
    at: Callable[..., Resource], version: int, method: str, path: str, scope: Any, id_name: str
) -> None:
    resource = at(path, scope, id_name, version=version)
    body = None if method == "DELETE" else b'{"n":2}'
    etag = resource.put_new("d", b'{"n":1}')
    assert resource(method, "d", body, If_Match='"0000"').status_code == 412
    assert resource(method, "d", body, If_None_Match="*").status_code == 412
    assert resource(method, "other", body, If_Match=etag).status_code == 412
    assert resource("GET").data == b'{"n":1}'
    assert resource(method, "d", body, If_Match=etag).status_code == 204
    assert resource("GET").status_code == (404 if method == "DELETE" else 200)


def test_state_of_1_0_is_overwritten_without_a_condition(at: Callable[..., Resource]) -> None:
    resource = at(*STATE)
    for body in (b"1", b"2"):
        assert resource("PUT", "d", body).status_code == 204
    assert resource("GET").data == b"2"


@pytest.mark.parametrize(("path", "scope", "id_name"), PROFILES)
def test_a_profile_of_1_0_needs_a_condition(
    at: Callable[..., Resource], path: str, scope: Any, id_name: str
) -> None:
    resource = at(path, scope, id_name)
    assert resource("PUT", "d", b"1").status_code == 400
    resource.put_new("d", b"1")
    assert resource("PUT", "d", b"2").status_code == 409
    assert resource("GET").data == b"1"


@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_2_0_needs_a_condition_to_overwrite_only(
    at: Callable[..., Resource], path: str, scope: Any, id_name: str
) -> None:
    resource = at(path, scope, id_name, version=2)
    assert resource("PUT", "d", b"1").status_code == 204
    assert resource("PUT", "d", b"2").status_code == 409
    assert resource("GET").data == b"1"


def test_state_is_kept_apart_by_registration(at: Callable[..., Resource]) -> None:
    registrations = [str(uuid.uuid4()) for _ in range(2)]
    path, scope, id_name = STATE
    for registration in registrations:
        at(path, scope | {"registration": registration}, id_name)("PUT", "d", registration.encode())
    at(*STATE)("PUT", "d", b"none")
    for registration in registrations:
        answer = at(path, scope | {"registration": registration.upper()}, id_name)("GET")
        assert answer.data.decode() == registration
    assert at(*STATE)("GET").data == b"none"


def test_deleting_state_without_an_id_deletes_all_in_the_scope(at: Callable[..., Resource]) -> None:
    registration = str(uuid.uuid4())
    path, scope, id_name = STATE
    inside = at(path, scope | {"registration": registration}, id_name)
    for name in ("a", "b"):
        inside("PUT", name, b"{}")
        at(*STATE)("PUT", name, b"{}")
    assert inside("DELETE", None).status_code == 204
    assert inside("GET", None).json == []
    assert at(*STATE)("GET", "a").status_code == 200
    assert at(*STATE)("DELETE", None).status_code == 204
    assert at(*STATE)("GET", None).json == []


@pytest.mark.parametrize(("path", "scope", "id_name"), PROFILES)
def test_a_profile_is_deleted_by_its_id_only(
    at: Callable[..., Resource], path: str, scope: Any, id_name: str
) -> None:
    answer = at(path, scope, id_name)("DELETE", None)
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] == "profileId"


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_parameters_are_there_known_and_well_formed(
    at: Callable[..., Resource], method: str, path: str, scope: Any, id_name: str
) -> None:
    xapi = at(path, scope, id_name).xapi
    body = {} if method in ("GET", "DELETE") else {"data": b"{}", "content_type": "application/json"}
    whole = scope | {id_name: "d"}
    for name in scope:
        for wrong in ({k: v for k, v in whole.items() if k != name}, whole | {name: "no{thing"}):
            answer = xapi.request(method, path, query_string=wrong, **body)
            assert answer.status_code == 400
            assert answer.json["error"]["details"][0]["path"] == name
    answer = xapi.request(method, path, query_string=whole | {"Extra": "1"}, **body)
    assert answer.json["error"]["details"][0]["path"] == "Extra"
    if path == STATE[0]:
        assert (
            xapi.request(method, path, query_string=whole | {"registration": "1"}, **body).status_code == 400
        )


@pytest.mark.parametrize(("path", "scope", "id_name"), ALL)
def test_of_writers_with_one_etag_one_wins(
    at: Callable[..., Resource], path: str, scope: Any, id_name: str
) -> None:
    resource = at(path, scope, id_name, version=2)
    etag = resource.put_new("d", b"0")
    start = threading.Barrier(8)
    answers: list[int] = []

    def write(number: int) -> None:
        own = Resource(
            Xapi(
                resource.xapi.http.application.test_client(),
                resource.xapi.key_id,
                resource.xapi.secret,
                "2.0.0",
            ),
            path,
            scope,
            id_name,
        )
        start.wait()
        answers.append(own("PUT", "d", f"writer {number}".encode(), If_Match=etag).status_code)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(answers) == [204] + [412] * 7


def test_no_merge_is_lost_among_many_writers(at: Callable[..., Resource]) -> None:
    resource = at(*STATE)
    start = threading.Barrier(8)

    def write(number: int) -> None:
        own = Resource(
            Xapi(resource.xapi.http.application.test_client(), resource.xapi.key_id, resource.xapi.secret),
            *STATE,
        )
        start.wait()
        assert own("POST", "d", json.dumps({f"k{number}": number}).encode()).status_code == 204

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert resource("GET").json == {f"k{number}": number for number in range(8)}


@pytest.mark.parametrize(
    ("resource", "scope"), [(STATE, "state"), (AGENT_PROFILE, "profile"), (ACTIVITY_PROFILE, "profile")]
)
def test_a_key_needs_the_scope_of_the_resource(
    client_with: Callable[..., Xapi], resource: Any, scope: str
) -> None:
    may = Resource(client_with(scope), *resource)
    assert may("PUT", "d", b"{}", If_None_Match="*").status_code == 204
    reader = Resource(client_with("all/read"), *resource)
    assert reader("GET").status_code == 200
    assert reader("DELETE").status_code == 403
    vendor = Resource(client_with("statements/write", "statements/read"), *resource)
    for method, body in (("GET", None), ("PUT", b"{}"), ("POST", b"{}"), ("DELETE", None)):
        assert vendor(method, "d", body).status_code == 403


def test_a_document_that_has_not_changed_is_304(at: Callable[..., Resource]) -> None:
    resource = at(*STATE)
    etag = resource.put_new("d", b"{}")
    answer = resource("GET", "d", None, If_None_Match=etag)
    assert (answer.status_code, answer.data) == (304, b"")
