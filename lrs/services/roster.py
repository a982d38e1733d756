"""The roster: read, and imported from CSV, as often as the agency likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lrs.cohort.roster import Member, matching
from lrs.cohort.roster_changes import Changes, changes
from lrs.cohort.roster_csv import read_roster
from lrs.errors import Detail, InvalidInput, InvalidParameter
from lrs.stores.base import EvidenceStore, RosterStore

_EVERYBODY = 1_000_000


class _Store(RosterStore, EvidenceStore, Protocol):
    """What the roster needs of a store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterImport:
    """What an import did, or would do."""

    changes: Changes
    stored: bool
    """False: a dry run, or rows were refused; the roster is as it was."""
    without_evidence: int
    """Officers of the file on whom no evidence was ever found: new ones, or of another homePage."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "stored": self.stored,
            "without_evidence": self.without_evidence,
            **self.changes.as_dict(),
        }


class Roster:
    """Who is in training."""

    def __init__(self, store: _Store, *, home_page: str = "") -> None:
        """`home_page`: the `homePage` of accounts that a file gives by name alone, unless the import says another."""
        self._store = store
        self._home_page = home_page

    def members(
        self, *, unit: str | None = None, phase: str | None = None, trainer: str | None = None
    ) -> Sequence[Member]:
        """In order of officer: all, or those that have each of these. `trainer`: agent key or account name."""
        return matching(self._store.members(unit=unit, phase=phase), trainer=trainer)

    def import_csv(
        self,
        data: bytes,
        *,
        home_page: str | None = None,
        replace: bool = False,
        skip_refused: bool = False,
        dry_run: bool = False,
    ) -> RosterImport:
        """Take in a file, all or nothing, and tell the fate of each row. Doing it again changes nothing.

        Args:
            data: CSV, see `lrs.cohort.roster_csv.read_roster`.
            home_page: of accounts that stand there as a bare name; None: the one of the settings.
            replace: remove members that the file does not name.
            skip_refused: take the other rows when some are refused.
            dry_run: change nothing.

        Raises `InvalidInput` for what is no roster, and for one without rows that would empty it; `InvalidParameter`
        for `replace` with `skip_refused`: who stands in a row that cannot be read would be removed.
        """
        if replace and skip_refused:
            raise InvalidParameter(
                "A file with refused rows cannot replace the roster.",
                [Detail("skip_refused", "beside replace", "one of the two")],
            )
        rows = read_roster(data, self._home_page if home_page is None else home_page)
        if replace and not rows:
            raise InvalidInput(
                "The file names nobody: it would empty the roster.",
                [Detail("row 2", "nothing", "an officer")],
            )
        found = changes(rows, self._store.members(), replace_all=replace)
        store = not dry_run and (skip_refused or not found.refused)
        if store:
            self._keep(found)
        return RosterImport(changes=found, stored=store, without_evidence=self._without_evidence(found))

    def _keep(self, found: Changes) -> None:
        # Cut off between the two, it is finished by running it again.
        if found.to_put:
            self._store.put_members(found.to_put)
        if found.removed:
            self._store.remove_members(found.removed)

    def _without_evidence(self, found: Changes) -> int:
        known = set(self._store.subjects(limit=_EVERYBODY))
        return sum(row.member is not None and row.officer not in known for row in found.rows)
