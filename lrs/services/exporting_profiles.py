"""Profiles out to a spreadsheet or a script: a row for each officer and competency, as recorded by an instant."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from lrs.cohort.roster import Member, matching, who
from lrs.competency.additions import Column, cells_of
from lrs.competency.evidence import SubjectType
from lrs.competency.profile import ABOUT, Profile
from lrs.plugin.manager import PluginHost
from lrs.services import exporting
from lrs.services.profiles import Profiles
from lrs.services.spreadsheet import CsvWriter
from lrs.stores.base import RosterStore
from lrs.xapi.timestamps import format_us

COLUMNS = (
    *("as_of", "officer", "name", "unit", "phase", "trainer"),
    *("competency", "verdict", "reasons", "score", "interval_low", "interval_high", "interval_level"),
    *("mass", "raters", "encounters", "at_or_above", "counts", "newest", "gaps"),
    *("rubric_version", "rubric_digest", "model", "policy_digest", "plugins", "warnings"),
)
"""Every column, in order; `docs/how-to/export-profiles.md` says what each holds. Those of plugins follow."""

_PAGE = 100


class Format(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Whose profiles: those on the roster with each of these; nobody is chosen when none is given."""

    unit: str | None = None
    phase: str | None = None
    trainer: str | None = None
    """Agent key, or the name of an account."""

    @property
    def everybody(self) -> bool:
        """Nothing is asked for: everybody with evidence, and everybody on the roster."""
        return self.unit is None and self.phase is None and self.trainer is None


