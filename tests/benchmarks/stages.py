"""`python -m tests.benchmarks.stages`: what each step of a statement's way in costs, in microseconds of processor time.

Each step is timed alone, over many statements in a row, in one process: the least that it takes. In a server, where the
steps of many requests alternate, code and data are less often in the caches of the processor, and each takes more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import click
import zstandard

from lrs.cli.server import spare_the_collector
from lrs.config import Config
from lrs.plugin.manager import load_plugins
from lrs.services.access.keys import Credential
from lrs.services.ingest import Body, Ingest, Limits
from lrs.services.wiring import Rapport, new_id, now_us
from lrs.stores.base import Submission
from lrs.xapi import strict_json
from lrs.xapi.incoming import Stamp
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version
from tests.benchmarks.plan import quick_plan
from tests.benchmarks.processes import choose_cores, pinned
from tests.benchmarks.report import markdown_table, write_between
from tests.benchmarks.session import FOLDER
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.stores import remove

_BEGIN, _END = "<!-- stages: written by python -m tests.benchmarks.stages -->", "<!-- end of stages -->"
_COUNT = 10_000
_BATCH = 500
_VENDOR = Credential(
    "vendor",
    frozenset({"statements/write"}),
    {"objectType": "Agent", "account": {"homePage": "https://lrs.example", "name": "vendor"}},
)
_T = TypeVar("_T")


class _Nowhere:
    """A store that keeps nothing."""

    def add(self, _: Submission) -> frozenset[str]:
        return frozenset()


def least_us(step: Callable[[_T], object], of: Sequence[_T], runs: int) -> float:
    """Microseconds of processor time for each, the least of some runs."""
    took = []
    for _ in range(runs):
        began = time.process_time()
        for one in of:
            step(one)
        took.append(time.process_time() - began)
    return min(took) / len(of) * 1e6


def stages(folder: Path, raws: Sequence[bytes], runs: int) -> Iterator[tuple[str, float]]:
    """Each step, and its microseconds for a statement."""
    plugins = load_plugins()
    stamp = Stamp(
        now_us=now_us(),
        authority=_VENDOR.authority,
        version=Version.V2.stamp,
        new_id=new_id,
        trusted=False,
    )
    parsed = [strict_json.parse(raw) for raw in raws]
    pairs = list(zip(parsed, raws, strict=True))
    stamped = [stamp.new_statement(*pair) for pair in pairs]
    yield "strict parse", least_us(strict_json.parse, raws, runs)
    yield "validation", least_us(lambda one: check_statement(one, Version.V2), parsed, runs)
    yield "stamp, splice, index terms", least_us(lambda pair: stamp.new_statement(*pair), pairs, runs)
    yield "recognition, ten plugins", least_us(lambda one: plugins.recognise([one.parsed]), stamped, runs)
    packer = zstandard.ZstdCompressor(
        level=3, dict_data=zstandard.train_dictionary(64 * 1024, list(raws[:2_000]))
    )
    yield "compression", least_us(lambda one: packer.compress(one.body), stamped, runs)
    limits = Limits(batch=_BATCH, json_bytes=2**30, statement_bytes=2**30)
    ingest = Ingest(_Nowhere(), plugins, clock=now_us, new_id=new_id, limits=limits)  # type: ignore[arg-type]
    single = least_us(lambda raw: ingest.post(_body(raw), Version.V2, _VENDOR), raws, runs)
    yield "a post of one, all steps but the store", single
    yield "a batch of 500, all steps and the store", _batches(folder, raws)


def _body(raw: bytes) -> Body:
    return Body("application/json", raw)


def _batches(folder: Path, raws: Sequence[bytes]) -> float:
    file = folder / "stages.db"
    remove(file)
    rapport = Rapport.open(Config(store=f"sqlite:///{file}"))
    bodies = [_body(one) for one in batches(raws, _BATCH)]
    # The first ones open the file, and have the dictionary learnt.
    warm, timed = bodies[: len(bodies) // 4], bodies[len(bodies) // 4 :]
    with closing(rapport):
        rapport.store.initialise()
        for body in warm:
            rapport.ingest.post(body, Version.V2, _VENDOR)
        took = least_us(lambda body: rapport.ingest.post(body, Version.V2, _VENDOR), timed, 1)
    remove(file)
    return took / _BATCH


def table(found: Sequence[tuple[str, float]]) -> str:
    """In Markdown."""
    return markdown_table(("step", "µs a statement"), [(name, f"{us:.0f}") for name, us in found])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--runs", type=click.IntRange(1, 100), default=5, show_default=True)
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write into this page.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER)
def main(*, runs: int, markdown: Path | None, folder: Path) -> None:
    """Say what each step of a statement's way in costs."""
    folder.mkdir(parents=True, exist_ok=True)
    spare_the_collector()  # as in the workers of `lrs serve`
    raws = list(lines(quick_plan(folder), 0, _COUNT))
    with pinned(choose_cores().server):
        text = table(list(stages(folder, raws, runs)))
    click.echo(text)
    if markdown is not None:
        write_between(markdown, _BEGIN, _END, text + "\n")


if __name__ == "__main__":
    main()
