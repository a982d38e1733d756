"""Signing in and out: lock-out, the throttle of addresses, how long sessions last."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from lrs.errors import InvalidParameter, LrsError, Unauthenticated
from lrs.services.access.sessions import FAILURES, LOCKED_MINUTES, _let_in
from lrs.services.wiring import Rapport
from tests.services.access.conftest import ANOTHER, PASSWORD, Clock, Opened

WRONG = "not at all that one"


@pytest.fixture
def jo(services: Rapport) -> Rapport:
    services.users.create("jo", "auditor", password=PASSWORD, must_change=False)
    return services


def answer(services: Rapport, name: str, password: str = WRONG, address: str = "192.0.2.1") -> str:
    """What one who tries to sign in is told."""
    try:
        services.sessions.sign_in(name, password, address)
    except LrsError as exc:
        return f"{type(exc).__name__}: {exc.message}"
    return "in"


def test_after_five_wrong_passwords_the_right_one_is_refused_too(jo: Rapport, clock: Clock) -> None:
    told = [answer(jo, "jo") for _ in range(FAILURES)]
    [same] = set(told)
    assert same.startswith("Unauthenticated: The name or the password is wrong.")
    assert answer(jo, "jo", PASSWORD) == same
    clock.move(minutes=LOCKED_MINUTES - 1)
    assert answer(jo, "jo", PASSWORD) == same
    clock.move(minutes=1)
    assert answer(jo, "jo", PASSWORD) == "in"


def test_a_right_password_ends_the_count(jo: Rapport) -> None:
    for _ in range(3):
        assert {answer(jo, "jo") for _ in range(FAILURES - 1)} != {"in"}
        assert answer(jo, "jo", PASSWORD) == "in"


def test_ten_at_once_have_no_more_tries_than_ten_after_another(jo: Rapport) -> None:
    together = threading.Barrier(10)

    def attempt() -> None:
        together.wait()
        answer(jo, "jo")

    threads = [threading.Thread(target=attempt) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [one.happening.action for one in jo.store.scan_audit()]
    assert Counter(refused)["sign-in refused"] == FAILURES  # of the others no password was looked at
    assert answer(jo, "jo", PASSWORD) != "in"


@pytest.mark.parametrize(
    "waits",
    [
        [0] * 8,
        [0, 0, 0, LOCKED_MINUTES + 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, LOCKED_MINUTES - 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 10, 10, 5, 0],
    ],
)
def test_nobody_is_told_whether_a_name_is_locked_or_there_is_none(
    jo: Rapport, clock: Clock, waits: Iterable[float]
) -> None:
    known, unknown = [], []
    for wait in waits:
        clock.move(minutes=wait)
        known.append(answer(jo, "jo"))
        unknown.append(answer(jo, "kim"))
    assert len({*unknown, *known}) == 1


def test_one_who_is_disabled_or_has_no_password_is_told_the_same_as_for_a_wrong_one(jo: Rapport) -> None:
    jo.users.create("kim", "auditor", sign_on=("https://id.example", "4711"))
    jo.users.disable("jo")
    assert answer(jo, "jo", PASSWORD) == answer(jo, "kim") == answer(jo, "nobody")


def test_an_address_has_so_many_tries_a_minute_whatever_the_name(opened: Opened, clock: Clock) -> None:
    services = opened(sign_in_tries=3)
    services.users.create("jo", "auditor", password=PASSWORD)
    for name in ("a1", "a2", "a3"):
        assert answer(services, name).startswith("Unauthenticated")
    assert answer(services, "jo", PASSWORD).startswith("TooManyTries: Too many tries from this address")
    assert answer(services, "jo", PASSWORD, address="192.0.2.2") == "in"
    clock.move(minutes=1)
    assert answer(services, "jo", PASSWORD) == "in"


def test_a_session_ends_unused(opened: Opened, clock: Clock) -> None:
    services = opened(session_idle_minutes=30, session_hours=12)
    services.users.create("jo", "auditor", password=PASSWORD)
    token = services.sessions.sign_in("jo", PASSWORD, "")
    for _ in range(3):
        clock.move(minutes=29)
        assert services.sessions.find(token) is not None
    clock.move(minutes=30)
    assert services.sessions.find(token) is None
    clock.move(minutes=-29)
    assert services.sessions.find(token) is None  # it is gone, and not only overlooked


def test_a_session_ends_however_much_it_is_used(opened: Opened, clock: Clock) -> None:
    services = opened(session_idle_minutes=30, session_hours=1)
    services.users.create("jo", "auditor", password=PASSWORD)
    token = services.sessions.sign_in("jo", PASSWORD, "")
    for _ in range(2):
        clock.move(minutes=29)
        assert services.sessions.find(token) is not None
    clock.move(minutes=2)
    assert services.sessions.find(token) is None


def test_signing_out_ends_that_session_alone(jo: Rapport) -> None:
    one, other = (jo.sessions.sign_in("jo", PASSWORD, "") for _ in range(2))
    found = jo.sessions.find(one)
    assert found is not None
    jo.sessions.sign_out(found)
    assert jo.sessions.find(one) is None
    assert jo.sessions.find(other) is not None


def test_a_changed_password_ends_every_other_session(jo: Rapport) -> None:
    one, other = (jo.sessions.sign_in("jo", PASSWORD, "") for _ in range(2))
    found = jo.sessions.find(one)
    assert found is not None
    new = jo.sessions.change_password(found, PASSWORD, ANOTHER)
    assert jo.sessions.find(one) is None
    assert jo.sessions.find(other) is None
    assert jo.sessions.find(new) is not None
    assert answer(jo, "jo", PASSWORD).startswith("Unauthenticated")
    assert answer(jo, "jo", ANOTHER) == "in"


def test_a_password_is_changed_by_who_knows_it_and_to_one_that_will_do(jo: Rapport) -> None:
    token = jo.sessions.sign_in("jo", PASSWORD, "")
    found = jo.sessions.find(token)
    assert found is not None
    with pytest.raises(InvalidParameter):
        jo.sessions.change_password(found, PASSWORD, "short")
    for _ in range(FAILURES):
        with pytest.raises(Unauthenticated):
            jo.sessions.change_password(found, WRONG, ANOTHER)
    assert jo.sessions.find(token) is not None
    with pytest.raises(Unauthenticated):
        jo.sessions.change_password(found, PASSWORD, ANOTHER)
    assert jo.sessions.find(token) is None  # whoever guesses from somebody's session does not keep it


def test_a_password_that_an_administrator_sets_ends_every_session_and_a_lock_out(jo: Rapport) -> None:
    token = jo.sessions.sign_in("jo", PASSWORD, "")
    for _ in range(FAILURES + 1):
        answer(jo, "jo")
    new = jo.users.set_password("jo")
    assert jo.sessions.find(token) is None
    assert answer(jo, "jo", new) == "in"
    assert jo.users.named("jo").must_change


def test_a_token_that_nobody_has_finds_nobody(jo: Rapport) -> None:
    token = jo.sessions.sign_in("jo", PASSWORD, "")
    for other in (None, "", token[:-1], token + "x", "x" * 200, "\udc80"):
        assert jo.sessions.find(other) is None


def test_no_secret_is_in_the_audit_log(jo: Rapport) -> None:
    answer(jo, "jo")
    answer(jo, "nobody-knows-them")
    token = jo.sessions.sign_in("jo", PASSWORD, "192.0.2.77")
    found = jo.sessions.find(token)
    assert found is not None
    again = jo.sessions.change_password(found, PASSWORD, ANOTHER)
    _, secret = jo.access.create_key("Vendor")
    later = jo.sessions.find(again)
    assert later is not None
    jo.sessions.sign_out(later)
    entries = [
        [one.happening.actor, one.happening.action, one.happening.detail] for one in jo.store.scan_audit()
    ]
    text = json.dumps(entries)
    for told in ("create user", "sign-in refused", "sign in", "change password", "create key", "sign out"):
        assert told in text
    secrets = (PASSWORD, ANOTHER, WRONG, token, again, found.csrf, found.session.token_sha256, secret)
    for one in (*secrets, "argon2", later.user.password):
        assert one not in text


def test_a_password_that_was_reset_while_somebody_signed_in_with_the_old_one_stays_reset(jo: Rapport) -> None:
    """Looking at a password takes a while, in which an administrator may have given another one."""
    user = jo.users.named("jo")
    stale = replace(user, revision=0)
    jo.users.set_password("jo", ANOTHER)
    with pytest.raises(Unauthenticated):
        jo.users.swap(user.id, lambda now: _let_in(now, stale))
    assert answer(jo, "jo", PASSWORD) != "in"
    assert answer(jo, "jo", ANOTHER) == "in"


def test_many_resets_and_sign_ins_at_once_leave_the_new_password_and_no_old_session(jo: Rapport) -> None:
    tokens: list[str] = []

    def attempt() -> None:
        with contextlib.suppress(LrsError):
            tokens.append(jo.sessions.sign_in("jo", PASSWORD, ""))

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    jo.users.set_password("jo", ANOTHER)
    for thread in threads:
        thread.join()
    assert answer(jo, "jo", PASSWORD) != "in"
    assert all(jo.sessions.find(token) is None for token in tokens)


def test_another_password_is_asked_for_than_the_one_that_was_given(jo: Rapport) -> None:
    found = jo.sessions.find(jo.sessions.sign_in("jo", PASSWORD, ""))
    assert found is not None
    with pytest.raises(InvalidParameter, match="password of now"):
        jo.sessions.change_password(found, PASSWORD, PASSWORD)