class ProfileExport:
    """Writes profiles a page at a time: what it takes in memory does not grow with the cohort."""

    def __init__(self, profiles: Profiles, plugins: PluginHost, roster: RosterStore) -> None:
        """`plugins`: whose columns are added."""
        self._profiles = profiles
        self._plugins = plugins
        self._roster = roster

    def file(
        self,
        path: Path,
        *,
        form: Format,
        as_of_us: int,
        chosen: Selection | None = None,
        replace: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> int:
        """Write a row for each officer and competency; how many officers there were.

        Args:
            path: the file to write, readable by its owner only; gzip when the name ends in `.gz`; `-` is standard
                output. It appears under its name only when whole.
            form: CSV, in which no cell becomes a formula; or JSON, one document.
            as_of_us: instant, microseconds since the epoch.
            chosen: whose; None for everybody.
            replace: whether a file of that name may be replaced.
            progress: called with the number of officers after each page.

        Raises `InvalidInput` when there is something of that name already, or no folder for it.
        """
        with _text(path, replace=replace) as file:
            if form is Format.CSV:
                return self._csv(file, as_of_us, chosen or Selection(), progress)
            return self._json(file, as_of_us, chosen or Selection(), progress)

    def _csv(self, file: TextIO, as_of_us: int, chosen: Selection, progress: Callable[[int], None]) -> int:
        columns = self._plugins.report_columns
        writer = CsvWriter(file)
        writer.row([*COLUMNS, *(column.key for column in columns)])
        count = 0
        for count, rows in enumerate(self._rows(as_of_us, chosen, columns), start=1):
            for row in rows:
                writer.row([_joined(name, value) for name, value in row.items()])
            _tell(progress, count)
        return count

    def _json(self, file: TextIO, as_of_us: int, chosen: Selection, progress: Callable[[int], None]) -> int:
        heading = {"as_of": format_us(as_of_us), "about": ABOUT}
        file.write(f'{json.dumps(heading, ensure_ascii=False)[:-1]}, "rows": [')
        count, before = 0, "\n"
        for count, rows in enumerate(self._rows(as_of_us, chosen, self._plugins.report_columns), start=1):
            for row in rows:
                file.write(f"{before}{json.dumps(row, ensure_ascii=False)}")
                before = ",\n"
            _tell(progress, count)
        file.write("\n]}\n")
        return count

    def _rows(
        self, as_of_us: int, chosen: Selection, columns: Sequence[Column]
    ) -> Iterator[list[dict[str, Any]]]:
        """The rows of one officer after the other."""
        members = matching(
            self._roster.members(), unit=chosen.unit, phase=chosen.phase, trainer=chosen.trainer
        )
        on_roster = {member.officer: member for member in members}
        found = (
            self._everybody(as_of_us, list(on_roster))
            if chosen.everybody
            else (self._officer(member.officer, as_of_us) for member in members)
        )
        for profile in found:
            yield rows_of(profile, on_roster, columns)

    def _everybody(self, as_of_us: int, on_roster: Sequence[str]) -> Iterator[Profile]:
        """Everybody with evidence and everybody on the roster, in order of agent key."""
        waiting = list(reversed(on_roster))
        for profile in self._with_evidence(as_of_us):
            while waiting and waiting[-1] <= profile.subject:
                officer = waiting.pop()
                if officer != profile.subject:
                    yield self._officer(officer, as_of_us)
            yield profile
        while waiting:
            yield self._officer(waiting.pop(), as_of_us)

    def _officer(self, officer: str, as_of_us: int) -> Profile:
        # Who is on the roster is no unit, whatever was sent under their account.
        return self._profiles.profile(officer, as_of_us, of=SubjectType.OFFICER)

    def _with_evidence(self, as_of_us: int) -> Iterator[Profile]:
        after: str | None = ""
        while after is not None:
            page = self._profiles.cohort(as_of_us, after=after, limit=_PAGE)
            yield from page.profiles
            after = page.next


def rows_of(
    profile: Profile, members: Mapping[str, Member], columns: Sequence[Column] = ()
) -> list[dict[str, Any]]:
    """A row for each competency, JSON-ready: `COLUMNS` by name, then those of the plugins by `Column.key`.

    `members`: the roster, by officer. A column that fails is empty, and says so among the warnings.
    """
    whole = profile.as_dict()
    cells, failed = cells_of(whole, columns)
    plugins = [f"{name} {version}" for name, version in whole["plugins"].items()]
    about = who(profile.subject, members)
    return [
        {
            "as_of": whole["as_of"],
            **about,
            **_numbers(part),
            "rubric_version": part["rubric"]["version"],
            "rubric_digest": part["rubric"]["digest"],
            "model": part["model"]["id"],
            "policy_digest": part["model"]["policy_digest"],
            "plugins": plugins,
            "warnings": [*whole["warnings"], *part["warnings"], *failed],
            **cells,
        }
        for part in whole["competencies"]
    ]


def _numbers(part: Mapping[str, Any]) -> dict[str, Any]:
    estimate, counts = part["estimate"], part["counts"]
    low, high = estimate["interval"] or (None, None)
    return {
        "competency": part["competency"],
        "verdict": part["verdict"],
        "reasons": part["reasons"],
        "score": estimate["score"],
        "interval_low": low,
        "interval_high": high,
        "interval_level": estimate["interval_level"],
        "mass": estimate["mass"],
        "raters": counts["raters"],
        "encounters": counts["encounters"],
        "at_or_above": counts["at_or_above"],
        "counts": counts["text"],
        "newest": estimate["newest"],
        "gaps": part["gaps"],
    }


def _joined(name: str, value: Any) -> Any:
    """A list as one cell."""
    return (" | " if name == "warnings" else "; ").join(value) if isinstance(value, list) else value


def _tell(progress: Callable[[int], None], count: int) -> None:
    if count % _PAGE == 0:
        progress(count)


@contextmanager
def _text(path: Path, *, replace: bool) -> Iterator[TextIO]:
    with exporting.target(path, replace=replace) as binary:
        # No line end is translated, and the file itself is closed by whoever opened it.
        text = io.TextIOWrapper(binary, encoding="utf-8", newline="", write_through=False)
        try:
            yield text
            text.flush()
        finally:
            text.detach()
