from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lrs.demo.academy import generate
from lrs.demo.shapes import Posting


@pytest.fixture(scope="session")
def until() -> datetime:
    return datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def academy(until: datetime) -> list[Posting]:
    """The demo academy at full size. Nobody changes it."""
    return generate(until=until)


@pytest.fixture(scope="session")
def small(until: datetime) -> list[Posting]:
    """A quarter of it: one recruit of each character."""
    return generate(until=until, scale=0.25)
