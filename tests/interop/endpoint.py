"""A running server as a vendor is given it: an endpoint, a username and a password."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.serving import Server, serving


@dataclass(frozen=True)
class Endpoint:
    """What a vendor is told, and the server behind it."""

    server: Server
    username: str
    password: str

    @property
    def url(self) -> str:
        return f"{self.server.url}/xapi"

    def settings(self, version: str, **more: str) -> dict[str, str]:
        """Settings for a journey in JavaScript, with a name of its own that keeps its statements apart."""
        return {
            "endpoint": self.url,
            "username": self.username,
            "password": self.password,
            "version": version,
            "run": uuid.uuid4().hex,
            **more,
        }


@contextlib.contextmanager
def endpoint(folder: Path, store: str) -> Iterator[Endpoint]:
    """A server over a new store, with a key that may do what content does."""
    with serving(folder, store) as server:
        scopes = ("statements/write", "statements/read", "state", "profile", "define")
        yield Endpoint(server, *server.key(*scopes))
