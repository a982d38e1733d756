"""Statement ids as they are kept: the 16 bytes of the UUID."""

from __future__ import annotations


def packed(statement_id: str) -> bytes:
    """16 bytes for a UUID as text. Raises `ValueError` when it is none."""
    return bytes.fromhex(statement_id.replace("-", ""))


def unpacked(data: bytes) -> str:
    """The lower-case UUID: the inverse of `packed`."""
    text = data.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
