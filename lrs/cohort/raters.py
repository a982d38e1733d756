"""Which raters are severe or lenient, and how far raters agree (question 6): one competency of one cohort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lrs.cohort import facets
from lrs.cohort.agreement import Alpha, Level, krippendorff
from lrs.cohort.answer import Table
from lrs.cohort.differences import Difference, bounded, difference, in_same_encounters, on_same_officers
from lrs.cohort.facets import Facets, Network, Severity
from lrs.cohort.votes import RATED_BY_PEOPLE, Mark, Marks, ballots, marks_on
from lrs.competency.estimate import rounded
from lrs.competency.evidence import RecordedEvidence, Tier
from lrs.competency.rubric import Rubric

ABOUT = (
    "Severity is how a rater's ratings compare with those of other raters once officers and items are told apart, "
    "as recorded in this cohort. It is no judgement of the rater: who is severe may be right. Who rated officers "
    "early, before they improved, seems severe; among many raters some stand out by chance; raters of different "
    "networks cannot be compared."
)
"""What the figures are, said with every one of them."""
INTERVAL = facets.INTERVAL
"""Probability inside of the intervals."""


class Stand(StrEnum):
    """Where a rater's interval lies."""

    SEVERE = "severe"  # all of it above the mean of the network
    LENIENT = "lenient"  # all of it below
    WITHIN = "within"  # the mean of the network is inside


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterRow:
    """One rater: the model's severity where there is one, and always the plain numbers."""

    rater: str
    ratings: int
    officers: int
    encounters: int
    network: int | None
    """Index into the networks of the report; None: in none of them."""
    severity: Severity | None
    why_not: str | None
    """Why there is no severity."""
    same_encounters: Difference | None
    """Mean difference from other raters in the encounters that they saw together, in rating points."""
    same_officers: Difference | None
    """The same on the officers that others rated, too, whenever that was."""

    @property
    def stand(self) -> Stand | None:
        """None without an interval."""
        if self.severity is None or self.severity.interval is None:
            return None
        low, high = self.severity.interval
        return Stand.SEVERE if low > 0 else Stand.LENIENT if high < 0 else Stand.WITHIN

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rater": self.rater,
            "ratings": self.ratings,
            "officers": self.officers,
            "encounters": self.encounters,
            "network": self.network,
            "severity": None if self.severity is None else _severity(self.severity),
            "stand": None if self.stand is None else self.stand.value,
            "not_estimated": self.why_not,
            "difference_in_same_encounters": _difference(self.same_encounters),
            "difference_on_same_officers": _difference(self.same_officers),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterReport:
    """The raters of a cohort on one competency. An `lrs.cohort.answer.Answer`."""

    competency: str
    tiers: tuple[Tier, ...]
    """Those that were looked at; `lrs.cohort.votes.RATED_BY_PEOPLE` unless others were asked for."""
    scale: str
    ratings: int
    on_other_scales: int
    """Ratings in these tiers that are on other scales, and left out."""
    between_steps: int
    """Ratings between two steps of the scale (4.5): in the plain numbers, not in the model."""
    networks: tuple[Network, ...]
    raters: tuple[RaterRow, ...]
    """In order of severity, the most severe first; then those without one, by name."""
    encounters: Alpha
    """Agreement on encounters that two raters or more saw: on their votes, as intervals."""
    items: Alpha
    """The same on single items of those encounters, as ranks."""

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read it, and what it does not say."""
        found = [ABOUT]
        if len(self.networks) > 1:
            found.append(
                f"The raters form {len(self.networks)} networks that no officer links: a severity is beside the mean "
                "of its own network, and says nothing of the raters of another."
            )
        return tuple(found)

    def table(self) -> Table:
        """One line for each rater."""
        titles = ("rater", "network", "severity", "error", "low", "high", "stand", "ratings", "officers")
        together = ("together", "together low", "together high", "together n")
        officers = ("same officers", "same officers low", "same officers high", "same officers n")
        return Table((*titles, *together, *officers, "not estimated"), tuple(map(_line, self.raters)))

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, every computed number rounded."""
        return {
            "competency": self.competency,
            "tiers": [tier.value for tier in self.tiers],
            "scale": self.scale,
            "ratings": self.ratings,
            "on_other_scales": self.on_other_scales,
            "between_steps": self.between_steps,
            "interval_level": INTERVAL,
            "model": "many-facet Rasch (rating scale); severity in logits, above 0 is more severe",
            "needed": {
                "ratings": facets.MIN_RATINGS,
                "officers": facets.MIN_OFFICERS,
                "officers_shared_by_each_rater": facets.MIN_SHARED,
            },
            "networks": [_network(network) for network in self.networks],
            "raters": [rater.as_dict() for rater in self.raters],
            "agreement": {"encounters": self.encounters.as_dict(), "items": self.items.as_dict()},
        }


