"""What the tests need that pip cannot bring: node, its packages, a Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

_JAVASCRIPT = Path(__file__).parent / "javascript"
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Missing(Exception):
    """Something is not installed here."""


def need(*things: Callable[[], object]) -> None:
    """At the head of a module: skip the whole of it where one of these is missing. In CI its tests fail instead."""
    if os.environ.get("CI") == "true":
        return
    for thing in things:
        try:
            thing()
        except Missing as missing:
            pytest.skip(str(missing), allow_module_level=True)


def node() -> str:
    """The path of node."""
    return _found("node")


def packages() -> Path:
    """The folder of the JavaScript clients."""
    if not (_JAVASCRIPT / "node_modules" / "@xapi").is_dir():
        raise Missing("the JavaScript clients are not installed; `make test` installs them where npm is")
    return _JAVASCRIPT


def chromium() -> str:
    """The path of the system's Chromium."""
    return _found(*_CHROMIUMS)


def _found(*names: str) -> str:
    for path in map(shutil.which, names):
        if path:
            return path
    raise Missing(f"{names[0]} is not installed")
