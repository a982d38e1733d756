"""The statements of docs/how-to/send-statements.md, each with the shape and template that the page names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "send-statements.md"
R = "https://w3id.org/xapi/rapport/"

_FILE = re.compile(r"^```\{code-block\} json\n:caption: (\S+)\n\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_POST = re.compile(
    r"^Shape `(?P<shape>[\w-]+)`, template `(?P<template>[\w-]+)`\.$"
    r"(?:(?!^Shape ).)*?X-Experience-API-Version: (?P<version>[\d.]+)\" \\\n"
    r">   -d @(?P<file>\S+) http://127\.0\.0\.1:8000/xapi/statements$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Example:
    """A statement as a vendor would copy it."""

    shape: str
    template: str
    """IRI of the template."""
    version: str
    """Of xAPI, as in the header."""
    text: str

    @property
    def statement(self) -> dict[str, Any]:
        """A copy of its own."""
        parsed: dict[str, Any] = json.loads(self.text)
        return parsed


@cache
def examples() -> Mapping[str, Example]:
    """Every example that the page has posted, by the name of its file without `.json`."""
    page = PAGE.read_text("utf-8")
    files = dict(_FILE.findall(page))
    found = {
        post["file"].removesuffix(".json"): Example(
            post["shape"], f"{R}templates/{post['template']}", post["version"], files[post["file"]]
        )
        for post in _POST.finditer(page)
    }
    assert {*found, "void"} == {name.removesuffix(".json") for name in files}, (
        "a file has no shape and template"
    )
    return found
