"""What a plugin raised, in one line that any store, log and page takes."""

from __future__ import annotations

LONGEST_REASON = 500
"""Characters; what is longer is cut."""


def in_one_line(exc: BaseException) -> str:
    """Type and message of an exception; one whose message cannot be read says so."""
    try:
        message = " ".join(str(exc).split())
    except Exception:  # an exception whose __str__ raises
        message = "its message cannot be read"
    return as_text(f"{type(exc).__name__}: {message}" if message else type(exc).__name__)


def as_text(text: str) -> str:
    """The text, cut, without what no encoding or store takes."""
    return text.encode("utf-8", "backslashreplace").decode()[:LONGEST_REASON].replace("\0", "\\0")
