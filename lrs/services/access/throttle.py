"""How often somebody may fail: a count in a window of time, by whatever names them, in this process's memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

_MOST_NAMES = 10_000


class Throttle:
    """Allows so many failures in a window. Each worker process counts by itself."""

    def __init__(self, most: int, window_us: int, *, clock: Callable[[], int]) -> None:
        """`most` 0: no limit."""
        self._most = most
        self._window_us = window_us
        self._clock = clock
        self._lock = Lock()
        self._tries: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def allowed(self, name: str) -> bool:
        """Whether somebody may try now."""
        if not self._most:
            return True
        with self._lock:
            _, tries = self._now(name)
            return tries < self._most

    def count(self, name: str) -> None:
        """Count a try of somebody that failed."""
        with self._lock:
            began_us, tries = self._now(name)
            self._tries[name] = (began_us, tries + 1)
            self._tries.move_to_end(name)
            while len(self._tries) > _MOST_NAMES:
                self._tries.popitem(last=False)

    def _now(self, name: str) -> tuple[int, int]:
        """When their window began, and how many tries there were in it."""
        now_us = self._clock()
        began_us, tries = self._tries.get(name, (now_us, 0))
        return (now_us, 0) if now_us - began_us >= self._window_us else (began_us, tries)
