"""Small cells: which rows of a table of people must not be shown, so that nobody can be picked out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MINIMUM = 5
"""A cell of fewer people than this, and of more than none, is not shown."""


def suppressed(rows: Mapping[str, Sequence[int]], minimum: int = MINIMUM) -> frozenset[str]:
    """The names of the rows that must not be shown.

    A row is withheld whole when its people are fewer than `minimum`, or any cell of it is, unless that is 0. The
    totals of the table are taken to be known (somebody has the list of verdicts), so that a lone withheld row could
    be worked out from them: then others are withheld, too, those of the fewest people first, until what is withheld
    has two rows or more and no small cell in its sum either.

    Args:
        rows: by name, the cells of each row: counts of people, those of one row add up to the people of the row.
            Rows without people are not part of the table and must not be in it.
        minimum: 1 or less withholds nothing.
    """
    hidden = {name for name, cells in rows.items() if sum(cells) < minimum or _small(cells, minimum)}
    shown = sorted(rows.keys() - hidden, key=lambda name: (sum(rows[name]), name))
    while hidden and shown and (len(hidden) < 2 or _small(_sum(rows, hidden), minimum)):
        hidden.add(shown.pop(0))
    return frozenset(hidden)


def _small(cells: Sequence[int], minimum: int) -> bool:
    return any(0 < cell < minimum for cell in cells)


def _sum(rows: Mapping[str, Sequence[int]], names: set[str]) -> list[int]:
    return [sum(column) for column in zip(*(rows[name] for name in names), strict=True)]
