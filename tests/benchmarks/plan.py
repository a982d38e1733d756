"""How much is measured: the full plan, and the quick one."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Sizes and lengths of one run of the benchmark."""

    folder: Path
    """Where stores and statements are kept for the next time."""
    runs: int
    warm_up_s: float
    run_s: float
    """How long one load is kept up in each run, in seconds."""
    small: int
    """Statements in the small store."""
    large: int
    """Statements in the large store; the small one holds the first of them."""
    pool: int
    """Statements that one load can post before it must stop; the first of those in the large store."""
    beyond: int
    """Statements that the large store has not, to be posted to it."""
    limit: int
    """Statements on a page of the reading loads."""
    only: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        """Whether a load is to be measured."""
        return not self.only or any(fnmatch(name, pattern) for pattern in self.only)

    @property
    def generated(self) -> int:
        """Statements to be generated."""
        return self.large + self.beyond


def full_plan(folder: Path, *, runs: int | None, only: tuple[str, ...]) -> Plan:
    """Some minutes; the first time some more, to fill the stores."""
    return Plan(
        folder=folder,
        runs=runs or 3,
        warm_up_s=1.0,
        run_s=5.0,
        small=10_000,
        large=200_000,
        pool=80_000,
        beyond=30_000,
        limit=50,
        only=only,
    )


def quick_plan(folder: Path, *, runs: int | None, only: tuple[str, ...]) -> Plan:
    """Under a minute, to see that it works and where it stands roughly."""
    return Plan(
        folder=folder,
        runs=runs or 1,
        warm_up_s=0.3,
        run_s=1.0,
        small=2_000,
        large=10_000,
        pool=10_000,
        beyond=10_000,
        limit=20,
        only=only,
    )
