"""Whose copy a store is: noted in the copy before anything is taken in, so that no other store is ever written over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from lrs.errors import Conflict, Detail
from lrs.services.sums import Summing
from lrs.services.whole import COPY_OF, IDENTITY, OWN, Whole, flat
from lrs.stores.moving import WholeStore
from lrs.stores.opening import shown
from lrs.xapi.timestamps import format_us

_UNDATED = "documents, keys, roster, users or contests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a copy knows of how it came about."""

    of: str
    """Identity of the store that it is a copy of, hex."""
    through_us: int
    """Nothing that was taken in is later."""
    undated: str | None = None
    """Hash of what carries no instant when the last run ended, see `undated_sum`; None: it has not."""

    def note(self, target: WholeStore) -> None:
        """Write it into the copy, in the place of an earlier one."""
        text = json.dumps({"of": self.of, "through": self.through_us, "undated": self.undated})
        others = [(name, value) for name, value in target.secrets() if name != COPY_OF]
        target.take_access(target.keys(), [*others, (COPY_OF, text.encode())])


def erase(target: WholeStore) -> None:
    """From now on it is no copy, but a store like any other."""
    target.take_access(target.keys(), [(name, value) for name, value in target.secrets() if name != COPY_OF])


def own_secrets(store: WholeStore) -> list[tuple[str, bytes]]:
    """What speaks of the store itself, and has to stay in it."""
    return [(name, value) for name, value in store.secrets() if name in OWN]


def identity_of(store: WholeStore) -> str:
    """What tells a store from every other, hex. Of a store that never was asked it is made."""
    return store.server_secret(IDENTITY).hex()


def undated_sum(store: WholeStore) -> str:
    """Hash of what carries no instant, by which it is known whether the copy was used."""
    whole = Whole(store, 0)
    sums = [Summing(records).sum() for records in (flat(whole.documents()), whole.keys(), whole.members())]
    more = [Summing(records).sum() for records in (whole.users(), whole.contests(), whole.rejoinders())]
    if any(one.count for one in more):
        # Else it is what it was before there were any.
        sums += more
    return hashlib.sha256(repr([(one.count, one.sha256) for one in sums]).encode()).hexdigest()


def check_target(source: WholeStore, target: WholeStore, identity: str) -> Mark | None:
    """The mark of an earlier run; None: the target is empty. Raises `Conflict` for any other target."""
    if source.url == target.url:
        raise Conflict(
            "A store cannot be copied into itself.", [Detail("TO", shown(target.url), "another store")]
        )
    held = ", ".join(holdings(target))
    if not held:
        return None
    mark = _read(target)
    if mark is None:
        raise Conflict(
            f"The store {shown(target.url)} is in use, and no copy of {shown(source.url)}.",
            [Detail("TO", held, "a new or empty store, or an earlier copy of the same store")],
        )
    if mark.of != identity:
        raise Conflict(
            f"The store {shown(target.url)} is the copy of another store than {shown(source.url)}.",
            [Detail("TO", f"a copy of store {mark.of[:12]}…", f"a copy of store {identity[:12]}…")],
        )
    _check_untouched(source, target, mark)
    return mark


def holdings(store: WholeStore) -> Iterator[str]:
    """What a store holds, in words; nothing: it is empty."""
    head = store.audit_head()
    counted = (
        ("statement", "statements", store.count_statements()),
        ("generation of evidence", "generations of evidence", len(store.generations())),
        ("key", "keys", len(store.keys())),
        ("member of the roster", "members of the roster", len(store.members())),
        ("user", "users", len(store.users())),
        ("contest", "contests", len(store.contests())),
        ("rejoinder", "rejoinders", len(store.rejoinders())),
        ("entry of the audit log", "entries of the audit log", head.number if head else 0),
    )
    yield from (f"{count:,} {one if count == 1 else many}" for one, many, count in counted if count)
    if next(iter(store.moved_documents()), None):
        yield "documents"
    if next(iter(store.attachment_hashes()), None):
        yield "attachments"


def _read(target: WholeStore) -> Mark | None:
    text = dict(target.secrets()).get(COPY_OF)
    if text is None:
        return None
    kept = json.loads(text)
    return Mark(of=kept["of"], through_us=kept["through"], undated=kept["undated"])


def _check_untouched(source: WholeStore, target: WholeStore, mark: Mark) -> None:
    """Raise `Conflict` where something is in the copy that it has not from its source, and that would be lost."""
    last = target.last_instant()
    if last > mark.through_us:
        raise _touched(
            target,
            Detail(
                "TO",
                f"something of {format_us(last)}",
                f"nothing later than {format_us(mark.through_us)}, the last copying",
            ),
        )
    newest = target.newest_stored()
    ids = [
        next((one.id for one in flat(store.moved_statements(newest - 1, newest))), None)
        for store in (source, target)
    ]
    if newest and ids[0] != ids[1]:
        raise _touched(
            target,
            Detail("TO", f"statement {ids[1]}, stored {format_us(newest)}", "no statement that FROM has not"),
        )
    if mark.undated is not None and mark.undated != undated_sum(target):
        raise _touched(target, Detail("TO", f"other {_UNDATED}", f"the {_UNDATED} that it was given"))
    head = target.audit_head()
    if head is not None and next(source.scan_audit(head.number - 1), None) != head:
        raise _touched(
            target,
            Detail(
                "TO", f"entry {head.number} of an audit log", "no entry of the audit log that FROM has not"
            ),
        )


def _touched(target: WholeStore, detail: Detail) -> Conflict:
    return Conflict(
        f"The store {shown(target.url)} was used after it was copied: what came into it since would be lost.",
        [detail],
    )
