"""What the conformance tests send: statements, documents and the resources that answer GET."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlencode

from tests.web.xapi.test_statements import attached, multipart, statement, voiding

__all__ = [
    "AGENT",
    "FORM",
    "attached",
    "error_of",
    "form",
    "multipart",
    "new_id",
    "raw_post",
    "readable",
    "ref",
    "statement",
    "voiding",
]

AGENT = '{"mbox":"mailto:a@example.com"}'
ACTIVITY = "https://example.com/activities/1"
FORM = "application/x-www-form-urlencoded"


def new_id() -> str:
    return str(uuid.uuid4())


def ref(target: str, **parts: Any) -> dict[str, Any]:
    """A statement about another statement."""
    return statement(object={"objectType": "StatementRef", "id": target}, **parts)


def raw_post(xapi: Any, body: bytes, content_type: str = "application/json") -> Any:
    return xapi.request("POST", "/xapi/statements", data=body, content_type=content_type)


def form(xapi: Any, **fields: str) -> bytes:
    """The form of an alternate request, with the credential of a client."""
    return urlencode(xapi.headers | fields).encode()


def readable(xapi: Any) -> list[tuple[str, dict[str, str]]]:
    """(path, parameters) of every resource that answers GET, with something in it to be found."""
    state = {"activityId": ACTIVITY, "agent": AGENT}
    for path, scope in (
        ("/xapi/activities/state", state | {"stateId": "s"}),
        ("/xapi/activities/profile", {"activityId": ACTIVITY, "profileId": "p"}),
        ("/xapi/agents/profile", {"agent": AGENT, "profileId": "p"}),
    ):
        put = xapi.request(
            "PUT",
            path,
            {"If-None-Match": "*"},
            query_string=scope,
            data=b'{"a":1}',
            content_type="application/json",
        )
        assert put.status_code == 204, put.text
    one, gone = statement(), statement(object={"id": ACTIVITY, "definition": {"name": {"en": "One"}}})
    assert xapi.post([one, gone, voiding(gone["id"])]).status_code == 200
    return [
        ("/xapi/about", {}),
        ("/xapi/statements", {}),
        ("/xapi/statements", {"limit": "1", "format": "canonical"}),
        ("/xapi/statements", {"statementId": one["id"]}),
        ("/xapi/statements", {"voidedStatementId": gone["id"]}),
        ("/xapi/activities", {"activityId": ACTIVITY}),
        ("/xapi/agents", {"agent": AGENT}),
        ("/xapi/activities/state", state),
        ("/xapi/activities/state", state | {"stateId": "s"}),
        ("/xapi/activities/profile", {"activityId": ACTIVITY}),
        ("/xapi/activities/profile", {"activityId": ACTIVITY, "profileId": "p"}),
        ("/xapi/agents/profile", {"agent": AGENT}),
        ("/xapi/agents/profile", {"agent": AGENT, "profileId": "p"}),
    ]


def error_of(answer: Any) -> dict[str, Any]:
    """The error of an answer, which has the one form."""
    assert answer.content_type == "application/json", answer.headers
    error = json.loads(answer.data)["error"]
    assert error.keys() == {"status", "code", "message", "details"}
    assert error["status"] == answer.status_code
    assert error["message"]
    assert all(detail.keys() == {"path", "found", "expected"} for detail in error["details"])
    return dict(error)
