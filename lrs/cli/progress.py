"""How long work tells how far it is, on standard error: a bar at a terminal, now and then a line in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

from lrs.cli.output import say

_A_LINE_EVERY_S = 5.0


class Telling:
    """To be called with how many of how many are done."""

    def __init__(self, label: str) -> None:
        """`label`: what is counted, e.g. `statements`."""
        self._label = label
        self._bar: Any = None
        self._said_at: float | None = None
        self._said = ""

    def __call__(self, done: int, total: int) -> None:
        """So many are done."""
        if sys.stderr.isatty():
            self._draw(done, total)
        else:
            self._write(done, total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def _draw(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = click.progressbar(length=total, label=self._label, file=sys.stderr)
        self._bar.length = total
        self._bar.update(done - self._bar.pos)

    def _write(self, done: int, total: int) -> None:
        now = time.monotonic()
        text = f"{done:,} of {total:,} {self._label}"
        first = self._said_at is None
        if text != self._said and (first or done >= total or now >= (self._said_at or 0.0) + _A_LINE_EVERY_S):
            self._said_at, self._said = now, text
            say(text)
