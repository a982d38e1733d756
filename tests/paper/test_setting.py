"""Blocks to PDF."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from lrs.paper.blocks import (
    Block,
    code,
    heading,
    items,
    pairs,
    remark,
    row,
    spanning,
    stacked,
    strong,
    table,
    text,
)
from lrs.paper.setting import NOTHING_DECIDED, Paper
from tests.paper.conftest import PRINTED, kept_standards, words

HOSTILE = (
    '#panic("x")',
    '#import "@preview/cetz:0.3.0"',
    '#read("/etc/passwd")',
    "$ x^2",
    "@reference *strong* _slanted_ `raw`",
    "= Heading",
    "- item + item / term: thing",
    "\\ \\u{41} \\#",
    "<label> // comment /* comment */",
    "]]]]}}}}))))",
    "\"quoted\" 'single'",
    "https://academy.example/#fragment",
)
STATM = Path("/proc/self/statm")
TITLES = [("One", 1, "left"), ("Two", 0, "right")]


def paper(blocks: Sequence[Block], **changed: str) -> Paper:
    kept = {"title": "A title", "left": "left", "right": "right", "printed_at": PRINTED["at"], **changed}
    return Paper(**kept, blocks=blocks)


@pytest.mark.parametrize("said", HOSTILE)
def test_no_text_is_ever_markup(said: str) -> None:
    blocks = [
        {"block": "title", "text": said},
        heading(said),
        text(said),
        pairs([(said, said), (said, code(said))]),
        *items(said, [said]),
        table(
            [(said, 1, "left")], [row(said), row(strong(said)), row(stacked(said, said)), remark(said, said)]
        ),
        {
            "block": "figure",
            "title": said,
            "subtitle": said,
            "alt": said,
            "svg": None,
            "empty": said,
            "share": 1,
        },
    ]
    pdf = paper(blocks, title=said, left=said, right=said).pdf()
    found = words(pdf)
    assert found.count(said) >= 13 + 2
    assert kept_standards(pdf)
    assert PdfReader(BytesIO(pdf)).metadata["/Title"] == said


@pytest.mark.parametrize(
    "said",
    [
        "x" * 5000,
        "long words " * 500,
        "שלום עולם " * 100,
        "مرحبا " * 100,
        "\u202egnorw\u202c",
        "😀👩\u200d🚒🏳️",
        "\x00\x01\x1b[31m\x7f\x85",
        "\ud800 lone",
        "\u0301" * 50,
        "",
        "\n\n\n",
    ],
    ids=ascii,
)
def test_whatever_people_write_is_set_and_keeps_the_standards(said: str) -> None:
    blocks = [heading(f"A {said}"), text(said), table(TITLES, [row(said, "1"), remark("Contested", said)])]
    assert kept_standards(paper(blocks, left=said).pdf())


def test_what_the_fonts_lack_is_explained_at_the_end_and_only_then() -> None:
    assert "does not" not in words(paper([text("plain")]).pdf())
    assert "□ stands for a character that the fonts" in words(paper([text("😀")]).pdf())


def test_a_text_as_long_as_pages_is_there_to_its_end() -> None:
    pdf = paper([table(TITLES, [row("x" * 5000 + "END", "1")])]).pdf()
    assert words(pdf).replace(" ", "").count("x") >= 5000
    assert "END" in words(pdf)


def test_the_same_blocks_are_the_same_bytes() -> None:
    one, other = (paper([heading("A"), text("said")]).pdf() for _ in range(2))
    assert one == other
    assert one != paper([heading("A"), text("said")], printed_at="2026-11-29T00:00:00.000000Z").pdf()


def test_every_page_says_of_whom_it_is_of_when_and_that_it_decides_nothing() -> None:
    pdf = paper([text("word " * 3000)], left="R-001", right="as of 2026-11-28").pdf()
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        found = page.extract_text()
        assert "R-001" in found
        assert "as of 2026-11-28" in found
        assert NOTHING_DECIDED in found
        assert f"page {number} of {len(pages)}" in found


def test_it_is_tagged_has_a_language_a_title_and_the_date_it_was_printed() -> None:
    reader = PdfReader(BytesIO(paper([text("said")]).pdf()))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata["/Title"] == "A title"
    assert reader.metadata["/CreationDate"].startswith("D:20261128")


def test_votes_that_reach_over_rows_are_set_whole() -> None:
    lines = [row(spanning("vote", 40), "0"), *(row(str(number), rule=False) for number in range(1, 40))]
    assert "39" in words(paper([table(TITLES, lines * 3)]).pdf())


def test_what_the_standards_refuse_is_set_without_them() -> None:
    # An emoji in a drawing, which is not sanitised here.
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="9">😀</text></svg>'
    figure = {
        "block": "figure",
        "title": "T",
        "subtitle": "",
        "alt": "A",
        "svg": svg,
        "empty": "",
        "share": 1,
    }
    pdf = paper([figure]).pdf()
    assert pdf.startswith(b"%PDF")
    assert not kept_standards(pdf)


@pytest.mark.skipif(not STATM.exists(), reason="only Linux says how much memory a process has in /proc")
def test_printing_again_and_again_takes_no_more_memory() -> None:
    def printed_once(number: int) -> int:
        paper([table(TITLES, [row(f"row {number} {one}", str(one)) for one in range(800)])]).pdf()
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20

    at_first = max(printed_once(number) for number in range(2))
    assert printed_once(2) + printed_once(3) + printed_once(4) < 3 * (at_first + 10)


def test_what_is_no_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="date and time"):
        paper([], printed_at="yesterday").pdf()
