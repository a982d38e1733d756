"""Blocks to PDF, set by typst: no network, no system fonts, no clock, so that the same blocks are the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lrs.paper.blocks import Block, text
from lrs.paper.glyphs import LACKING, LACKING_NOTE, clipped, printed, printed_all
from lrs.xapi.timestamps import parse_us

if TYPE_CHECKING:
    from typst import PDFStandard

STANDARDS: tuple[PDFStandard, ...] = ("ua-1", "a-2a")
"""Accessible (PDF/UA-1: tagged, with title, language and alternative texts) and fit for an archive (PDF/A-2a)."""

NOTHING_DECIDED = "Summary of recorded evidence, decides nothing"
"""At the foot of every page."""

LONGEST_TITLE = 120
"""Characters of a title; a name may be longer than any page."""

_TEMPLATE = Path(__file__).with_name("paper.typ")
_LONGEST_HEADER = 60
_KEPT = 10
"""Documents after which typst forgets what it made of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is to be set."""

    title: str
    """In the properties of the document."""
    left: str
    """At the head of every page."""
    right: str
    printed_at: str
    """Instant as `format_us` writes it: the date of the document."""
    blocks: Sequence[Block]
    """See `lrs.paper.blocks`."""
    landscape: bool = False

    def pdf(self) -> bytes:
        """As PDF. Only what the fonts have is on it, see `lrs.paper.glyphs`.

        Raises `ValueError` when `printed_at` is no instant.
        """
        # A library of 40 MB: not before something is to be printed.
        import typst

        moment = datetime.fromtimestamp(parse_us(self.printed_at) // 1_000_000, UTC)
        data = self._data(moment)
        compiler = typst.Compiler(
            _TEMPLATE, root=_TEMPLATE.parent, ignore_system_fonts=True, package_path=_TEMPLATE.parent
        )

        def compiled(standards: Sequence[PDFStandard]) -> bytes:
            found = compiler.compile(
                format="pdf", sys_inputs={"data": data}, pdf_standards=list(standards), timestamp=moment
            )
            if not isinstance(found, bytes):
                raise TypeError(f"typst answers with {type(found).__name__}")
            return found

        try:
            return compiled(STANDARDS)
        except typst.TypstError:
            # What a standard refuses can still be read: better paper without its seal than none.
            return compiled(())
        finally:
            # typst keeps all that it made of the last ten documents, 60 MB of a long one: empty ones drive it out.
            for _ in range(_KEPT):
                compiler.compile(input=b"", format="pdf", sys_inputs={})

    def _data(self, moment: datetime) -> str:
        blocks = printed_all(self.blocks)
        if LACKING in json.dumps(blocks, ensure_ascii=False):
            blocks.append(text(LACKING_NOTE, small=True))
        data = {
            "title": clipped(printed(self.title, whole=True), LONGEST_TITLE),
            "date": [moment.year, moment.month, moment.day],
            "landscape": self.landscape,
            "left": clipped(printed(self.left, whole=True), _LONGEST_HEADER),
            "right": printed(self.right, whole=True),
            "foot": NOTHING_DECIDED,
            "blocks": blocks,
        }
        return json.dumps(data)
