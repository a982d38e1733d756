"""The audit log on its page and as a file."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest

from lrs.services.reports import Whom
from lrs.services.wiring import Rapport
from tests.services.academy import key
from tests.web.dashboard.conftest import Browser, SignedIn, actions

PAGE = "/dashboard/audit"


@pytest.fixture
def read(academy: Rapport, signed_in: SignedIn) -> Rapport:
    """The academy, where a supervisor and a training officer have read records."""
    now = academy.records.as_of(None)
    supervisor = academy.sights.of_user(signed_in("supervisor").user)
    trainer = academy.sights.of_user(signed_in("training_officer").user)
    academy.records.cohort(supervisor, now, Whom())
    academy.records.profile(trainer, "R-001", now)
    academy.records.profile(trainer, "R-003", now)
    return academy


def rows(browser: Browser, **query: str) -> list[str]:
    """The rows of the table, as text."""
    answer = browser.get(PAGE, query_string=query)
    assert answer.status_code == 200, answer.text
    found = re.findall(r"<tr>(.*?)</tr>", answer.text.partition("<tbody>")[2], re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in found]


def test_an_administrator_reads_who_did_what_by_name_newest_first(read: Rapport, signed_in: SignedIn) -> None:
    found = rows(signed_in("administrator"))
    profiles = [row for row in found if "read profile" in row]
    assert ["R-003" in row for row in profiles] == [True, False]
    assert all("training_officer (training officer)" in row for row in profiles)
    [cohort] = [row for row in found if "read cohort" in row]
    assert "supervisor (supervisor)" in cohort
    assert "R-001 , R-002" in cohort
    assert any("the command line of the server" in row and "create user" in row for row in found)


def test_an_auditor_reads_it_with_neither_names_nor_keys(read: Rapport, signed_in: SignedIn) -> None:
    browser = signed_in("auditor")
    text = browser.get(PAGE).text.partition('<main id="main"')[2]
    trainer = signed_in("training_officer").user
    pseudonym = read.sights.of_user(browser.user).pseudonyms().of(key("R-001"))
    assert f"training officer {trainer.id}" in text
    assert pseudonym in text
    assert "training_officer (training officer)" not in text
    for name in ("R-001", "R-003", "T-00", "Recruit 1", "academy.example"):
        assert name not in text
    assert any("read profile" in row for row in rows(browser, person=pseudonym))
    assert browser.get(PAGE, query_string={"person": "R-001"}).status_code == 404


def test_an_officer_sees_who_read_their_own_record_and_nobody_else(
    read: Rapport, signed_in: SignedIn
) -> None:
    browser = signed_in("officer")
    found = rows(browser)
    assert [("read profile" in row, "read cohort" in row) for row in found] == [(True, False), (False, True)]
    assert "training_officer (training officer)" in found[0]
    text = browser.get(PAGE).text
    assert "R-003" not in text
    assert "R-002" not in text
    assert browser.get(PAGE, query_string={"person": "R-003"}).status_code == 403
    assert rows(browser, action="read cohort") == found[1:]
    assert rows(signed_in("other_officer")) == rows(signed_in("other_officer"), action="read cohort")


def test_it_is_filtered_by_person_actor_action_and_day(read: Rapport, signed_in: SignedIn) -> None:
    browser = signed_in("administrator")
    assert [("read cohort" in row) for row in rows(browser, person="R-002")] == [True]
    assert ["read audit log" in row for row in rows(browser, person="R-002")] == [True, False]
    trainer = f"user:{signed_in('training_officer').user.id}"
    assert {("training_officer" in row) for row in rows(browser, actor=trainer)} == {True}
    assert len(rows(browser, action="read profile")) == 2
    assert len(rows(browser, action="read profile", person=key("R-003"))) == 1
    today = rows(browser, action="read profile")[0].split()[1]
    assert len(rows(browser, action="read profile", since=today, until=today)) == 2
    assert rows(browser, action="read profile", until="2020-01-01") == []
    assert rows(browser, action="read profile", since="2199-01-01") == []


def test_it_goes_on_page_by_page_without_a_gap(rapport: Rapport, signed_in: SignedIn) -> None:
    for number in range(250):
        rapport.audit.note("system", f"do {number}")
    browser = signed_in("administrator")
    numbers: list[int] = []
    path: str | None = PAGE
    while path:
        text = browser.get(path).text
        numbers += map(int, re.findall(r'<td class="number">(\d+)</td>', text))
        older = re.search(r'href="([^"]*before=\d+[^"]*)">Older', text)
        path = older[1].replace("&amp;", "&") if older else None
    assert numbers == list(range(len(actions(rapport)), 0, -1))


@pytest.mark.parametrize("query", [{"since": "soon"}, {"until": "never"}, {"before": "0"}, {"before": "x"}])
def test_a_filter_that_cannot_be_taken_is_said(signed_in: SignedIn, query: dict[str, str]) -> None:
    answer = signed_in("administrator").get(PAGE, query_string=query)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_the_log_is_verified_when_it_is_asked_for(read: Rapport, signed_in: SignedIn) -> None:
    browser = signed_in("administrator")
    found = read.audit.verify()
    assert found.head not in browser.get(PAGE).text
    text = browser.get(PAGE, query_string={"verify": "1"}).text
    assert found.head in text
    assert f"{found.entries} entries" in text


@pytest.mark.engines("sqlite")
def test_a_log_that_was_changed_is_found_out(read: Rapport, signed_in: SignedIn) -> None:
    browser = signed_in("administrator")
    with sqlite3.connect(read.store.url.removeprefix("sqlite:///")) as connection:
        connection.execute("DROP TRIGGER audit_log_is_not_changed")
        connection.execute("UPDATE audit_log SET actor = 'system' WHERE number = 3")
    connection.close()
    answer = browser.get(PAGE, query_string={"verify": "1"})
    assert answer.status_code == 409
    assert "Entry 3 is not what was written" in answer.text
    assert browser.get(PAGE).status_code == 200


@pytest.mark.parametrize("who", ["administrator", "auditor"])
def test_the_whole_log_leaves_as_lines(read: Rapport, signed_in: SignedIn, who: str) -> None:
    answer = signed_in(who).get(f"{PAGE}/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["action"] for one in lines] == actions(read)
    assert lines[-1]["action"] == "export audit log"
    assert (key("R-001") in answer.text) is (who == "administrator")
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("who", ["training_officer", "supervisor_of_all"])
def test_others_come_neither_to_the_page_nor_to_the_file(signed_in: SignedIn, who: str) -> None:
    assert signed_in(who).get(PAGE).status_code == 403
    assert signed_in(who).get(f"{PAGE}/export").status_code == 403


def test_an_officer_takes_what_is_about_themselves(read: Rapport, signed_in: SignedIn) -> None:
    answer = signed_in("officer").get(f"{PAGE}/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["action"] for one in lines] == ["read cohort", "read profile"]
    assert {subject for one in lines for subject in one["subjects"]} == {key("R-001")}
