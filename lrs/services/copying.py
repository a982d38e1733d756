"""Everything from one store into another, of whatever engine: `lrs copy`, and what a backup and a restore rest on.

Whatever breaks it off, it is run again and goes on: what is there already is known and passed over. The source may be
in service; a run copies what it was at one instant, a later run what came since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lrs.services import agreement, marks
from lrs.services.marks import Mark
from lrs.services.sums import Sum, Summing
from lrs.services.whole import KINDS, Tell, Whole, flat
from lrs.stores.moving import WholeStore
from lrs.xapi.statement import Attachment

_AT_ONCE_BYTES = 4 * 1024 * 1024
_AT_ONCE = 100
_SWEEPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a run has come to."""

    through_us: int
    """The instant that the target is of."""
    new_statements: int
    """Those that an earlier run had not copied."""
    sums: Mapping[str, Sum]
    """Count and hash by kind: the same in both, read from both."""


def copy(
    source: WholeStore,
    target: WholeStore,
    *,
    through_us: int | None = None,
    stays_copy: bool = True,
    progress: Tell = lambda _what, _done, _of: None,
) -> Copied:
    """Make the target what the source is.

    Args:
        source: may be in service. One secret is made in it when it is copied for the first time: its name.
        target: initialised; empty, or an earlier copy of the same source that nobody has used.
        through_us: what comes later is not copied; an instant up to which everything can be read. Default: now.
        stays_copy: whether the target can be brought up to date by another run; else it is a store of its own.
        progress: told what is being done, how much is done, and of how much.

    Raises `Conflict` for a target that may not be written over, and where both are not the same in the end.
    """
    identity = marks.identity_of(source)
    earlier = marks.check_target(source, target, identity)
    instant = source.consistent_through() if through_us is None else through_us
    bound = instant if earlier is None else max(instant, earlier.through_us)
    Mark(of=identity, through_us=bound).note(target)
    copying = _Copying(Whole(source, instant), target, progress)
    new = copying.take_all()
    sums = copying.settle()
    if stays_copy:
        Mark(of=identity, through_us=bound, undated=marks.undated_sum(target)).note(target)
    else:
        marks.erase(target)
    return Copied(through_us=instant, new_statements=new, sums=sums)


