"""Any sequence of writes to documents answers and leaves what a dictionary would (xAPI-Communication 2.2, 3.1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.clients import Xapi
from tests.conformance.samples import new_id

NAMES = st.sampled_from(["a", "b"])
VALUES = st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3) | st.just({"n": [1.5]}), max_size=3)
JSON_BODIES = VALUES.map(
    lambda value: (json.dumps(value, separators=(",", ":")).encode(), "application/json")
)
BODIES = JSON_BODIES | st.sampled_from(
    [(b"[1]", "application/json"), (b"{", "application/json"), (b"text", "text/plain"), (b"{}", "text/plain")]
)
CONDITIONS = st.sampled_from(["none", "none", "current", "stale", "match *", "none-match *"])

Stored = tuple[bytes, str]


def etag(stored: Stored) -> str:
    return f'"{hashlib.sha1(stored[0]).hexdigest()}"'


def is_object(stored: Stored) -> bool:
    try:
        return stored[1] == "application/json" and isinstance(json.loads(stored[0]), dict)
    except ValueError:
        return False


class Documents(RuleBasedStateMachine):
    """One scope of one resource, beside a dictionary that keeps the rules in the plainest way."""

    xapi: ClassVar[Xapi]
    resource: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, Stored] = {}
        self.ever: set[str] = set()
        activity, agent = f"urn:uuid:{new_id()}", json.dumps({"openid": f"urn:uuid:{new_id()}"})
        scopes = {
            "activities/state": {"activityId": activity, "agent": agent},
            "activities/profile": {"activityId": activity},
            "agents/profile": {"agent": agent},
        }
        self.scope = scopes[self.resource]
        self.id_name = "stateId" if self.resource == "activities/state" else "profileId"

    def ask(self, method: str, name: str | None, body: Stored | None = None, headers: Any = None) -> Any:
        query = self.scope | ({self.id_name: name} if name else {})
        data, kind = body or (None, None)
        path = f"/xapi/{self.resource}"
        return self.xapi.request(method, path, headers, query_string=query, data=data, content_type=kind)

    def headers_for(self, name: str, condition: str) -> dict[str, str]:
        current = self.model.get(name)
        tags = {
            "current": {"If-Match": etag(current or (b"never stored", ""))},
            "stale": {"If-Match": f'"{"0" * 40}"'},
            "match *": {"If-Match": "*"},
            "none-match *": {"If-None-Match": "*"},
        }
        return tags.get(condition, {})

    def expected(self, method: str, name: str, condition: str, body: Stored | None) -> int:
        """The status that the rules give, in the order in which they are asked."""
        current = self.model.get(name)
        if method == "POST" and body is not None and body[1] == "application/json" and not is_object(body):
            return 400
        if condition == "stale" or (condition in ("current", "match *") and current is None):
            return 412
        if condition == "none-match *" and current is not None:
            return 412
        if method == "PUT" and condition == "none":
            return self.unconditional(current)
        if method == "POST" and current is not None and body is not None:
            return 204 if is_object(current) and is_object(body) else 400
        return 204

    def unconditional(self, current: Stored | None) -> int:
        old = self.xapi.version == "1.0.3"
        if old and self.resource == "activities/state":
            return 204
        if current is not None:
            return 409
        return 400 if old else 204

    @rule(method=st.sampled_from(["PUT", "POST"]), name=NAMES, body=BODIES, condition=CONDITIONS)
    def write(self, method: str, name: str, body: Stored, condition: str) -> None:
        status = self.expected(method, name, condition, body)
        answer = self.ask(method, name, body, self.headers_for(name, condition))
        assert answer.status_code == status, (method, condition, answer.text)
        if status != 204:
            return
        current = self.model.get(name)
        if method == "POST" and current is not None:
            merged = json.loads(current[0]) | json.loads(body[0])
            body = (json.dumps(merged, separators=(",", ":")).encode(), current[1])
        self.model[name] = body

    @rule(name=NAMES, condition=CONDITIONS)
    def delete(self, name: str, condition: str) -> None:
        status = self.expected("DELETE", name, condition, None)
        answer = self.ask("DELETE", name, None, self.headers_for(name, condition))
        assert answer.status_code == status, (condition, answer.text)
        if status == 204:
            self.model.pop(name, None)

    @rule()
    def delete_all(self) -> None:
        answer = self.ask("DELETE", None)
        if self.resource == "activities/state":
            assert answer.status_code == 204
            self.model.clear()
        else:
            assert answer.status_code == 400

    @invariant()
    def what_is_stored_is_what_was_written(self) -> None:
        assert self.ask("GET", None).json == sorted(self.model)
        for name in ("a", "b"):
            answer = self.ask("GET", name)
            if name in self.model:
                assert (answer.data, answer.headers["Content-Type"]) == self.model[name]
                assert answer.headers["ETag"] == etag(self.model[name])
            else:
                assert answer.status_code == 404


@pytest.fixture
def machine(request: pytest.FixtureRequest, shared: Callable[[str], Xapi]) -> type[Documents]:
    version, resource = request.param
    return type("Machine", (Documents,), {"xapi": shared(version), "resource": resource})


@pytest.mark.parametrize(
    "machine",
    [
        (version, resource)
        for version in ("1.0.3", "2.0.0")
        for resource in ("activities/state", "activities/profile", "agents/profile")
    ],
    indirect=True,
    ids=str,
)
def test_documents_behave_as_a_dictionary_would(machine: type[Documents]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
