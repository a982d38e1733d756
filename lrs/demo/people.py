"""The people of the demo academy: recruits with a character, training officers with a severity, units.

All are invented and plainly named so: `Recruit 017`, account `R-017` at `https://academy.example`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lrs.demo.vocabulary import (
    COMMUNICATION,
    COURSE,
    CULTURAL,
    DE_ESCALATION,
    HOME_PAGE,
    INDICATORS,
    LEADERSHIP,
    Json,
    activity,
)

FULL_SIZE: Final = 60
"""Recruits at scale 1."""


class Character(StrEnum):
    """How a recruit develops, and what their record lacks."""

    IMPROVING = "improving"
    SOLID = "solid"
    DECLINING = "declining"
    STRUGGLING = "struggling"  # flat, low, flagged as not responding to training
    BORDERLINE = "borderline"  # flat, at the cut
    AWAY = "away"  # on leave: the last evidence is more than 180 days old
    NEWCOMER = "newcomer"  # a week in: hardly any evidence
    REMEDIAL = "remedial"  # low until a remedial course, then acceptable
    UNEVEN = "uneven"  # strong in one competency, weak in another
    ONE_RATER = "one_rater"  # seen by a single training officer, and by no simulation
    NO_LEADERSHIP = "no_leadership"  # no evidence of leadership at all
    NO_DE_ESCALATION = "no_de_escalation"  # never seen to de-escalate
    STRONG = "strong"


_CAST: Final = (
    Character.SOLID,
    Character.STRUGGLING,
    Character.AWAY,
    Character.NEWCOMER,
    Character.BORDERLINE,
    Character.IMPROVING,
    Character.DECLINING,
    Character.REMEDIAL,
    Character.NO_LEADERSHIP,
    Character.NO_DE_ESCALATION,
    Character.UNEVEN,
    Character.ONE_RATER,
    Character.IMPROVING,
    Character.STRONG,
    Character.SOLID,
)
"""Dealt in turn, so that even a small cohort has one of each of the first."""

_ABILITY: Final[dict[Character, Callable[[float], float]]] = {
    Character.IMPROVING: lambda progress: 2.8 + 2.8 * progress,
    Character.SOLID: lambda _: 5.0,
    Character.DECLINING: lambda progress: 5.4 - 3.2 * progress,
    Character.STRUGGLING: lambda _: 2.2,
    Character.BORDERLINE: lambda _: 3.6,
    Character.AWAY: lambda _: 4.6,
    Character.NEWCOMER: lambda _: 3.8,
    Character.REMEDIAL: lambda progress: 2.7 if progress < REMEDIAL_COURSE else 4.9,
    Character.UNEVEN: lambda _: 3.7,
    Character.ONE_RATER: lambda _: 4.8,
    Character.NO_LEADERSHIP: lambda _: 4.8,
    Character.NO_DE_ESCALATION: lambda _: 4.6,
    Character.STRONG: lambda _: 6.0,
}
"""True level from 1 to 7 at a progress in [0, 1] through the weeks."""

REMEDIAL_COURSE: Final = 0.55
"""Progress in [0, 1] at which a remedial recruit takes the course."""

_UNEVEN: Final = {COMMUNICATION: 1.8, CULTURAL: -0.2, LEADERSHIP: -1.6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A patrol unit: the subject of community surveys."""

    number: int
    name: str

    @property
    def agent(self) -> Json:
        """The unit as an identified Group."""
        account = {"homePage": HOME_PAGE, "name": f"U-{self.number:02}"}
        return {"objectType": "Group", "name": self.name, "account": account}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rater:
    """A training officer who observes recruits on ride-alongs."""

    number: int
    severity: float
    """Added to what a recruit shows, in points of the 7-point scale: below 0 severe, above 0 lenient."""

    @property
    def agent(self) -> Json:
        """The training officer as an Agent."""
        return person(f"T-{self.number:02}", f"Training officer {self.number:02}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruit:
    """A recruit in field training."""

    number: int
    character: Character
    phase: int
    """Field-training phase now: 1, 2 or 3."""
    unit: Unit
    raters: tuple[Rater, ...]
    """Training officers in the order in which they had the recruit; each for a few weeks."""

    @property
    def account(self) -> str:
        """Account name at `HOME_PAGE`, e.g. `R-017`."""
        return f"R-{self.number:03}"

    @property
    def agent(self) -> Json:
        """The recruit as an Agent."""
        return person(self.account, f"Recruit {self.number:03}")

    @property
    def phase_activity(self) -> Json:
        """The phase of field training that the recruit is in, as an activity."""
        return activity(
            f"{HOME_PAGE}/field-training/phase-{self.phase}",
            COURSE,
            f"Field training, phase {self.phase}",
            f"Formación de campo, fase {self.phase}",
        )

    def ability(self, competency: str, progress: float) -> float:
        """True level from 1 to 7 of the recruit in a competency at a progress in [0, 1] through the weeks."""
        level = _ABILITY[self.character](progress)
        return level + (_UNEVEN.get(competency, 0.0) if self.character is Character.UNEVEN else 0.0)

    def rater_of(self, week: int) -> Rater:
        """The training officer who has the recruit in a week, counted from 0: each for four weeks."""
        return self.raters[week // 4 % len(self.raters)]

    def indicators(self, competency: str) -> tuple[str, ...]:
        """Indicators of the competency on which there can be evidence of this recruit."""
        if competency == LEADERSHIP and self.character is Character.NO_LEADERSHIP:
            return ()
        hidden = {DE_ESCALATION} if self.character is Character.NO_DE_ESCALATION else set()
        return tuple(indicator for indicator in INDICATORS[competency] if indicator not in hidden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Everybody at the academy."""

    recruits: tuple[Recruit, ...]
    raters: tuple[Rater, ...]
    units: tuple[Unit, ...]


def person(account: str, name: str) -> Json:
    """An Agent known by an account at the academy."""
    return {"objectType": "Agent", "name": name, "account": {"homePage": HOME_PAGE, "name": account}}


def supervisor(unit: Unit) -> Json:
    """The supervisor of a unit."""
    return person(f"S-{unit.number:02}", f"Supervisor {unit.number:02}")


def partner(number: int) -> Json:
    """A pseudonymous partner in the community."""
    return person(f"P-{number:02}", f"Partner {number:02}")


def cohort(seed: int, scale: float = 1.0) -> Cohort:
    """The people for a seed: 60 times `scale` recruits (at least 1), 12 raters and 4 units at any scale.

    Raises `ValueError` when `scale` is not above 0.
    """
    if not scale > 0:
        raise ValueError(f"scale is {scale}; expected a number above 0")
    rng = random.Random(f"{seed}:people")  # noqa: S311 (a generator of demo data, not of secrets)
    units = tuple(
        Unit(number=number, name=f"Unit {name}")
        for number, name in enumerate(("North", "East", "South", "West"), start=1)
    )
    severities = [-1.1 + 0.2 * step for step in range(12)]
    rng.shuffle(severities)
    raters = tuple(
        Rater(number=number, severity=round(severity, 1))
        for number, severity in enumerate(severities, start=1)
    )
    recruits = tuple(
        _recruit(number, units, raters, rng) for number in range(1, max(1, round(FULL_SIZE * scale)) + 1)
    )
    return Cohort(recruits=recruits, raters=raters, units=units)


def _recruit(number: int, units: tuple[Unit, ...], raters: tuple[Rater, ...], rng: random.Random) -> Recruit:
    block, place = divmod(number - 1, len(_CAST))
    character = _CAST[place]
    return Recruit(
        number=number,
        character=character,
        phase=1 if character is Character.NEWCOMER else (place + block) % 3 + 1,
        unit=units[number % len(units)],
        raters=tuple(rng.sample(raters, 1 if character is Character.ONE_RATER else 4)),
    )
