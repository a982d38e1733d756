"""Statements: whose one may look through, what a page and a whole one tell, what stands in the audit log."""

from __future__ import annotations

import html
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lrs.services.browsing import PAGE
from lrs.services.wiring import Rapport
from tests.clients import Xapi
from tests.services.academy import gazed, key, post
from tests.web.api.conftest import ACADEMY, rating
from tests.web.dashboard.conftest import Browser, SignedIn, actions

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
ODD = "</pre><script>alert(1)</script>"


def listed(page: str) -> list[str]:
    """The ids of the statements on a page."""
    return re.findall(r'href="/dashboard/statement/([0-9a-f-]{36})"', page)


def offered(page: str) -> list[tuple[str, bool]]:
    """Officers that can be chosen, and whether each is."""
    [select] = re.findall(r'<select[^>]*name="agent".*?</select>', page, re.DOTALL)
    found = re.findall(r'<option value="([^"]+)"( selected)?>', select)
    return [(html.unescape(value), bool(is_chosen)) for value, is_chosen in found]


def older(page: str) -> str | None:
    found = re.search(r'rel="next" href="([^"]+)"', page)
    return None if found is None else html.unescape(found[1])


@pytest.mark.usefixtures("academy")
def test_an_officer_sees_their_own_at_once(signed_in: SignedIn, xapi: Xapi) -> None:
    page = signed_in("officer").get("/dashboard/statements")
    assert page.status_code == 200
    assert offered(page.text) == [(key("R-001"), True)]
    assert listed(page.text) == xapi.ids(agent=agent("R-001"), limit=100)


def agent(name: str) -> str:
    return f'{{"account": {{"homePage": "{ACADEMY}", "name": "{name}"}}}}'


@pytest.mark.parametrize(
    ("name", "whose"),
    [("training_officer", ["R-001", "R-003"]), ("supervisor", ["R-001", "R-002"])],
)
def test_others_choose_one_of_those_whom_they_may_see(
    academy: Rapport, signed_in: SignedIn, name: str, whose: list[str]
) -> None:
    browser = signed_in(name)
    page = browser.get("/dashboard/statements")
    assert page.status_code == 200
    assert offered(page.text) == [(key(one), False) for one in whose]
    assert listed(page.text) == []
    assert "Choose an officer: you may read the statements of 2." in page.text
    assert not [one for one in actions(academy, of=[f"user:{browser.user.id}"]) if one.startswith("read")]
    chosen = browser.get("/dashboard/statements", query_string={"agent": "R-001"})
    assert len(listed(chosen.text)) == 13
    assert offered(chosen.text)[0] == (key("R-001"), True)
    assert actions(academy, of=[f"user:{browser.user.id}"], about=key("R-001")) == ["read statements"]


@pytest.mark.usefixtures("academy")
def test_who_sees_everybody_chooses_nobody(signed_in: SignedIn) -> None:
    page = signed_in("supervisor_of_all").get("/dashboard/statements").text
    assert len(listed(page)) == 23
    assert not any(is_chosen for _, is_chosen in offered(page))


@pytest.mark.parametrize("agent", ["R-002", "R-777"])
def test_somebody_beyond_reach_and_nobody_look_the_same(
    academy: Rapport, signed_in: SignedIn, agent: str
) -> None:
    browser = signed_in("training_officer")
    page = browser.get("/dashboard/statements", query_string={"agent": agent})
    assert page.status_code == 403
    assert "You may read statements, and not this one." in page.text
    assert agent not in page.text.partition("<main")[2]
    assert actions(academy, of=[f"user:{browser.user.id}"]) == ["sign in", "refused"]


@pytest.mark.parametrize("name", ["auditor", "administrator"])
@pytest.mark.usefixtures("academy")
def test_auditors_and_administrators_read_no_statement(signed_in: SignedIn, name: str, xapi: Xapi) -> None:
    browser = signed_in(name)
    assert browser.get("/dashboard/statements").status_code == 403
    assert browser.get(f"/dashboard/statement/{xapi.ids()[0]}").status_code == 403


@pytest.mark.usefixtures("academy")
def test_how_many_are_beyond_reach_is_told(signed_in: SignedIn, xapi: Xapi) -> None:
    [other] = post(xapi, rating("R-002", 4, rater="R-001"))
    page = signed_in("officer").get("/dashboard/statements").text
    assert other not in page
    assert "1 on this page is beyond what you may see" in page


@pytest.mark.usefixtures("academy")
def test_older_statements_are_a_link_away_with_the_filters_kept(signed_in: SignedIn, xapi: Xapi) -> None:
    post(xapi, *(gazed("R-001") for _ in range(PAGE + 5)), rating("R-001", 4))
    browser = signed_in("officer")
    first = browser.get("/dashboard/statements?verb=https://vr.example/verbs/gazed").text
    following = older(first)
    assert following is not None
    second = browser.get(following).text
    assert (len(listed(first)), len(listed(second)), older(second)) == (PAGE, 5, None)
    assert not set(listed(first)) & set(listed(second))
    assert "Back to the newest" in second


