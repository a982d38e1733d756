"""Whether ratios are still as good as they were: what stands in `.ci/run`.

A shared machine is slow by turns, so nothing is held to seconds, and to a ratio only loosely: a mark fails when it is
half as good as in the reference. What is compared is the ratio of processor times, where there is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.marks import PAIRS, Mark

REFERENCE = Path(__file__).with_name("reference.json")
"""The ratios that were reached, by name of the mark."""

CHECKED = ("post-32", "batch-500", "get-agent-p50", "get-more-p50", "get-agent-size", "profile-size", "bytes")
"""The marks that are held to the reference."""

_HALF = 0.5


def wanted_for_check() -> tuple[str, ...]:
    """The loads that these marks are of."""
    pairs = [pair for pair in PAIRS if pair.name in CHECKED]
    return tuple(dict.fromkeys(name for pair in pairs for name in (pair.load, pair.beside)))


def figure_of(mark: Mark) -> float | None:
    """What is compared; None when it was not measured."""
    return mark.ratio if mark.cpu_ratio is None else mark.cpu_ratio


def write_reference(marks: Iterable[Mark], file: Path) -> None:
    """Keep the ratios, to two digits: more would be noise."""
    figures = {mark.name: figure_of(mark) for mark in marks if mark.name in CHECKED}
    kept = {name: float(f"{figure:.2g}") for name, figure in figures.items() if figure is not None}
    file.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


def check(marks: Iterable[Mark], file: Path) -> list[str]:
    """A sentence for each mark that is half as good as the reference says, or was not measured.

    Raises `BenchmarkError` when there is no reference.
    """
    try:
        reference: Mapping[str, float] = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BenchmarkError(f"There is no reference in {file}: {error}") from error
    by_name = {mark.name: mark for mark in marks}
    told = (_worse(name, before, by_name.get(name)) for name, before in reference.items())
    return [sentence for sentence in told if sentence]


def _worse(name: str, before: float, mark: Mark | None) -> str:
    now = None if mark is None else figure_of(mark)
    if mark is None or now is None:
        return f"{name}: not measured; the reference is {before:g}."
    bad = now < before * _HALF if mark.at_least else now > before / _HALF
    return f"{name}: {now:.2g}, the reference is {before:g}: half as good, or worse." if bad else ""
