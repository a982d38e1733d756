"""How many records there are of a kind, and one number that no two different sets of them share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from lrs.stores.audit import AuditEntry, seal
from lrs.stores.moving import MovedDocument, MovedStatement
from lrs.xapi.statement import Attachment

_encode = msgspec.json.Encoder(order="sorted").encode
_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Sum:
    """Count and hash of a set of records."""

    count: int
    sha256: str
    """Lower-case hex: the sum, modulo 2^256, of the SHA-256 of every record, so that their order does not matter."""

    def __str__(self) -> str:
        return f"{self.count:,} (SHA-256 {self.sha256[:12]}…)"


class Summing:
    """A sum that grows."""

    __slots__ = ("_total", "count")

    def __init__(self, records: Iterable[object] = ()) -> None:
        self.count = 0
        self._total = 0
        for one in records:
            self.add(one)

    def add(self, record: object) -> None:
        """One more, a value of `lrs.stores`."""
        self.count += 1
        self._total += int.from_bytes(sha256(as_bytes(record)).digest())

    def sum(self) -> Sum:
        """What it has come to."""
        return Sum(self.count, (self._total % 256**_LENGTH).to_bytes(_LENGTH).hex())


def as_bytes(record: object) -> bytes:
    """A record as JSON that is the same whichever store it came from; large bytes are told by their SHA-256."""
    if isinstance(record, MovedStatement):
        # By place: there are millions.
        return _encode(
            (
                record.id,
                record.stored_us,
                sha256(record.raw).hexdigest(),
                record.timestamp_given,
                record.voids_others,
                record.voided_us,
            )
        )
    if isinstance(record, MovedDocument):
        document = record.document
        content = sha256(document.content).hexdigest()
        return _encode(
            (record.scope, record.id, document.content_type, document.etag, document.updated_us, content)
        )
    if isinstance(record, Attachment):
        return _encode((record.sha2, record.content_type, sha256(record.content).hexdigest()))
    if isinstance(record, AuditEntry):
        # Over what it says, and over the hash that it has: a log that was tampered with is moved as it is.
        said = seal(record.number, record.happening, record.previous)
        return _encode((record.number, said, record.sha256))
    return _encode(record)
