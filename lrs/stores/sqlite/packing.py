"""The JSON of statements, compressed on its way into the file: each alone, by a dictionary of what they have in common.

Statements of one vendor differ in little, but alone each is too short for a compressor to find that out. So a
dictionary is made of statements that are stored, and kept beside them. It is made in the transaction that needs it, the
first time when there are enough to learn from, then whenever ten times as many are stored: vendors come and go.
"""

from __future__ import annotations

from collections.abc import Iterator

import zstandard

from lrs.stores.sqlite.connections import Connection
from lrs.stores.sqlite.sql import query

_FIRST = 1_000
"""How many statements it takes to learn from."""
_GROWTH = 10
_SAMPLES = 2_000
_BYTES = 64 * 1024
# The level of `zstd` itself. Higher ones take two bytes more out of a hundred, and twice the time.
_LEVEL = 3


class Packing:
    """What the writer compresses by. Not for several threads."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self._next_at = _FIRST

    def begin(self, connection: Connection, newest: int | None, statements: int) -> None:
        """Learn what the file compresses by, and make a new dictionary when it is time.

        Args:
            connection: in a transaction that no other writer can be in.
            newest: the greatest `dictionary.number`; None when there is none.
            statements: how many are stored.
        """
        if newest != self._number:
            self._use(connection, newest)
        if statements >= self._next_at:
            self._make(connection, statements)

    def packed(self, raw: bytes) -> tuple[bytes, int | None]:
        """What is kept of these bytes, and by which dictionary: None, and the bytes themselves, when by none."""
        if self._number is None:
            return raw, None
        return self._compressor.compress(raw), self._number

    def forget(self) -> None:
        """What was made last is not there, or the file may be another one from now on."""
        self._number = None
        self._next_at = _FIRST

    def _use(self, connection: Connection, number: int | None) -> None:
        self.forget()
        if number is None:
            return
        content, statements = connection.execute(query("dictionary"), (number,)).fetchone()
        dictionary = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_FULLDICT)
        dictionary.precompute_compress(level=_LEVEL)
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary)
        self._number = number
        self._next_at = statements * _GROWTH

    def _make(self, connection: Connection, statements: int) -> None:
        try:
            dictionary = zstandard.train_dictionary(_BYTES, list(_samples(connection)))
        except zstandard.ZstdError:
            # They have nothing in common. Others may.
            self._next_at = statements * 2
            return
        number = (self._number or 0) + 1
        connection.execute(query("insert_dictionary"), (number, statements, dictionary.as_bytes()))
        self._use(connection, number)


def _samples(connection: Connection) -> Iterator[bytes]:
    """Statements from all of the time in which any were stored."""
    first, last = connection.execute(query("first_and_last")).fetchone()
    step = max(1, (last - first) // _SAMPLES)
    at = first
    for _ in range(_SAMPLES):
        row = connection.execute(query("statement_from"), (at,)).fetchone()
        if row is None:
            return
        stored, raw, number = row
        yield connection.unpacked(raw, number)
        at = max(stored + 1, at + step)
