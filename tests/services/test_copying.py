"""Copying: whatever breaks it off, whoever writes meanwhile, the target is what the source was at an instant."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.errors import Conflict, StoreUnavailable
from lrs.services import archives
from lrs.services.copying import Copied, copy
from lrs.services.marks import identity_of
from lrs.services.sums import Summing
from lrs.services.whole import COPY_OF, KINDS, OWN, Whole
from lrs.services.wiring import new_id
from lrs.stores.audit import seal
from lrs.stores.contests import ContestState
from lrs.stores.contract_access import VENDOR_KEY
from lrs.stores.contract_audit import BARE, RICH
from lrs.stores.contract_contests import CONTEST, REJOINDER
from lrs.stores.contract_evidence import add_with, found
from lrs.stores.contract_history import STEPS, Run
from lrs.stores.contract_mending import add_failed, mend
from lrs.stores.contract_moving_samples import Luggage, counts, fill, instants, packed, told
from lrs.stores.contract_rebuild import always, begin, do_parts, rebuilt
from lrs.stores.contract_roster import MEMBER
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    RECRUIT,
    document,
    evidence,
    finding,
    state_scope,
    statement,
    submission,
    voiding,
)
from lrs.stores.contract_samples import (
    source as source_of,
)
from lrs.stores.contract_statements import MAP
from lrs.stores.contract_users import OFFICER, SESSION
from lrs.stores.moving import WholeStore
from lrs.stores.opening import open_store
from lrs.xapi.statement import Attachment
from tests.services import whole_academy

Open = Callable[[str], WholeStore]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens the store of a name, which is made when it is not there."""
    stores: list[WholeStore] = []

    def opened(name: str) -> WholeStore:
        stores.append(open_store(f"sqlite:///{tmp_path / name}.db"))
        stores[-1].initialise()
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def source(opened: Open) -> WholeStore:
    """A store with something of everything, an unfinished reprofiling included."""
    store = opened("source")
    fill(store)
    return store


@pytest.fixture
def target(opened: Open) -> WholeStore:
    return opened("target")


def content(store: WholeStore) -> Luggage:
    """Everything that is moved, and the instants that are given out, left out what is known of the store itself."""
    everything = packed(store)
    own = [one for one in everything.secrets if one[0] not in OWN]
    return replace(everything, secrets=own, last_us=0)


def assert_same(target: WholeStore, source: WholeStore) -> None:
    assert content(target) == content(source)
    assert counts(target) == counts(source)
    for instant in instants(source):
        assert told(target, instant) == told(source, instant)


def counted(store: WholeStore, instant: int) -> Any:
    """What counted at an instant, not looking at whether it was voided later."""
    pieces, failures, officers, _ = told(store, instant)
    return [one._replace(voided_us=None) for one in pieces], failures, officers


def change(store: WholeStore) -> None:
    """Something of everything that can change."""
    [first, *_] = store.scan()
    failed = add_failed(store)
    store.add(
        submission(
            statement(),
            voiding(first.id),
            attachments=[Attachment("e" * 64, "x/y", b"new")],
            definitions=[("x:new", "{}")],
        )
    )
    # In a statement of long ago.
    [old] = [one for one in store.quarantined(as_of_us=FOREVER) if one.plugin == "communication"][-1:]
    for statement_id in {failed.id, old.statement_id}:
        assert mend(store, statement_id)
    unused = next(one for one in store.generations() if one.source.version == "4.0")
    store.forget_generation(unused.number)
    store.activate(rebuilt(store, f"{len(store.generations())}.5").number)
    rebuilt(store, "4.0")
    scope = state_scope()
    assert store.swap_document(scope, "bookmark", document(bytes([0])).etag, document(b"changed"))
    assert store.swap_document(scope, "a b\u00e9", document(bytes([0])).etag, None)
    assert store.swap_document(scope, "new", None, document())
    store.revoke_key("reader", 7)
    store.add_key(replace(VENDOR_KEY, id="new", name="New"))
    store.remove_members([RECRUIT])
    store.put_members([replace(MEMBER, officer=OTHER)])
    change_people(store)


