"""Marks and votes: what the raters of a cohort gave on one competency, on one scale, side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lrs.competency.assessment import assess
from lrs.competency.encounters import Rated, mean
from lrs.competency.evidence import RecordedEvidence, SubjectType, Tier
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric
from lrs.competency.scales import Scale
from lrs.errors import Detail, InvalidParameter

RATED_BY_PEOPLE = (Tier.FIELD, Tier.ROLE_PLAY)
"""The tiers in which a person rates what was done, not what was known: those that raters are compared on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One rating that one rater gave one officer."""

    officer: str
    rater: str
    encounter: str
    item: str
    """Id of the indicator; empty for the competency as a whole."""
    value: float
    """Steps above the lowest rating of the scale, more is better: 3 for a 4 on `fto-7`."""
    observed_us: int
    statement_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What one rater gave one officer in one encounter: one encounter, one vote, whatever the tiers."""

    officer: str
    rater: str
    encounter: str
    value: float
    """Plain mean of its marks, in steps above the lowest rating."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks on one scale, and how many ratings are on another."""

    marks: tuple[Mark, ...]
    """In order of officer, rater, time."""
    scale: Scale
    on_other_scales: int
    """Ratings in these tiers that are on another scale, and not compared."""

    @property
    def steps(self) -> int:
        """Steps from the lowest to the highest rating: 6 on `fto-7`."""
        return round(self.scale.highest - self.scale.lowest)


def marks_on(
    evidence: Iterable[RecordedEvidence], rubric: Rubric, tiers: Collection[Tier] = RATED_BY_PEOPLE
) -> Marks:
    """The marks that officers were given on the rubric's competency, on the scale of its cut.

    Args:
        evidence: of any officers, on any competency, as it stood at the instant that is asked about. What a profile
            would not score (N.O., a rating of oneself, an unknown indicator or scale …) is left out as there.
        rubric: a scored one.
        tiers: those that are looked at.

    Raises `InvalidParameter` for a rubric that is never scored, and when the scale of its cut has no whole steps.
    """
    scale = _stepped(rubric)
    wanted = frozenset(tiers)
    records = [
        one
        for one in evidence
        if one.evidence.competency == rubric.competency
        and one.evidence.tier in wanted
        and one.evidence.subject_type is SubjectType.OFFICER
    ]
    rated = _usable(records, rubric)
    marks = [_mark(one, scale) for one in rated if one.record.evidence.scale == scale.name]
    marks.sort(
        key=lambda m: (m.officer, m.rater, m.observed_us, m.encounter, m.statement_id, m.item, m.value)
    )
    return Marks(tuple(marks), scale, len(rated) - len(marks))


def ballots(marks: Iterable[Mark]) -> tuple[Ballot, ...]:
    """One for each (officer, rater, encounter), in that order."""
    groups: dict[tuple[str, str, str], list[float]] = {}
    for mark in marks:
        groups.setdefault((mark.officer, mark.rater, mark.encounter), []).append(mark.value)
    return tuple(
        Ballot(officer=officer, rater=rater, encounter=encounter, value=mean(values))
        for (officer, rater, encounter), values in sorted(groups.items())
    )


def _usable(records: Sequence[RecordedEvidence], rubric: Rubric) -> tuple[Rated, ...]:
    """What `assess` takes as ratings, of many officers at once: each piece is judged by itself."""
    newest_us = max((one.stored_us for one in records), default=0)
    return assess(records, rubric, Policy(), newest_us).rated


def _mark(rated: Rated, scale: Scale) -> Mark:
    evidence = rated.record.evidence
    rating = evidence.rating
    assert rating is not None  # noqa: S101 - `Rated` says so
    rises = scale.points[-1][1] > scale.points[0][1]
    return Mark(
        officer=evidence.subject,
        rater=evidence.rater,
        encounter=evidence.encounter,
        item=evidence.indicator or "",
        value=rating - scale.lowest if rises else scale.highest - rating,
        observed_us=evidence.observed_us,
        statement_id=rated.record.statement_id,
    )


def _stepped(rubric: Rubric) -> Scale:
    if rubric.cut is None:
        raise InvalidParameter(
            f"{rubric.competency} is never scored, so that its raters cannot be compared.",
            [Detail("competency", rubric.competency, "a competency that is scored")],
        )
    scale = rubric.cut.scale
    low, high = float(scale.lowest), float(scale.highest)
    if not (low.is_integer() and high.is_integer() and high - low >= 2):
        raise InvalidParameter(
            f"The scale of {rubric.competency}'s cut, {scale.name}, has no whole steps to compare raters on.",
            [Detail("competency", scale.name, "a scale of whole numbers, three or more, such as fto-7")],
        )
    return scale
