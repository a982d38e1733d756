"""Pages of the manual as data: sections by their headings, tables, and words in code marks."""

from __future__ import annotations

import re
from pathlib import Path

MANUAL = Path(__file__).parents[2] / "docs"
_FENCES = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text_of(page: str) -> str:
    """The text of a page, e.g. `reference/settings.md`, without its fenced blocks."""
    return _FENCES.sub("", (MANUAL / page).read_text("utf-8"))


def sections_of(page: str) -> dict[str, str]:
    """Heading, without code marks → the text up to the next heading of any level."""
    parts = _HEADING.split(text_of(page))
    headings = [heading.replace("`", "") for heading in parts[1::2]]
    assert len(set(headings)) == len(headings), f"{page} has a heading twice"
    return dict(zip(headings, parts[2::2], strict=True))


def rows_of(text: str) -> list[list[str]]:
    """The cells of every row of every table in a text, without its head."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if set("".join(cells)) <= set("-: "):
            rows.pop()  # what stands above the rule is the head
        else:
            rows.append(cells)
    return rows


def code_in(text: str) -> list[str]:
    """What stands in code marks, in order."""
    return re.findall(r"`([^`]+)`", text)
