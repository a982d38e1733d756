"""`docs/reference/permissions.md` is the table of permissions, row by row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.access.permissions import ROLES, SCOPES, Action
from lrs.services.wiring import Rapport
from lrs.stores.users import Role
from lrs.web import create_app
from lrs.web.permissions import ENDPOINTS
from tests.docs.pages import MANUAL

PAGE = MANUAL / "reference" / "permissions.md"


def rows_of_actions() -> Iterator[str]:
    """Action, how far each role reaches, scopes."""
    for action in Action:
        reaches = (ROLES[action][role].value.replace("none", "–") for role in Role)
        scopes = SCOPES[action]
        by_key = "–" if not scopes else "any" if "*" in scopes else ", ".join(f"`{one}`" for one in scopes)
        yield f"| {action.value} | {' | '.join(reaches)} | {by_key} |"


def rows_of_endpoints(rapport: Rapport) -> Iterator[str]:
    """Method, path, what it needs."""
    found = []
    for rule in create_app(rapport.config, rapport).url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = rule.rule.replace("<path:", "{").replace("<", "{").replace(">", "}")
            found.append((path, method, ENDPOINTS[rule.endpoint].value))
    yield from (f"| `{method} {path}` | {needed} |" for path, method, needed in sorted(found))


def rows_on_the_page(heading: str) -> list[str]:
    """Those of the first table under a heading, without titles and rule."""
    lines = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].splitlines()
    table = itertools.dropwhile(lambda line: not line.startswith("|"), lines)
    return list(itertools.takewhile(lambda line: line.startswith("|"), table))[2:]


def test_the_table_of_actions_is_on_the_page() -> None:
    assert rows_on_the_page("Who may do what") == list(rows_of_actions())


@pytest.fixture
def rapport(config: Config, plugins: PluginHost) -> Iterator[Rapport]:
    services = Rapport.open(config, plugins=plugins)
    services.store.initialise()
    yield services
    services.store.close()


def test_the_table_of_endpoints_is_on_the_page(rapport: Rapport) -> None:
    assert rows_on_the_page("What each endpoint needs") == list(rows_of_endpoints(rapport))


def test_every_endpoint_is_in_the_table_and_nothing_else(rapport: Rapport) -> None:
    app = create_app(rapport.config, rapport)
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == ENDPOINTS.keys()
