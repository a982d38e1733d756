"""What a page is made of: blocks, JSON-ready, in the order in which `paper.typ` sets them.

Text in a block is only ever text: the template never reads it as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lrs.paper.glyphs import paragraphs

Block = dict[str, Any]
Cell = str | Mapping[str, Any]
"""Text, or what `strong`, `stacked`, `code` and `spanning` make."""

_TOGETHER = 1500
"""A table of fewer characters, as Python writes its rows, stays on one page."""


def heading(said: str, level: int = 1) -> Block:
    """A heading; `level` from 1, none skipped."""
    return {"block": "heading", "text": said, "level": level}


def text(*lines: str, small: bool = False) -> Block:
    """Paragraphs: a line each of every text."""
    return {"block": "text", "lines": [one for line in lines for one in paragraphs(line)], "small": small}


def pairs(rows: Iterable[tuple[str, Cell]]) -> Block:
    """Labels, and what stands beside each."""
    return {"block": "pairs", "rows": [list(row) for row in rows]}


def items(title: str, lines: Iterable[str]) -> list[Block]:
    """A list under a title; nothing at all without lines."""
    lines = list(lines)
    return [{"block": "items", "title": title, "lines": lines}] if lines else []


def table(
    titles: Sequence[tuple[str, float, str]], rows: Iterable[Mapping[str, Any]], *, small: bool = False
) -> Block:
    """A table with a head that is repeated on every page.

    Args:
        titles: of each column: title, width (a share of what is left; 0: as wide as it needs), `left` or `right`.
        rows: what `row` and `remark` make.
        small: in small print.
    """
    lines = list(rows)
    return {
        "block": "table",
        "columns": [{"title": title, "share": share, "align": align} for title, share, align in titles],
        "rows": lines,
        "small": small,
        "together": _length(lines) <= _TOGETHER,
    }


def row(*cells: Cell, rule: bool = True) -> dict[str, Any]:
    """A row of a table, a hairline above it when `rule`; cells that reach down from above are left out."""
    return {"cells": list(cells), "rule": rule}


def remark(title: str, *lines: str) -> dict[str, Any]:
    """A row as wide as the table: what somebody has to say to the row above."""
    return {"remark": [one for line in lines for one in paragraphs(line)], "title": title}


def strong(said: str) -> Cell:
    """A cell that stands out."""
    return {"text": said, "strong": True}


def stacked(said: str, *below: str) -> Cell:
    """A cell that stands out, with lines in ordinary print beneath."""
    return {"text": said, "strong": True, "below": list(below)}


def code(said: str) -> Cell:
    """A cell with an id or a hash, which is not to be broken."""
    return {"code": said}


def spanning(said: str, rows: int) -> Cell:
    """A cell that reaches over several rows."""
    return {"text": said, "rows": rows}


def _length(rows: Iterable[Mapping[str, Any]]) -> int:
    """Characters in all rows, with what Python writes around them."""
    return sum(len(str(one)) for one in rows)
