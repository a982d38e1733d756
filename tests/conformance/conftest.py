"""Clients for what holds in both versions of xAPI, and one store for the laws that Hypothesis tries many times."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.wiring import Rapport
from lrs.web import create_app
from tests.clients import Xapi
from tests.conftest import NewStore


@pytest.fixture(params=["1.0.3", "2.0.0"])
def either(request: pytest.FixtureRequest, client_with: Callable[..., Xapi]) -> Xapi:
    """A client that may do everything, once for each version."""
    return client_with("all", version=request.param)


@pytest.fixture(scope="module")
def shared(new_store: NewStore, plugins: PluginHost) -> Iterator[Callable[[str], Xapi]]:
    """Makes clients of one store for a whole module: examples must not ask what else it holds."""
    with new_store() as url:
        services = Rapport.open(Config(store=url, log_level="error"), plugins=plugins)
        services.store.initialise()
        http = create_app(services.config, services).test_client()
        key, secret = services.access.create_key("shared", ["all"])
        yield lambda version: Xapi(http, key.id, secret, version)
        services.store.close()


@pytest.fixture(params=["1.0.3", "2.0.0"])
def anywhere(request: pytest.FixtureRequest, shared: Callable[[str], Xapi]) -> Xapi:
    """As `either`, for tests that speak of what they sent themselves, whatever else the store holds."""
    return shared(request.param)
