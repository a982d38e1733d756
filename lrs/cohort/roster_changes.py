"""What an import does to the roster: the fate of each row, and of those who are no longer listed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from lrs.cohort.roster import Member
from lrs.cohort.roster_csv import Row
from lrs.errors import Detail


class Fate(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFate:
    """One row, and what becomes of it."""

    row: int
    officer: str | None
    """Agent key; None where it could not be read."""
    fate: Fate
    member: Member | None
    """As it is to be; None when refused."""
    changes: Mapping[str, tuple[Any, Any]]
    """What changes: before and after, by member of `Member`."""
    problems: tuple[Detail, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "row": self.row,
            "officer": self.officer,
            "fate": self.fate.value,
            "changes": {name: list(pair) for name, pair in self.changes.items()},
            "problems": [asdict(problem) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a file would do, or did."""

    rows: tuple[RowFate, ...]
    removed: tuple[str, ...]
    """Agent keys of those who are on the roster and not in the file, when those are to be removed."""

    @property
    def refused(self) -> tuple[RowFate, ...]:
        """The rows that cannot be taken."""
        return tuple(row for row in self.rows if row.fate is Fate.REFUSED)

    @property
    def to_put(self) -> tuple[Member, ...]:
        """Members that are new or differ."""
        return tuple(
            row.member for row in self.rows if row.member is not None and row.fate is not Fate.UNCHANGED
        )

    def count(self, fate: Fate) -> int:
        """How many rows have it."""
        return sum(row.fate is fate for row in self.rows)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            **{fate.value: self.count(fate) for fate in Fate},
            "removed": len(self.removed),
            "rows": [row.as_dict() for row in self.rows],
            "removed_officers": list(self.removed),
        }


def changes(rows: Iterable[Row], members: Sequence[Member], *, replace_all: bool = False) -> Changes:
    """What becomes of each row, in the order of the file.

    What the file has no column for stays as it is; an empty cell clears. `replace_all`: members whom no row names
    are removed; who stands in a refused row is named by it.
    """
    now = {member.officer: member for member in members}
    fates = tuple(_fate(row, now) for row in rows)
    named = {fate.officer for fate in fates}
    gone = sorted(now.keys() - named) if replace_all else []
    return Changes(rows=fates, removed=tuple(gone))


def _fate(row: Row, now: Mapping[str, Member]) -> RowFate:
    if row.problems or row.officer is None:
        return RowFate(
            row=row.row,
            officer=row.officer,
            fate=Fate.REFUSED,
            member=None,
            changes={},
            problems=row.problems,
        )
    before = now.get(row.officer)
    after = replace(before or Member(officer=row.officer), **row.values)
    return RowFate(
        row=row.row,
        officer=row.officer,
        fate=Fate.ADDED if before is None else Fate.UNCHANGED if before == after else Fate.CHANGED,
        member=after,
        changes={} if before is None else _changed(before, after),
        problems=(),
    )


def _changed(before: Member, after: Member) -> dict[str, tuple[Any, Any]]:
    old, new = before.as_dict(), after.as_dict()
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}
