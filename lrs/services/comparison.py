"""What a shadow comparison answers: verdicts before and after, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lrs.competency.assessment import Assessment
from lrs.competency.estimate import rounded
from lrs.services.differences import Pieces
from lrs.xapi.timestamps import format_us

NONE = "none"
"""Stands for a verdict where a side has no such competency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """One subject on one competency, before and after. None: that side has no such competency."""

    subject: str
    competency: str
    before: Assessment | None
    after: Assessment | None
    pieces: Pieces

    @property
    def transition(self) -> tuple[str, str]:
        """The verdict before and after."""
        return _verdict(self.before), _verdict(self.after)

    @property
    def turns(self) -> bool:
        """The verdict is another."""
        return self.transition[0] != self.transition[1]

    @property
    def moves(self) -> bool:
        """Verdict, score, mass or counts are others."""
        return numbers(self.before) != numbers(self.after)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "subject": self.subject,
            "competency": self.competency,
            "before": numbers(self.before),
            "after": numbers(self.after),
            "evidence": self.pieces.as_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What would be different."""

    plugin: str
    as_of_us: int
    before: str
    """What counts now, in words."""
    after: str
    """What it is compared with, in words."""
    rules: Mapping[str, tuple[str, ...]]
    """By competency: what of rubric, policy and model differs, for everyone."""
    subjects: int
    """How many have evidence that was compared."""
    transitions: Mapping[tuple[str, str, str], int]
    """(competency, verdict before, verdict after) → how many subjects with evidence on it."""
    moved: Mapping[str, int]
    """By competency: how many keep their verdict and have another score or mass."""
    turned: tuple[Verdicts, ...] = field(repr=False)
    """Everyone whose verdict is another, by subject and competency."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "plugin": self.plugin,
            "as_of": format_us(self.as_of_us),
            "before": self.before,
            "after": self.after,
            "rules": {name: list(told) for name, told in self.rules.items()},
            "subjects": self.subjects,
            "transitions": [
                {"competency": name, "before": old, "after": new, "subjects": number}
                for (name, old, new), number in self.transitions.items()
            ],
            "score_changes_only": dict(self.moved),
            "verdict_changes": [one.as_dict() for one in self.turned],
        }


def _verdict(assessment: Assessment | None) -> str:
    return NONE if assessment is None else assessment.estimate.verdict.value


def numbers(assessment: Assessment | None) -> dict[str, Any] | None:
    """Verdict and numbers of one side, JSON-ready."""
    if assessment is None:
        return None
    found = assessment.estimate
    return {
        "verdict": found.verdict.value,
        "score": rounded(found.score),
        "mass": rounded(found.mass),
        "raters": found.raters,
        "counts": found.counts.as_dict()["text"],
    }
