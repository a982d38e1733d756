"""An agency with one plugin, `juggling`, of version 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.agencies import Agency, Judge, agency_in, plugin


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    made = agency_in(tmp_path, juggling=plugin("1", Judge()))
    yield made
    made.store.close()
