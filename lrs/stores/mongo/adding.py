"""Adding submissions within a unit: first what is new is found out, then it is written, each collection once.

A submission that contradicts what is stored is left out before anything of it is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from bson.binary import Binary

from lrs.competency.evidence import Source
from lrs.stores.accepting import Accepted, accepted, given_definitions
from lrs.stores.group_commit import AddJob
from lrs.stores.mongo import references
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.files import Files, is_large
from lrs.stores.mongo.models import (
    Definition,
    Failed,
    Found,
    GenerationOf,
    Statement,
    StoredAttachment,
    Subject,
)
from lrs.stores.mongo.rows import evidence_rows, failure_rows, origin_of, packed, statement_row, subjects_in
from lrs.stores.mongo.sources import LiveGenerations
from lrs.stores.mongo.units import Unit
from lrs.xapi.statement import Attachment
from lrs.xapi.statement import Statement as Parsed
from lrs.xapi.strict_json import parse

_MOST_KNOWN = 50_000


class Remembered:
    """Keys of what was written by this process and is never deleted: what is committed stays true."""

    def __init__(self) -> None:
        self._known: set[Any] = set()
        self._written: set[Any] = set()

    def __contains__(self, key: Any) -> bool:
        return key in self._known or key in self._written

    def add(self, keys: Iterable[Any]) -> None:
        """Written in the unit at hand: true only once it is committed."""
        self._written.update(keys)

    def committed(self) -> None:
        """The unit is committed."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known |= self._written
        self._written.clear()

    def rolled_back(self) -> None:
        """It is not: what was written in it is not there."""
        self._written.clear()


class Adding:
    """Adds to one database. Not for several threads."""

    def __init__(self, clock: Callable[[], int], files: Files) -> None:
        """`clock` gives the instant in microseconds since the epoch; it may step back."""
        self._clock = clock
        self._files = files
        self._subjects = Remembered()
        self._definitions = Remembered()
        self._generations = LiveGenerations()
        self._kept: dict[str, Row] = {}
        self._last = 0
        self.newest = 0
        """`stored` of the newest statement that this process has committed; 0 before the first."""

    def prepare(self, jobs: Sequence[AddJob]) -> None:
        """Write large attachments to files, before the unit: nobody has to wait for that."""
        self._kept = {
            one.sha2: self._attachment(one)
            for job in jobs
            for one in job.submission.attachments
            if is_large(one.content)
        }

    def add(self, jobs: Sequence[AddJob], unit: Unit) -> None:
        """Write the jobs that contradict nothing and set the outcome of each."""
        self.rolled_back()
        for job in jobs:
            job.reset()
        new = _accepted(jobs, unit)
        good = [job for job in jobs if job.error is None]
        if not good:
            return
        first = next_instant(unit, self._clock())
        if new:
            self._write(new, first, unit)
        self._define(given_definitions(good, first), self._last if new else first, unit)
        self._attach(good, unit)

    def committed(self) -> None:
        """What was added last is durable."""
        self.newest = self._last
        self._subjects.committed()
        self._definitions.committed()
        self._generations.committed()

    def rolled_back(self) -> None:
        """What was added last is not there."""
        self._last = self.newest
        self._subjects.rolled_back()
        self._definitions.rolled_back()
        self._generations.rolled_back()

    def _write(self, new: Sequence[Accepted[Binary]], first: int, unit: Unit) -> None:
        self._last = first + len(new) - 1
        generations = self._generations.numbers(unit, _sources(new), first)
        statements = [
            statement_row(stored, key, statement) for stored, (key, statement, _) in enumerate(new, first)
        ]
        evidence: list[Row] = []
        failures: list[Row] = []
        for row, (_, _, findings) in zip(statements, new, strict=True):
            if findings:
                origin = origin_of(row)
                evidence += evidence_rows(findings, generations, origin)
                failures += failure_rows(findings, generations, origin)
        unit.insert(Statement, statements)
        unit.insert(Found, evidence)
        unit.insert(Failed, failures)
        self._make_known(evidence, unit)
        unit.update_each(GenerationOf, counted(evidence, failures))
        references.follow(unit, statements)
        unit.tick(
            {
                "$set": {"last": self._last, "dated": self._last, "newest": self._last},
                "$inc": {
                    "statements": len(statements),
                    "evidence": len(evidence),
                    "quarantined": len(failures),
                },
            }
        )

    def _make_known(self, evidence: Iterable[Row], unit: Unit) -> None:
        new = [row for row in evidence if (row["subject"], row["subject_type"]) not in self._subjects]
        unit.update_each(Subject, subjects_in(new))
        self._subjects.add((row["subject"], row["subject_type"]) for row in new)

    def _define(self, given: Iterable[tuple[str, str, int]], last: int, unit: Unit) -> None:
        """Keep definitions that are not there yet, in their order; `last` is the newest instant of the unit."""
        # A batch says the same again and again: compared as text first, for a digest costs more.
        first_stored: dict[tuple[str, str], int] = {}
        for activity, text, stored in given:
            first_stored.setdefault((activity, text), min(stored, last))
        rows = {}
        for place, ((activity, text), stored) in enumerate(first_stored.items()):
            row = definition_row(activity, text, stored, place)
            if row["_id"] not in self._definitions:
                rows[row["_id"]] = row
        if rows:
            there = {row["_id"] for row in unit.find(Definition, {"_id": {"$in": list(rows)}}, {"_id": 1})}
            unit.insert(Definition, [row for key, row in rows.items() if key not in there])
            self._definitions.add(rows)
            # Where no statement was new, they still have an instant.
            unit.tick({"$set": {"last": last, "dated": last}})

    def _attach(self, jobs: Iterable[AddJob], unit: Unit) -> None:
        brought = {one.sha2: one for job in jobs for one in job.submission.attachments}
        if brought:
            there = {
                row["_id"] for row in unit.find(StoredAttachment, {"_id": {"$in": list(brought)}}, {"_id": 1})
            }
            rows = (self._kept.get(one.sha2) or self._attachment(one) for one in brought.values())
            unit.insert(StoredAttachment, [row for row in rows if row["_id"] not in there])

    def _attachment(self, one: Attachment) -> Row:
        return {"_id": one.sha2, "content_type": one.content_type, **self._files.keeping(one.content)}


