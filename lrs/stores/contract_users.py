"""The contract of users and their sessions."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lrs.errors import Conflict, LrsError
from lrs.stores.base import Store
from lrs.stores.contract_concurrency import THREADS, together
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import RECRUIT
from lrs.stores.users import Role, Session, User

ISSUER = "https://sign-on.academy.example"
OFFICER = User(id="00000000000000a1", name="r-017", role=Role.OFFICER, created_us=1_768_464_000_000_000)
SUPERVISOR = User(
    id="00000000000000b2",
    name="s-02 \U0001f46e",
    role=Role.SUPERVISOR,
    agent=RECRUIT,
    units=("Unit 1", "unit 1", "Ünit, 2"),
    password="$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",  # noqa: S106 -- the shape of a hash, and of nothing
    issuer=ISSUER,
    subject="s-02",
    must_change=True,
    created_us=1_768_464_000_000_001,
    disabled_us=1_768_464_000_000_002,
    failures=3,
    locked_until_us=1_768_464_000_000_003,
    revision=7,
)
SESSION = Session(token_sha256="0f" * 32, user=OFFICER.id, created_us=10, seen_us=11, ends_us=100)


def token(number: int) -> str:
    """The hash of a token."""
    return f"{number:064x}"


class UsersContract(StoreFixtures):
    """Who may sign in, and who has."""

    def test_a_new_store_has_no_users(self, store: Store) -> None:
        assert list(store.users()) == []
        assert store.user(OFFICER.id) is None
        assert store.user_named(OFFICER.name) is None

    def test_users_come_back_as_they_were_in_order_of_name(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        store.add_user(SUPERVISOR)
        store.add_user(OFFICER)
        for one in (store, reopen()):
            assert list(one.users()) == [OFFICER, SUPERVISOR]
            assert [one.user(OFFICER.id), one.user(SUPERVISOR.id)] == [OFFICER, SUPERVISOR]

    def test_every_role_and_every_unit_comes_back(self, store: Store) -> None:
        everybody = [
            replace(OFFICER, id=f"{number:016x}", name=f"u-{number}", role=role, units=("*",) * (number % 2))
            for number, role in enumerate(Role)
        ]
        for one in everybody:
            store.add_user(one)
        assert list(store.users()) == everybody

    def test_a_user_is_found_by_name_and_by_sign_on(self, store: Store) -> None:
        store.add_user(OFFICER)
        store.add_user(SUPERVISOR)
        assert store.user_named(SUPERVISOR.name) == SUPERVISOR
        assert store.user_named(OFFICER.id) is None
        assert store.user_of_sign_on(ISSUER, "s-02") == SUPERVISOR
        assert store.user_of_sign_on(ISSUER, "s-03") is None
        assert store.user_of_sign_on("https://other.example", "s-02") is None

    def test_who_has_no_sign_on_is_found_by_none(self, store: Store) -> None:
        half = replace(OFFICER, id="00000000000000a2", name="r-018", issuer=ISSUER)
        store.add_user(OFFICER)
        store.add_user(half)
        assert store.user_of_sign_on("", "") is None
        assert store.user_of_sign_on(ISSUER, "") is None

    def test_any_number_have_no_sign_on(self, store: Store) -> None:
        for number, issuer in enumerate(["", "", ISSUER, ISSUER]):
            store.add_user(replace(OFFICER, id=f"{number:016x}", name=f"r-{number}", issuer=issuer))
        assert len(store.users()) == 4

    @pytest.mark.parametrize(
        "same",
        [{"id": SUPERVISOR.id}, {"name": SUPERVISOR.name}, {"issuer": ISSUER, "subject": "s-02"}],
        ids=["id", "name", "sign-on"],
    )
    def test_what_another_user_has_is_a_conflict(self, store: Store, same: dict[str, Any]) -> None:
        store.add_user(SUPERVISOR)
        with pytest.raises(Conflict):
            store.add_user(replace(OFFICER, **same))
        assert list(store.users()) == [SUPERVISOR]

    def test_the_same_subject_at_another_issuer_is_somebody_else(self, store: Store) -> None:
        other = replace(OFFICER, issuer="https://other.example", subject="s-02")
        store.add_user(SUPERVISOR)
        store.add_user(other)
        assert store.user_of_sign_on(ISSUER, "s-02") == SUPERVISOR
        assert store.user_of_sign_on("https://other.example", "s-02") == other

    def test_a_user_is_swapped_for_all_who_ask(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add_user(OFFICER)
        other = reopen()
        assert other.user(OFFICER.id) == OFFICER
        new = replace(SUPERVISOR, id=OFFICER.id, revision=1)
        assert store.swap_user(OFFICER, new)
        for one in (store, other):
            assert list(one.users()) == [new]
            assert one.user_named(OFFICER.name) is None
            assert one.user_named(new.name) == new
            assert one.user_of_sign_on(ISSUER, "s-02") == new

    def test_a_user_may_lose_everything_that_is_optional(self, store: Store) -> None:
        bare = replace(OFFICER, id=SUPERVISOR.id, revision=8)
        store.add_user(SUPERVISOR)
        assert store.swap_user(SUPERVISOR, bare)
        assert list(store.users()) == [bare]
        assert store.user_of_sign_on(ISSUER, "s-02") is None
        store.add_user(replace(SUPERVISOR, id="00000000000000c3"))

    def test_a_swap_of_another_revision_or_of_nobody_changes_nothing(self, store: Store) -> None:
        store.add_user(SUPERVISOR)
        new = replace(SUPERVISOR, failures=4, revision=8)
        assert not store.swap_user(replace(SUPERVISOR, revision=6), new)
        assert not store.swap_user(OFFICER, replace(OFFICER, revision=1))
        assert list(store.users()) == [SUPERVISOR]

    def test_a_swap_looks_at_the_revision_alone(self, store: Store) -> None:
        store.add_user(OFFICER)
        new = replace(OFFICER, failures=1, revision=1)
        assert store.swap_user(replace(OFFICER, failures=9), new)
        assert store.user(OFFICER.id) == new

    @pytest.mark.parametrize(
        "same", [{"name": SUPERVISOR.name}, {"issuer": ISSUER, "subject": "s-02"}], ids=["name", "sign-on"]
    )
    def test_a_swap_for_what_another_user_has_is_a_conflict(self, store: Store, same: dict[str, Any]) -> None:
        store.add_user(OFFICER)
        store.add_user(SUPERVISOR)
        with pytest.raises(Conflict):
            store.swap_user(OFFICER, replace(OFFICER, revision=1, **same))
        assert list(store.users()) == [OFFICER, SUPERVISOR]

    def test_one_user_cannot_become_another(self, store: Store) -> None:
        store.add_user(OFFICER)
        with pytest.raises(ValueError, match=SUPERVISOR.id):
            store.swap_user(OFFICER, SUPERVISOR)
        assert list(store.users()) == [OFFICER]

    def test_what_cannot_be_kept_keeps_nothing(self, store: Store) -> None:
        with pytest.raises((UnicodeError, LrsError)):
            store.add_user(replace(OFFICER, units=("\ud800",)))
        assert list(store.users()) == []

    def test_of_swaps_at_once_one_wins(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add_user(OFFICER)
        stores = [store, reopen(), reopen()]
        answers = together(
            lambda number: stores[number % 3].swap_user(
                OFFICER, replace(OFFICER, failures=number, revision=1)
            )
        )
        assert sorted(map(bool, answers)) == [False] * (THREADS - 1) + [True]
        kept = store.user(OFFICER.id)
        assert kept == replace(OFFICER, failures=answers.index(True), revision=1)

    def test_no_swap_is_lost_when_each_begins_with_what_is_there(self, store: Store) -> None:
        store.add_user(OFFICER)

        def fail_once(_number: int) -> None:
            while True:
                there = store.user(OFFICER.id)
                assert there is not None
                new = replace(there, failures=there.failures + 1, revision=there.revision + 1)
                if store.swap_user(there, new):
                    return

        together(fail_once)
        assert store.user(OFFICER.id) == replace(OFFICER, failures=THREADS, revision=THREADS)

    def test_of_users_with_one_name_added_at_once_one_is_kept(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        stores = [store, reopen(), reopen()]
        answers = together(lambda number: stores[number % 3].add_user(replace(OFFICER, id=f"{number:016x}")))
        winners = [number for number, answer in enumerate(answers) if not isinstance(answer, Conflict)]
        assert [one.id for one in store.users()] == [f"{number:016x}" for number in winners]
        assert len(winners) == 1

    # Sessions

    def test_a_session_comes_back_as_it_was(self, store: Store, reopen: Callable[[], Store]) -> None:
        store.add_session(SESSION)
        for one in (store, reopen()):
            assert one.session(SESSION.token_sha256) == SESSION
            assert one.session(token(1)) is None

    def test_a_token_is_that_of_one_session(self, store: Store) -> None:
        store.add_session(SESSION)
        with pytest.raises(Conflict):
            store.add_session(replace(SESSION, user=SUPERVISOR.id))
        assert store.session(SESSION.token_sha256) == SESSION

    def test_a_session_says_when_it_was_last_used(self, store: Store) -> None:
        store.add_session(SESSION)
        store.touch_session(SESSION.token_sha256, 50)
        store.touch_session(token(1), 60)
        assert store.session(SESSION.token_sha256) == replace(SESSION, seen_us=50)
        assert store.session(token(1)) is None

    def test_one_session_is_dropped_for_all_who_ask(self, store: Store, reopen: Callable[[], Store]) -> None:
        beside = replace(SESSION, token_sha256=token(1))
        other = reopen()
        store.add_session(SESSION)
        store.add_session(beside)
        assert other.session(SESSION.token_sha256) == SESSION
        assert store.drop_sessions(token_sha256=SESSION.token_sha256) == 1
        assert store.drop_sessions(token_sha256=SESSION.token_sha256) == 0
        for one in (store, other):
            assert one.session(SESSION.token_sha256) is None
            assert one.session(token(1)) == beside

    def test_every_session_of_a_user_is_dropped_and_no_other(self, store: Store) -> None:
        beside = replace(SESSION, token_sha256=token(9), user=SUPERVISOR.id)
        for one in (*(replace(SESSION, token_sha256=token(number)) for number in range(3)), beside):
            store.add_session(one)
        assert store.drop_sessions(user=OFFICER.id) == 3
        assert store.drop_sessions(user=OFFICER.id) == 0
        assert [store.session(token(number)) for number in range(3)] == [None] * 3
        assert store.session(token(9)) == beside

    def test_which_sessions_are_dropped_is_said_in_one_way(self, store: Store) -> None:
        store.add_session(SESSION)
        with pytest.raises(ValueError, match="drop_sessions"):
            store.drop_sessions()
        with pytest.raises(ValueError, match="drop_sessions"):
            store.drop_sessions(token_sha256=SESSION.token_sha256, user=OFFICER.id)
        assert store.session(SESSION.token_sha256) == SESSION

    def test_a_session_that_has_ended_is_there_until_those_are_dropped(self, store: Store) -> None:
        sessions = [replace(SESSION, token_sha256=token(number), ends_us=number) for number in (1, 2, 3)]
        for one in sessions:
            store.add_session(one)
        assert store.drop_ended_sessions(1) == 0
        assert [store.session(one.token_sha256) for one in sessions] == sessions
        assert store.drop_ended_sessions(3) == 2
        assert [store.session(one.token_sha256) for one in sessions] == [None, None, sessions[2]]
