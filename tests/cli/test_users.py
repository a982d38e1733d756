"""`lrs user`, and the users that `lrs init` makes."""

from __future__ import annotations

import io
import json

import pytest

from lrs.services.access.passwords import matches
from lrs.stores.opening import open_store
from lrs.stores.users import Role, User
from tests.cli.conftest import Lrs

AGENT = "account:R-017@https://academy.example"
GIVEN = "four words that will do"


@pytest.fixture
def empty(lrs: Lrs) -> Lrs:
    """Over a store with nobody in it."""
    assert lrs("init", "--no-users")[0] == 0
    return lrs


def kept(lrs: Lrs) -> dict[str, User]:
    """What the store knows of everybody, by name."""
    import os

    store = open_store(os.environ["LRS_STORE"])
    try:
        return {one.name: one for one in store.users()}
    finally:
        store.close()


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_init_makes_one_of_each_role_and_shows_their_passwords_once(lrs: Lrs) -> None:
    code, out, err = lrs("init")
    assert code == 0
    title, *lines = out.splitlines()
    assert title.split() == ["name", "role", "password"]
    users = kept(lrs)
    assert {one.role for one in users.values()} == set(Role)
    shown = {line.split()[0]: line.split()[-1] for line in lines}
    assert shown.keys() == users.keys()
    for name, password in shown.items():
        assert matches(password, users[name].password)
        assert users[name].must_change
        assert password not in err
    assert users["officer"].agent == "account:officer@http://localhost"
    assert users["training-officer"].agent == "account:training-officer@http://localhost"
    assert users["supervisor"].units == ("*",)


def test_init_run_again_changes_nothing_and_says_nothing_of_passwords(ready: Lrs) -> None:
    before = kept(ready)
    code, out, err = ready("init")
    assert (code, out) == (0, "")
    assert "password" not in err
    assert kept(ready) == before


def test_init_makes_nobody_where_there_is_somebody_or_when_it_is_told_so(empty: Lrs) -> None:
    assert kept(empty) == {}
    empty("user", "create", "jo", "--role", "auditor")
    assert empty("init")[1] == ""
    assert list(kept(empty)) == ["jo"]


def test_a_user_is_made_with_a_password_that_is_shown_once(empty: Lrs) -> None:
    code, out, err = empty("user", "create", "Jo", "--role", "training-officer", "--agent", AGENT)
    assert code == 0
    name, password = out.splitlines()[1].split()
    assert name == "jo"
    assert "cannot be shown again" in err
    made = kept(empty)["jo"]
    assert matches(password, made.password)
    assert (made.role, made.agent, made.must_change) == (Role.TRAINING_OFFICER, AGENT, True)
    assert password not in "".join(empty("user", "list")[1:]) + "".join(empty("audit", "list", "--json")[1:])


def test_a_user_is_made_for_scripts(empty: Lrs) -> None:
    arguments = ("create", "jo", "--role", "supervisor", "--unit", "North", "--unit", "East", "--json")
    made = json.loads(empty("user", *arguments)[1])
    assert (made["name"], made["role"], made["units"]) == ("jo", "supervisor", ["East", "North"])
    assert matches(made["password"], kept(empty)["jo"].password)
    [listed] = json.loads(empty("user", "list", "--json")[1])
    del made["password"]
    assert listed == made


def test_a_password_comes_by_standard_input_and_is_not_shown(
    empty: Lrs, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, GIVEN + "\n")
    code, out, err = empty("user", "create", "jo", "--role", "auditor", "--password-stdin", "--json")
    assert code == 0
    assert GIVEN not in out + err
    assert matches(GIVEN, kept(empty)["jo"].password)
    typed(monkeypatch, "\n")
    code, _, err = empty("user", "password", "jo", "--password-stdin")
    assert (code, "no password on standard input" in err) == (1, True)
    typed(monkeypatch, "another of four words\n")
    assert empty("user", "password", "JO", "--password-stdin")[:2] == (0, "")
    assert matches("another of four words", kept(empty)["jo"].password)


def test_a_new_password_is_made(empty: Lrs) -> None:
    empty("user", "create", "jo", "--role", "auditor")
    name, password = empty("user", "password", "jo")[1].splitlines()[1].split()
    assert (name, matches(password, kept(empty)["jo"].password)) == ("jo", True)
    again = json.loads(empty("user", "password", "jo", "--json")[1])
    assert matches(again["password"], kept(empty)["jo"].password)
    assert not matches(password, kept(empty)["jo"].password)


def test_one_who_signs_on_elsewhere_has_no_password(empty: Lrs) -> None:
    sign_on = ("--issuer", "https://id.example", "--subject", "4711")
    code, out, err = empty("user", "create", "jo", "--role", "auditor", *sign_on)
    assert (code, out) == (0, "")
    assert "own sign-on" in err
    made = kept(empty)["jo"]
    assert (made.issuer, made.subject, made.password) == ("https://id.example", "4711", "")
    code, _, err = empty("user", "create", "kim", "--role", "auditor", *sign_on)
    assert (code, "that of another user" in err) == (1, True)
    assert empty("user", "create", "kim", "--role", "auditor", *sign_on, "--password-stdin")[0] == 2
    assert empty("user", "create", "kim", "--role", "auditor", "--subject", "4712")[0] == 1
    assert list(kept(empty)) == ["jo"]


def test_a_user_is_changed(empty: Lrs) -> None:
    empty("user", "create", "jo", "--role", "supervisor", "--unit", "*")
    changed = json.loads(empty("user", "change", "jo", "--role", "officer", "--agent", AGENT, "--json")[1])
    assert (changed["role"], changed["units"], changed["agent"]) == ("officer", [], AGENT)
    assert "officer" in empty("user", "change", "jo", "--issuer", "https://id.example", "--subject", "9")[1]
    assert kept(empty)["jo"].subject == "9"
    assert empty("user", "change", "jo")[0] == 2
    assert empty("user", "change", "kim", "--role", "auditor")[0] == 1
    assert empty("user", "change", "jo", "--role", "chief")[0] == 1


def test_a_user_is_disabled_and_enabled(empty: Lrs) -> None:
    empty("user", "create", "jo", "--role", "auditor")
    assert empty("user", "disable", "jo")[0] == 0
    assert kept(empty)["jo"].disabled_us is not None
    assert "disabled 20" in empty("user", "list")[1]
    assert empty("user", "enable", "jo")[0] == 0
    assert "in use" in empty("user", "list")[1]
    assert empty("user", "disable", "kim")[0] == 1


def test_the_last_administrator_is_kept(ready: Lrs) -> None:
    for arguments in (("disable", "administrator"), ("change", "administrator", "--role", "auditor")):
        code, _, err = ready("user", *arguments)
        assert (code, "last administrator" in err) == (1, True)
    assert kept(ready)["administrator"].disabled_us is None
