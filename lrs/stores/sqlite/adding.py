"""Adding submissions within the writer's transaction: first what is new is found out, then it is written.

A submission that contradicts what is stored is left out before anything of it is written. Each table is
written once for the whole group, the index by SQL that starts from the statements just inserted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import chain

from lrs.competency.evidence import Source
from lrs.stores.accepting import Accepted, accepted, given_definitions
from lrs.stores.group_commit import AddJob
from lrs.stores.sqlite import references, rows
from lrs.stores.sqlite.connections import Connection
from lrs.stores.sqlite.definitions import Definitions
from lrs.stores.sqlite.ids import packed
from lrs.stores.sqlite.packing import Packing
from lrs.stores.sqlite.sources import LiveGenerations
from lrs.stores.sqlite.sql import in_lists, query
from lrs.stores.sqlite.terms import Name, Terms
from lrs.xapi.statement import NewStatement, Statement, TermKind, with_stored
from lrs.xapi.strict_json import parse

_New = Accepted[bytes]
"""The key is the statement's id in 16 bytes."""


class Adding:
    """Adds to one file. Not for several threads."""

    def __init__(self, clock: Callable[[], int]) -> None:
        """`clock` gives the instant in microseconds since the epoch; it may step back."""
        self._clock = clock
        self._terms = Terms()
        self._definitions = Definitions(self._terms)
        self._generations = LiveGenerations()
        self._packing = Packing()
        self._last = 0
        self.newest = 0
        """`stored` of the newest statement that this process has committed; 0 before the first."""

    def add(self, jobs: Sequence[AddJob], connection: Connection, later_than: int) -> None:
        """Write the jobs that contradict nothing and set the outcome of each.

        Args:
            jobs: of one group, in the order in which they came.
            connection: in a transaction that no other writer can be in.
            later_than: an instant; every `stored` given out is later.
        """
        keys = [[packed(statement.id) for statement in job.submission.statements] for job in jobs]
        known = _known(connection, chain.from_iterable(keys))
        new = accepted(jobs, keys, known, partial(_meaning_of, connection))
        good = [job for job in jobs if job.error is None]
        if not good:
            return
        last, statements, newest_dictionary = connection.execute(query("before_adding")).fetchone()
        first = self._after(last, later_than)
        if new:
            self._packing.begin(connection, newest_dictionary, statements)
            self._write(new, first, connection)
        self._definitions.add(connection, given_definitions(good, first))
        attachments = [
            (attachment.sha2, attachment.content_type, attachment.content)
            for job in good
            for attachment in job.submission.attachments
        ]
        if attachments:
            connection.executemany(query("insert_attachment"), attachments)

    def next_instant(self, connection: Connection, later_than: int) -> int:
        """The clock's, but later than `later_than` and all that was given out, in this transaction too."""
        (last,) = connection.execute(query("last_instant")).fetchone()
        return self._after(last, later_than)

    def _after(self, last: int, later_than: int) -> int:
        return max(self._clock(), later_than + 1, last + 1)

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
        self._packing.forget()

    def forget(self) -> None:
        """The file may be another one from now on."""
        self._last = self.newest = 0
        self._terms.forget()
        self._definitions.forget()
        self._generations.forget()
        self._packing.forget()

    def _write(self, new: Sequence[_New], first: int, connection: Connection) -> None:
        self._last = first + len(new) - 1
        ids = self._terms.ids(connection, _names(new))
        generations = self._generations.numbers(connection, _sources(new), first)
        statements, evidence, quarantine = [], [], []
        for stored, (key, statement, findings) in enumerate(new, start=first):
            row = _statement_row(stored, key, statement, ids, self._packing)
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


_StatementRow = tuple[int, bytes, bytes, str | None, bytes | None, int, int, int, str, bytes, int | None]
"""The columns of `insert_statement`; the first four are a `rows.Origin`."""


def _statement_row(
    stored: int, key: bytes, statement: NewStatement, ids: Mapping[Name, str], packing: Packing
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
        *packing.packed(raw),
    )


def _authority(statement: NewStatement, ids: Mapping[Name, str]) -> str | None:
    """`term.id` of its authority; None when it has none."""
    # As terms are made, it is the last.
    for term in reversed(statement.terms):
        if term[0] is TermKind.AUTHORITY:
            return ids[term]
    return None


def _names(new: Sequence[_New]) -> Iterator[Name]:
    """What is to be interned for them."""
    for _, statement, findings in new:
        yield from statement.terms
        if findings:
            yield from rows.subjects_of(findings)


def _sources(new: Iterable[_New]) -> Iterator[Source]:
    """Who found something in them."""
    for _, _, findings in new:
        for finding in findings:
            yield finding.source


def _known(connection: Connection, keys: Iterable[bytes]) -> set[bytes]:
    return {
        row[0] for text, values in in_lists("known_ids", keys) for row in connection.execute(text, values)
    }


def _meaning_of(connection: Connection, key: bytes) -> tuple[Statement, bool]:
    raw, dictionary, timestamp_given = connection.execute(query("meaning_of"), (key,)).fetchone()
    return parse(connection.unpacked(raw, dictionary)), bool(timestamp_given)
