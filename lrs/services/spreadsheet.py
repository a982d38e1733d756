"""CSV that a spreadsheet opens as what it is: no cell of it becomes a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any, TextIO

_STARTS_A_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")
"""What makes some spreadsheet program read a text as a formula or a command (CWE-1236), full-width forms too."""


class CsvWriter:
    """Writes rows of CSV (RFC 4180, line ends of one character)."""

    def __init__(self, file: TextIO) -> None:
        """`file`: text that translates no line ends."""
        self._writer = csv.writer(file, lineterminator="\n")
        # Before Python 3.13 the other one leaves a carriage return bare when lines do not end in one.
        self._quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def row(self, cells: Sequence[Any]) -> None:
        """Write one row. Numbers and truth values are written as such, None as nothing, text by `safe_text`."""
        written = [_cell(cell) for cell in cells]
        bare = any(isinstance(cell, str) and "\r" in cell for cell in written)
        (self._quoting if bare else self._writer).writerow(written)


def safe_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula.

    Blanks before the sign are looked through, since some programs do. NUL, which no CSV reader takes, is left out.
    """
    text = text.replace("\0", "")
    begins = text.lstrip(" ")[:1] or text[:1]
    return f"'{text}" if begins in _STARTS_A_FORMULA and begins else text


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_text(value) if isinstance(value, str) else value
