"""What a page says once after a form was sent."""

from __future__ import annotations

from lrs.services.wiring import Rapport
from lrs.web import create_app
from tests.services.academy import key
from tests.web.dashboard.conftest import Browser, SignedIn, browser_of

SAID = "The item is contested."


def _contest(rapport: Rapport, officer: Browser) -> str:
    [item, *_] = rapport.profiles.evidence(rapport.profiles.as_of(None), subject=key("R-001"))
    answer = officer.send("/dashboard/contests", {"statement": item.statement_id, "reason": "Not me."})
    assert answer.status_code == 303
    return answer.location


def test_it_is_said_on_the_next_page_and_then_no_more(academy: Rapport, signed_in: SignedIn) -> None:
    officer = signed_in("officer")
    page = _contest(academy, officer)
    assert SAID in officer.get(page).text
    assert SAID not in officer.get(page).text


def test_it_is_said_by_whichever_process_answers_next(academy: Rapport, signed_in: SignedIn) -> None:
    officer = signed_in("officer")
    page = _contest(academy, officer)
    other = create_app(academy.config, academy)
    other.test_client_class = Browser
    elsewhere = browser_of(other)
    elsewhere._cookies = officer._cookies
    assert SAID in elsewhere.get(page).text


def test_its_cookie_is_for_pages_alone_and_out_of_reach_of_scripts(
    academy: Rapport, signed_in: SignedIn
) -> None:
    officer = signed_in("officer")
    _contest(academy, officer)
    cookie = officer.get_cookie("rapport-said", path="/dashboard")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "Lax")


def test_what_was_forged_is_not_said(academy: Rapport, signed_in: SignedIn) -> None:
    officer = signed_in("officer")
    officer.set_cookie("rapport-said", "eyJfZmxhc2hlcyI6W119.forged.forged", path="/dashboard", secure=True)
    page = officer.get("/dashboard/contests")
    assert page.status_code == 200
    assert 'role="status"' not in page.text
