"""Services over a store of their own, whose clock the test sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.wiring import Rapport, now_us

MINUTE_US = 60_000_000
PASSWORD = "four words that will do"
ANOTHER = "four other words, longer"


@dataclass
class Clock:
    """Stands still until it is moved."""

    us: int

    def __call__(self) -> int:
        return self.us

    def move(self, *, minutes: float) -> None:
        """Go on."""
        self.us += round(minutes * MINUTE_US)


@pytest.fixture
def clock() -> Clock:
    return Clock(now_us())


Opened = Callable[..., Rapport]


@pytest.fixture
def opened(config: Config, plugins: PluginHost, clock: Clock) -> Iterator[Opened]:
    """Opens the services with settings of the test; addresses may try as often as they like, unless it says else."""
    every: list[Rapport] = []

    def open_with(**settings: object) -> Rapport:
        own = replace(config, **{"sign_in_tries": 0, **settings})
        every.append(Rapport.open(own, clock=clock, plugins=plugins))
        every[-1].store.initialise()
        return every[-1]

    yield open_with
    for one in every:
        one.store.close()


@pytest.fixture
def services(opened: Opened) -> Rapport:
    return opened()
