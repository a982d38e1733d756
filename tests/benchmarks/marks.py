"""The marks: how near to the limits of the machine the server is to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks import growth, mongo_loads, reading, writing
from tests.benchmarks.figures import Row, Sample
from tests.benchmarks.growth import Growth
from tests.benchmarks.stores import BuiltStore

PAGES = ("get-latest", "get-agent", "get-verb-activity", "get-related-activity", "get-more")
"""The questions that a page answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A ratio, and what it should be. Where it is of two rows, both were measured one after the other in each run, and
    the ratio is taken within each run.
    """

    name: str
    title: str
    wanted: float | None
    """None: nothing is wanted; it is there to compare."""
    at_least: bool
    """The ratio should be no less than `wanted`; else no more."""
    ratios: tuple[float, ...]
    """Of each run; none when it was not measured."""
    cpu_ratio: float | None = None
    """The same of processor time, which is what the ratio comes to on a machine that nothing else disturbs. But bare
    SQLite waits for the disk as well.
    """

    @property
    def ratio(self) -> float | None:
        """The median over the runs."""
        return median(self.ratios) if self.ratios else None

    @property
    def met(self) -> bool | None:
        """Whether it is as it should be; None when it was not measured, or nothing is wanted."""
        if self.ratio is None or self.wanted is None:
            return None
        return self.ratio >= self.wanted if self.at_least else self.ratio <= self.wanted


@dataclass(frozen=True, slots=True)
class Pair:
    """A load, what it is held beside, and what the ratio should be."""

    name: str
    title: str
    load: str
    beside: str
    wanted: float | None
    at_least: bool = True
    """Speed: statements per second of the load, by those beside it. Else time: that of the load by that beside it."""
    median_ms: bool = False
    """Of time: the time within which half of the requests are answered, and not that of all of them."""


PAIRS = (
    Pair(
        "post-32",
        "POST of one statement, 32 at once, beside the bare Flask echo",
        "post-32",
        "echo-32",
        0.5,
    ),
    Pair(
        "batch-500",
        "POST of batches of 500 beside bare SQLite and the rows that the store writes",
        "batch-500",
        writing.BARE_ROWS.name,
        0.35,
    ),
    Pair(
        "batch-500-bytes",
        "POST of batches of 500 beside bare SQLite and their bytes in a plain table",
        "batch-500",
        writing.BARE_BYTES.name,
        None,
    ),
    *(
        Pair(
            f"{load}-full",
            f"{title} into the large store beside the small one",
            f"{load}-large",
            f"{load}-small",
            0.95,
        )
        for load, title in (
            ("post-32", "POST of one statement, 32 at once,"),
            ("batch-500", "Batches of 500"),
        )
    ),
    *(
        Pair(
            f"{kind}-size",
            f"{kind}, time in the large store beside the small one",
            reading.of_size(kind, "large"),
            reading.of_size(kind, "small"),
            1.3,
            at_least=False,
        )
        for kind in (*PAGES, "profile")
    ),
    *(
        Pair(
            f"{kind}-p50",
            f"{kind}, p50 in the large store beside a GET of the bare Flask echo",
            reading.of_size(kind, "large"),
            reading.ECHO.name,
            4.0,
            at_least=False,
            median_ms=True,
        )
        for kind in PAGES
    ),
    Pair(
        "mongo-500",
        "Batches of 500 into MongoDB beside a bare insert_many of the same documents",
        mongo_loads.OURS.name,
        mongo_loads.BARE.name,
        0.3,
    ),
)
"""All marks that are of two loads."""


def marks(
    rows: Mapping[str, Row], stores: Sequence[BuiltStore] = (), grown: Growth | None = None
) -> list[Mark]:
    """All marks, for rows by name, the stores that were read from, and a worker's memory."""
    return [*(mark_of(pair, rows) for pair in PAIRS), *_of_sizes(stores, grown)]


def _of_sizes(stores: Sequence[BuiltStore], grown: Growth | None) -> Iterator[Mark]:
    largest = max(stores, key=lambda one: one.statements, default=None)
    yield Mark(
        name="bytes",
        title="Bytes on disk per statement beside its raw JSON",
        wanted=0.6,
        at_least=False,
        ratios=() if largest is None else (largest.bytes_on_disk / largest.raw_bytes,),
    )
    yield Mark(
        name=growth.NAME,
        title="Memory of the worker at the end of all posts beside that after a fifth of them",
        wanted=1.1,
        at_least=False,
        ratios=() if grown is None else (grown.ratio,),
    )


def mark_of(pair: Pair, rows: Mapping[str, Row]) -> Mark:
    """The ratio of a pair, in each run."""
    one, other = rows.get(pair.load), rows.get(pair.beside)
    ratios: tuple[float, ...] = ()
    cpu_ratio = None
    if one is not None and other is not None:
        size = one.load.statements / other.load.statements
        samples = list(zip(one.samples, other.samples, strict=True))
        ratios = tuple(_ratio(pair, mine, its, size) for mine, its in samples)
        if all(sample.server_us > 0 for both in samples for sample in both):
            times = [mine.server_us / size / its.server_us for mine, its in samples]
            cpu_ratio = median(1 / time if pair.at_least else time for time in times)
    return Mark(
        name=pair.name,
        title=pair.title,
        wanted=pair.wanted,
        at_least=pair.at_least,
        ratios=ratios,
        cpu_ratio=cpu_ratio,
    )


def _ratio(pair: Pair, mine: Sample, its: Sample, size: float) -> float:
    if pair.median_ms:
        return mine.p50_ms / its.p50_ms
    speed = mine.per_s * size / its.per_s
    return speed if pair.at_least else 1 / speed