@pytest.mark.usefixtures("academy")
@pytest.mark.parametrize(
    "query",
    [
        {"verb": "gazed"},
        {"activity": "a scenario"},
        {"since": "lately"},
        {"until": "2026-02-30"},
        {"after": "nowhere"},
        {"after": "1.6a3b1c00-0000-4000-8000-00000000000g"},
    ],
)
def test_what_cannot_be_looked_for_is_said(signed_in: SignedIn, query: dict[str, str]) -> None:
    page = signed_in("officer").get("/dashboard/statements", query_string=query)
    assert page.status_code == 400
    [name] = query
    assert f"<code>{name}</code>" in page.text
    assert offered(page.text) == [(key("R-001"), True)]


@pytest.mark.usefixtures("academy")
def test_dates_are_whole_days(signed_in: SignedIn) -> None:
    browser = signed_in("officer")
    today = datetime.now(UTC).date()
    before, after = (today + timedelta(days=n) for n in (-1, 1))

    def number(**query: Any) -> int:
        return len(listed(browser.get("/dashboard/statements", query_string=query).text))

    assert number(since=today, until=today) + number(since=before, until=before) == 13
    assert number(since=after) == 0
    assert number(until=before) + number(since=today) == 13


@pytest.mark.usefixtures("academy")
def test_an_id_leads_to_its_statement(signed_in: SignedIn, xapi: Xapi) -> None:
    [mine] = post(xapi, rating("R-001", 2))
    answer = signed_in("officer").get("/dashboard/statements", query_string={"id": mine})
    assert (answer.status_code, answer.location) == (303, f"/dashboard/statement/{mine}")


def test_a_statement_is_shown_whole_with_what_was_found_in_it(
    academy: Rapport, signed_in: SignedIn, xapi: Xapi
) -> None:
    [mine] = post(xapi, rating("R-001", 2))
    stored = academy.store.get(mine)
    assert stored is not None
    browser = signed_in("officer")
    page = browser.get(f"/dashboard/statement/{mine}")
    assert page.status_code == 200
    assert html.unescape(page.text).count(stored.raw.decode()) == 1
    assert stored.sha256.hex() in page.text
    assert "<dt>Voided</dt><dd>no</dd>" in page.text
    text = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "R-001 Communication Checks understanding 2 on fto-7 field T-01" in text
    assert actions(academy, of=[f"user:{browser.user.id}"], about=key("R-001")) == [
        "read statement",
        "read evidence",
    ]


@pytest.mark.usefixtures("academy")
def test_one_without_evidence_says_so(signed_in: SignedIn, xapi: Xapi) -> None:
    [mine] = post(xapi, gazed("R-001"))
    page = signed_in("officer").get(f"/dashboard/statement/{mine}").text
    assert "no plugin recognised it" in page


@pytest.mark.usefixtures("academy")
def test_a_voided_one_says_by_what(signed_in: SignedIn, xapi: Xapi) -> None:
    [mine] = post(xapi, rating("R-001", 2))
    actor = {"account": {"homePage": ACADEMY, "name": "S-01"}}
    target = {"objectType": "StatementRef", "id": mine}
    [voiding] = post(xapi, {"actor": actor, "verb": {"id": VOIDED}, "object": target})
    browser = signed_in("officer")
    assert mine not in listed(browser.get("/dashboard/statements").text)
    page = browser.get(f"/dashboard/statement/{mine}")
    assert page.status_code == 200
    assert re.search(rf'by the statement <a href="/dashboard/statement/{voiding}">.*?</a> of S-01', page.text)


def test_what_was_said_to_it_stands_beside(academy: Rapport, signed_in: SignedIn, xapi: Xapi) -> None:
    [mine] = post(xapi, rating("R-001", 2))
    officer = signed_in("officer")
    sight = academy.sights.of_user(officer.user)
    academy.contests.raise_contest(sight, mine, key("R-001"), "I was not on that shift.")
    academy.contests.rejoin(sight, mine, key("R-001"), "My partner can say so, too.")
    for browser in (officer, signed_in("training_officer")):
        page = browser.get(f"/dashboard/statement/{mine}").text
        assert page.count("I was not on that shift.") == 1
        assert page.count("My partner can say so, too.") == 1


@pytest.mark.usefixtures("academy")
def test_one_of_another_and_none_look_the_same(signed_in: SignedIn, xapi: Xapi) -> None:
    [other] = post(xapi, rating("R-002", 2))
    browser: Browser = signed_in("officer")
    pages = [browser.get(f"/dashboard/statement/{one}") for one in (other, uuid.uuid4())]
    assert [page.status_code for page in pages] == [403, 403]
    mains = [re.sub(r"Request [0-9a-f]+", "", page.text.partition("<main")[2]) for page in pages]
    assert mains[0] == mains[1]
    assert signed_in("supervisor_of_all").get(f"/dashboard/statement/{uuid.uuid4()}").status_code == 404
    assert browser.get("/dashboard/statement/no-id").status_code == 400


@pytest.mark.usefixtures("academy")
def test_what_a_vendor_wrote_is_text_and_no_part_of_the_page(signed_in: SignedIn, xapi: Xapi) -> None:
    statement = rating("R-001", 2)
    statement["actor"]["name"] = ODD
    statement["verb"]["display"] = {"en": ODD}
    statement["object"]["definition"]["name"] = {"en": ODD}
    [mine] = post(xapi, statement)
    browser = signed_in("officer")
    for path in ("statements", f"statement/{mine}"):
        page = browser.get(f"/dashboard/{path}").text
        assert ODD not in page
        assert html.escape(ODD) in page
