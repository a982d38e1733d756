"""Whether anyone is storing statements, in any process: what makes `consistent_through` recent when nobody is.

Beside the file lies `<file>-writing`. Who stores statements holds a shared lock on it from before the clock is
read until after the commit. Who asks tries for the exclusive lock: having it, nothing is in flight, so every statement
stored by now can be read. What was answered is written into the file, and writers give out only later
instants, so that the answer stays true with equal, differing and stepped-back clocks.

The locks are those of `flock`, let go by the kernel when a process dies.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from lrs.errors import Detail, StoreUnavailable

_INSTANT_BYTES = 8
# Who asks in another process holds the lock for microseconds; a writer holds it for milliseconds.
_TRIES = 3


class InFlight:
    """The side file of one store, as seen by one process."""

    def __init__(self, path: Path) -> None:
        """`path`: of the store; the side file is made when it is first needed."""
        self._path = path.with_name(path.name + "-writing")
        self._asking = Lock()
        self._opening = Lock()
        # Locks of `flock` belong to an opened file: who writes and who asks need one each.
        self._writer: int | None = None
        self._asker: int | None = None

    @contextmanager
    def writing(self) -> Iterator[int]:
        """Hold the writer's lock; gives the instant that everything now stored must be later than."""
        with self._opening:
            if self._writer is None:
                self._writer = self._open()
            descriptor = self._writer
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        try:
            yield _instant_in(descriptor)
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody writes, in any process, and hold up those who would."""
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def nothing_until(self, instant: int) -> bool:
        """Whether every statement stored by `instant` is committed, with no more to come.

        If so, no writer gives out `instant` or anything before it from now on. False when it cannot be known.
        """
        # One at a time: two askers would take each other for a writer.
        with self._asking:
            for _ in range(_TRIES):
                try:
                    if self._asker is None:
                        self._asker = self._open()
                    return _claim(self._asker, instant)
                except BlockingIOError:
                    continue
                except (OSError, StoreUnavailable):
                    # The disk is full, or may not be written: what cannot be noted down is not claimed.
                    return False
        return False

    def promised(self) -> int:
        """The newest instant of which `nothing_until` was true, in any process; 0 when that cannot be known."""
        with self._asking:
            try:
                if self._asker is None:
                    self._asker = self._open()
                return _instant_in(self._asker)
            except (OSError, StoreUnavailable):
                return 0

    def close(self) -> None:
        """Let go of the file."""
        with self._asking, self._opening:
            for descriptor in (self._writer, self._asker):
                if descriptor is not None:
                    os.close(descriptor)
            self._writer = self._asker = None

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnavailable(
                f"{self._path} cannot be opened.",
                [Detail("store", str(error), "a folder in which this server may write")],
            ) from error


def _claim(descriptor: int, instant: int) -> bool:
    """Note the instant down while nobody writes. Raises `BlockingIOError` when someone does."""
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        if instant > _instant_in(descriptor):
            os.pwrite(descriptor, instant.to_bytes(_INSTANT_BYTES, "little", signed=True), 0)
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    return True


def _instant_in(descriptor: int) -> int:
    # A file that was just made is empty: b"" is 0.
    return int.from_bytes(os.pread(descriptor, _INSTANT_BYTES, 0), "little", signed=True)
