"""What one who asks may see: an action, how far it reaches, and whether that is as far as this person.

A `Sight` is made anew for each request. Who is assigned to whom, and in which unit, is what the roster says now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from lrs.errors import Detail, Forbidden
from lrs.services.access.keys import Credential
from lrs.services.access.permissions import SCOPES, Action, Reach, reach_of_role, reach_of_scopes
from lrs.services.access.pseudonyms import Pseudonyms
from lrs.stores.base import RosterStore
from lrs.stores.users import Role, User

EVERY_UNIT = "*"
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody may see."""

    actor: str
    """How the audit log names them: `user:ID`, `key:ID` or `system`."""
    reach_of: Callable[[Action], Reach]
    roster: RosterStore
    pseudonyms: Callable[[], Pseudonyms]
    user: User | None = None
    credential: Credential | None = None
    _officers: dict[Reach, frozenset[str]] = field(default_factory=dict)

    def may(self, action: Action) -> bool:
        """Whether the action reaches anywhere at all."""
        return self.reach_of(action) is not Reach.NONE

    def require(self, action: Action) -> Reach:
        """How far it reaches. Raises `Forbidden` when that is nowhere."""
        reach = self.reach_of(action)
        if reach is not Reach.NONE:
            return reach
        if self.credential is not None:
            self.credential.require(*SCOPES[action])
            raise Forbidden(f"No key may {action.value}: this is for people who sign in.")
        role = self.user.role.value if self.user else "nobody"
        raise Forbidden(
            f"The role {role.replace('_', ' ')} may not {action.value}.",
            [Detail("role", role, "a role with that permission; see the manual, Permissions")],
        )

    def officers(self, action: Action) -> frozenset[str] | None:
        """Agent keys of those whom it reaches; None: everybody. Raises `Forbidden`."""
        reach = self.require(action)
        if reach in (Reach.ALL, Reach.PSEUDONYMS):
            return None
        if self.user is None:
            return frozenset()
        if reach is Reach.UNIT and EVERY_UNIT in self.user.units:
            return None
        if reach not in self._officers:
            self._officers[reach] = frozenset(self._reached(reach, self.user))
        return self._officers[reach]

    def reaches(self, action: Action, officer: str) -> bool:
        """Whether it reaches this person (agent key)."""
        if not self.may(action):
            return False
        reached = self.officers(action)
        return reached is None or officer in reached

    def require_officer(self, action: Action, officer: str) -> None:
        """Raise `Forbidden` unless it reaches this person (agent key); the same whether there is anything of them."""
        if not self.reaches(action, officer):
            self.require(action)
            raise Forbidden(
                f"You may {action.value}, and not this one.",
                [Detail("agent", "somebody beyond your reach", self._whom(action))],
            )

    def knows_everybody(self) -> bool:
        """Whether everybody's record is open to them, by name."""
        named = self.may(Action.READ_RECORD) and self.reach_of(Action.READ_RECORD) is not Reach.PSEUDONYMS
        return named and self.officers(Action.READ_RECORD) is None

    def shown(self, action: Action, answer: _Answer) -> _Answer:
        """The JSON-ready answer as it may be seen."""
        if self.reach_of(action) is not Reach.PSEUDONYMS:
            return answer
        masked: _Answer = self.pseudonyms().masked(answer)
        return masked

    def _reached(self, reach: Reach, user: User) -> Iterable[str]:
        if reach is Reach.OWN:
            return [user.agent] if user.agent else []
        if reach is Reach.ASSIGNED:
            return (one.officer for one in self.roster.members(trainer=user.agent)) if user.agent else ()
        return (one.officer for unit in user.units for one in self.roster.members(unit=unit))

    def _whom(self, action: Action) -> str:
        reach = self.reach_of(action)
        return {
            Reach.OWN: "your own record",
            Reach.ASSIGNED: "a recruit who is assigned to you on the roster",
            Reach.UNIT: "an officer of your unit on the roster",
        }.get(reach, "anybody")


class Sights:
    """Makes them."""

    def __init__(self, roster: RosterStore, pseudonyms: Callable[[], Pseudonyms]) -> None:
        self._roster = roster
        self._pseudonyms = pseudonyms

    def of_user(self, user: User) -> Sight:
        """What a person who is signed in may see."""
        role: Role = user.role
        return Sight(
            actor=f"user:{user.id}",
            reach_of=lambda action: reach_of_role(role, action),
            roster=self._roster,
            pseudonyms=self._pseudonyms,
            user=user,
        )

    def of_key(self, credential: Credential) -> Sight:
        """What the holder of a key may see."""
        return Sight(
            actor=f"key:{credential.key_id}",
            reach_of=lambda action: reach_of_scopes(credential.scopes, action),
            roster=self._roster,
            pseudonyms=self._pseudonyms,
            credential=credential,
        )

    def of_system(self) -> Sight:
        """What the command line of the machine may see: who holds the store holds everything in it."""
        return Sight(
            actor="system", reach_of=lambda _: Reach.ALL, roster=self._roster, pseudonyms=self._pseudonyms
        )
