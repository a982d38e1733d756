"""Question 2: one officer, one competency, around a date: every vote by rater, a smoothed band, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.cohort.answer import Table
from lrs.cohort.assessed import Encounter, encounters_of
from lrs.cohort.intervals import LEVEL, Measured, difference, mean_of, written
from lrs.cohort.ratings import points_per_s, rating_of
from lrs.cohort.smoothing import BANDWIDTH_DAYS, BandPoint, as_text, band
from lrs.competency.assessment import Assessment
from lrs.competency.encounters import Vote, collapse, mean
from lrs.competency.estimate import rounded
from lrs.competency.evidence import Tier
from lrs.competency.scales import Scale
from lrs.xapi.timestamps import format_us

MIN_ENCOUNTERS = 5
"""Least encounters on either side of the date, unless more are asked for."""


_DAY_US = 86_400_000_000
_NOTES = (
    "A difference between before and after does not show that the training, or anything else at that date, is why.",
    "Who was sent to a training for low ratings tends to be rated nearer to their usual level later on, with the "
    "training and without it.",
    "Each scored encounter counts the same here, whatever its tier and age: these means are not the profile's score.",
    "The band runs across the date and would blur a jump there; the means beside it do not.",
)
_OTHER_RATERS = (
    "Nobody rated on both sides of the date: a more lenient or severe rater alone could look like a change."
)
_OTHER_TIERS = (
    "The two sides were seen at different tiers: compare the means of one tier, which stand beside."
)


@dataclass(frozen=True, slots=True)
class Dot:
    """One vote: what one rater saw in one encounter."""

    vote: Vote
    rating: float
    """The vote on the rubric's scale."""
    scored: bool

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        vote = self.vote
        return {
            "observed": format_us(vote.observed_us),
            "rater": vote.rater,
            "encounter": vote.encounter,
            "tier": vote.tier.value,
            "s": rounded(vote.s),
            "rating": rounded(self.rating),
            "scored": self.scored,
            "statements": sorted({rated.record.statement_id for rated in vote.ratings}),
        }


