"""The JavaScript clients in a page of another origin, in Chromium, against a live server."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.interop import needs
from tests.interop.endpoint import Endpoint
from tests.interop.journeys import TinCanJs, XapiJs

needs.need(needs.packages, needs.chromium)

Walk = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def walk(lesson: Page, vendor: Endpoint) -> Walk:
    """Walks a client's journey once for each way of speaking; what it saw."""

    @functools.cache
    def walked(client: str, module: str, version: str, adapter: str = "") -> dict[str, Any]:
        return lesson.evaluate(
            "async ([client, module, settings]) => (await import(module)).journey(window[client], settings)",
            [client, module, vendor.settings(version, adapter=adapter)],
        )

    return walked


class TestXapiJsInAPage(XapiJs):
    @pytest.fixture
    def seen(self, walk: Walk, speaks: tuple[str, str]) -> dict[str, Any]:
        return walk("XAPI", "/xapi.mjs", *speaks)


class TestTinCanJsInAPage(TinCanJs):
    @pytest.fixture
    def seen(self, walk: Walk) -> dict[str, Any]:
        return walk("TinCan", "/tincan.mjs", "1.0.2")
