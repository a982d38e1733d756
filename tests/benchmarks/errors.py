"""The one error of the benchmark."""

from __future__ import annotations


class BenchmarkError(Exception):
    """Something could not be run, or a server answered what it should not have."""
