"""What stands on people's records at an instant, read, put in order and sorted out; remembered.

A profile, its explanations, the trend and the reports of a cohort all start from here: of one instant, they read the
same evidence once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from lrs.cohort.standing import Coded
from lrs.competency.assessment import SortedOut, recorded_by, sort_out
from lrs.competency.evidence import RecordedEvidence, SubjectType
from lrs.competency.profile import OnRecord
from lrs.competency.rubric import Rubric
from lrs.services.remembering import Memory
from lrs.stores.base import EvidenceQuery, EvidenceVersion, Store

PIECE_BYTES = 1_300
"""About what a piece of evidence takes that is kept as objects, sorted out …"""
ROW_BYTES = 100
"""… and as a row of a table of numbers."""
_CHUNK = 200
"""Officers in one read: what bounds the memory."""
_MOST_KEPT = 15_000
"""Pieces of one cohort that are kept; of a larger one, what is met first: else it would push out all others."""


class OnRecords:
    """Reads evidence for questions about people."""

    def __init__(self, store: Store, memory: Memory) -> None:
        self._store = store
        self._memory = memory

    def of(self, subject: str, kind: SubjectType, as_of_us: int) -> OnRecord:
        """All that stands on the record of one officer or unit (agent key)."""

        def read() -> OnRecord:
            query = EvidenceQuery(subjects=[subject], subject_type=kind, as_of_us=as_of_us)
            return OnRecord(recorded_by(self._store.evidence(query), as_of_us))

        return self._memory.of(
            as_of_us, ("record", subject, kind), read, lambda found: PIECE_BYTES * (1 + len(found.records))
        )

    def of_officers(self, officers: Sequence[str], as_of_us: int) -> dict[str, OnRecord]:
        """All that stands on the record of each of these officers, in one read; nothing is kept."""
        query = EvidenceQuery(subjects=officers, subject_type=SubjectType.OFFICER, as_of_us=as_of_us)
        rows = groupby(self._store.evidence(query) if officers else (), key=lambda row: row.evidence.subject)
        found = {officer: list(group) for officer, group in rows}
        return {one: OnRecord(recorded_by(found.get(one, ()), as_of_us)) for one in officers}

    def of_cohort(
        self, officers: Sequence[str], rubrics: Mapping[str, Rubric], as_of_us: int
    ) -> Iterator[tuple[str, tuple[SortedOut, ...]]]:
        """Each officer with what was sorted out for every rubric, in their order; one read for some of them."""
        version = self._memory.version(as_of_us)
        room = _MOST_KEPT
        for start in range(0, len(officers), _CHUNK):
            chunk = officers[start : start + _CHUNK]
            known = {
                officer: found
                for officer in chunk
                if (found := self._known(version, officer, rubrics)) is not None
            }
            missing = [officer for officer in chunk if officer not in known]
            read = self._read(missing, rubrics, as_of_us) if missing else {}
            for officer in chunk:
                found = known.get(officer)
                if found is None:
                    found = read[officer]
                    room -= sum(len(one.records) for one in found)
                    if room > 0:
                        self._keep(version, officer, found)
                yield officer, found

    def coded(self, officers: Sequence[str], competencies: Sequence[str], as_of_us: int) -> Coded:
        """The same of officers as a table of numbers, for whole cohorts at once."""

        def read() -> Coded:
            query = EvidenceQuery(
                subjects=officers,
                competencies=competencies,
                subject_type=SubjectType.OFFICER,
                as_of_us=as_of_us,
            )
            return Coded.of(officers, self._store.columns(query))

        return self._memory.of(
            as_of_us,
            ("coded", tuple(officers), tuple(competencies)),
            read,
            lambda found: ROW_BYTES * (len(officers) + len(found.rating)),
        )

    def _known(
        self, version: EvidenceVersion | None, officer: str, rubrics: Mapping[str, Rubric]
    ) -> tuple[SortedOut, ...] | None:
        found: list[SortedOut] = []
        for rubric in rubrics.values():
            one: SortedOut | None = self._memory.get(version, _key(officer, rubric))
            if one is None:
                return None
            found.append(one)
        return tuple(found)

    def _keep(self, version: EvidenceVersion | None, officer: str, found: Sequence[SortedOut]) -> None:
        for one in found:
            size = PIECE_BYTES * (1 + len(one.records))
            self._memory.keep(version, _key(officer, one.rubric), one, size)

    def _read(
        self, officers: Sequence[str], rubrics: Mapping[str, Rubric], as_of_us: int
    ) -> dict[str, tuple[SortedOut, ...]]:
        query = EvidenceQuery(
            subjects=officers,
            competencies=list(rubrics),
            subject_type=SubjectType.OFFICER,
            as_of_us=as_of_us,
        )
        rows = groupby(self._store.evidence(query), key=lambda row: row.evidence.subject)
        found = {officer: list(group) for officer, group in rows}
        return {
            officer: tuple(_sorted_out(recorded_by(found.get(officer, ()), as_of_us), rubrics))
            for officer in officers
        }


def _sorted_out(records: Sequence[RecordedEvidence], rubrics: Mapping[str, Rubric]) -> Iterator[SortedOut]:
    own: dict[str, list[RecordedEvidence]] = {name: [] for name in rubrics}
    for record in records:
        own[record.evidence.competency].append(record)
    for name, rubric in rubrics.items():
        yield sort_out(own[name], rubric)


def _key(officer: str, rubric: Rubric) -> tuple[str, str, str, str]:
    return "of", officer, rubric.competency, rubric.digest
