"""Fixtures that several rooms share: a store in a file, an application over it, clients with a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lrs.config import Config
from lrs.services.wiring import Rapport
from lrs.web import create_app
from tests.clients import Xapi


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        store=f"sqlite:///{tmp_path / 'test.db'}", log_level="error", base_url="https://lrs.example"
    )


@pytest.fixture
def rapport(config: Config) -> Iterator[Rapport]:
    services = Rapport.open(config)
    services.store.initialise()
    yield services
    services.store.close()


@pytest.fixture
def http(rapport: Rapport) -> FlaskClient:
    """A client without a credential."""
    return create_app(rapport.config, rapport).test_client()


@pytest.fixture
def client_with(rapport: Rapport, http: FlaskClient) -> Callable[..., Xapi]:
    """Makes a client whose key has the scopes that are given."""

    def make(*scopes: str, version: str = "1.0.3") -> Xapi:
        key, secret = rapport.access.create_key(f"key {len(rapport.access.keys())}", scopes)
        return Xapi(http, key.id, secret, version, key.name)

    return make


@pytest.fixture
def xapi(client_with: Callable[..., Xapi]) -> Xapi:
    """A client that may do everything, speaking 1.0.3."""
    return client_with("all")


@pytest.fixture
def xapi2(client_with: Callable[..., Xapi]) -> Xapi:
    """A client that may do everything, speaking 2.0.0."""
    return client_with("all", version="2.0.0")
