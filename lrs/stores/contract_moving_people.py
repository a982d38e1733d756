"""The contract of moving users, contests, rejoinders and the audit log."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lrs.errors import Conflict
from lrs.stores.audit import AuditEntry, sealed
from lrs.stores.contests import ContestState
from lrs.stores.contract_audit import BARE, RICH, chained, many
from lrs.stores.contract_contests import CONTEST, GRANTED, REJOINDER, uuid
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_moving_samples import flat
from lrs.stores.contract_samples import FOREVER
from lrs.stores.contract_users import ISSUER, OFFICER, SESSION, SUPERVISOR
from lrs.stores.moving import WholeStore

Fresh = Callable[[], WholeStore]


def log(store: WholeStore) -> list[AuditEntry]:
    """All of it, as it is moved."""
    return flat(store.moved_audit(0, FOREVER))


class MovingPeopleContract(StoreFixtures):
    """Out of one and into another."""

    def test_users_are_those_that_were_taken_in_and_nobody_is_signed_in(self, store: WholeStore) -> None:
        store.add_user(OFFICER)
        store.add_user(replace(SUPERVISOR, id="00000000000000c3"))
        store.add_session(SESSION)
        # The name, and the sign-on, of one who was there are those of another.
        users = [replace(OFFICER, name="a", revision=4), replace(SUPERVISOR, name=OFFICER.name)]
        for _ in range(2):
            store.take_users(users)
            assert list(store.users()) == users
        assert store.session(SESSION.token_sha256) is None
        assert store.user_of_sign_on(ISSUER, "s-02") == users[1]
        assert store.user_named(OFFICER.name) == users[1]
        with pytest.raises(Conflict):
            store.add_user(replace(OFFICER, id="00000000000000c3", name="a"))
        store.take_users([])
        assert list(store.users()) == []

    def test_contests_and_rejoinders_are_those_that_were_taken_in(self, store: WholeStore) -> None:
        store.add_contest(replace(CONTEST, id=uuid(9)))
        store.add_rejoinder(replace(REJOINDER, id=uuid(9)))
        answers = [REJOINDER, replace(REJOINDER, id=uuid(2), text="More.")]
        for _ in range(2):
            store.take_contests([CONTEST, GRANTED], answers)
            assert list(store.contests()) == [CONTEST, GRANTED]
            assert list(store.contests(state=ContestState.OPEN)) == [CONTEST]
            assert list(store.rejoinders()) == answers
        with pytest.raises(Conflict):
            store.add_contest(replace(CONTEST, id=uuid(3)))
        store.take_contests([], [])
        assert [*store.contests(), *store.rejoinders()] == []

    def test_the_log_is_given_out_from_one_number_up_to_another(self, store: WholeStore) -> None:
        entries = [store.append_audit(BARE) for _ in range(5)]
        assert log(store) == entries
        assert flat(store.moved_audit(1, 3)) == entries[1:3]
        assert flat(store.moved_audit(5, FOREVER)) == []

    def test_a_long_log_comes_in_chunks(self, store: WholeStore) -> None:
        entries = chained([BARE] * 1_100)
        for start in range(0, 1_100, 400):
            store.take_audit(entries[start : start + 400])
        chunks = list(store.moved_audit(0, FOREVER))
        assert len(chunks) > 1
        assert [one for chunk in chunks for one in chunk] == entries == list(store.scan_audit())

    @pytest.mark.parametrize("at_once", [1, 3, 1_000])
    def test_the_log_is_taken_in_as_it_is_and_goes_on_behind(
        self, store: WholeStore, fresh: Fresh, at_once: int
    ) -> None:
        for one in (RICH, *many()[:6]):
            store.append_audit(one)
        entries = log(store)
        target = fresh()
        target.take_audit([])
        for start in range(0, len(entries), at_once):
            target.take_audit(entries[start : start + at_once])
        assert log(target) == entries
        assert target.audit_head() == entries[-1]
        assert target.append_audit(BARE) == sealed(entries[-1], BARE)

    def test_entries_that_are_there_may_stand_before(self, store: WholeStore) -> None:
        entries = chained([RICH, BARE, RICH, BARE])
        for part in (entries[:2], entries[:2], entries[1:3], entries):
            store.take_audit(part)
        assert log(store) == entries

    @pytest.mark.parametrize("shared", [0, 1, 2])
    def test_another_chain_is_refused_with_all_that_came_with_it(
        self, store: WholeStore, shared: int
    ) -> None:
        here = chained([RICH, BARE, BARE])
        store.take_audit(here)
        there = chained([RICH, BARE, BARE][:shared] + [replace(BARE, actor="user:1")] * 3)
        with pytest.raises(Conflict, match="another"):
            store.take_audit(there)
        assert log(store) == here

    def test_a_gap_is_refused(self, store: WholeStore) -> None:
        entries = chained([BARE] * 6)
        for bad in (entries[1:], [entries[0], entries[2]], entries[1::-1]):
            with pytest.raises(Conflict, match="gap"):
                store.take_audit(bad)
            assert log(store) == []
        store.take_audit(entries[:2])
        with pytest.raises(Conflict, match="gap"):
            store.take_audit(entries[3:])
        assert log(store) == entries[:2]

    def test_a_log_that_was_tampered_with_is_moved_as_it_is(self, store: WholeStore) -> None:
        first, second, third = chained([RICH, BARE, BARE])
        tampered = [
            first,
            replace(second, happening=RICH),
            replace(third, previous="a" * 64, sha256="b" * 64),
        ]
        store.take_audit(tampered)
        assert log(store) == tampered
        assert store.append_audit(BARE).previous == "b" * 64
