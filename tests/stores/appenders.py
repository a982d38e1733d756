"""Processes that write into one audit log, and what must hold of it afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lrs.stores.base import Store
from lrs.stores.contract_audit import chained

_SCRIPT = Path(__file__).with_name("appending.py")


@contextmanager
def appender(url: str, name: str, *, count: int) -> Iterator[subprocess.Popen[str]]:
    """A process that appends so many entries; ended afterwards, if need be by `kill -9`."""
    command = [sys.executable, str(_SCRIPT), url, name, str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def acknowledged(process: subprocess.Popen[str]) -> Iterator[int]:
    """Numbers of entries, as they are told."""
    assert process.stdout is not None
    return map(int, process.stdout)


def assert_one_chain(store: Store, told: Sequence[int], *, lost: int = 0) -> None:
    """Every entry that was told of is in one chain; `lost`: how many more may be, that nobody was told of."""
    entries = list(store.scan_audit())
    assert entries == chained(one.happening for one in entries)
    assert len(told) == len(set(told))
    assert set(told) <= {one.number for one in entries}
    assert len(entries) <= len(told) + lost
