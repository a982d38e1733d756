"""The roster: who is in training, in which unit and phase, with which trainer, since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lrs.xapi.actors import agent_from_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One officer on the roster. An empty text: not said."""

    officer: str
    """Agent key, see `lrs.xapi.actors.agent_key`."""
    name: str = ""
    """What people call them; a pseudonym will do."""
    unit: str = ""
    phase: str = ""
    """Phase of training, in the agency's own words, e.g. `2`."""
    trainer: str = ""
    """Agent key of the training officer."""
    start: date | None = None
    """First day of training."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: `start` as an ISO date, None where it is not said."""
        return {
            "officer": self.officer,
            "name": self.name,
            "unit": self.unit,
            "phase": self.phase,
            "trainer": self.trainer,
            "start": None if self.start is None else self.start.isoformat(),
        }


def matching(
    members: Iterable[Member],
    *,
    unit: str | None = None,
    phase: str | None = None,
    trainer: str | None = None,
) -> tuple[Member, ...]:
    """Those that have each of these, in order of officer.

    `trainer` is an agent key or the name of an account; None asks for nothing.
    """
    return tuple(
        sorted(
            (
                member
                for member in members
                if (unit is None or member.unit == unit)
                and (phase is None or member.phase == phase)
                and (trainer is None or trainer in (member.trainer, short_name(member.trainer)))
            ),
            key=lambda member: member.officer,
        )
    )


def short_name(key: str) -> str:
    """What stands for an agent key where there is no room: the name of its account, else all of it."""
    try:
        account = agent_from_key(key).get("account")
    except ValueError:
        return key
    return key if account is None else str(account["name"])


def who(officer: str, members: Mapping[str, Member]) -> dict[str, Any]:
    """How every answer names an officer: key, and what the roster says; empty texts where it says nothing."""
    member = members.get(officer, Member(officer=officer))
    return {
        "officer": officer,
        "name": member.name,
        "unit": member.unit,
        "phase": member.phase,
        "trainer": member.trainer,
    }
