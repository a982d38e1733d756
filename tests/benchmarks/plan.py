"""How much is measured: the full plan, and the quick one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from tests.benchmarks.errors import BenchmarkError

SIZES = ("small", "medium", "large")
"""What the stores are called that are read from, by growing size."""


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
    medium: int | None = None
    """Statements in the store between; None: there is none."""
    large: int
    """Statements in the large store; the smaller ones hold the first of them."""
    pool: int
    """Statements that one load can post before it must stop; the first of those in the large store."""
    beyond: int
    """Statements that no store has, to be posted to what is full already: a third one by one, the rest in batches."""
    limit: int
    """Statements on a page of the reading loads."""
    rows: int = 0
    """Statements whose rows are inserted bare, and that MongoDB takes."""
    posts: int = 0
    """Statements that are posted to one worker while its memory is watched."""
    only: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        """Whether a load is to be measured."""
        return not self.only or any(fnmatch(name, pattern) for pattern in self.only)

    @property
    def generated(self) -> int:
        """Statements to be generated."""
        return max(self.large + self.beyond, self.pool, self.rows, self.posts)

    @property
    def singles(self) -> int:
        """Of those beyond, how many are posted one by one."""
        return self.beyond // 3

    def sizes(self) -> Mapping[str, int]:
        """Statements in each store that there is, by what it is called."""
        counts = zip(SIZES, (self.small, self.medium, self.large), strict=True)
        return {name: count for name, count in counts if count is not None}


def full_plan(
    folder: Path, *, runs: int | None = None, only: tuple[str, ...] = (), large: int | None = None
) -> Plan:
    """Half an hour; the first time a quarter more, to fill the stores."""
    plan = Plan(
        folder=folder,
        runs=runs or 3,
        warm_up_s=1.0,
        run_s=5.0,
        small=10_000,
        medium=100_000,
        large=1_000_000,
        pool=120_000,
        beyond=150_000,
        limit=50,
        rows=30_000,
        posts=1_000_000,
        only=only,
    )
    return plan if large is None else _with_large(plan, large)


def quick_plan(
    folder: Path, *, runs: int | None = None, only: tuple[str, ...] = (), large: int | None = None
) -> Plan:
    """About a minute, to see that it works and where it stands roughly."""
    plan = Plan(
        folder=folder,
        runs=runs or 1,
        warm_up_s=0.3,
        run_s=1.0,
        small=2_000,
        large=10_000,
        pool=15_000,
        beyond=18_000,
        limit=20,
        rows=10_000,
        posts=20_000,
        only=only,
    )
    return plan if large is None else _with_large(plan, large)


def _with_large(plan: Plan, large: int) -> Plan:
    """The same with a large store of another size; as many are posted while memory is watched."""
    if large <= plan.small:
        raise BenchmarkError(
            f"The large store needs more than {plan.small:,} statements, as the small one has."
        )
    medium = plan.medium if plan.medium and plan.medium < large else None
    return replace(plan, large=large, medium=medium, posts=large)
