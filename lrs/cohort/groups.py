"""Group data (age, race, sex): read by the audit job from a file of its own, and known to nothing else.

What is here is never stored and never logged. It is handed to `lrs.cohort.impact` and forgotten; no plugin, no model
and no endpoint takes it. A `Groups` says in its `repr` how many people it knows, and nothing of them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lrs.errors import Detail, InvalidInput

ACCOUNT = "account"
"""The column that says who."""
_MOST_DETAILS = 50


@dataclass(frozen=True, slots=True, repr=False)
class Groups:
    """Who belongs to which group, for each attribute by itself."""

    by_attribute: Mapping[str, Mapping[str, str]]
    """Attribute → officer (agent key) → group. Who has no group is not in it."""
    rows: int
    """Rows that were read."""
    unknown: int
    """Rows whose account means nobody whom the cohort knows."""

    def __repr__(self) -> str:
        """How much it is, and of whom nothing."""
        return f"<Groups: {self.rows} rows, {len(self.by_attribute)} attributes>"


def read_groups(lines: Iterable[str], key_of: Callable[[str], str | None]) -> Groups:
    """Groups from CSV: a column `account`, and one for each attribute, e.g. `account,sex,age_band`.

    Args:
        lines: of the file, decoded.
        key_of: the agent key that an account means; None when it means nobody.

    Each attribute stands by itself: who was left blank in one may have a group in another.

    Raises `InvalidInput` for a file without those columns, and with the line of each row that is not whole or speaks
    of somebody twice. What is no CSV (an unclosed quote, a NUL, a cell of boundless length) is refused at once,
    by line.
    The errors name lines and columns, and never what stood there.
    """
    records = _records(lines)
    attributes = _attributes(next(records, (1, []))[1])
    found: dict[str, dict[str, str]] = {name: {} for name in attributes}
    problems: list[Detail] = []
    seen: set[str] = set()
    rows = unknown = 0
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        rows += 1
        where = f"line {line}"
        if len(cells) != len(attributes) + 1 or not cells[0].strip():
            problems.append(Detail(where, f"{len(cells)} cells", f"an account and {len(attributes)} cells"))
            continue
        officer = key_of(cells[0].strip())
        if officer is None:
            unknown += 1
        elif officer in seen:
            problems.append(Detail(where, "an account that an earlier line has", "one line for each person"))
        else:
            seen.add(officer)
            for name, cell in zip(attributes, cells[1:], strict=True):
                if cell.strip():
                    found[name][officer] = cell.strip()
    if problems:
        raise InvalidInput("The file of groups is not valid.", problems[:_MOST_DETAILS])
    return Groups(
        MappingProxyType({name: MappingProxyType(groups) for name, groups in found.items()}), rows, unknown
    )


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows, each with the line that it ends on."""
    reader = csv.reader(_without_nul(lines), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as exc:
            # Where the row begins: an unclosed quote is noticed only at the end of the file.
            raise _no_csv(begins, str(exc), "CSV, cells in double quotes where need be") from exc
        if cells is None:
            return
        yield reader.line_num, cells


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise _no_csv(number, "a NUL", "text")
        yield line


def _no_csv(line: int, found: str, expected: str) -> InvalidInput:
    return InvalidInput("The file of groups is not valid.", [Detail(f"line {line}", found, expected)])


def _attributes(header: list[str]) -> list[str]:
    """The names of the columns behind `account`, which is the first."""
    names = [cell.strip() for cell in header]
    if names:
        names[0] = names[0].removeprefix("\ufeff")
    if len(names) < 2 or names[0] != ACCOUNT or not all(names) or len(set(names)) < len(names):
        raise InvalidInput(
            "The file of groups has no header of account and attributes.",
            [Detail("line 1", f"{len(names)} columns", "account, then one column for each attribute")],
        )
    return names[1:]
