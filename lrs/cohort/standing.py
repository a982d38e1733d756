"""Where every officer of a cohort stands on every competency: the numbers of their profiles, all at once.

The arithmetic is that of `lrs.competency.assessment` and the model `decayed_beta`, over columns instead of objects,
and the same to the last bit: what is summed there exactly rounded is summed so here.
`tests/cohort/test_standing.py` holds the two to each other. Other models are asked officer by officer, by the caller.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from lrs.cohort.columns import EvidenceColumns
from lrs.competency.assessment import DAY_US, Assessment
from lrs.competency.coverage import coverage
from lrs.competency.decayed_beta import SLACK, age_days, beta, decay
from lrs.competency.estimate import Counts, Gate, Verdict, rounded
from lrs.competency.evidence import Flag, Tier
from lrs.competency.gates import gates_of, verdict_of
from lrs.competency.policy import NEVER_SCORED, Policy
from lrs.competency.rubric import Cut, Rubric
from lrs.competency.scales import Scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Ints = NDArray[np.int64]
    _Floats = NDArray[np.float64]
    _Bools = NDArray[np.bool_]

_TIERS = {tier.value: number for number, tier in enumerate(Tier)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One officer on one competency. The numbers are those of the profile of the same instant."""

    officer: str
    competency: str
    verdict: Verdict
    score: float | None
    interval: tuple[float, float]
    probability: float
    mass: float
    raters: int
    newest_us: int | None
    gates: tuple[Gate, ...]
    counts: Counts
    gaps: tuple[str, ...]
    """Ids of the indicators without scored evidence, in the order of the rubric."""
    unusable: int
    """Pieces with a rating that cannot be scored; the profile names each with its reason."""

    @classmethod
    def of(cls, officer: str, assessment: Assessment) -> Standing:
        """From an assessment under whatever model. Raises `ValueError` when the rubric is not scored."""
        estimate = assessment.estimate
        if not isinstance(estimate.counts, Counts):
            raise ValueError(f"{assessment.rubric.competency} is not scored")
        return cls(
            officer=officer,
            competency=assessment.rubric.competency,
            verdict=estimate.verdict,
            score=estimate.score,
            interval=estimate.interval,
            probability=estimate.probability,
            mass=estimate.mass,
            raters=estimate.raters,
            newest_us=estimate.newest_us,
            gates=estimate.gates,
            counts=estimate.counts,
            gaps=tuple(one.indicator.id for one in coverage(assessment) if one.gap),
            unusable=len(assessment.unusable),
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "competency": self.competency,
            "verdict": self.verdict.value,
            "score": rounded(self.score),
            "interval": [rounded(bound) for bound in self.interval],
            "mass": rounded(self.mass),
            "counts": self.counts.text,
            "gaps": list(self.gaps),
            "unusable": self.unusable,
        }


def standings(
    officers: Sequence[str],
    evidence: EvidenceColumns | Coded,
    rubrics: Mapping[str, Rubric],
    policy: Policy,
    as_of_us: int,
) -> dict[str, list[Standing]]:
    """By officer, in the order given: one standing for every rubric, in order of competency.

    Args:
        officers: agent keys; those without evidence are `insufficient` in everything.
        evidence: what counts at `as_of_us` of these officers, and of nobody else; as numbers, if it is so already.
        rubrics: by competency; each of officers, scored, and under the model `decayed_beta`.
        policy: the whole policy.
        as_of_us: instant, microseconds since the epoch.

    Raises `ValueError` for evidence on somebody else (people must not be mixed) and for a rubric that is not scored.
    """
    table = evidence if isinstance(evidence, Coded) else Coded.of(officers, evidence)
    if table.count > len(officers):
        raise ValueError(f"evidence on {table.officer.values[len(officers)]}, who was not asked for")
    found: dict[str, list[Standing]] = {officer: [] for officer in officers}
    for name in sorted(rubrics):
        rubric = rubrics[name]
        if rubric.cut is None:
            raise ValueError(f"{name} is not scored")
        for standing in _on_one(table, rubric, rubric.cut, policy.for_rubric(rubric), as_of_us):
            found[standing.officer].append(standing)
    return found