def next_instant(unit: Unit, now: int) -> int:
    """The clock's, but later than all that were given out."""
    return max(now, int(unit.clock["last"]) + 1)


def definition_row(activity: str, text: str, stored: int, place: int) -> Row:
    """A definition as a document."""
    key = sha256(f"{activity}\0{text}".encode()).digest()
    return {"_id": key, "activity": activity, "text": text, "stored": stored, "place": place}


def counted(evidence: Iterable[Row], failures: Iterable[Row]) -> Mapping[int, Row]:
    """By generation: by how much its counts go up."""
    found = Counter(row["generation"] for row in evidence)
    failed = Counter(row["generation"] for row in failures)
    return {
        number: {"$inc": {"evidence": found[number], "failures": failed[number]}}
        for number in sorted({*found, *failed})
    }


def _sources(new: Iterable[Accepted[Binary]]) -> Iterator[Source]:
    """Who found something in them."""
    for _, _, findings in new:
        for finding in findings:
            yield finding.source


def _accepted(jobs: Sequence[AddJob], unit: Unit) -> list[Accepted[Binary]]:
    """What is to be written, in order. Sets the value or the error of each job."""
    keys = [[packed(new.id) for new in job.submission.statements] for job in jobs]
    wanted = {"_id": {"$in": list({key for of_job in keys for key in of_job})}}
    known = {row["_id"]: row for row in unit.find(Statement, wanted, {"raw": 1, "timestamp_given": 1})}

    def meaning_of(key: Binary) -> tuple[Parsed, bool]:
        row = known[key]
        return parse(bytes(row["raw"])), bool(row["timestamp_given"])

    return accepted(jobs, keys, known, meaning_of)
