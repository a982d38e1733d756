"""How often somebody may try: a count in a window of time, by whatever names them, in this process's memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

_MOST_NAMES = 10_000


class Throttle:
    """Allows so many tries in a window. Each worker process counts by itself."""

    def __init__(self, most: int, window_us: int, *, clock: Callable[[], int]) -> None:
        """`most` 0: no limit."""
        self._most = most
        self._window_us = window_us
        self._clock = clock
        self._lock = Lock()
        self._tries: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def allows(self, name: str) -> bool:
        """Count one more try of somebody; False when that is one too many."""
        if not self._most:
            return True
        now_us = self._clock()
        with self._lock:
            began_us, tries = self._tries.pop(name, (now_us, 0))
            if now_us - began_us >= self._window_us:
                began_us, tries = now_us, 0
            self._tries[name] = (began_us, tries + 1)
            while len(self._tries) > _MOST_NAMES:
                self._tries.popitem(last=False)
            return tries < self._most


class Lockout:
    """Locks a name after so many failures in a row, exactly as a user is locked, where there is no user to write it to.

    That there is no such user must not be told by how long a lock lasts. In this process's memory, as above.
    """

    def __init__(self, most: int, locked_us: int, *, clock: Callable[[], int]) -> None:
        self._most = most
        self._locked_us = locked_us
        self._clock = clock
        self._lock = Lock()
        self._failures: OrderedDict[str, tuple[int, int | None]] = OrderedDict()

    def allows(self, name: str) -> bool:
        """Count one more failure of a name; False when it is locked, or is by this one."""
        now_us = self._clock()
        with self._lock:
            failures, until_us = self._failures.pop(name, (0, None))
            if until_us is None or now_us >= until_us:
                failures = 1 if until_us is not None else failures + 1
                until_us = now_us + self._locked_us if failures > self._most else None
            self._failures[name] = (failures, until_us)
            while len(self._failures) > _MOST_NAMES:
                self._failures.popitem(last=False)
            return until_us is None
