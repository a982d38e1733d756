"""What the kernel says of processes and of the machine (Linux; elsewhere these figures are left out)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_CAN_PIN = hasattr(os, "sched_setaffinity")


@dataclass(frozen=True, slots=True)
class Cores:
    """Which core the server is pinned to, and which the client; None where cores cannot be chosen."""

    server: int | None
    client: int | None

    @property
    def apart(self) -> bool:
        """Whether neither takes time from the other."""
        return self.server is not None and self.server != self.client


def choose_cores() -> Cores:
    """The last core for the server, the first for the client; the same one when there is only one."""
    if not _CAN_PIN:
        return Cores(None, None)
    allowed = sorted(os.sched_getaffinity(0))
    return Cores(server=allowed[-1], client=allowed[0])


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Stand on this core for a while, and with this process all that it starts meanwhile; None: on any."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def family(pid: int) -> list[int]:
    """The process and all that it started."""
    found = [pid]
    for one in found:
        for task in _PROC.glob(f"{one}/task/*/children"):
            found += map(int, _text(task).split())
    return found


def cpu_s(pids: list[int]) -> float:
    """Seconds of processor time that these processes have used, in user mode and in the kernel."""
    return sum(_ticks(pid) for pid in pids) / _TICKS_A_SECOND


def memory_bytes(pid: int) -> int | None:
    """Resident memory of a process."""
    for line in _text(_PROC / str(pid) / "status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return None


def own_bytes(pid: int) -> int | None:
    """Of the resident memory of a process what it shares with no other."""
    lines = _text(_PROC / str(pid) / "smaps_rollup").splitlines()
    private = [int(line.split()[1]) for line in lines if line.startswith("Private_")]
    return sum(private) * 1024 if private else None


def machine_busy_s() -> float:
    """Seconds that all cores together were busy, or taken away by the hypervisor, since the machine started."""
    first = _text(_PROC / "stat").partition("\n")[0].split()[1:9]
    if len(first) < 8:
        return 0.0
    user, nice, system, _idle, _waiting, irq, soft_irq, stolen = map(int, first)
    return (user + nice + system + irq + soft_irq + stolen) / _TICKS_A_SECOND


def _ticks(pid: int) -> int:
    # The name of the program, in brackets, may hold blanks.
    fields = _text(_PROC / str(pid) / "stat").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]) if fields else 0


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError:  # the process has ended, or there is no /proc
        return ""