class _Copying:
    """One run."""

    def __init__(self, source: Whole, target: WholeStore, tell: Tell) -> None:
        self._source = source
        self._target = target
        self._tell = tell
        self._names = Summing().sum()
        """Of the attachments that were met."""
        self._documents = Summing().sum()
        """Of the documents that were met."""
        self._keys = source.keys()
        self._secrets = source.secrets()
        self._members = source.members()
        self._users = source.users()
        self._contests = source.contests()
        self._rejoinders = source.rejoinders()

    def take_all(self) -> int:
        """Copy what is missing or differs; how many statements."""
        self._attachments()
        statements = self._statements()
        self._generations()
        self._evidence()
        for definitions in self._source.definitions():
            self._target.take_definitions(definitions)
        self._sweep_documents()
        self._target.take_access(self._keys, [*self._secrets, *marks.own_secrets(self._target)])
        self._target.take_users(self._users)
        self._target.take_contests(self._contests, self._rejoinders)
        self._audit()
        self._target.take_roster(self._members)
        return statements

    def settle(self) -> dict[str, Sum]:
        """See that both are the same, and note what was counted."""
        source = self._source
        target = Whole(self._target, source.through_us)
        sums, generations = agreement.dated_sums(source, target, self._tell)
        self._target.take_generations(generations, source.activations)
        self._target.take_counts(source.through_us)
        counted = {
            "generations": agreement.same_list("generations", generations, self._target.generations()),
            "activations": agreement.same_list("activations", source.activations, target.activations),
            "attachments": agreement.attachments_sum(source, target, self._names),
            "documents": self._same_documents(target),
            "keys": agreement.same_list("keys", self._keys, target.keys()),
            "secrets": agreement.same_list("secrets", self._secrets, target.secrets()),
            "members": agreement.same_list("members", self._members, target.members()),
            "users": agreement.same_list("users", self._users, target.users()),
            "contests": agreement.same_list("contests", self._contests, target.contests()),
            "rejoinders": agreement.same_list("rejoinders", self._rejoinders, target.rejoinders()),
            "audit": agreement.same_list("audit", flat(source.audit()), flat(target.audit())),
        }
        return {kind: (sums | counted)[kind] for kind in KINDS}

    def _statements(self) -> int:
        """They are in order of `stored`, and an earlier run has taken the first of them."""
        total, done = self._source.store.count_statements(), self._target.count_statements()
        before = done
        for chunk in self._source.statements(self._target.newest_stored() or -1):
            self._target.take_statements(chunk)
            done += len(chunk)
            self._tell("statements", done, max(total, done))
        return done - before

    def _attachments(self) -> None:
        there = self._target.attachment_hashes()
        names, waiting, size = Summing(), list[Attachment](), 0
        for sha2 in _not_in(self._source.store.attachment_hashes(), there, names):
            [attachment] = self._source.store.attachments([sha2]).values()
            waiting.append(attachment)
            size += len(attachment.content)
            if size >= _AT_ONCE_BYTES or len(waiting) >= _AT_ONCE:
                self._target.take_attachments(waiting)
                self._tell("attachments", names.count, names.count)
                waiting, size = [], 0
        if waiting:
            self._target.take_attachments(waiting)
        self._names = names.sum()

    def _generations(self) -> None:
        """Those that the source has forgotten since are forgotten."""
        numbers = {one.number for one in self._source.generations}
        for one in self._target.generations():
            if one.number not in numbers:
                self._target.forget_generation(one.number)
        self._target.take_generations(self._source.generations, self._source.activations)

    def _evidence(self) -> None:
        """By stretches: what was mended stands in statements that an earlier run has taken."""
        total = sum(one.evidence for one in self._source.store.generations())
        done = 0
        for generation in self._source.generations:
            after = -1
            for chunk in self._source.evidence(generation):
                end = chunk[-1].stored_us
                if list(flat(self._target.moved_evidence(generation.number, after, end))) != list(chunk):
                    self._target.take_evidence(generation.number, chunk)
                after = end
                done += len(chunk)
                self._tell("pieces of evidence", done, max(total, done))
            for failures in self._source.failures(generation):
                self._target.take_failures(failures)

    def _audit(self) -> None:
        """What stands behind the newest entry of the target. With that one, so that it is known to be the same."""
        head = self._target.audit_head()
        for chunk in self._source.audit(0 if head is None else head.number - 1):
            self._target.take_audit(chunk)
            self._tell("entries of the audit log", chunk[-1].number, chunk[-1].number)

    def _sweep_documents(self) -> None:
        """Take those that differ, and delete those that the source has not."""
        met = Summing()
        fresh = next(iter(self._target.moved_documents()), None) is None
        for chunk in self._source.documents():
            for one in chunk:
                met.add(one)
            new = [one for one in chunk if fresh or self._target.document(one.scope, one.id) != one.document]
            if new:
                self._target.take_documents(new)
            self._tell("documents", met.count, met.count)
        for one in () if fresh else flat(self._target.moved_documents()):
            if self._source.store.document(one.scope, one.id) is None:
                self._target.swap_document(one.scope, one.id, one.document.etag, None)
        self._documents = met.sum()

    def _same_documents(self, target: Whole) -> Sum:
        """They carry no instant: where one was deleted while they were read, they are read again."""
        for _ in range(_SWEEPS):
            found = Summing(flat(target.documents())).sum()
            if found == self._documents:
                return found
            self._sweep_documents()
        raise agreement.documents_differ(self._source, target, found, self._documents)


def _not_in(names: Iterator[str], there: Iterator[str], met: Summing) -> Iterator[str]:
    """The names that are not there, both being in order; `met` counts them all."""
    other = next(there, None)
    for name in names:
        met.add(name)
        while other is not None and other < name:
            other = next(there, None)
        if other != name:
            yield name