def change_people(store: WholeStore) -> None:
    for user in store.users():
        assert store.swap_user(user, replace(user, failures=5, revision=user.revision + 1))
    store.add_user(replace(OFFICER, id=new_id()[:16], name=f"r-{new_id()}"))
    [contest] = [one for one in store.contests() if one.id == CONTEST.id]
    store.swap_contest(contest, replace(contest, reasons=f"{new_id()}", revision=contest.revision + 1))
    store.add_contest(replace(CONTEST, id=new_id(), statement_id=new_id()))
    store.add_rejoinder(replace(REJOINDER, id=new_id()))
    for happening in (BARE, RICH):
        store.append_audit(happening)


# The whole


def test_everything_is_copied(source: WholeStore, target: WholeStore) -> None:
    before = content(source)
    copied = copy(source, target)
    assert_same(target, source)
    assert content(source) == before
    assert copied.new_statements == source.count_statements()
    assert tuple(copied.sums) == KINDS
    for store in (source, target):
        assert Whole(store, copied.through_us).sums() == copied.sums
    assert {kind: one.count for kind, one in copied.sums.items()} == {
        "statements": len(before.statements),
        "attachments": 2,
        "definitions": 3,
        "generations": len(before.generations),
        "activations": len(before.activations),
        "evidence": sum(len(chunk) for chunks in before.evidence.values() for chunk in chunks),
        "failures": len(before.failures),
        "documents": 8,
        "keys": 3,
        "secrets": 2,
        "members": 2,
        "users": 2,
        "contests": 2,
        "rejoinders": 1,
        "audit": 3,
    }
    # People sign in again.
    assert source.session(SESSION.token_sha256) == SESSION
    assert target.session(SESSION.token_sha256) is None


def test_an_empty_store_is_copied(opened: Open, target: WholeStore) -> None:
    copied = copy(opened("empty"), target)
    assert {one.count for one in copied.sums.values()} == {0}


def test_copied_twice_is_copied_once(source: WholeStore, target: WholeStore) -> None:
    first = copy(source, target)
    before = packed(target)
    second = copy(source, target)
    assert second.new_statements == 0
    assert second.sums == first.sums
    assert replace(packed(target), secrets=[], last_us=0) == replace(before, secrets=[], last_us=0)


def test_a_later_run_brings_what_came_since(source: WholeStore, target: WholeStore) -> None:
    for _ in range(2):
        copy(source, target)
        change(source)
        source.swap_document(state_scope(), "bookmark", document(b"changed").etag, document(bytes([0])))
        source.swap_document(state_scope(), "a b\u00e9", None, document(bytes([0])))
        source.swap_document(state_scope(), "new", document().etag, None)
        source.take_access([one for one in packed(source).keys if one.id != "new"], source.secrets())
        copy(source, target)
        assert_same(target, source)


def test_what_comes_while_it_is_copied_is_left_to_the_next_run(
    source: WholeStore, target: WholeStore
) -> None:
    told_before: dict[int, Any] = {}

    def meanwhile(*_: object) -> None:
        if not told_before:
            told_before.update({instant: told(source, instant) for instant in instants(source)[:-1]})
            change(source)

    copied = copy(source, target, progress=meanwhile)
    assert max(one.stored_us for one in source.scan()) > copied.through_us
    assert max(one.stored_us for one in target.scan()) <= copied.through_us
    for instant, expected in told_before.items():
        assert told(target, instant) == expected
        assert counted(source, instant) == counted(target, instant)
    assert Whole(source, copied.through_us).sums()["statements"] == copied.sums["statements"]
    assert Whole(source, copied.through_us).sums()["failures"] == copied.sums["failures"]
    copy(source, target)
    assert_same(target, source)


