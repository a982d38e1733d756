"""Adding submissions within the writer's transaction: first what is new is found out, then it is written.

A submission that contradicts what is stored is left out before anything of it is written. Each table is
written once for the whole group, the index by SQL that starts from the statements just inserted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from lrs.competency.evidence import Finding, Source
from lrs.errors import Conflict, Detail
from lrs.stores.sqlite import references, rows
from lrs.stores.sqlite.definitions import Definitions, Given
from lrs.stores.sqlite.ids import packed
from lrs.stores.sqlite.jobs import AddJob
from lrs.stores.sqlite.sources import LiveGenerations
from lrs.stores.sqlite.sql import in_lists, query
from lrs.stores.sqlite.terms import Name, Terms
from lrs.xapi.equality import same_meaning
from lrs.xapi.statement import NewStatement, Statement, TermKind, with_stored
from lrs.xapi.strict_json import parse

_Accepted = tuple[bytes, NewStatement, Sequence[Finding]]
"""A statement that is new: its id in 16 bytes, itself, what the plugins found in it."""


class Adding:
    """Adds to one file. Not for several threads."""

    def __init__(self, clock: Callable[[], int]) -> None:
        """`clock` gives the instant in microseconds since the epoch; it may step back."""
        self._clock = clock
        self._terms = Terms()
        self._definitions = Definitions(self._terms)
        self._generations = LiveGenerations()
        self._last = 0
        self.newest = 0
        """`stored` of the newest statement that this process has committed; 0 before the first."""

    def add(self, jobs: Sequence[AddJob], connection: sqlite3.Connection, later_than: int) -> None:
        """Write the jobs that contradict nothing and set the outcome of each.

        Args:
            jobs: of one group, in the order in which they came.
            connection: in a transaction that no other writer can be in.
            later_than: an instant; every `stored` given out is later.
        """
        accepted = _accepted(jobs, connection)
        good = [job for job in jobs if job.error is None]
        if not good:
            return
        first = self.next_instant(connection, later_than)
        if accepted:
            self._write(accepted, first, connection)
        self._definitions.add(connection, _given(good, first))
        attachments = [
            (attachment.sha2, attachment.content_type, attachment.content)
            for job in good
            for attachment in job.submission.attachments
        ]
        if attachments:
            connection.executemany(query("insert_attachment"), attachments)

    def next_instant(self, connection: sqlite3.Connection, later_than: int) -> int:
        """The clock's, but later than `later_than` and all that was given out, in this transaction too."""
        (last,) = connection.execute(query("last_instant")).fetchone()
        return max(self._clock(), later_than + 1, int(last) + 1)

    def committed(self) -> None:
        """What was added last is on the disk."""
        self.newest = self._last
        self._terms.committed()
        self._definitions.committed()
        self._generations.committed()

    def rolled_back(self) -> None:
        """What was added last is not there."""
        self._last = self.newest
        self._terms.rolled_back()
        self._definitions.rolled_back()
        self._generations.rolled_back()

    def forget(self) -> None:
        """The file may be another one from now on."""
        self._last = self.newest = 0
        self._terms.forget()
        self._definitions.forget()
        self._generations.forget()

    def _write(self, accepted: Sequence[_Accepted], first: int, connection: sqlite3.Connection) -> None:
        self._last = first + len(accepted) - 1
        ids = self._terms.ids(connection, _names(accepted))
        generations = self._generations.numbers(connection, _sources(accepted), first)
        statements, evidence, quarantine = [], [], []
        for stored, (key, statement, findings) in enumerate(accepted, start=first):
            row = _statement_row(stored, key, statement, ids)
            statements.append(row)
            if findings:
                evidence += rows.evidence_rows(findings, generations, row[:4], ids)
                quarantine += rows.quarantine_rows(findings, generations, stored, key)
        connection.executemany(query("insert_statement"), statements)
        connection.execute(query("insert_postings"), {"before": first - 1})
        if evidence:
            connection.executemany(query("insert_evidence"), evidence)
        if quarantine:
            connection.executemany(query("insert_quarantine"), quarantine)
        if evidence or quarantine:
            connection.executemany(query("count_found"), rows.counted(evidence, quarantine))
        references.follow(connection, first - 1)
        connection.execute(query("count_up"), (len(statements), len(evidence), len(quarantine)))


