"""What an officer says against an item of their record: contests and rejoinders, as a store keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ContestState(StrEnum):
    """Where a contest stands."""

    OPEN = "open"
    GRANTED = "granted"  # the statement is voided; a corrected one may stand in its place
    REFUSED = "refused"  # the item stays, with the reasons beside it
    WITHDRAWN = "withdrawn"  # by the officer


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """An officer's challenge of what one statement says of them."""

    id: str
    """UUID."""
    statement_id: str
    officer: str
    """Agent key."""
    raised_by: str
    """Id of the user."""
    raised_us: int
    due_us: int
    """By when it is to be decided."""
    reason: str
    state: ContestState = ContestState.OPEN
    decided_by: str = ""
    """Id of the user; empty while it is open."""
    decided_us: int | None = None
    reasons: str = ""
    """Why it was decided so."""
    voiding_id: str = ""
    """Granted: id of the statement that voids the item."""
    reissued_id: str = ""
    """Granted: id of the corrected statement; empty when none stands in its place."""
    settled: bool = False
    """Granted: both of these are stored."""
    revision: int = 0
    """Goes up by one with each change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejoinder:
    """What an officer has to say to an item, shown wherever the item is. It stays as it was written."""

    id: str
    """UUID."""
    statement_id: str
    officer: str
    """Agent key."""
    written_by: str
    """Id of the user."""
    written_us: int
    text: str


class ContestStore(Protocol):
    """Contests and rejoinders. Nothing is deleted; durable when a method returns."""

    def add_contest(self, contest: Contest) -> None:
        """Keep it; `Conflict` when the id is taken, or an open one is there of the same officer and statement."""

    def contest(self, contest_id: str) -> Contest | None:
        """The contest."""

    def contests(
        self,
        *,
        officers: Sequence[str] | None = None,
        statement_ids: Sequence[str] | None = None,
        state: ContestState | None = None,
    ) -> Sequence[Contest]:
        """In order of `raised_us` and id, oldest first: all, or those of each kind that is named."""

    def swap_contest(self, expected: Contest, new: Contest) -> bool:
        """Put `new` (same id) in the place of `expected`, if that is still its revision, atomically; else False.

        `Conflict` when it is open, and another of the same officer and statement is. `new.revision` is kept as it is
        given.
        """

    def add_rejoinder(self, rejoinder: Rejoinder) -> None:
        """Keep it; `Conflict` when the id is taken."""

    def rejoinders(
        self, *, officers: Sequence[str] | None = None, statement_ids: Sequence[str] | None = None
    ) -> Sequence[Rejoinder]:
        """In order of `written_us` and id, oldest first: all, or those of each kind that is named."""
