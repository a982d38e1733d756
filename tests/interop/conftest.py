"""One live server for all clients; each test keeps to names of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import NewStore
from tests.interop.endpoint import Endpoint, endpoint


@pytest.fixture(scope="session")
def vendor(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Iterator[Endpoint]:
    with new_store() as url, endpoint(tmp_path_factory.mktemp("interop"), url) as given:
        yield given
