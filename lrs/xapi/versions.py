"""The two versions of xAPI that the server speaks: which a request asks for, which a statement gets."""

from __future__ import annotations

import re
from enum import StrEnum

from lrs.errors import Detail, UnsupportedVersion

HEADER = "X-Experience-API-Version"
"""The header of requests and answers that names the version."""

_REQUESTED = re.compile(r"([12])\.0(?:\.(?:0|[1-9][0-9]*))?", re.ASCII)


class Version(StrEnum):
    """A version of xAPI, by the latest patch that the server speaks: the text that goes into the header."""

    V1 = "1.0.3"
    V2 = "2.0.0"

    @property
    def schema(self) -> str:
        """Name of the schema of its statements, for `lrs.schemas`."""
        return f"xapi-{self.value}/statement.json"

    @property
    def stamp(self) -> str:
        """What `version` becomes in a statement that came without one.

        `1.0.0` for every 1.0.x, whose data model is one and the same (xAPI-Data 2.4.10); `2.0.0` for 2.0.
        """
        return "1.0.0" if self is Version.V1 else "2.0.0"


SUPPORTED: tuple[str, ...] = (Version.V1.value, Version.V2.value)
"""What `GET /about` lists."""


def negotiate(header: str | None) -> Version:
    """The version that `X-Experience-API-Version` asks for: `1.0` and every `1.0.x`, `2.0` and every `2.0.x`.

    Raises `UnsupportedVersion` when the header is missing or names another (xAPI-Communication 3.3).
    """
    text = (header or "").strip(" \t")
    match = _REQUESTED.fullmatch(text)
    if match is None:
        expected = " or ".join(SUPPORTED)
        found = f'"{text[:40]}"' if text else "nothing"
        raise UnsupportedVersion(
            f"{HEADER} is {'not supported' if text else 'missing'}; expected {expected}.",
            [Detail(HEADER, found, expected)],
        )
    return Version.V1 if match[1] == "1" else Version.V2