@dataclass(frozen=True, slots=True)
class _Codes:
    """A column as small numbers: `values[codes[i]]` is what stood at i."""

    codes: _Ints
    values: tuple[Any, ...]

    @classmethod
    def of(cls, column: Sequence[Hashable], known: Iterable[Hashable] = ()) -> _Codes:
        """`known` get the first numbers, in their order."""
        import numpy as np

        values = tuple(dict.fromkeys(chain(known, column)))
        place = {value: number for number, value in enumerate(values)}
        return cls(np.fromiter(map(place.__getitem__, column), np.int64, len(column)), values)

    def where(self, rows: _Ints, wanted: Iterable[Hashable]) -> _Bools:
        """Which of the rows have one of these values."""
        import numpy as np

        chosen = set(wanted)
        table = np.array([value in chosen for value in self.values] or [False])
        found: _Bools = table[self.codes[rows]]
        return found


@dataclass(frozen=True, slots=True)
class Coded:
    """The evidence of a cohort, every text a number; it never changes."""

    officer: _Codes
    competency: _Codes
    indicator: _Codes
    scale: _Codes
    tier: _Codes
    rater: _Codes
    encounter: _Codes
    flags: _Codes
    rating: _Floats
    observed: _Ints
    stored: _Ints

    @classmethod
    def of(cls, officers: Sequence[str], columns: EvidenceColumns) -> Coded:
        """Of those officers, in that order."""
        import numpy as np

        return cls(
            officer=_Codes.of(columns.subject, officers),
            competency=_Codes.of(columns.competency),
            indicator=_Codes.of(columns.indicator),
            scale=_Codes.of(columns.scale),
            tier=_Codes.of(columns.tier, _TIERS),
            rater=_Codes.of(columns.rater),
            encounter=_Codes.of(columns.encounter),
            flags=_Codes.of(columns.flags),
            rating=np.array(columns.rating, np.float64),
            observed=np.array(columns.observed_us, np.int64),
            stored=np.array(columns.stored_us, np.int64),
        )

    @property
    def count(self) -> int:
        """How many officers there are."""
        return len(self.officer.values)

    def rows_on(self, competency: str) -> _Ints:
        """The rows of one competency."""
        import numpy as np

        if competency not in self.competency.values:
            return np.empty(0, np.int64)
        return np.flatnonzero(self.competency.codes == self.competency.values.index(competency))


@dataclass(frozen=True, slots=True)
class _Votes:
    """Scored votes, those of one officer together."""

    officer: _Ints
    rater: _Ints
    encounter: _Ints
    tier: _Ints
    s: _Floats
    observed: _Ints


def _on_one(table: Coded, rubric: Rubric, cut: Cut, policy: Policy, as_of_us: int) -> Iterable[Standing]:
    import numpy as np

    rows = table.rows_on(rubric.competency)
    s, unusable = _rated(table, rows, rubric)
    weighed = [tier for tier in Tier if policy.tiers.get(tier, 0.0) > 0]
    scored = ~np.isnan(s) & table.tier.where(rows, weighed)
    votes = _votes(table, rows[scored], s[scored])
    return _completed(
        table,
        rubric,
        cut,
        policy,
        as_of_us,
        votes,
        gaps=_gaps(table, rows[scored], rubric),
        unusable=_per_officer(table, rows[unusable]),
    )


