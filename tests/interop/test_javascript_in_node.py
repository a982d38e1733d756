"""The JavaScript clients in Node, against a live server."""

from __future__ import annotations

import functools
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.interop import needs
from tests.interop.endpoint import Endpoint
from tests.interop.journeys import TinCanJs, XapiJs

_PATIENCE_S = 60

needs.need(needs.node, needs.packages)

Walk = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def walk(vendor: Endpoint) -> Walk:
    """Walks a client's journey once for each way of speaking; what it saw."""

    @functools.cache
    def walked(client: str, version: str, adapter: str = "") -> dict[str, Any]:
        done = subprocess.run(
            [needs.node(), str(needs.packages() / "in_node.mjs"), client],
            input=json.dumps(vendor.settings(version, adapter=adapter)),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return walked


class TestXapiJsInNode(XapiJs):
    @pytest.fixture
    def seen(self, walk: Walk, speaks: tuple[str, str]) -> dict[str, Any]:
        return walk("xapi", *speaks)


class TestTinCanJsInNode(TinCanJs):
    @pytest.fixture
    def seen(self, walk: Walk) -> dict[str, Any]:
        return walk("tincan", "1.0.2")
