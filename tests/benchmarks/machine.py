"""The machine that the figures are from, as its operating system tells it."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

_SYNCS = 200
_PAGE = b"\0" * 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the speed depends on. No names of hosts or people."""

    cpu: str
    cores: int
    memory_bytes: int
    sync_us: float
    """Median time of `fdatasync` behind a write of 4 KiB, in the folder of the stores."""
    sync_p95_us: float
    os: str
    python: str
    sqlite: str
    granian: str
    flask: str


def describe(folder: Path) -> Machine:
    """This machine; the disk is tried in `folder`."""
    syncs = _sync_us(folder)
    return Machine(
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        sync_us=median(syncs),
        sync_p95_us=syncs[int(len(syncs) * 0.95)],
        os=f"{_distribution()}, {platform.system()} {platform.release().partition('-')[0]} {platform.machine()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        sqlite=sqlite3.sqlite_version,
        granian=version("granian"),
        flask=version("flask"),
    )


def _sync_us(folder: Path) -> list[float]:
    """How long the disk takes to say that a page is safe, sorted."""
    sync = getattr(os, "fdatasync", os.fsync)
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for place in range(_SYNCS):
            os.pwrite(file.fileno(), _PAGE, place * len(_PAGE))
            began = time.perf_counter()
            sync(file.fileno())
            took.append((time.perf_counter() - began) * 1e6)
    return sorted(took)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform(terse=True)
