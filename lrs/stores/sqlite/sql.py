"""The statements of `queries.sql` by name, and the few that depend on how many values they take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TypeVar

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
# A query with a list comes in these lengths, padded with NULL: SQLite prepares ten and not hundreds.
_LENGTHS = tuple(2**power for power in range(10))
_T = TypeVar("_T")


@cache
def queries() -> Mapping[str, str]:
    """Every statement of `queries.sql` by its name."""
    _, *parts = _NAME.split((files(__package__) / "queries.sql").read_text("utf-8"))
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}


@cache
def query(name: str) -> str:
    """One statement of `queries.sql`."""
    return queries()[name]


@cache
def _query_for(name: str, length: int) -> str:
    return query(name).format(marks=", ".join("?" * length))


def in_lists(name: str, values: Iterable[_T]) -> Iterator[tuple[str, list[_T | None]]]:
    """A statement with `IN ({marks})` and its values, as often as it takes to ask for all of them."""
    rest = iter(values)
    while chunk := list(islice(rest, _LENGTHS[-1])):
        length = next(length for length in _LENGTHS if length >= len(chunk))
        yield _query_for(name, length), [*chunk, *[None] * (length - len(chunk))]
