"""Clients that tests drive the application with."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Xapi:
    """A client of `/xapi` with a key and a version."""

    http: FlaskClient
    key_id: str
    secret: str
    version: str = "1.0.3"
    name: str = ""
    """The name of the key: the vendor."""

    @property
    def headers(self) -> dict[str, str]:
        token = base64.b64encode(f"{self.key_id}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {token}", "X-Experience-API-Version": self.version}

    def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, **kwargs: Any
    ) -> TestResponse:
        return self.http.open(path, method=method, headers={**self.headers, **(headers or {})}, **kwargs)

    def get(
        self, path: str = "/xapi/statements", headers: dict[str, str] | None = None, **query: Any
    ) -> TestResponse:
        return self.request("GET", path, headers, query_string=query or None)

    def post(self, value: Any, **kwargs: Any) -> TestResponse:
        return self.request("POST", "/xapi/statements", json=value, **kwargs)

    def put(self, statement_id: str, value: Any) -> TestResponse:
        return self.request("PUT", "/xapi/statements", query_string={"statementId": statement_id}, json=value)

    def ids(self, **query: Any) -> list[str]:
        """The ids that a query answers, in order."""
        answer = self.get(**query)
        assert answer.status_code == 200, answer.text
        return [statement["id"] for statement in answer.json["statements"]]
