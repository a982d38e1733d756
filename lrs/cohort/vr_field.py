"""Question 3: do VR and the ride-along go together? Per competency, a pair of means for each officer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.assessed import Assessed, encounters_of
from lrs.cohort.intervals import (
    LEVEL,
    pearson,
    pearson_interval,
    spearman,
    spearman_interval,
    written,
)
from lrs.cohort.roster import Member, who
from lrs.competency.assessment import Assessment
from lrs.competency.encounters import mean
from lrs.competency.estimate import rounded
from lrs.competency.evidence import Tier
from lrs.competency.rubric import Rubric

MIN_PAIRS = 30
"""Least officers for a correlation. No parameter lowers it."""
MIN_ENCOUNTERS = 3
"""Least encounters of an officer on either side, unless another number is asked for."""

NOTES = (
    "VR is not the field: a competency that was shown in VR was not thereby shown on the street, whatever the "
    "correlation over a cohort.",
    "A correlation speaks of a cohort and predicts no officer. Which came first, VR or field, is not looked at.",
    "Competencies are never pooled: three pairs of one officer are not three officers.",
    "What is compared are plain means of encounters, without weights of tier or age.",
    "Few encounters, unsteady raters and a cohort of similar officers each make a correlation come out smaller.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One officer in VR and in the field. Means in [0, 1]."""

    officer: Mapping[str, Any]
    vr: float
    vr_encounters: int
    field: float
    field_encounters: int

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            **self.officer,
            "vr": rounded(self.vr),
            "vr_encounters": self.vr_encounters,
            "field": rounded(self.field),
            "field_encounters": self.field_encounters,
        }


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation, in [-1, 1], with its interval."""

    name: str
    method: str
    r: float
    interval: tuple[float, float] | None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"r": rounded(self.r), "interval": written(self.interval), "method": self.method}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One competency."""

    competency: str
    pairs: tuple[Pair, ...]
    left_out: int
    """Officers with evidence on one side at least, and too few encounters on a side."""
    correlations: tuple[Correlation, ...]
    refused: str | None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        found = {one.name: one.as_dict() for one in self.correlations}
        return {
            "competency": self.competency,
            "given": self.refused is None,
            "refused": self.refused,
            "n": len(self.pairs),
            "left_out": self.left_out,
            "pearson": found.get("pearson"),
            "spearman": found.get("spearman"),
            "pairs": [pair.as_dict() for pair in self.pairs],
        }


@dataclass(frozen=True, slots=True)
class VrField:
    """The answer."""

    comparisons: tuple[Comparison, ...]
    min_encounters: int

    @property
    def notes(self) -> Sequence[str]:
        """How to read it."""
        return NOTES

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "min_pairs": MIN_PAIRS,
            "min_encounters": self.min_encounters,
            "interval_level": LEVEL,
            "competencies": [one.as_dict() for one in self.comparisons],
        }

    def table(self) -> Table:
        """A line for every pair."""
        titles = (
            "competency",
            *("officer", "name", "unit", "phase", "trainer"),
            *("vr", "vr_encounters", "field", "field_encounters"),
        )
        return Table(
            titles,
            tuple(
                (one.competency, *pair.as_dict().values()) for one in self.comparisons for pair in one.pairs
            ),
        )


def vr_field(
    cohort: Iterable[Assessed],
    members: Mapping[str, Member],
    rubrics: Mapping[str, Rubric],
    *,
    min_encounters: int = MIN_ENCOUNTERS,
) -> VrField:
    """VR scored by the simulation against the field, for every rubric.

    A pair is made of officers with `min_encounters` or more on both sides; below `MIN_PAIRS` pairs, and where one
    side does not vary, the correlation is refused.
    """
    pairs: dict[str, list[Pair]] = {name: [] for name in rubrics}
    left_out = dict.fromkeys(rubrics, 0)
    for officer in cohort:
        for one in officer.assessments:
            vr, field = _means(one, Tier.VR_AUTOMATIC), _means(one, Tier.FIELD)
            name = one.rubric.competency
            if min(len(vr), len(field)) >= max(1, min_encounters):
                pairs[name].append(
                    Pair(
                        officer=who(officer.subject, members),
                        vr=mean(vr),
                        vr_encounters=len(vr),
                        field=mean(field),
                        field_encounters=len(field),
                    )
                )
            elif vr or field:
                left_out[name] += 1
    found = tuple(_comparison(name, pairs[name], left_out[name]) for name in rubrics)
    return VrField(found, min_encounters)


def _means(assessment: Assessment, tier: Tier) -> list[float]:
    return [encounter.s for encounter in encounters_of(assessment.votes, [tier])]


def _comparison(competency: str, pairs: Sequence[Pair], left_out: int) -> Comparison:
    numbers = [(pair.vr, pair.field) for pair in pairs]
    refused, correlations = None, []
    if len(pairs) < MIN_PAIRS:
        refused = f"{MIN_PAIRS} officers with both are needed; there are {len(pairs)}"
    else:
        r, rho = pearson(numbers), spearman(numbers)
        if r is None or rho is None:
            refused = "all officers have the same mean on one side: nothing can go together with it"
        else:
            n = len(pairs)
            correlations = [
                Correlation("pearson", "Pearson, Fisher's z interval", r, pearson_interval(r, n)),
                Correlation(
                    "spearman", "Spearman, Bonett and Wright's interval", rho, spearman_interval(rho, n)
                ),
            ]
    return Comparison(
        competency=competency,
        pairs=tuple(pairs),
        left_out=left_out,
        correlations=tuple(correlations),
        refused=refused,
    )