def _rated(table: Coded, rows: _Ints, rubric: Rubric) -> tuple[_Floats, _Bools]:
    """The s of each row, NaN where there is none; and which rows have a rating that cannot be scored."""
    import numpy as np

    rating = table.rating[rows]
    observed = ~table.flags.where(rows, [v for v in table.flags.values if Flag.NOT_OBSERVED in v.split(",")])
    given = observed & ~np.isnan(rating)
    barred = (
        (table.observed[rows] > table.stored[rows] + DAY_US)
        | ~table.indicator.where(rows, (None, *rubric.indicator_ids))
        | table.tier.where(rows, [Tier.SURVEY])
        | (_of_oneself(table, rows) & ~table.tier.where(rows, NEVER_SCORED))
    )
    s = np.full(len(rows), np.nan)
    for name, scale in rubric.scales.items():
        here = table.scale.where(rows, [name]) & given & ~barred
        s[here] = _normalised(scale, rating[here])
    return s, given & np.isnan(s)


def _normalised(scale: Scale, rating: _Floats) -> _Floats:
    """`Scale.normalise` of each; NaN outside of the scale."""
    import numpy as np

    x, y = np.array(scale.points).T
    right = np.clip(np.searchsorted(x, rating, side="left"), 1, len(x) - 1)
    x0, x1, s0, s1 = x[right - 1], x[right], y[right - 1], y[right]
    s = s0 + (rating - x0) / (x1 - x0) * (s1 - s0)
    return np.where((rating >= x[0]) & (rating <= x[-1]), s, np.nan)


def _of_oneself(table: Coded, rows: _Ints) -> _Bools:
    import numpy as np

    place = {value: number for number, value in enumerate(table.rater.values)}
    as_rater = np.array([place.get(officer, -1) for officer in table.officer.values] or [-1])
    found: _Bools = as_rater[table.officer.codes[rows]] == table.rater.codes[rows]
    return found


def _votes(table: Coded, rows: _Ints, s: _Floats) -> _Votes:
    """One vote per officer, rater, encounter and tier, as `lrs.competency.encounters.collapse` makes them."""
    import numpy as np

    columns = (table.officer, table.rater, table.encounter, table.tier)
    order, starts = _groups([column.codes[rows] for column in columns])
    sizes = np.diff(np.append(starts, len(rows)))
    first = rows[order][starts]
    return _Votes(
        officer=table.officer.codes[first],
        rater=table.rater.codes[first],
        encounter=table.encounter.codes[first],
        tier=table.tier.codes[first],
        s=np.array(_sums(s[order], starts)) / sizes,
        observed=np.maximum.reduceat(table.observed[rows][order], starts) if len(rows) else rows,
    )


def _groups(columns: Sequence[_Ints]) -> tuple[_Ints, _Ints]:
    """The order that puts equal rows together, the first column first; and where each group begins in it."""
    import numpy as np

    order = np.lexsort(columns[::-1])
    if not len(order):
        return order, order
    changes = np.zeros(len(order), bool)
    changes[0] = True
    for column in columns:
        ordered = column[order]
        changes[1:] |= ordered[1:] != ordered[:-1]
    return order, np.flatnonzero(changes)


def _sums(values: _Floats, starts: _Ints) -> list[float]:
    """The exactly rounded sum of each stretch of `values` that begins at one of `starts`."""
    numbers = values.tolist()
    bounds = [*starts.tolist(), len(numbers)]
    return [
        # One number is its own sum; most votes are one rating.
        numbers[start] if end - start == 1 else math.fsum(numbers[start:end])
        for start, end in pairwise(bounds)
    ]


def _gaps(table: Coded, rows: _Ints, rubric: Rubric) -> list[tuple[str, ...]]:
    """Per officer, the indicators without a scored row."""
    import numpy as np

    ids = [indicator.id for indicator in rubric.indicators]
    place = {value: number for number, value in enumerate(table.indicator.values)}
    covered = np.zeros((table.count, len(table.indicator.values) + 1), bool)
    covered[table.officer.codes[rows], table.indicator.codes[rows]] = True
    # What no row names has a column of its own, which is never covered.
    seen = covered[:, [place.get(id_, -1) for id_ in ids]].tolist()
    return [tuple(id_ for id_, has in zip(ids, line, strict=True) if not has) for line in seen]


