"""The clock of this machine, held to that of the server: one that runs ahead must not date what all store after it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC

from lrs.stores.mongo.cluster import Cluster

AHEAD_US = 5_000_000
"""How far ahead of the server an instant may be."""

_ASK_EVERY_S = 60.0


class SoberClock:
    """Tells microseconds since the epoch. Asks the server for the time now and then."""

    def __init__(self, clock: Callable[[], int], cluster: Cluster) -> None:
        """`clock` may step back, or be wrong."""
        self._clock = clock
        self._cluster = cluster
        # The server's time and ours, as it was told; ours by a clock that nobody sets.
        self._told: tuple[int, float] | None = None

    def __call__(self) -> int:
        """The time of the machine, but not far ahead of the server's."""
        told = self._told
        if told is None or time.monotonic() > told[1] + _ASK_EVERY_S:
            said = self._cluster.client.admin.command("hello")["localTime"].replace(tzinfo=UTC)
            self._told = told = int(said.timestamp() * 1_000) * 1_000, time.monotonic()
        server_us = told[0] + int((time.monotonic() - told[1]) * 1e6)
        return min(self._clock(), server_us + AHEAD_US)
