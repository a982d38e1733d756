"""Words for whoever waits."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """One line of progress, on standard error: standard output has the results alone."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
