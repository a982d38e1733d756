"""Users, keys and the roster: made and changed on pages, secrets shown once."""

from __future__ import annotations

import io
import json
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lrs.services.wiring import Rapport
from lrs.stores.users import Role
from tests.services.academy import key
from tests.web.api.conftest import ACADEMY
from tests.web.dashboard.conftest import Browser, SignedIn, actions, browser_of

_PASSWORD = re.compile(r'class="secret">(\w{4}(?:-\w{4}){3})<')
_SECRET = re.compile(r'class="secret">([\w-]{43})<')
ROSTER = "account,name,unit,phase,trainer,start\nR-017,Recruit 17,West,2,T-03,2026-01-12\nR-018,Recruit 18,West,1,,\n"


@pytest.fixture
def administrator(signed_in: SignedIn) -> Browser:
    return signed_in("administrator")


def password_of(answer: TestResponse) -> str:
    """The password that stands on a page, this once."""
    [found] = _PASSWORD.findall(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Location" not in answer.headers
    assert found not in str(answer.headers)
    return str(found)


def test_a_user_is_made_and_their_password_shown_this_once(administrator: Browser, rapport: Rapport) -> None:
    fields = {"name": "Jo", "role": "supervisor", "unit": "North", "more_units": "East, ", "agent": ""}
    answer = administrator.send("/dashboard/users", fields)
    assert answer.status_code == 201
    password = password_of(answer)
    made = rapport.users.named("jo")
    assert (made.role, made.units, made.must_change) == (Role.SUPERVISOR, ("East", "North"), True)
    assert rapport.sessions.find(rapport.sessions.sign_in("jo", password, "")) is not None
    listed = administrator.get("/dashboard/users").text
    assert "jo" in listed
    assert "East, North" in listed
    for path in ("/dashboard/users", "/dashboard/users?change=jo", "/dashboard/audit"):
        assert password not in administrator.get(path).text
    assert password not in json.dumps([entry.happening.detail for entry in rapport.store.scan_audit()])
    assert actions(rapport, of=[f"user:{administrator.user.id}"])[-1] == "create user"


def test_whose_password_was_given_to_them_chooses_another_before_anything_else(
    administrator: Browser, pages: Flask, rapport: Rapport
) -> None:
    answer = administrator.send("/dashboard/users", {"name": "kim", "role": "administrator"})
    password, browser = password_of(answer), browser_of(pages)
    browser.set_cookie("__Host-rapport", rapport.sessions.sign_in("kim", password, ""), secure=True)
    for path in ("/dashboard/users", "/dashboard/audit", "/dashboard/audit/export"):
        assert browser.get(path).location == "/dashboard/account"
    page = browser.get("/dashboard/account")
    assert "Choose one of your own" in page.text
    [csrf, *_] = re.findall(r'name="csrf" value="([^"]+)"', page.text)
    fields = {
        "old": password,
        "new": "words of my own choice",
        "again": "words of my own choice",
        "csrf": csrf,
    }
    assert (
        browser.post("/dashboard/users", data={"csrf": csrf, "name": "lee", "role": "auditor"}).status_code
        == 303
    )
    assert [one.name for one in rapport.users.listed()] == ["administrator", "kim"]
    assert browser.post("/dashboard/account", data=fields).status_code == 303
    assert browser.get("/dashboard/users").status_code == 200


def test_those_on_the_roster_are_offered_and_may_be_named_in_short(
    administrator: Browser, academy: Rapport
) -> None:
    form = administrator.get("/dashboard/users?new=1").text
    for offered in (key("R-001"), key("T-00"), "North", "South"):
        assert f'value="{offered}"' in form
    assert "read roster" in actions(academy, about=key("R-001"))
    assert (
        administrator.send(
            "/dashboard/users", {"name": "jo", "role": "training_officer", "agent": "T-00"}
        ).status_code
        == 201
    )
    assert academy.users.named("jo").agent == key("T-00")


def test_a_list_of_users_reads_nobody(administrator: Browser, academy: Rapport) -> None:
    before = actions(academy)
    assert administrator.get("/dashboard/users").status_code == 200
    assert actions(academy) == before


def test_a_user_that_cannot_be_is_refused_with_what_was_typed(
    administrator: Browser, rapport: Rapport
) -> None:
    fields = {"name": "jo-who-is-new", "role": "officer", "agent": "nobody-known"}
    answer = administrator.send("/dashboard/users", fields)
    assert answer.status_code == 400
    assert 'value="jo-who-is-new"' in answer.text
    assert 'value="nobody-known"' in answer.text
    assert "agent key" in answer.text
    taken = administrator.send("/dashboard/users", {"name": "administrator", "role": "auditor"})
    assert taken.status_code == 409
    assert "is taken" in taken.text
    assert [one.name for one in rapport.users.listed()] == ["administrator"]


def test_a_user_is_changed_from_the_next_page_on(
    administrator: Browser, signed_in: SignedIn, rapport: Rapport
) -> None:
    supervisor = signed_in("supervisor")
    assert supervisor.get("/dashboard/keys").status_code == 403
    path = "/dashboard/users/supervisor"
    answer = administrator.send(path, {"action": "change", "role": "administrator"})
    assert answer.status_code == 303
    assert supervisor.get("/dashboard/keys").status_code == 200
    assert rapport.users.named("supervisor").units == ()
    refused = administrator.send(path, {"action": "change", "role": "supervisor"})
    assert refused.status_code == 400
    assert "needs a unit" in refused.text
    assert rapport.users.named("supervisor").role is Role.ADMINISTRATOR


def test_a_new_password_is_shown_once_and_ends_sessions(
    administrator: Browser, signed_in: SignedIn, rapport: Rapport
) -> None:
    auditor = signed_in("auditor")
    answer = administrator.send("/dashboard/users/auditor", {"action": "password"})
    password = password_of(answer)
    assert auditor.get("/dashboard/audit").status_code == 303
    assert rapport.sessions.find(rapport.sessions.sign_in("auditor", password, "")) is not None


def test_a_user_is_disabled_and_enabled(
    administrator: Browser, signed_in: SignedIn, rapport: Rapport
) -> None:
    auditor = signed_in("auditor")
    assert administrator.send("/dashboard/users/auditor", {"action": "disable"}).status_code == 303
    assert auditor.get("/dashboard/audit").status_code == 303
    assert "disabled" in administrator.get("/dashboard/users").text
    assert administrator.send("/dashboard/users/auditor", {"action": "enable"}).status_code == 303
    assert rapport.users.named("auditor").disabled_us is None


@pytest.mark.parametrize("fields", [{"action": "disable"}, {"action": "change", "role": "auditor"}])
def test_the_last_administrator_cannot_shut_themselves_out(
    administrator: Browser, rapport: Rapport, fields: dict[str, str]
) -> None:
    answer = administrator.send("/dashboard/users/administrator", fields)
    assert answer.status_code == 409
    assert "last administrator" in answer.text
    assert rapport.users.named("administrator") == administrator.user
    assert administrator.get("/dashboard/users").status_code == 200


@pytest.mark.parametrize("action", ["", "delete"])
def test_a_form_that_does_not_say_what_to_do_changes_nothing(
    administrator: Browser, rapport: Rapport, action: str
) -> None:
    assert administrator.send("/dashboard/users/administrator", {"action": action}).status_code == 400
    assert actions(rapport) == ["create user", "sign in"]


@pytest.mark.parametrize("path", ["/dashboard/users?change=nobody", "/dashboard/users/nobody"])
def test_a_user_that_is_not_there_is_not_found(administrator: Browser, path: str) -> None:
    answer = administrator.get(path) if "?" in path else administrator.send(path, {"action": "disable"})
    assert answer.status_code == 404


def test_a_key_is_made_its_secret_shown_once_and_revoked(administrator: Browser, rapport: Rapport) -> None:
    form = administrator.get("/dashboard/keys").text
    assert "post statements" in form
    answer = administrator.send(
        "/dashboard/keys", {"name": "VR vendor", "scope": ["statements/write", "state"]}
    )
    assert answer.status_code == 201
    [secret] = _SECRET.findall(answer.text)
    [made] = rapport.access.keys()
    assert made.scopes == {"statements/write", "state"}
    assert rapport.access.authenticate(made.id, secret).key_id == made.id
    listed = administrator.get("/dashboard/keys").text
    assert made.id in listed
    assert secret not in listed
    assert secret not in json.dumps([entry.happening.detail for entry in rapport.store.scan_audit()])
    again = administrator.send("/dashboard/keys", {"name": "VR vendor", "scope": "statements/write"})
    assert again.status_code == 409
    assert administrator.send(f"/dashboard/keys/{made.id}/revoke").status_code == 303
    assert rapport.access.keys()[0].revoked_us is not None
    assert "revoked" in administrator.get("/dashboard/keys").text
    assert actions(rapport, of=[f"user:{administrator.user.id}"])[-2:] == ["create key", "revoke key"]


@pytest.mark.parametrize(
    "fields", [{"name": "Vendor"}, {"name": " ", "scope": "state"}, {"name": "V", "scope": "x"}]
)
def test_a_key_that_cannot_be_is_not_made(
    administrator: Browser, rapport: Rapport, fields: dict[str, str]
) -> None:
    assert administrator.send("/dashboard/keys", fields).status_code == 400
    assert rapport.access.keys() == []
    assert administrator.send("/dashboard/keys/0123/revoke").status_code == 404


def test_a_roster_is_tried_before_it_counts(administrator: Browser, rapport: Rapport) -> None:
    fields = {"csv": ROSTER, "home_page": ACADEMY}
    trial = administrator.send("/dashboard/roster", fields)
    assert trial.status_code == 200
    assert "Nothing is changed yet" in trial.text
    assert trial.text.count('class="fate-added"') == 2
    assert rapport.roster.members() == ()
    assert "change roster" not in actions(rapport)
    done = administrator.send("/dashboard/roster", {**fields, "confirm": "yes"})
    assert done.status_code == 303
    assert "2 added" in administrator.get("/dashboard/roster").text
    assert [one.name for one in rapport.roster.members()] == ["Recruit 17", "Recruit 18"]
    assert "change roster" in actions(rapport, about=key("R-017"))


def test_a_file_is_taken_as_what_is_pasted(administrator: Browser, rapport: Rapport) -> None:
    file = (io.BytesIO(b"\xef\xbb\xbf" + ROSTER.encode()), "roster.csv")
    trial = administrator.send("/dashboard/roster", {"file": file, "csv": "", "home_page": ACADEMY})
    assert "Recruit 17,West,2,T-03,2026-01-12" in trial.text  # carried to the confirmation
    [carried] = re.findall(r'<textarea name="csv" hidden>(.*?)</textarea>', trial.text, re.DOTALL)
    fields = {"csv": carried.replace("\n", "\r\n"), "home_page": ACADEMY, "confirm": "yes"}
    assert administrator.send("/dashboard/roster", fields).status_code == 303
    assert len(rapport.roster.members()) == 2


def test_a_row_that_is_refused_is_told_and_refuses_all_unless_it_is_skipped(
    administrator: Browser, rapport: Rapport
) -> None:
    fields = {"csv": ROSTER + "R-019,Recruit 19,West,1,,soon\n", "home_page": ACADEMY}
    for more in ({}, {"confirm": "yes"}):
        answer = administrator.send("/dashboard/roster", {**fields, **more})
        assert answer.status_code == 400
        assert "&#34;soon&#34;" in answer.text
        assert 'value="yes"' not in answer.text
        assert rapport.roster.members() == ()
    skipped = {**fields, "skip_refused": "on"}
    assert 'value="yes"' in administrator.send("/dashboard/roster", skipped).text
    administrator.send("/dashboard/roster", {**skipped, "confirm": "yes"})
    assert len(rapport.roster.members()) == 2


def test_a_roster_may_replace_the_one_before(administrator: Browser, rapport: Rapport) -> None:
    rapport.roster.import_csv(ROSTER.encode(), home_page=ACADEMY)
    fields = {"csv": "account\nR-017\n", "home_page": ACADEMY, "replace": "on"}
    assert "no row of the file names them" in administrator.send("/dashboard/roster", fields).text
    assert len(rapport.roster.members()) == 2
    administrator.send("/dashboard/roster", {**fields, "confirm": "yes"})
    assert [one.officer for one in rapport.roster.members()] == [key("R-017")]


@pytest.mark.parametrize(
    "fields",
    [
        {"csv": ""},
        {"csv": "who\nR-017\n"},
        {"file": (b"account\n\xff\n", "roster.csv")},
        {"csv": "account\nR-017\n", "home_page": ACADEMY, "replace": "on", "skip_refused": "on"},
    ],
)
def test_what_is_no_roster_is_refused_in_words(
    administrator: Browser, rapport: Rapport, fields: dict[str, object]
) -> None:
    file = fields.get("file")
    if isinstance(file, tuple):
        fields = {"file": (io.BytesIO(file[0]), file[1])}
    answer = administrator.send("/dashboard/roster", {**fields, "confirm": "yes"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert rapport.roster.members() == ()


def test_each_sees_the_roster_as_far_as_they_reach(signed_in: SignedIn, academy: Rapport) -> None:
    seen = {
        name: set(re.findall(r"R-00\d", signed_in(name).get("/dashboard/roster").text))
        for name in ("administrator", "supervisor", "training_officer", "officer", "auditor")
    }
    assert seen == {
        "administrator": {"R-001", "R-002", "R-003", "R-009"},
        "supervisor": {"R-001", "R-002"},
        "training_officer": {"R-001", "R-003"},
        "officer": {"R-001"},
        "auditor": set(),
    }
    assert len(re.findall(r">P-[A-Z2-7]{8}<", signed_in("auditor").get("/dashboard/roster").text)) >= 4
    assert actions(academy, about=key("R-009")).count("read roster") == 3  # administrator, auditor twice


def test_the_roster_is_filtered(administrator: Browser, academy: Rapport) -> None:
    def found(query: str) -> set[str]:
        return set(re.findall(r"R-00\d", administrator.get(f"/dashboard/roster?{query}").text))

    assert found("unit=South") == {"R-003", "R-009"}
    assert found("phase=2&unit=North") == {"R-001", "R-002"}
    assert found(f"trainer={key('T-01')}") == {"R-002"}
    assert found("unit=East") == set()
    assert academy.roster.members()


@pytest.mark.parametrize("who", ["officer", "training_officer", "supervisor_of_all", "auditor"])
def test_nobody_but_an_administrator_comes_to_users_and_keys_or_changes_the_roster(
    signed_in: SignedIn, rapport: Rapport, who: str
) -> None:
    browser = signed_in(who)
    for path in ("/dashboard/users", "/dashboard/users?new=1", "/dashboard/keys"):
        assert browser.get(path).status_code == 403
    for path, fields in (
        ("/dashboard/users", {"name": "jo", "role": "administrator"}),
        (f"/dashboard/users/{who}", {"action": "change", "role": "administrator"}),
        ("/dashboard/keys", {"name": "jo", "scope": "all"}),
        ("/dashboard/roster", {"csv": ROSTER, "home_page": ACADEMY, "confirm": "yes"}),
    ):
        assert browser.send(path, fields).status_code == 403
    assert 'action="/dashboard/roster"' not in browser.get("/dashboard/roster").text
    assert [one.name for one in rapport.users.listed()] == [who]
    assert rapport.users.named(who) == browser.user
    assert rapport.access.keys() == []
    assert rapport.roster.members() == ()


def test_a_form_without_its_token_changes_nothing(administrator: Browser, rapport: Rapport) -> None:
    for path, fields in (
        ("/dashboard/users", {"name": "jo", "role": "auditor"}),
        ("/dashboard/keys", {"name": "jo", "scope": "all"}),
        ("/dashboard/roster", {"csv": ROSTER, "home_page": ACADEMY, "confirm": "yes"}),
    ):
        assert administrator.post(path, data=fields).status_code == 403
    assert len(rapport.users.listed()) == 1
    assert rapport.access.keys() == []
    assert rapport.roster.members() == ()