def test_work_that_was_not_finished_is_not_copied(source: WholeStore, target: WholeStore) -> None:
    done = rebuilt(source, "2.5")
    add_with(source, evidence())
    add_with(source, evidence())
    # One that goes on from where it was complete, and one that never was.
    extended = begin(source, done.source, part_statements=1)
    do_parts(source, extended.number, everywhere_by(done.source.version), most=1)
    begun = begin(source, source_of("new"))
    copy(source, target)
    by_number = {one.number: one for one in target.generations()}
    assert begun.generations[0].number not in by_number
    kept = by_number[done.number]
    assert (kept.through_us, kept.evidence) == (done.through_us, done.evidence)
    assert found(target) == found(source)
    do_parts(source, extended.number, everywhere_by(done.source.version))
    copy(source, target)
    extended_now = next(one for one in source.generations() if one.number == done.number)
    assert next(one for one in target.generations() if one.number == done.number) == extended_now
    assert extended_now.evidence == done.evidence + 2


def everywhere_by(version: str) -> Any:
    return always(finding(evidence(), version=version))


def test_a_generation_that_the_source_forgot_is_forgotten(source: WholeStore, target: WholeStore) -> None:
    copy(source, target)
    [unused] = [one for one in source.generations() if one.source.version == "4.0"]
    source.forget_generation(unused.number)
    copy(source, target)
    assert unused.number not in {one.number for one in target.generations()}
    assert_same(target, source)


def test_instants_go_on_behind_those_of_the_source(source: WholeStore, target: WholeStore) -> None:
    copied = copy(source, target)
    assert target.consistent_through() >= copied.through_us
    assert add_with(target, evidence()).stored_us > copied.through_us


def test_secrets_that_speak_of_a_store_stay_in_it(
    source: WholeStore, target: WholeStore, opened: Open
) -> None:
    own = identity_of(target)
    copy(source, target)
    assert identity_of(target) == own != identity_of(source)
    assert target.server_secret("more") == source.server_secret("more")
    third = opened("third")
    copy(target, third)
    assert_same(third, source)


def test_progress_is_told(source: WholeStore, target: WholeStore) -> None:
    seen: list[tuple[str, int, int]] = []
    copy(source, target, progress=lambda *one: seen.append(one))
    assert all(0 <= done <= of for _, done, of in seen)
    total = source.count_statements()
    assert ("statements", total, total) in seen
    assert ("statements compared", total, total) in seen


def test_chunks_are_taken_one_by_one(source: WholeStore, target: WholeStore) -> None:
    source.add(submission(*[statement() for _ in range(1_200)]))
    sizes: list[int] = []
    take = target.take_statements
    target.take_statements = lambda chunk: (sizes.append(len(chunk)), take(chunk))[1]  # type: ignore[method-assign]
    copy(source, target)
    assert max(sizes) <= 500
    assert sum(sizes) == source.count_statements()


# Interruptions


STEPS_OF_A_RUN = (
    "take_access",
    "take_attachments",
    "take_statements",
    "take_generations",
    "take_evidence",
    "take_failures",
    "take_definitions",
    "take_documents",
    "take_users",
    "take_contests",
    "take_audit",
    "take_roster",
    "take_counts",
    "moved_statements",
    "moved_evidence",
    "moved_documents",
)


@pytest.mark.parametrize("after_it_was_done", [False, True])
@pytest.mark.parametrize("step", STEPS_OF_A_RUN)
def test_a_run_that_was_broken_off_is_gone_on_with(
    source: WholeStore,
    target: WholeStore,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after_it_was_done: bool,
) -> None:
    """At every call of the step there is, one after the other, until none is left."""
    calls = 0
    for broken_at in range(1, 12):
        calls = 0
        do = getattr(target, step)

        def breaking(*arguments: Any, do: Any = do, broken_at: int = broken_at) -> Any:
            nonlocal calls
            calls += 1
            if calls == broken_at and not after_it_was_done:
                raise StoreUnavailable("unplugged")
            answer = do(*arguments)
            if calls == broken_at:
                raise StoreUnavailable("unplugged")
            return answer

        with monkeypatch.context() as patch:
            patch.setattr(target, step, breaking)
            try:
                copy(source, target)
            except StoreUnavailable:
                continue
            break
    assert calls or broken_at > 1
    copy(source, target)
    assert_same(target, source)


