"""What of a group of submissions is new, and what contradicts: decided before anything of it is written.

A submission with a statement whose id is taken by another meaning is left out whole, and harms no other.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterator, Sequence
from typing import Any, TypeVar

from lrs.competency.evidence import Finding
from lrs.errors import Conflict, Detail
from lrs.stores.group_commit import AddJob
from lrs.xapi.equality import same_meaning
from lrs.xapi.statement import NewStatement, Statement

K = TypeVar("K", bound=Hashable)
"""A statement id as the engine keeps it."""

Accepted = tuple[K, NewStatement, Sequence[Finding]]
"""A statement that is new: its id, itself, what the plugins found in it."""


def accepted(
    jobs: Sequence[AddJob],
    keys: Sequence[Sequence[K]],
    known: Container[K],
    meaning_of: Callable[[K], tuple[Statement, bool]],
) -> list[Accepted[K]]:
    """What is to be written, in order. Sets the value or the error of each job.

    Args:
        jobs: of one group, in the order in which they came.
        keys: per job, per statement.
        known: those of the keys that are stored.
        meaning_of: the statement stored under such a key, and whether its timestamp was given.
    """
    taken: dict[K, NewStatement] = {}
    new_ones: list[Accepted[K]] = []
    for job, of_job in zip(jobs, keys, strict=True):
        fresh: dict[K, Accepted[K]] = {}
        try:
            for key, new, findings in zip(
                of_job, job.submission.statements, job.submission.findings, strict=True
            ):
                if key in known:
                    _check_same(*meaning_of(key), new)
                elif earlier := taken.get(key) or (key in fresh and fresh[key][1]):
                    _check_same(earlier.parsed, earlier.timestamp_given, new)
                else:
                    fresh[key] = (key, new, findings)
        except Conflict as conflict:
            job.error = conflict
            continue
        job.value = frozenset(new.id for _, new, _ in fresh.values())
        taken.update((key, new) for key, new, _ in fresh.values())
        new_ones += fresh.values()
    return new_ones


def given_definitions(jobs: Sequence[AddJob], first: int) -> Iterator[tuple[str, str, int]]:
    """IRI of an activity, its definition as JSON text and `stored` of a statement that came with it, in order.

    Args:
        jobs: those that were accepted.
        first: `stored` of the first new statement of them all; each of the others has one microsecond more.
    """
    stored = first
    for job in jobs:
        for activity, text in job.submission.definitions:
            yield activity, text, stored
        stored += len(job.value)


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
