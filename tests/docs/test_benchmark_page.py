"""The page on the benchmark names every load, every mark and every option, and what is wanted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from tests.benchmarks import __main__ as whole
from tests.benchmarks import page, scoring, stages, starting
from tests.benchmarks.checking import CHECKED, REFERENCE
from tests.benchmarks.marks import Mark, mark_of, marks
from tests.benchmarks.peers import __main__ as peers
from tests.benchmarks.peers import loads
from tests.benchmarks.plan import SIZES
from tests.benchmarks.questions import KINDS
from tests.benchmarks.reading import asking_names
from tests.benchmarks.session import all_names
from tests.docs.pages import MANUAL, code_in, rows_of, sections_of, text_of

PAGE = "reference/benchmark.md"


def named_in(heading: str) -> list[str]:
    """What stands in code marks in the first column of the tables under a heading."""
    return [name for row in rows_of(sections_of(PAGE)[heading]) for name in code_in(row[0])]


def all_marks() -> list[Mark]:
    return [
        *marks({}),
        *(mark_of(pair, {}) for pair in loads.PAIRS),
        starting.Starts((), [starting.Start(0.1, 0.1)], (), None).mark(),
    ]


def test_every_load_and_every_limit_is_described() -> None:
    asking = set(asking_names())
    expected = [name for name in all_names() if name not in asking] + list(KINDS)
    assert sorted(named_in("What is measured")) == sorted(expected)


def test_every_size_of_a_store_is_described() -> None:
    text = sections_of(PAGE)["What is measured"]
    assert all(f"`-{size}`" in text for size in SIZES)


def test_every_load_of_a_peer_is_described() -> None:
    assert sorted(named_in("Beside other products")) == sorted(loads.names())


def test_every_mark_is_described_with_what_is_wanted() -> None:
    expected, shown = {}, {}
    for mark in all_marks():
        expected[mark.name] = (
            "" if mark.wanted is None else f"{'≥' if mark.at_least else '≤'} {mark.wanted:g}"
        )
    for cells in rows_of(sections_of(PAGE)["Marks"]):
        names, wanted = code_in(cells[0]), cells[2].split(", ")
        shown |= dict(zip(names, wanted * len(names) if len(wanted) == 1 else wanted, strict=True))
    assert shown == expected


@pytest.mark.parametrize(
    "command",
    [whole.main, peers.main, starting.main, page.main, scoring.main, stages.main],
    ids=lambda one: one.callback.__module__,
)
def test_every_option_is_described(command: click.Command) -> None:
    options = {option for each in command.params for option in each.opts if option.startswith("--")}
    shown = {option for code in code_in(text_of(PAGE)) for option in re.findall(r"--[a-z-]+", code)}
    assert options <= shown


def test_every_mark_of_the_check_is_named_and_has_a_reference() -> None:
    text = sections_of(PAGE)["Check"]
    assert [name for name in CHECKED if f"`{name}`" not in text] == []
    assert sorted(json.loads(REFERENCE.read_text("utf-8"))) == sorted(CHECKED)
    assert set(CHECKED) <= {mark.name for mark in all_marks()}


def test_the_pages_have_a_place_for_what_is_written_into_them() -> None:
    def has(file: Path, begin: str, end: str) -> bool:
        return 0 <= file.read_text("utf-8").find(begin) < file.read_text("utf-8").find(end)

    for module in (whole, peers, starting, scoring):
        assert has(MANUAL / PAGE, module._BEGIN, module._END), module.__name__
    for lines in (page.FACTS, page.MARKS):
        assert has(MANUAL / "explanation/performance.md", *lines)
