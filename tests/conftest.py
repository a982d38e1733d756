"""Fixtures that several rooms share: a store of each engine, an application over it, clients with a key."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import settings

from lrs import stores
from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.wiring import Rapport, loaded
from lrs.web import create_app
from tests import mongo
from tests.clients import Xapi

# The contract suite is shipped in `lrs`; its asserts shall explain themselves like those of any test. Here, for other
# rooms than that of the stores build on it, and whichever is collected first imports it.
for _part in sorted(Path(stores.__file__).parent.glob("contract_*.py")):
    pytest.register_assert_rewrite(f"lrs.stores.{_part.stem}")

# A machine that others use, too, is slow by turns: how long an example takes says nothing here.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

ENGINES = ("sqlite", "mongodb")
ON_BOTH = frozenset({"browser", "conformance", "faults", "fuzz", "interop", "web"})
"""The rooms where all that stores something does it once on each engine."""

PAGES = ("web", "dashboard")
"""Pages ask services that have tests of their own on both: here, and in a browser, some stories on both are enough."""

NewStore = Callable[..., AbstractContextManager[str]]
"""Gives the URL of a store that nobody has made yet; what was made is cleared away."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A mark `engines` says on which a test runs; else its room does."""
    if "engine" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("engines")
    rooms = metafunc.definition.path.relative_to(Path(__file__).parent).parts
    if mark or (rooms[0] in ON_BOTH and rooms[:2] != PAGES):
        # A server that several tests share is started once for each engine, not by turns.
        metafunc.parametrize("engine", mark.args if mark else ENGINES, scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it once for all that was skipped, or failed, for this reason."""
    if none := mongo.why_none():
        terminalreporter.write_line(f"NOT TESTED ON MONGODB: {none}", yellow=True)


@pytest.fixture(scope="session")
def engine() -> str:
    """What keeps the stores of a test: `sqlite`, `mongodb`, or `mongodb` with a topology, as `mongodb standalone`."""
    return "sqlite"


@pytest.fixture(scope="session")
def mongo_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mongo.Servers]:
    """The servers of MongoDB, each started when it is asked for."""
    servers = mongo.Servers(tmp_path_factory.mktemp("mongo"))
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def mongo_store(mongo_servers: mongo.Servers) -> NewStore:
    """New stores of MongoDB, of one topology if it is named; where there is no server tests are skipped."""

    @contextlib.contextmanager
    def new_store(topology: str = "") -> Iterator[str]:
        try:
            server = mongo_servers.server(topology)
        except mongo.Missing as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(missing))
        with server.database() as url:
            yield url

    return new_store


@pytest.fixture(scope="session")
def new_store(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NewStore:
    """New stores of the engine, for fixtures that many tests share; others have `store_url`."""
    if engine.startswith("mongodb"):
        mongo_store: NewStore = request.getfixturevalue("mongo_store")
        return functools.partial(mongo_store, engine.partition(" ")[2])
    return lambda: contextlib.nullcontext(f"sqlite:///{tmp_path_factory.mktemp('store') / 'test.db'}")


@pytest.fixture
def store_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store of the engine that nobody has made yet."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    new_store: NewStore = request.getfixturevalue("new_store")
    with new_store() as url:
        yield url


@pytest.fixture
def config(store_url: str) -> Config:
    return Config(store=store_url, log_level="error", base_url="https://lrs.example")


@pytest.fixture(scope="session")
def plugins() -> PluginHost:
    """Every plugin that is installed. Nothing changes in it."""
    return loaded(Config())


@pytest.fixture
def rapport(config: Config, plugins: PluginHost) -> Iterator[Rapport]:
    services = Rapport.open(config, plugins=plugins)
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
