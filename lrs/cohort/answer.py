"""What every answer has: a part as JSON, a flat table for a spreadsheet, and notes that say how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

ABOUT = (
    "An answer from recorded evidence, with what it rests on and what it leaves open. It decides nothing about a "
    "person, and does not say why anything is as it is."
)
"""What an answer is, said in every one of them."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under titles; a cell is text, a number, a truth value or None."""

    titles: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Answer(Protocol):
    """The answer to one question."""

    @property
    def notes(self) -> Sequence[str]:
        """How to read it, and what it does not say: sentences."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, numbers rounded to `lrs.competency.estimate.PLACES` decimals."""

    def table(self) -> Table:
        """The same as a flat table, one line a thing."""