@dataclass(frozen=True, slots=True)
class Side:
    """Before the date, or from it on."""

    encounters: int
    raters: tuple[str, ...]
    mean: Measured | None
    """Of the encounters' means; None without an encounter."""
    tiers: Mapping[Tier, Measured]

    def as_dict(self, scale: Scale) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "encounters": self.encounters,
            "raters": list(self.raters),
            "mean": None if self.mean is None else _mean(self.mean, scale),
            "tiers": [{"tier": tier.value, **_mean(one, scale)} for tier, one in self.tiers.items()],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The answer."""

    officer: Mapping[str, Any]
    competency: str
    indicator: str | None
    scale: Scale
    """That of the rubric's cut; of a rubric that is never scored, its first."""
    cut: float | None
    date_us: int | None
    dots: tuple[Dot, ...]
    band: tuple[BandPoint, ...]
    bandwidth_days: float
    before: Side | None
    after: Side | None
    change: Measured | None
    """Mean of the encounters from the date on, less that of those before it."""
    refused: str | None
    """Why no change is given."""
    notes: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready. `s` in [0, 1], `rating` on `scale`."""
        return {
            **self.officer,
            "competency": self.competency,
            "indicator": self.indicator,
            "scale": self.scale.name,
            "cut": None
            if self.cut is None
            else {"s": rounded(self.cut), "rating": rounded(rating_of(self.scale, self.cut))},
            "date": None if self.date_us is None else format_us(self.date_us),
            "dots": [dot.as_dict() for dot in self.dots],
            "band": {
                "method": as_text(self.bandwidth_days),
                "bandwidth_days": rounded(self.bandwidth_days),
                "interval_level": LEVEL,
                "points": [_band(point, self.scale) for point in self.band],
            },
            "before": None if self.before is None else self.before.as_dict(self.scale),
            "after": None if self.after is None else self.after.as_dict(self.scale),
            "change": _change(self.change, self.refused, self.scale),
        }

    def table(self) -> Table:
        """A line for every vote."""
        names = ("observed", "rater", "encounter", "tier", "s", "rating", "scored")
        written_dots = [dot.as_dict() for dot in self.dots]
        rows = tuple(tuple(dot[name] for name in names) for dot in written_dots)
        return Table(
            ("officer", "competency", "indicator", "side", *names),
            tuple(
                (self.officer["officer"], self.competency, self.indicator, self._side(dot), *row)
                for dot, row in zip(self.dots, rows, strict=True)
            ),
        )

    def _side(self, dot: Dot) -> str | None:
        if self.date_us is None:
            return None
        return "before" if dot.vote.observed_us < self.date_us else "after"


def trend(
    assessment: Assessment,
    officer: Mapping[str, Any],
    *,
    date_us: int | None = None,
    indicator: str | None = None,
    bandwidth_days: float = BANDWIDTH_DAYS,
    min_encounters: int = MIN_ENCOUNTERS,
    window_days: float | None = None,
) -> Trend:
    """How one officer was rated on one competency over time.

    Args:
        assessment: of that officer on that competency.
        officer: as `lrs.cohort.roster.who` writes it.
        date_us: what was observed before it is before, the rest after; None: no two sides.
        indicator: only ratings on this one.
        bandwidth_days: standard deviation of the kernel of the band.
        min_encounters: least scored encounters on either side; at least 2.
        window_days: only what was observed within so many days of the date.
    """
    votes = _votes(assessment, indicator, date_us, window_days)
    weighed = [vote for vote in votes if assessment.weight_of(vote.tier) > 0]
    cut = assessment.rubric.cut
    scale = next(iter(assessment.rubric.scales.values())) if cut is None else cut.scale
    seen = encounters_of(weighed)
    before, after = (None, None) if date_us is None else _sides(seen, date_us)
    refused = _refused(before, after, max(2, min_encounters))
    return Trend(
        officer=officer,
        competency=assessment.rubric.competency,
        indicator=indicator,
        scale=scale,
        cut=None if cut is None else cut.s,
        date_us=date_us,
        dots=tuple(
            Dot(vote, rating_of(scale, vote.s), assessment.weight_of(vote.tier) > 0) for vote in votes
        ),
        band=band([one.observed_us for one in seen], [one.s for one in seen], bandwidth_days),
        bandwidth_days=bandwidth_days,
        before=before,
        after=after,
        change=None if refused else _difference(before, after),
        refused=refused,
        notes=(*_NOTES, *_cautions(before, after)),
    )


def _votes(
    assessment: Assessment, indicator: str | None, date_us: int | None, window_days: float | None
) -> list[Vote]:
    rated = [one for one in assessment.rated if indicator in (None, one.record.evidence.indicator)]
    votes = collapse(rated)
    if date_us is None or window_days is None:
        return list(votes)
    return [vote for vote in votes if abs(vote.observed_us - date_us) <= window_days * _DAY_US]


def _sides(seen: Sequence[Encounter], date_us: int) -> tuple[Side, Side]:
    before = [one for one in seen if one.observed_us < date_us]
    return _side(before), _side([one for one in seen if one.observed_us >= date_us])


def _side(seen: Sequence[Encounter]) -> Side:
    tiers: dict[Tier, list[float]] = {}
    for encounter in seen:
        for tier in Tier:
            of_tier = [vote.s for vote in encounter.votes if vote.tier is tier]
            if of_tier:
                tiers.setdefault(tier, []).append(mean(of_tier))
    return Side(
        encounters=len(seen),
        raters=tuple(sorted({rater for one in seen for rater in one.raters})),
        mean=mean_of([one.s for one in seen]) if seen else None,
        tiers={tier: mean_of(tiers[tier]) for tier in Tier if tier in tiers},
    )


def _refused(before: Side | None, after: Side | None, least: int) -> str | None:
    if before is None or after is None:
        return "no date was given"
    short = [
        f"{side.encounters} {name} the date"
        for side, name in ((before, "before"), (after, "from"))
        if side.encounters < least
    ]
    return (
        f"{least} scored encounters are needed on either side; there are {' and '.join(short)}"
        if short
        else None
    )


def _difference(before: Side | None, after: Side | None) -> Measured | None:
    if before is None or after is None or before.mean is None or after.mean is None:
        return None
    return difference(after.mean, before.mean)


def _cautions(before: Side | None, after: Side | None) -> Iterable[str]:
    if before is None or after is None or not before.encounters or not after.encounters:
        return
    if not set(before.raters) & set(after.raters):
        yield _OTHER_RATERS
    if before.tiers.keys() != after.tiers.keys():
        yield _OTHER_TIERS


def _mean(one: Measured, scale: Scale) -> dict[str, Any]:
    interval = None if one.interval is None else (max(0.0, one.interval[0]), min(1.0, one.interval[1]))
    return {
        "s": rounded(one.value),
        "interval": written(interval),
        "rating": rounded(rating_of(scale, one.value)),
        "rating_interval": None if interval is None else [rounded(rating_of(scale, end)) for end in interval],
        "n": one.n,
    }


def _band(point: BandPoint, scale: Scale) -> dict[str, Any]:
    one = _mean(Measured(point.s, point.interval, 0), scale)
    return {"at": format_us(point.at_us), **one, "n": rounded(point.near)}


def _change(change: Measured | None, refused: str | None, scale: Scale) -> dict[str, Any]:
    factor = points_per_s(scale)
    in_points = None if change is None or factor is None else change.scaled(factor)
    return {
        "given": change is not None,
        "refused": refused,
        "method": "difference of the means of encounters, Welch's interval",
        "interval_level": LEVEL,
        "s": None if change is None else change.as_dict(),
        "points": None if in_points is None else in_points.as_dict(),
    }