def _per_officer(table: Coded, rows: _Ints) -> list[int]:
    import numpy as np

    found: list[int] = np.bincount(table.officer.codes[rows], minlength=table.count).tolist()
    return found


def _completed(  # noqa: PLR0917 - one computation, cut in two
    table: Coded,
    rubric: Rubric,
    cut: Cut,
    policy: Policy,
    as_of_us: int,
    votes: _Votes,
    *,
    gaps: Sequence[tuple[str, ...]],
    unusable: Sequence[int],
) -> Iterable[Standing]:
    """A standing for every officer, from the votes on one competency."""
    sums = _summed(votes, policy, as_of_us, table.count)
    at_or_above, encounters = _encounters(votes, cut, table.count)
    a, b = 1 + sums.e, 1 + sums.mass - sums.e
    tail = (1 - policy.interval) / 2
    low, high, probability = beta(a, b, tail, cut.s)
    for number, officer in enumerate(table.officer.values):
        mass, raters, newest_us = sums.mass[number], sums.raters[number], sums.newest_us[number]
        newest_days = None if newest_us is None else age_days(newest_us, as_of_us)
        gates = gates_of(float(mass), raters, newest_days, policy)
        yield Standing(
            officer=officer,
            competency=rubric.competency,
            verdict=verdict_of(gates, float(probability[number]), policy.decide_at),
            score=float(sums.e[number] / mass) if mass > 0 else None,
            interval=(float(low[number]), float(high[number])),
            probability=float(probability[number]),
            mass=float(mass),
            raters=raters,
            newest_us=newest_us,
            gates=gates,
            counts=Counts(encounters[number], at_or_above[number], cut.anchor, cut.scale.name, raters),
            gaps=gaps[number],
            unusable=unusable[number],
        )


@dataclass(frozen=True, slots=True)
class _Sums:
    """Per officer."""

    e: _Floats
    mass: _Floats
    raters: list[int]
    newest_us: list[int | None]


def _summed(votes: _Votes, policy: Policy, as_of_us: int, count: int) -> _Sums:
    import numpy as np

    e, mass = np.zeros(count), np.zeros(count)
    newest: list[int | None] = [None] * count
    order, starts = _groups([votes.officer])
    if len(starts):
        weights = np.array(_weights(votes, policy, as_of_us))
        who = votes.officer[order][starts]
        e[who] = _sums((weights * votes.s)[order], starts)
        mass[who] = _sums(weights[order], starts)
        latest = np.maximum.reduceat(votes.observed[order], starts)
        for number, instant in zip(who.tolist(), latest.tolist(), strict=True):
            newest[number] = instant
    pairs, first = _groups([votes.officer, votes.rater])
    raters = np.bincount(votes.officer[pairs][first], minlength=count).tolist()
    return _Sums(e, mass, raters, newest)


def _weights(votes: _Votes, policy: Policy, as_of_us: int) -> list[float]:
    """Weight of each vote. Not by NumPy's own power, whose last bit may differ from that of `math.pow`."""
    weight = [policy.tiers.get(tier, 0.0) for tier in Tier]
    half_life = policy.half_life_days
    return [
        weight[tier] * decay(age_days(observed, as_of_us), half_life)
        for tier, observed in zip(votes.tier.tolist(), votes.observed.tolist(), strict=True)
    ]


def _encounters(votes: _Votes, cut: Cut, count: int) -> tuple[list[int], list[int]]:
    """Per officer: encounters whose votes have a mean at or above the acceptable anchor, and all encounters."""
    import numpy as np

    order, starts = _groups([votes.officer, votes.encounter])
    who = votes.officer[order][starts]
    sizes = np.diff(np.append(starts, len(order)))
    means = np.array(_sums(votes.s[order], starts)) / sizes
    above = who[means >= cut.anchor_s - SLACK]
    return np.bincount(above, minlength=count).tolist(), np.bincount(who, minlength=count).tolist()
