"""The audit of adverse impact (question 9): a job apart, the only one that reads group data.

It is run by whoever keeps the store, from a file that it reads and forgets. Nothing of the file is stored or logged,
no endpoint leads here, and no plugin or model is shown any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrs.cohort.answer import ABOUT
from lrs.cohort.groups import Groups, read_groups
from lrs.cohort.impact import ImpactAnswer, adverse_impact
from lrs.cohort.rater_groups import RaterGroupAnswer, rater_group_effects
from lrs.cohort.roster import short_name
from lrs.cohort.suppression import MINIMUM
from lrs.cohort.votes import ballots, marks_on
from lrs.competency.evidence import RecordedEvidence
from lrs.competency.rubric import Rubric
from lrs.errors import Detail, InvalidInput, InvalidParameter, NotFound
from lrs.services.reports import Reports, Whom
from lrs.xapi.timestamps import format_us


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactReport:
    """What the audit found on one competency."""

    competency: str
    as_of_us: int
    groups: Groups
    verdicts: ImpactAnswer
    raters: RaterGroupAnswer | None
    refused: str | None
    """Why nothing is said of raters."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        beside = () if self.raters is None else self.raters.notes
        return {
            "report": "impact",
            "as_of": format_us(self.as_of_us),
            "about": ABOUT,
            "notes": [*self.verdicts.notes, *beside],
            "competency": self.competency,
            "rows": self.groups.rows,
            "rows_unknown": self.groups.unknown,
            "verdicts": self.verdicts.as_dict(),
            "raters": None if self.raters is None else self.raters.as_dict(),
            "raters_refused": self.refused,
        }


def audit_impact(
    reports: Reports, as_of_us: int, whom: Whom, competency: str, file: Path, *, minimum: int = MINIMUM
) -> ImpactReport:
    """Whether groups differ in the rate of `at_standard`, and whether a rater differs by group.

    Args:
        reports: over the store.
        as_of_us: instant, microseconds since the epoch.
        whom: which officers.
        competency: a scored one.
        file: CSV in UTF-8: `account`, and a column for each attribute.
        minimum: cells of fewer people are withheld.

    Raises `InvalidInput` for a file that is not such, `NotFound` when there is nobody in the cohort.
    """
    verdicts, records, rubric = {}, list[RecordedEvidence](), None
    for officer in reports.cohort(as_of_us, whom, competency):
        assessment = officer.assessments[0]
        rubric = assessment.rubric
        verdicts[officer.subject] = assessment.estimate.verdict
        records.extend(assessment.records)
    if rubric is None:
        raise NotFound(
            "There is nobody in the cohort.", [Detail("phase", "nobody", "officers who are there")]
        )
    groups = _groups(file, _keys(verdicts))
    raters, refused = _raters(records, rubric, groups, minimum)
    return ImpactReport(
        competency=competency,
        as_of_us=as_of_us,
        groups=groups,
        verdicts=adverse_impact(verdicts, groups, minimum=minimum),
        raters=raters,
        refused=refused,
    )


def _groups(file: Path, key_of: Callable[[str], str | None]) -> Groups:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return read_groups(lines, key_of)
    except UnicodeDecodeError as exc:
        # Not even the byte: an error must not tell of the file.
        raise InvalidInput("The file of groups is not UTF-8.", [Detail(str(file), "bytes", "UTF-8")]) from exc


def _keys(officers: Iterable[str]) -> Callable[[str], str | None]:
    """What an account in the file means: an agent key, or a name that one officer of the cohort has."""
    names: dict[str, str | None] = {}
    for officer in officers:
        name = short_name(officer)
        names[name] = None if name in names else officer
        names[officer] = officer
    return names.get


def _raters(
    records: Iterable[RecordedEvidence], rubric: Rubric, groups: Groups, minimum: int
) -> tuple[RaterGroupAnswer | None, str | None]:
    try:
        marks = marks_on(records, rubric).marks
    except InvalidParameter as exc:
        return None, exc.message
    return rater_group_effects(ballots(marks), groups, minimum=minimum), None
