"""One live server for all clients; each test keeps to names of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop.endpoint import Endpoint, endpoint


@pytest.fixture(scope="session")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with endpoint(tmp_path_factory.mktemp("interop")) as given:
        yield given
