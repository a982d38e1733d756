"""Whether two stores hold the same at an instant; where not, what the first difference is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from itertools import zip_longest
from typing import TypeVar

from lrs.errors import Conflict, Detail
from lrs.services.sums import Sum, Summing, as_bytes
from lrs.services.whole import Tell, Whole, flat
from lrs.stores.base import Generation
from lrs.stores.moving import MovedDefinition, MovedDocument, MovedStatement
from lrs.xapi.statement import Attachment
from lrs.xapi.timestamps import format_us

_T = TypeVar("_T")
_SHOWN = 300
_TELLING = ("id", "name", "officer", "generation", "number", "statement_id", "plugin", "at_us", "stored_us")
"""Members that say which record it is."""


def dated_sums(source: Whole, target: Whole, tell: Tell) -> tuple[dict[str, Sum], list[Generation]]:
    """Count and hash of statements, evidence, failures and definitions, which are the same in both.

    And the generations, with what each of them has. Raises `Conflict` that names the kind and the first difference.
    """
    total = source.store.count_statements()

    def told(done: int) -> None:
        if done:
            tell("statements compared", done, max(total, done))

    statements = _Comparing("statements", told)
    statements.go(flat(source.statements()), flat(target.statements()))
    evidence, failures = _Comparing("evidence"), _Comparing("failures")
    generations = []
    for one in source.generations:
        before = evidence.summing.count, failures.summing.count
        evidence.go(flat(source.evidence(one)), flat(target.evidence(one)))
        failures.go(flat(source.failures(one)), flat(target.failures(one)))
        found, failed = evidence.summing.count - before[0], failures.summing.count - before[1]
        generations.append(replace(one, evidence=found, failures=failed))
    sums = {
        "statements": statements.summing.sum(),
        "evidence": evidence.summing.sum(),
        "failures": failures.summing.sum(),
        "definitions": _definitions(source, target),
    }
    return sums, generations


def same_list(kind: str, source: Iterable[object], target: Iterable[object]) -> Sum:
    """Count and hash of records that are the same in both, and in the same order."""
    comparing = _Comparing(kind)
    comparing.go(source, target)
    return comparing.summing.sum()


def attachments_sum(source: Whole, target: Whole, names: Sum) -> Sum:
    """Count and hash of the attachments: those of these names, each as the source has it."""
    found, content = Summing(), Summing()
    for one in target.attachments():
        [*expected] = source.store.attachments([one.sha2]).values()
        if expected != [one]:
            raise differing("attachments", one, expected[0] if expected else None)
        found.add(one.sha2)
        content.add(one)
    if found.sum() != names:
        raise differing("attachments", found.sum(), names)
    return content.sum()


def documents_differ(source: Whole, target: Whole, found: Sum, expected: Sum) -> Conflict:
    """The error for documents whose sums differ, with the first that does."""
    for one in flat(target.documents()):
        theirs = source.store.document(one.scope, one.id)
        if theirs != one.document:
            return differing("documents", one, replace(one, document=theirs) if theirs else None)
    return differing("documents", found, expected)


def differing(kind: str, found: object, expected: object) -> Conflict:
    """The error that names what differs."""
    told = [_told(found), _told(expected)]
    if told[0] == told[1]:
        told = [f"{text}, SHA-256 {_digest(one)}…" for text, one in zip(told, (found, expected), strict=True)]
    return Conflict(
        f"The copy is not what its source is: {kind} differ. Run it again; if it differs again, copy into a new store.",
        [Detail(kind, *told)],
    )


class _Comparing:
    """Records of a kind, side by side."""

    def __init__(self, kind: str, told: Callable[[int], None] = lambda _done: None) -> None:
        self._kind = kind
        self._told = told
        self.summing = Summing()

    def go(self, source: Iterable[_T], target: Iterable[_T]) -> None:
        """Compare some more. Raises `Conflict`."""
        for expected, found in zip_longest(source, target):
            if found != expected:
                raise differing(self._kind, found, expected)
            self.summing.add(found)
            if self.summing.count % 1_000 == 0:
                self._told(self.summing.count)
        self._told(self.summing.count)


def _definitions(source: Whole, target: Whole) -> Sum:
    """Of one activity they are in order; how the activities stand to each other means nothing."""
    sums = [Summing(flat(one.definitions())).sum() for one in (source, target)]
    if sums[0] == sums[1]:
        return sums[1]
    for one in flat(source.definitions()):
        if one.text not in target.store.definitions(one.activity):
            raise differing("definitions", None, one)
    raise differing("definitions", sums[1], sums[0])


def _told(record: object) -> str:
    """In words, without its content: that is of people."""
    match record:
        case None:
            text = "none"
        case MovedStatement():
            void = "" if record.voided_us is None else f", voided {format_us(record.voided_us)}"
            text = f"statement {record.id}, stored {format_us(record.stored_us)}{void}"
        case MovedDocument():
            text = f"{record.scope.kind} document {record.id}, ETag {record.document.etag}"
        case Attachment():
            text = f"attachment {record.sha2} of {len(record.content)} bytes"
        case MovedDefinition():
            text = f"a definition of {record.activity}"
        case Sum():
            text = str(record)
        case (str(name), bytes()):
            text = f"secret {name}"
        case _:
            parts = [f"{name} {getattr(record, name)}" for name in _TELLING if hasattr(record, name)]
            text = ", ".join(parts) or type(record).__name__
    return text[:_SHOWN]


def _digest(record: object) -> str:
    return sha256(as_bytes(record)).hexdigest()[:12]
