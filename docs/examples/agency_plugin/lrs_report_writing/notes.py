"""What the agency wants to have shown beside the numbers. None of it changes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

COMPETENCY = "report_writing"


class ReportsAskedFor:
    """A sentence in explanations, as long as there are fewer reports than the academy asks for."""

    name = "reports-asked-for"
    competency = COMPETENCY

    def __init__(self, asked: int) -> None:
        self._asked = asked

    def explain(self, part: Mapping[str, Any]) -> Iterator[str]:
        """None when there are enough."""
        there = part["counts"]["encounters"]
        if there < self._asked:
            yield f"The academy asks for {self._asked} reviewed reports by the end of phase 2; there are {there}."


class ReportsReviewed:
    """A column in reports: how many cases of an officer were reviewed."""

    name = "reports-reviewed"
    title = "Reports reviewed"

    def value(self, profile: Mapping[str, Any]) -> int | None:
        """None when the officer's profile has no such competency."""
        for part in profile["competencies"]:
            if part["competency"] == COMPETENCY:
                return int(part["counts"]["encounters"])
        return None
