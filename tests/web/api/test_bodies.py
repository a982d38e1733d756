"""Bodies of the API that cannot be taken: each is told where, and changes nothing."""

from __future__ import annotations

import pytest

from lrs.services.wiring import Rapport
from tests.clients import Xapi

pytestmark = pytest.mark.engines("sqlite")


@pytest.mark.parametrize(
    ("data", "code", "paths"),
    [
        (b"\x00", "malformed_json", [""]),
        (b"{", "malformed_json", [""]),
        (b"[]", "invalid_input", [""]),
        (b"{}", "invalid_input", ["/name"]),
        (b'{"name": 1}', "invalid_input", ["/name"]),
        (b'{"name": "x", "scopes": ["all", 7]}', "invalid_input", ["/scopes/1"]),
        (b'{"name": "x", "more": 1}', "invalid_input", ["/more"]),
        (b'{"name": "x", "scopes": ["everything"]}', "invalid_parameter", ["scope"]),
    ],
)
def test_a_key_that_is_asked_for_wrongly(
    xapi: Xapi, rapport: Rapport, data: bytes, code: str, paths: list[str]
) -> None:
    before = len(rapport.access.keys())
    answer = xapi.request("POST", "/api/v1/keys", data=data, content_type="application/json")
    assert answer.status_code == 400
    error = answer.json["error"]
    assert (error["code"], [detail["path"] for detail in error["details"]]) == (code, paths)
    assert len(rapport.access.keys()) == before
