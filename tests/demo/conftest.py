from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lrs.competency.profile import Profile
from lrs.demo.academy import generate
from lrs.demo.people import Recruit
from lrs.demo.shapes import Posting
from lrs.plugin.host import PluginHost
from lrs.plugin.testing import host_with
from tests.demo.seen import Found, found_in, profiles
from tests.plugins.guests import ALL_GUESTS


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


@pytest.fixture(scope="session")
def host() -> PluginHost:
    """All the guests."""
    return host_with(*ALL_GUESTS.values())


@pytest.fixture(scope="session")
def found(host: PluginHost, academy: list[Posting]) -> Found:
    """Every statement of the academy with the evidence in it."""
    return found_in(host, academy)


@pytest.fixture(scope="session")
def academy_profiles(host: PluginHost, found: Found, until: datetime) -> list[tuple[Recruit, Profile]]:
    """Every recruit of the academy."""
    return profiles(host, found, until, 1.0)
