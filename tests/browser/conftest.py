"""A browser, a vendor's page at an origin of its own, and a live server to send to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium, pages
from tests.conftest import NewStore
from tests.interop import needs
from tests.interop.endpoint import Endpoint, endpoint


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="session")
def vendor(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Iterator[Endpoint]:
    with new_store() as url, endpoint(tmp_path_factory.mktemp("browser"), url) as given:
        yield given


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Where the vendor's page comes from."""
    with pages(needs.packages()) as served:
        yield served


@pytest.fixture(scope="session")
def lesson(browser: Browser, origin: str) -> Iterator[Page]:
    """The vendor's page, open."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{origin}/page.html")
        yield page
