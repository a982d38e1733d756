"""The marks: how near to the limits of the machine the server is to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.figures import Row, Sample
from tests.benchmarks.reading import small_and_large

FILTERED = ("get-agent", "get-verb-activity", "get-related-activity")
"""The questions with a filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A ratio of two rows, and what it should be. Both rows of a run are measured one after the other, so the ratio is
    taken within each run.
    """

    title: str
    wanted: float
    at_least: bool
    """The ratio should be no less than `wanted`; else no more."""
    ratios: tuple[float, ...]
    """Of each run; none when one of the rows was not measured."""
    cpu_ratio: float | None
    """The same of processor time, which is what the ratio comes to on a machine that nothing else disturbs. But bare
    SQLite waits for the disk as well.
    """

    @property
    def ratio(self) -> float | None:
        """The median over the runs."""
        return median(self.ratios) if self.ratios else None

    @property
    def met(self) -> bool | None:
        """Whether it is as it should be; None when it was not measured."""
        if self.ratio is None:
            return None
        return self.ratio >= self.wanted if self.at_least else self.ratio <= self.wanted


def marks(rows: Mapping[str, Row]) -> list[Mark]:
    """All marks, for rows by name."""
    found = [
        _mark(
            rows,
            ("post-32", "echo-32"),
            "POST of one statement, 32 at once, beside the bare Flask echo",
            least=0.35,
        ),
        _mark(rows, ("batch-500", "sqlite-500"), "POST of batches of 500 beside bare SQLite", least=0.2),
    ]
    for kind in FILTERED:
        title = f"{kind}, time in the large store beside the small one"
        found.append(_mark(rows, small_and_large(kind), title, most=1.5))
    return found


def _mark(
    rows: Mapping[str, Row],
    names: tuple[str, str],
    title: str,
    *,
    least: float | None = None,
    most: float | None = None,
) -> Mark:
    """How many statements per second the first row did for one of the second, in each run."""
    wanted = least if least is not None else most or 0.0
    if not all(name in rows for name in names):
        return Mark(title=title, wanted=wanted, at_least=most is None, ratios=(), cpu_ratio=None)
    one, other = (rows[name] for name in names)
    size = one.load.statements / other.load.statements
    pairs = list(zip(one.samples, other.samples, strict=True))
    return Mark(
        title=title,
        wanted=wanted,
        at_least=most is None,
        ratios=tuple(mine.per_s * size / its.per_s for mine, its in pairs),
        cpu_ratio=median(its.server_us / mine.server_us * size for mine, its in pairs)
        if _has_cpu(pairs)
        else None,
    )


def _has_cpu(pairs: Sequence[tuple[Sample, Sample]]) -> bool:
    return all(sample.server_us > 0 for pair in pairs for sample in pair)