def rater_report(
    evidence: Iterable[RecordedEvidence], rubric: Rubric, *, tiers: Collection[Tier] = RATED_BY_PEOPLE
) -> RaterReport:
    """Severity, plain differences and agreement of the raters of a cohort on the rubric's competency.

    Args:
        evidence: of the cohort's officers, as it stood at one instant, on this competency (on others: left out). Its
            order changes nothing.
        rubric: a scored one; ratings on the scale of its cut are compared, which must have whole steps.
        tiers: those that are looked at; the answer says which.

    Raises `ConfigError` when the library of the extra `raters` is not installed, `InvalidParameter` for a rubric whose
    raters cannot be compared.
    """
    facets.check_installed()
    found = marks_on(evidence, rubric, tiers)
    fitted = facets.severities(found.marks, found.steps)
    return RaterReport(
        competency=rubric.competency,
        tiers=tuple(tier for tier in Tier if tier in tiers),
        scale=found.scale.name,
        ratings=len(found.marks),
        on_other_scales=found.on_other_scales,
        between_steps=sum(not mark.value.is_integer() for mark in found.marks),
        networks=fitted.networks,
        raters=_rows(found, fitted),
        encounters=_agreement(_votes_by_encounter(found.marks), Level.INTERVAL),
        items=_agreement(_marks_by_item(found.marks), Level.ORDINAL),
    )


def _rows(found: Marks, fitted: Facets) -> tuple[RaterRow, ...]:
    by_rater: dict[str, list[Mark]] = defaultdict(list)
    for mark in found.marks:
        by_rater[mark.rater].append(mark)
    votes = ballots(found.marks)
    together, on_officers = in_same_encounters(votes), on_same_officers(votes)
    placed = {rater: n for n, network in enumerate(fitted.networks) for rater in network.raters}
    estimated = {one.rater: one for network in fitted.networks for one in network.severities}
    rows = [
        RaterRow(
            rater=rater,
            ratings=len(marks),
            officers=len({mark.officer for mark in marks}),
            encounters=len({(mark.officer, mark.encounter) for mark in marks}),
            network=placed.get(rater),
            severity=estimated.get(rater),
            why_not=None if rater in estimated else _why_not(rater, placed, fitted),
            same_encounters=_mean(together.get(rater, {})),
            same_officers=_mean(on_officers.get(rater, {})),
        )
        for rater, marks in by_rater.items()
    ]
    rows.sort(
        key=lambda row: (row.severity is None, -row.severity.logits if row.severity else 0.0, row.rater)
    )
    return tuple(rows)


def _why_not(rater: str, placed: Mapping[str, int], fitted: Facets) -> str:
    if rater in placed:
        return fitted.networks[placed[rater]].refused or ""
    return fitted.left_out.get(rater, "no rating on a whole step of the scale")


def _mean(differences: Mapping[Any, float]) -> Difference | None:
    return difference([differences[thing] for thing in sorted(differences)], INTERVAL)


_Unit = tuple[Hashable, ...]


def _votes_by_encounter(marks: Sequence[Mark]) -> dict[_Unit, dict[str, float]]:
    units: dict[_Unit, dict[str, float]] = defaultdict(dict)
    for ballot in ballots(marks):
        units[ballot.officer, ballot.encounter][ballot.rater] = ballot.value
    return units


def _marks_by_item(marks: Sequence[Mark]) -> dict[_Unit, dict[str, float]]:
    units: dict[_Unit, dict[str, float]] = defaultdict(dict)
    for mark in marks:  # in order of time: of several of one rater on one item the newest counts
        units[mark.officer, mark.encounter, mark.item][mark.rater] = mark.value
    return units


def _agreement(units: Mapping[_Unit, Mapping[str, float]], level: Level) -> Alpha:
    """Alpha over the units that two raters or more have rated: only those are made a table of."""
    import numpy as np

    shared = [units[unit] for unit in sorted(units, key=str) if len(units[unit]) > 1]
    place = {rater: number for number, rater in enumerate(sorted({name for unit in shared for name in unit}))}
    table = np.full((len(place), len(shared)), np.nan)
    for column, unit in enumerate(shared):
        for rater, value in unit.items():
            table[place[rater], column] = value
    return krippendorff(table, level)


def _line(row: RaterRow) -> tuple[Any, ...]:
    severity, stand = row.severity, row.stand
    low, high = (severity.interval if severity else None) or (None, None)
    return (
        row.rater,
        row.network,
        rounded(severity.logits) if severity else None,
        rounded(severity.standard_error) if severity else None,
        rounded(low),
        rounded(high),
        None if stand is None else stand.value,
        row.ratings,
        row.officers,
        *bounded(row.same_encounters),
        row.same_encounters.n if row.same_encounters else 0,
        *bounded(row.same_officers),
        row.same_officers.n if row.same_officers else 0,
        row.why_not,
    )


def _severity(one: Severity) -> dict[str, Any]:
    return {
        "logits": rounded(one.logits),
        "standard_error": rounded(one.standard_error),
        "interval": None if one.interval is None else [rounded(bound) for bound in one.interval],
    }


def _network(one: Network) -> dict[str, Any]:
    return {
        "raters": len(one.raters),
        "officers": one.officers,
        "ratings": one.ratings,
        "estimated": bool(one.severities),
        "refused": one.refused,
    }


def _difference(one: Difference | None) -> dict[str, Any] | None:
    return None if one is None else one.as_dict()