_StatementRow = tuple[int, bytes, bytes, str | None, bytes | None, int, int, int, str, bytes]
"""The columns of `insert_statement`; the first four are a `rows.Origin`."""


def _statement_row(
    stored: int, key: bytes, statement: NewStatement, ids: Mapping[Name, str]
) -> _StatementRow:
    raw = with_stored(statement.body, stored)
    return (
        stored,
        key,
        sha256(raw).digest(),
        _authority(statement, ids),
        packed(statement.refers_to) if statement.refers_to else None,
        # As numbers: for a bool, sqlite3 looks for an adapter first.
        int(statement.voids),
        int(statement.voids_others),
        int(statement.timestamp_given),
        f"[{','.join([ids[term] for term in statement.terms])}]",
        raw,
    )


def _authority(statement: NewStatement, ids: Mapping[Name, str]) -> str | None:
    """`term.id` of its authority; None when it has none."""
    # As terms are made, it is the last.
    for term in reversed(statement.terms):
        if term[0] is TermKind.AUTHORITY:
            return ids[term]
    return None


def _names(accepted: Sequence[_Accepted]) -> Iterator[Name]:
    """What is to be interned for them."""
    for _, statement, findings in accepted:
        yield from statement.terms
        if findings:
            yield from rows.subjects_of(findings)


def _sources(accepted: Iterable[_Accepted]) -> Iterator[Source]:
    """Who found something in them."""
    for _, _, findings in accepted:
        for finding in findings:
            yield finding.source


def _given(jobs: Sequence[AddJob], first: int) -> Iterator[Given]:
    """The definitions that the jobs bring; `first` is `stored` of the first new statement of them all."""
    stored = first
    for job in jobs:
        for activity, text in job.submission.definitions:
            yield activity, text, stored
        stored += len(job.value)


def _accepted(jobs: Sequence[AddJob], connection: sqlite3.Connection) -> list[_Accepted]:
    """What is to be written, in order. Sets the value or the error of each job."""
    keys = [[packed(new.id) for new in job.submission.statements] for job in jobs]
    known = _known(connection, (key for of_job in keys for key in of_job))
    taken: dict[bytes, NewStatement] = {}
    accepted: list[_Accepted] = []
    for job, of_job in zip(jobs, keys, strict=True):
        fresh: dict[bytes, _Accepted] = {}
        try:
            for key, new, findings in zip(
                of_job, job.submission.statements, job.submission.findings, strict=True
            ):
                if key in known:
                    _check_same(*_stored_meaning(connection, key), new)
                elif earlier := taken.get(key) or (key in fresh and fresh[key][1]):
                    _check_same(earlier.parsed, earlier.timestamp_given, new)
                else:
                    fresh[key] = (key, new, findings)
        except Conflict as conflict:
            job.error = conflict
            continue
        job.value = frozenset(new.id for _, new, _ in fresh.values())
        taken.update((key, new) for key, new, _ in fresh.values())
        accepted += fresh.values()
    return accepted


def _known(connection: sqlite3.Connection, keys: Iterable[bytes]) -> set[bytes]:
    return {
        row[0] for text, values in in_lists("known_ids", keys) for row in connection.execute(text, values)
    }


def _stored_meaning(connection: sqlite3.Connection, key: bytes) -> tuple[Statement, bool]:
    raw, timestamp_given = connection.execute(query("meaning_of"), (key,)).fetchone()
    return parse(raw), bool(timestamp_given)


def _check_same(earlier: Statement, timestamp_given: bool, new: NewStatement) -> None:
    """Raise `Conflict` unless both mean the same; a timestamp that the server set is no part of that."""
    same = same_meaning(
        earlier if timestamp_given else _without_timestamp(earlier),
        new.parsed if new.timestamp_given else _without_timestamp(new.parsed),
    )
    if not same:
        raise Conflict(
            f"The statement id {new.id} is taken by a statement that means something else.",
            [Detail("/id", new.id, "a new id, or the same statement again")],
        )


def _without_timestamp(statement: Statement) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name != "timestamp"}