def test_what_changes_while_it_is_broken_off_is_brought_as_well(
    source: WholeStore, target: WholeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(target, "take_roster", broken)
        with pytest.raises(StoreUnavailable):
            copy(source, target)
    change(source)
    copy(source, target)
    assert_same(target, source)


def broken(*_: object) -> None:
    raise StoreUnavailable("unplugged")


# Archives


def test_an_archive_has_all_but_who_is_signed_in(source: WholeStore, opened: Open, tmp_path: Path) -> None:
    made = archives.back_up(source, tmp_path / "archive.db")
    assert tuple(made.sums) == KINDS
    assert made.sums["audit"].count == 3
    # As when it is put in the place of the store's file.
    archive = opened("archive")
    assert replace(content(archive), secrets=[]) == replace(content(source), secrets=[])
    assert archive.session(SESSION.token_sha256) is None
    assert source.session(SESSION.token_sha256) == SESSION


def test_an_archive_whose_audit_log_was_changed_is_not_restored(
    source: WholeStore, target: WholeStore, tmp_path: Path
) -> None:
    archives.back_up(source, tmp_path / "archive.db")
    with sqlite3.connect(tmp_path / "archive.db") as connection:
        connection.execute("DROP TRIGGER audit_log_is_not_changed")
        connection.execute("UPDATE audit_log SET actor = 'user:2' WHERE number = 2")
    connection.close()
    with pytest.raises(Conflict, match="not as it was written") as refused:
        archives.restore(tmp_path / "archive.db", target)
    assert [detail.path for detail in refused.value.details] == ["audit"]
    assert target.audit_head() is None


def test_a_log_that_was_tampered_with_is_copied_and_restored_as_it_is(
    source: WholeStore, target: WholeStore, opened: Open, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "source.db") as connection:
        connection.execute("DROP TRIGGER audit_log_is_not_changed")
        connection.execute("UPDATE audit_log SET actor = 'user:2', sha256 = previous WHERE number = 2")
    connection.close()
    copy(source, target)
    archives.back_up(source, tmp_path / "archive.db")
    archives.restore(tmp_path / "archive.db", opened("restored"))
    for store in (target, opened("restored")):
        assert list(store.scan_audit()) == list(source.scan_audit())
        second = list(store.scan_audit())[1]
        assert second.sha256 != seal(2, second.happening, second.previous)


# Refusals


def test_a_store_is_not_copied_into_itself(source: WholeStore, opened: Open) -> None:
    with pytest.raises(Conflict, match="into itself"):
        copy(source, opened("source"))


@pytest.mark.parametrize(
    "holding",
    ["statement", "key", "member", "document", "attachment", "user", "contest", "rejoinder", "audit log"],
)
def test_a_target_in_use_is_refused_and_left_as_it_is(
    source: WholeStore, target: WholeStore, holding: str
) -> None:
    if holding == "statement":
        target.add(submission(statement()))
    elif holding == "key":
        target.add_key(VENDOR_KEY)
    elif holding == "member":
        target.put_members([MEMBER])
    elif holding == "document":
        target.swap_document(state_scope(), "x", None, document())
    elif holding == "user":
        target.add_user(OFFICER)
    elif holding == "contest":
        target.add_contest(CONTEST)
    elif holding == "rejoinder":
        target.add_rejoinder(REJOINDER)
    elif holding == "audit log":
        target.append_audit(BARE)
    else:
        target.take_attachments([MAP])
    before = packed(target)
    with pytest.raises(Conflict, match="in use") as refused:
        copy(source, target)
    assert holding in refused.value.details[0].found
    assert packed(target) == before


def test_a_target_that_was_only_served_is_empty(source: WholeStore, target: WholeStore) -> None:
    target.server_secret("more")
    target.ping()
    target.consistent_through()
    copy(source, target)
    assert target.server_secret("more") == source.server_secret("more")


def test_the_copy_of_another_store_is_refused(source: WholeStore, target: WholeStore, opened: Open) -> None:
    other = opened("other")
    other.add(submission(statement()))
    copy(other, target)
    with pytest.raises(Conflict, match="the copy of another store"):
        copy(source, target)


def test_the_way_back_is_refused(source: WholeStore, target: WholeStore) -> None:
    copy(source, target)
    before = packed(source)
    with pytest.raises(Conflict, match="in use"):
        copy(target, source)
    assert {*packed(source).secrets} >= {*before.secrets}
    assert packed(source).statements == before.statements


@pytest.mark.parametrize(
    "used", ["post", "activate", "mend", "document", "key", "roster", "user", "contest", "rejoinder", "audit"]
)
def test_a_target_that_was_used_since_is_refused(source: WholeStore, target: WholeStore, used: str) -> None:
    copy(source, target)
    if used == "post":
        target.add(submission(statement()))
    elif used == "activate":
        target.activate(next(one.number for one in target.generations() if one.through_us))
    elif used == "mend":
        [failure] = [one for one in target.quarantined(as_of_us=FOREVER) if one.plugin == "communication"][:1]
        assert mend(target, failure.statement_id)
    elif used == "document":
        target.delete_documents(state_scope())
    elif used == "key":
        target.revoke_key("reader", 5)
    elif used == "user":
        assert target.swap_user(OFFICER, replace(OFFICER, failures=1, revision=1))
    elif used == "contest":
        assert target.swap_contest(CONTEST, replace(CONTEST, state=ContestState.REFUSED, revision=1))
    elif used == "rejoinder":
        target.add_rejoinder(replace(REJOINDER, id=new_id()))
    elif used == "audit":
        target.append_audit(BARE)
    else:
        target.remove_members([RECRUIT])
    before = packed(target)
    with pytest.raises(Conflict, match="was used after it was copied"):
        copy(source, target)
    assert packed(target) == before


def test_a_target_that_knows_more_than_the_source_is_refused(
    source: WholeStore, target: WholeStore, opened: Open, tmp_path: Path
) -> None:
    """The source was put back to an older state, for instance by restoring a file."""
    older = tmp_path / "older.db"
    identity_of(source)
    source.back_up(older)  # type: ignore[attr-defined]
    source.add(submission(statement()))
    copy(source, target)
    with pytest.raises(Conflict, match="was used after it was copied"):
        copy(opened("older"), target)


def test_a_log_that_goes_on_otherwise_is_refused_however_long_it_is(
    source: WholeStore, target: WholeStore
) -> None:
    copy(source, target)
    target.append_audit(BARE)
    for _ in range(3):
        source.append_audit(RICH)
    before = packed(target)
    with pytest.raises(Conflict, match="was used after it was copied") as refused:
        copy(source, target)
    assert "audit log" in refused.value.details[0].found
    assert packed(target) == before


def test_a_copy_made_before_there_were_users_is_gone_on_with(source: WholeStore, target: WholeStore) -> None:
    """What carries no instant was summed up without them."""
    source.take_users([])
    source.take_contests([], [])
    copy(source, target)
    mark = json.loads(dict(target.secrets())[COPY_OF])
    whole = Whole(target, 0)
    sums = [
        Summing(records).sum()
        for records in (chain.from_iterable(whole.documents()), whole.keys(), whole.members())
    ]
    assert mark["undated"] == sha256(repr([(one.count, one.sha256) for one in sums]).encode()).hexdigest()
    source.add_user(OFFICER)
    copy(source, target)
    assert_same(target, source)


def test_entries_that_come_while_it_is_copied_are_left_to_the_next_run(
    source: WholeStore, target: WholeStore
) -> None:
    before = list(source.scan_audit())
    copied = copy(source, target, progress=lambda *_: source.append_audit(BARE) and None)
    assert copied.sums["audit"].count == len(before) < len(list(source.scan_audit()))
    assert list(target.scan_audit()) == before
    copy(source, target)
    assert list(target.scan_audit()) == list(source.scan_audit())


def test_what_was_posted_to_a_target_in_the_middle_is_found(
    source: WholeStore, target: WholeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(target, "take_roster", broken)
        with pytest.raises(StoreUnavailable):
            copy(source, target)
    target.add(submission(statement()))
    with pytest.raises(Conflict, match="was used after it was copied"):
        copy(source, target)


# Differences


LAST = "WHERE stored = (SELECT max(stored) FROM statement)"
DAMAGE = {
    "statements": f"UPDATE statement SET raw = CAST(raw || ' ' AS BLOB) {LAST}",
    "statements lost": f"DELETE FROM statement {LAST}",
    "statements voided": f"UPDATE statement SET voided = 5 {LAST}",
    "evidence": "UPDATE evidence SET rating = 7 WHERE number = (SELECT max(number) FROM evidence)",
    "evidence lost": "DELETE FROM evidence WHERE number = (SELECT max(number) FROM evidence)",
    "failures": "UPDATE quarantine SET reason = 'other'",
    "definitions": "UPDATE definition SET text = '{\"x\":1}' WHERE number = 1",
    "definitions lost": "DELETE FROM definition WHERE number = 3",
    "attachments": "UPDATE attachment SET content = x'00'",
    "attachments lost": "DELETE FROM attachment",
    "attachments more": "INSERT INTO attachment VALUES ('f', 'x/y', x'00')",
    "activations more": "INSERT INTO activation SELECT 'x', 5, max(number), 3 FROM generation",
    "keys": "UPDATE key SET name = name || '!'",
    "members": "DELETE FROM member",
    "users": "UPDATE user SET role = 'administrator' WHERE name = 'r-017'",
    "users lost": "DELETE FROM user WHERE name = 'r-017'",
    "contests": "UPDATE contest SET state = 'withdrawn' WHERE state = 'open'",
    "rejoinders": "UPDATE rejoinder SET text = 'other'",
    "audit more": "INSERT INTO audit_log SELECT number + 1, at, actor, action, subjects, detail, previous, sha256"
    " FROM audit_log WHERE number = 3",
    "audit": "DROP TRIGGER audit_log_is_not_changed; UPDATE audit_log SET action = 'other' WHERE number = 1",
    "audit lost": "DROP TRIGGER audit_log_is_not_deleted; DELETE FROM audit_log WHERE number = 3",
    "secrets": "UPDATE secret SET value = x'00' WHERE name = 'more'",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_difference_is_found_and_named(
    source: WholeStore, target: WholeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    take_roster = target.take_roster

    def damaging(members: Any) -> None:
        """The last that is taken in."""
        take_roster(members)
        with sqlite3.connect(tmp_path / "target.db") as connection:
            assert [connection.execute(text).rowcount for text in DAMAGE[damage].split("; ")][-1]
        connection.close()

    monkeypatch.setattr(target, "take_roster", damaging)
    kind = damage.split(maxsplit=1)[0]
    with pytest.raises(Conflict, match=f"{kind} differ") as refused:
        copy(source, target)
    [detail] = refused.value.details
    assert detail.path == kind
    assert detail.found != detail.expected


def test_documents_that_change_while_they_are_compared_are_read_again(
    source: WholeStore, target: WholeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_roster = target.take_roster

    def damaging(members: Any) -> None:
        take_roster(members)
        target.delete_documents(state_scope())

    monkeypatch.setattr(target, "take_roster", damaging)
    copy(source, target)
    assert content(target).documents == content(source).documents


# Laws


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, part_statements=st.integers(1, 4), data=st.data())
def test_copied_again_and_again_is_copied_once(
    opened: Open, steps: list[tuple[str, ...]], part_statements: int, data: st.DataObject
) -> None:
    name = new_id()
    source, often, once = (opened(f"{name}-{end}") for end in ("source", "often", "once"))
    run = Run(source, part_statements)
    told_then = []
    for step, *arguments in steps:
        getattr(run, step)(*arguments)
        if data.draw(st.booleans()):
            copied = copy(source, often)
            told_then.append((copied.through_us, counted(source, copied.through_us)))
            assert told(often, copied.through_us) == told(source, copied.through_us)
    last = [copy(source, one) for one in (often, once)]
    assert last[0].sums == last[1].sums
    assert content(often) == content(once)
    for store in (often, once):
        for instant, expected in told_then:
            assert counted(store, instant) == expected
    for store in (source, often, once):
        store.close()


# The academy


@pytest.mark.slow
def test_the_academy_has_the_same_profiles_byte_for_byte(opened: Open) -> None:
    source, target = opened("academy"), opened("copy")
    filled = whole_academy.fill(source, scale=0.25)
    copied: Copied = copy(source, target)
    assert copied.sums["evidence"].count > 1_000
    whole_academy.assert_same_profiles(source, target, filled)
