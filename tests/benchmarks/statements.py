"""The statements that are sent: generated once by the product's own generator, and kept as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from lrs.demo.statements import realistic
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan

# Asked for more than is taken, so that every plan has the same first statements.
_COHORTS = 10_000_000


def lines(plan: Plan, start: int, stop: int) -> Iterator[bytes]:
    """The JSON of the generated statements from `start` up to `stop`, a line each."""
    file = _generated(plan)
    with file.open("rb") as opened:
        for line in islice(opened, start, stop):
            yield line.rstrip(b"\n")


def batches(statements: Iterable[bytes], size: int) -> Iterator[bytes]:
    """JSON arrays of `size` statements each; what does not fill one is left out."""
    rest = iter(statements)
    while len(some := list(islice(rest, size))) == size:
        yield b"[" + b",".join(some) + b"]"


def mean_bytes(statements: Sequence[bytes]) -> float:
    """Size of a statement as it is sent."""
    return sum(map(len, statements)) / len(statements)


def _generated(plan: Plan) -> Path:
    kept = {int(file.stem.rpartition("-")[2]): file for file in plan.folder.glob("statements-*.jsonl")}
    enough = [count for count in kept if count >= plan.generated]
    if enough:  # of another plan, perhaps: the first ones are the same
        return kept[min(enough)]
    file = plan.folder / f"statements-{plan.generated}.jsonl"
    say(f"Generating {plan.generated:,} statements, once …")
    partial = file.with_suffix(".partial")
    with partial.open("wb") as opened:
        for statement in islice(realistic(_COHORTS), plan.generated):
            text = json.dumps(statement, ensure_ascii=False, separators=(",", ":"))
            opened.write(text.encode() + b"\n")
    partial.replace(file)
    return file
