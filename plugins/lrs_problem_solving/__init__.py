"""Problem solving: scan, analyse, respond, assess; how well each stage was done, and which were done at all.

`rubric.json` says what the competency is made of, `alignment.json` which statements are evidence of it. How many of
the four stages were done has to be counted, which data cannot: `stages` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lrs.plugin import DataPlugin, hookimpl, packaged_alignment
from lrs_problem_solving.stages import StageCompleteness


class ProblemSolving(DataPlugin):
    """A rubric, an alignment, and one recogniser that counts."""

    @hookimpl
    def lrs_recognisers(self, config: Mapping[str, Any]) -> list[Any]:
        """The alignment, with what the agency has added, and the one that counts the stages."""
        alignment = packaged_alignment(__name__, config)
        return [alignment, StageCompleteness(alignment)]


plugin = ProblemSolving(__name__)
