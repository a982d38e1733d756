"""Files of statements as JSON lines: one statement a line, plain or gzip, each line bounded."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from lrs.errors import Detail, InvalidInput, TooLarge
from lrs.xapi import strict_json
from lrs.xapi.versions import Version

STANDARD_OUTPUT = Path("-")


def read_lines(path: Path, *, most_bytes: int) -> Iterator[tuple[int, bytes]]:
    """(line number from 1, line without its end) of each line that is not blank.

    A line longer than `most_bytes` is answered cut, one byte too long, so that its reader refuses it; no file can
    make it read more at a time. Raises `InvalidInput` where the file cannot be read on.
    """
    number = 0
    try:
        with _open(path) as file:
            while line := file.readline(most_bytes + 1):
                number += 1
                text = line.strip()
                if text:
                    yield number, text
                while len(line) > most_bytes and not line.endswith(b"\n"):
                    line = file.readline(most_bytes + 1)
    except (OSError, EOFError, zlib.error) as exc:
        raise InvalidInput(
            f"{path} cannot be read beyond line {number}: {exc}.",
            [Detail(f"line {number + 1}", str(exc) or "a broken file", "JSON lines, plain or gzip (.gz)")],
        ) from exc


def parse_line(text: bytes, *, most_bytes: int) -> object:
    """The value on a line. Raises `TooLarge`, `MalformedJson`."""
    if len(text) > most_bytes:
        raise TooLarge(
            "The statement is too large.",
            [Detail("", f"over {most_bytes} bytes", f"at most {most_bytes} bytes")],
        )
    return strict_json.parse(text)


def version_of(statement: object) -> Version:
    """The version of xAPI whose rules a statement from a file is held to: that which it names, else 1.0.3."""
    version = statement.get("version", "") if isinstance(statement, dict) else ""
    return Version.V2 if isinstance(version, str) and version.startswith("2") else Version.V1


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb"))
