"""People who may sign in: made, changed, disabled."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from lrs.errors import Conflict, InvalidParameter, NotFound
from lrs.services.access.users import user_as_dict
from lrs.services.wiring import Rapport
from lrs.stores.users import Role
from tests.services.access.conftest import ANOTHER, PASSWORD

AGENT = "account:R-001@https://academy.example"
LAST = "last administrator"


def test_a_user_gets_a_password_that_is_kept_as_a_hash_only(services: Rapport) -> None:
    user, password = services.users.create("Jo", "officer", agent=AGENT)
    kept = services.users.named("jo")
    assert kept == user
    assert (kept.name, kept.role, kept.agent, kept.must_change) == ("jo", Role.OFFICER, AGENT, True)
    assert len(password) >= 16
    assert kept.password.startswith("$argon2id$")
    assert password not in repr(kept)
    assert not {password, kept.password} & set(map(str, user_as_dict(kept).values()))
    assert services.sessions.find(services.sessions.sign_in("JO ", password, "")) is not None


@pytest.mark.parametrize(
    ("name", "role", "more", "path"),
    [
        ("", "auditor", {}, "name"),
        ("x", "auditor", {}, "name"),
        ("a b", "auditor", {}, "name"),
        ("-jo", "auditor", {}, "name"),
        ("jö", "auditor", {}, "name"),
        ("j" * 65, "auditor", {}, "name"),
        ("jo", "chief", {}, "role"),
        ("jo", "officer", {}, "agent"),
        ("jo", "training_officer", {}, "agent"),
        ("jo", "officer", {"agent": "R-001"}, "agent"),
        ("jo", "supervisor", {}, "units"),
        ("jo", "supervisor", {"units": (" ",)}, "units"),
        ("jo", "auditor", {"units": ("North",)}, "units"),
        ("jo", "auditor", {"password": "short"}, "password"),
        ("josephine", "auditor", {"password": "Josephine-2026"}, "password"),
        ("jo", "auditor", {"password": "abababababababab"}, "password"),
        ("jo", "auditor", {"sign_on": ("https://id.example", "")}, "subject"),
        ("jo", "auditor", {"sign_on": ("", "4711")}, "issuer"),
    ],
)
def test_a_user_that_cannot_be_is_not_made(
    services: Rapport, name: str, role: str, more: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidParameter) as refused:
        services.users.create(name, role, **more)
    assert [detail.path for detail in refused.value.details] == [path]
    assert services.users.listed() == []


def test_a_name_and_a_sign_on_are_one_users(services: Rapport) -> None:
    sign_on = ("https://id.example", "4711")
    made, password = services.users.create("jo", "auditor", sign_on=sign_on)
    assert (password, made.password) == ("", "")
    for name, more in (("JO", {}), ("kim", {"sign_on": sign_on})):
        with pytest.raises(Conflict):
            services.users.create(name, "auditor", **more)  # type: ignore[arg-type]
    assert [one.name for one in services.users.listed()] == ["jo"]


def test_who_signs_on_elsewhere_has_no_password_here(services: Rapport) -> None:
    services.users.create("jo", "auditor", sign_on=("https://id.example", "4711"))
    token = services.sessions.sign_in_by_sign_on("https://id.example", "4711")
    assert services.sessions.find(token) is not None


def test_a_change_counts_from_the_next_request_on(services: Rapport) -> None:
    services.users.create("jo", "supervisor", units=("North", "South"), password=PASSWORD)
    token = services.sessions.sign_in("jo", PASSWORD, "")
    services.users.change("jo", units=("East",))
    found = services.sessions.find(token)
    assert found is not None
    assert found.user.units == ("East",)


def test_who_is_no_supervisor_any_more_has_no_units(services: Rapport) -> None:
    services.users.create("jo", "supervisor", units=("North",))
    changed = services.users.change("jo", role="auditor")
    assert (changed.role, changed.units) == (Role.AUDITOR, ())
    with pytest.raises(InvalidParameter):
        services.users.change("jo", role="officer")
    assert services.users.named("jo") == changed


def test_one_who_is_disabled_is_out_at_once_and_may_be_enabled_again(services: Rapport) -> None:
    services.users.create("jo", "auditor", password=PASSWORD)
    token = services.sessions.sign_in("jo", PASSWORD, "")
    services.users.disable("jo")
    assert services.sessions.find(token) is None
    services.users.enable("jo")
    assert services.sessions.find(token) is None
    assert services.sessions.find(services.sessions.sign_in("jo", PASSWORD, "")) is not None


def test_the_last_administrator_stays_one(services: Rapport) -> None:
    services.users.create("ada", "administrator")
    services.users.create("bob", "administrator")
    services.users.disable("bob")
    before = services.users.named("ada")
    for refused in (
        lambda: services.users.disable("ada"),
        lambda: services.users.change("ada", role="auditor"),
        lambda: services.users.change("ada", role="supervisor", units=("*",)),
    ):
        with pytest.raises(Conflict, match=LAST):
            refused()
    assert services.users.named("ada") == before
    assert "disable user" not in _done(services, about="ada")
    services.users.change("ada", agent=AGENT)
    services.users.change("bob", role="auditor")  # who may not sign in anyhow
    services.users.create("cem", "administrator")
    assert services.users.disable("ada").disabled_us is not None
    with pytest.raises(Conflict, match=LAST):
        services.users.disable("cem")


def test_two_administrators_who_disable_each_other_at_the_same_time_are_not_both_out(
    services: Rapport,
) -> None:
    for number in range(8):
        names = [f"a{number}", f"b{number}"]
        for name in names:
            services.users.create(name, "administrator", sign_on=("https://id.example", name))
        for one in services.users.listed():
            if one.name not in names and one.disabled_us is None:
                services.users.disable(one.name)
        together = threading.Barrier(2)
        refused: list[Exception] = []

        def disable(name: str, together: threading.Barrier, refused: list[Exception]) -> None:
            together.wait()
            try:
                services.users.disable(name)
            except Conflict as exc:
                refused.append(exc)

        threads = [threading.Thread(target=disable, args=(name, together, refused)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left = [one.name for one in services.users.listed() if one.disabled_us is None]
        assert left
        assert len(left) == len(refused)


def test_an_actor_is_named_by_name_or_as_the_log_does(services: Rapport) -> None:
    user, _ = services.users.create("jo", "auditor")
    assert services.users.actor("Jo") == f"user:{user.id}"
    for same in ("system", "key:0123", f"user:{user.id}"):
        assert services.users.actor(same) == same
    with pytest.raises(NotFound):
        services.users.actor("kim")


def test_what_is_done_to_users_is_written_down_without_a_secret(services: Rapport) -> None:
    _, first = services.users.create("jo", "officer", agent=AGENT, by="user:1")
    second = services.users.set_password("jo", by="user:1")
    services.users.set_password("jo", ANOTHER, by="user:1")
    services.users.change("jo", role="auditor", by="user:2")
    services.users.disable("jo", by="user:2")
    services.users.enable("jo", by="user:2")
    entries = list(services.store.scan_audit())
    assert [(one.happening.actor, one.happening.action) for one in entries] == [
        ("user:1", "create user"),
        ("user:1", "set password"),
        ("user:1", "set password"),
        ("user:2", "change user"),
        ("user:2", "disable user"),
        ("user:2", "enable user"),
    ]
    text = json.dumps([[one.happening.detail, one.happening.actor] for one in entries])
    assert "jo" in text
    for secret in (first, second, ANOTHER, services.users.named("jo").password, "argon2"):
        assert secret not in text


def _done(services: Rapport, about: str) -> list[str]:
    return [
        one.happening.action
        for one in services.store.scan_audit()
        if one.happening.detail.get("name") == about
    ]
