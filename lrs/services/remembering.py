"""What was computed from the evidence that counts at an instant, kept as long as there is room for it.

Nothing is ever stale. What is kept is kept for one version of the evidence (`lrs.stores.base.EvidenceVersion`), which
is read from the store anew for each question, so that what another process has committed is seen at once. What else a
result hangs on (rubrics, officers, what was asked) is in its key; what hangs on the process alone (plugins, policy)
need not be. Permissions, pseudonyms and the audit log have no part in it: they are applied to the answer.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

from lrs.stores.base import EvidenceStore, EvidenceVersion

_T = TypeVar("_T")

MOST_BYTES = 32 * 1024 * 1024
"""About as much is kept in a process."""


class Memory:
    """Keeps what was used last, up to a size. Values are shared among threads: they must never be changed."""

    def __init__(self, store: EvidenceStore, *, most_bytes: int = MOST_BYTES) -> None:
        """`most_bytes`: 0 keeps nothing."""
        self._store = store
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._bytes = 0
        self._newest_us = 0
        self._lock = Lock()

    def of(
        self, as_of_us: int, key: Hashable, make: Callable[[], _T], size: Callable[[_T], int] = lambda _: 1024
    ) -> _T:
        """What `make` answers from the evidence that counts at an instant; not asked when it is kept.

        Args:
            as_of_us: the instant. When more may yet be dated by then, nothing is kept.
            key: all that the value hangs on beside the evidence.
            make: computes it.
            size: about how many bytes it has.
        """
        version = self.version(as_of_us)
        found: _T | None = self.get(version, key)
        if found is None:
            found = make()
            self.keep(version, key, found, size(found))
        return found

    def version(self, as_of_us: int) -> EvidenceVersion | None:
        """The version to get and keep by; None: neither. Has to be asked for before the evidence is read."""
        version = self._store.evidence_version(as_of_us)
        if version is not None:
            with self._lock:
                if version.newest_us < self._newest_us:
                    # Another store was put into the place of the one that this was of.
                    self._kept.clear()
                    self._bytes = 0
                self._newest_us = version.newest_us
        return version

    def get(self, version: EvidenceVersion | None, key: Hashable) -> _T | None:
        """What is kept; None: nothing is."""
        if version is None:
            return None
        with self._lock:
            found = self._kept.get((version, key))
            if found is None:
                return None
            self._kept.move_to_end((version, key))
            value: _T = found[0]  # type: ignore[assignment]  # a key is of one kind of value
            return value

    def keep(self, version: EvidenceVersion | None, key: Hashable, value: object, size: int) -> None:
        """Keep a value of so many bytes, unless it would take a quarter of all the room."""
        if version is None or size > self._most // 4:
            return
        with self._lock:
            _, before = self._kept.pop((version, key), (None, 0))
            self._kept[version, key] = value, size
            self._bytes += size - before
            while self._bytes > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._bytes -= gone
