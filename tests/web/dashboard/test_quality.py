"""Data quality, and the dry run: what a statement would come to before it is sent."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lrs.services.wiring import Rapport
from lrs.stores.refusals import OTHER, Refusal
from lrs.xapi.timestamps import format_us
from tests.clients import Xapi
from tests.services.academy import gazed, post
from tests.web.api.conftest import rating
from tests.web.dashboard.conftest import Browser, SignedIn, actions

RESULT = {"X-Fragment": "result"}
EXAMPLES = re.compile(r'href="/dashboard/check\?example=([a-z0-9-]+)"')
ODD = '<img src=x onerror="alert(1)">'


def facts(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page)
    return dict(found)


def sent(browser: Browser, statement: Any, *, version: str = "1.0.3", **kwargs: Any) -> Any:
    text = statement if isinstance(statement, str) else json.dumps(statement)
    return browser.send("/dashboard/check", {"statement": text, "version": version}, **kwargs)


@pytest.fixture
def vendor(academy: Rapport, xapi: Xapi) -> Rapport:
    """The academy, to which telemetry was sent, too."""
    post(xapi, gazed("R-001"), gazed("R-002"))
    return academy


@pytest.fixture
def trainer(signed_in: SignedIn) -> Browser:
    return signed_in("training_officer")


@pytest.mark.usefixtures("vendor")
def test_quality_counts_what_was_sent_and_recognised(trainer: Browser) -> None:
    page = trainer.get("/dashboard/quality")
    assert page.status_code == 200
    found = facts(page.text)
    assert (found["Statements"], found["Recognised"], found["Recognised by no plugin"]) == ("25", "23", "2")
    assert "2 statements of 25 were recognised by no plugin" in page.text


@pytest.mark.usefixtures("vendor")
def test_activities_and_what_was_sent_are_for_who_sees_everybody(signed_in: SignedIn) -> None:
    """An activity may be named after a person, and a reason quotes what was sent."""
    whole = signed_in("supervisor_of_all").get("/dashboard/quality").text
    assert "no rule is for the verb https://vr.example/verbs/gazed" in whole
    assert "https://vr.example/scenarios/traffic-stop" in whole
    for name in ("training_officer", "supervisor", "auditor", "administrator"):
        coarse = signed_in(name).get("/dashboard/quality").text
        assert "vr.example/verbs/gazed" not in coarse
        assert "scenarios/traffic-stop" not in coarse


@pytest.mark.parametrize("name", ["training_officer", "supervisor", "auditor", "administrator"])
@pytest.mark.usefixtures("vendor")
def test_quality_is_about_nobody_and_for_all_but_officers(signed_in: SignedIn, name: str) -> None:
    page = signed_in(name).get("/dashboard/quality")
    assert page.status_code == 200
    assert not re.search(r"R-00\d", page.text)


def test_an_officer_sees_neither(academy: Rapport, signed_in: SignedIn) -> None:
    browser = signed_in("officer")
    assert browser.get("/dashboard/quality").status_code == 403
    assert browser.get("/dashboard/check").status_code == 403
    assert sent(browser, rating("R-001", 5)).status_code == 403
    assert actions(academy, of=[f"user:{browser.user.id}"]).count("refused") == 3


def refused_part(page: str) -> str:
    """The words of the section on what was refused."""
    section = re.split(r'<h2 id="(?:refused|check)">', page)[1]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", section).split()))


def test_what_was_refused_is_told_by_vendor_and_in_words(
    academy: Rapport, trainer: Browser, client_with: Callable[..., Xapi]
) -> None:
    vendor, other = client_with("statements/write"), client_with("statements/write")
    for _ in range(2):
        vendor.post([{**rating("R-001", 5), "verb": {"id": "rated", ODD: 1}}] * 3)
    other.request("POST", "/xapi/statements", data=b"{", content_type="application/json")
    trainer.post("/xapi/statements", data=b"{}")  # without a version, without a key
    page = trainer.get("/dashboard/quality").text
    told = refused_part(page)
    assert "4 requests, with 6 statements as far as is known, were refused from " in told
    assert re.search(rf"{vendor.name} 2 6 2\d{{3}}-", told)
    assert re.search(rf"{other.name} 1 not known 2\d{{3}}-", told)
    assert f"{vendor.name} A statement breaks a rule of xAPI invalid_statement /*/verb/id " in told
    assert (
        f"{other.name} The body cannot be read as JSON malformed_json the whole "
        "a JSON text (RFC 8259) in UTF-8 1 " in told
    )
    assert "no key recognised The version of xAPI is missing, or one that is not spoken here" in told
    assert ODD not in page
    assert "R-001" not in told


def test_where_nothing_was_refused_that_is_said(academy: Rapport, trainer: Browser) -> None:
    told = refused_part(trainer.get("/dashboard/quality").text)
    assert "No request with statements was counted as refused from " in told
    assert "without a valid key, or without the right to post, are not counted" in told


def test_what_was_refused_on_other_days_is_left_out(
    academy: Rapport, trainer: Browser, client_with: Callable[..., Xapi]
) -> None:
    client_with("statements/write").post({})
    before = trainer.get("/dashboard/quality?as_of=2026-01-15")
    assert "No request with statements was counted as refused from 2025-12-16 to 2026-01-15" in refused_part(
        before.text
    )


@pytest.mark.parametrize(
    ("errors", "said"), [(11, "1 less frequent error is"), (63, "53 less frequent errors are")]
)
def test_the_most_frequent_errors_are_shown(
    academy: Rapport, trainer: Browser, errors: int, said: str
) -> None:
    now_us = academy.records.as_of(None)
    one = Refusal(
        day=format_us(now_us)[:10],
        authority="",
        code=OTHER,
        path=OTHER,
        expected="",
        requests=1000,
        statements=0,
        last_us=now_us,
    )
    many = [
        replace(one, code="conflict", path=f"/{number:02}", requests=99 - number)
        for number in range(errors - 1)
    ]
    academy.store.add_refusals([one, *many])
    told = refused_part(trainer.get("/dashboard/quality").text)
    assert "Other errors of several vendors (other) several places – 1,000 " in told
    assert "/08 – 91 " in told
    assert "/09" not in told
    assert f"{said} left off." in told


def test_since_leaves_out_what_was_stored_before(vendor: Rapport, xapi: Xapi, trainer: Browser) -> None:
    since = format_us(vendor.records.as_of(None))
    post(xapi, rating("R-001", 4))
    page = trainer.get("/dashboard/quality", query_string={"since": since})
    assert facts(page.text)["Statements"] == "1"


def test_what_is_no_date_is_told(trainer: Browser) -> None:
    page = trainer.get("/dashboard/quality?since=lately")
    assert page.status_code == 400
    assert "a date or timestamp (ISO 8601)" in page.text


def test_without_statements_there_is_nothing_to_draw(trainer: Browser) -> None:
    page = trainer.get("/dashboard/quality")
    assert page.status_code == 200
    assert "no statement was stored in this time" in page.text


def test_the_form_of_the_dry_run_is_on_both_pages(trainer: Browser) -> None:
    for path in ("/dashboard/quality", "/dashboard/check"):
        page = trainer.get(path).text
        assert re.search(r'<form[^>]* method="post" action="/dashboard/check"', page)
        assert "Paste a statement, or begin with an example." in page
        assert "/dashboard/static/check.js" in page


def test_a_statement_that_counts_is_told_by_which_rule_and_what_it_is_worth(trainer: Browser) -> None:
    page = sent(trainer, rating("R-001", 5))
    assert page.status_code == 200
    text = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "✓ Valid: it would be stored." in text
    assert "✓ Recognised by 1 rule." in text
    assert (
        "communication rule ride-along Communication Checks understanding R-001 5 on fto-7 0.67 field "
        "weight 1 on the day T-01" in text
    )


def test_one_that_counts_for_nobody_is_told_why_not(trainer: Browser) -> None:
    page = sent(trainer, gazed("R-001"))
    assert "Recognised by no rule" in page.text
    assert "no rule is for the verb https://vr.example/verbs/gazed" in page.text


def test_one_that_is_not_valid_is_told_where_and_what_would_be_right(trainer: Browser) -> None:
    page = sent(trainer, {**rating("R-001", 5), "verb": {"id": "rated"}, "timestamp": "lately"})
    assert "Not valid: a server would refuse it. 2 to put right." in page.text
    assert sorted(re.findall(r"<code>(/[^<]+)</code>", page.text)) == ["/timestamp", "/verb/id"]


def test_what_is_no_json_is_told(trainer: Browser) -> None:
    assert "a JSON text (RFC 8259) in UTF-8" in sent(trainer, "{").text


def test_the_version_decides(trainer: Browser) -> None:
    """Context agents came with 2.0.0."""
    agents = [{"objectType": "contextAgent", "agent": {"mbox": "mailto:r-001@academy.example"}}]
    statement = rating("R-001", 5)
    statement["context"]["contextAgents"] = agents
    assert "Valid: it would be stored." in sent(trainer, statement, version="2.0.0").text
    older = sent(trainer, statement)
    assert "<code>/context/contextAgents</code>" in older.text
    assert '<option value="1.0.3" selected>' in older.text


def test_an_unknown_version_is_refused(trainer: Browser) -> None:
    assert sent(trainer, rating("R-001", 5), version="3.0.0").status_code == 400


def test_nothing_that_is_checked_is_stored(trainer: Browser, rapport: Rapport) -> None:
    before = actions(rapport)
    sent(trainer, rating("R-001", 5))
    assert rapport.store.count_statements() == 0
    assert rapport.store.count_evidence() == 0
    assert actions(rapport) == before


def test_what_was_typed_stays_as_text(trainer: Browser) -> None:
    page = sent(trainer, {"actor": ODD}).text
    assert ODD not in page
    [kept] = re.findall(r'<textarea[^>]*id="statement"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert html.unescape(kept).strip() == json.dumps({"actor": ODD})


def test_a_script_gets_the_result_alone_and_it_says_so(trainer: Browser) -> None:
    answer = sent(trainer, rating("R-001", 5), headers=RESULT)
    assert answer.headers["X-Fragment"] == "result"
    assert "<html" not in answer.text
    assert "Recognised by 1 rule." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_script_without_the_token_of_the_session_gets_none(trainer: Browser) -> None:
    answer = trainer.post("/dashboard/check", data={"statement": "{}", "version": "1.0.3"}, headers=RESULT)
    assert answer.status_code == 403
    assert "X-Fragment" not in answer.headers


def test_nothing_typed_is_nothing_wrong(trainer: Browser) -> None:
    answer = sent(trainer, "  \n", headers=RESULT)
    assert answer.status_code == 200
    assert "Paste a statement" in answer.text


def test_every_example_of_a_source_is_valid_and_recognised(trainer: Browser) -> None:
    names = EXAMPLES.findall(trainer.get("/dashboard/check").text)
    assert len(names) == 14
    outcomes = {name: trainer.get(f"/dashboard/check?example={name}").text for name in names}
    assert "Not valid: a server would refuse it. 4 to put right." in outcomes.pop("mistakes")
    assert "Recognised by no rule" in outcomes.pop("telemetry")
    for name, page in outcomes.items():
        assert "Recognised by " in page, name
        assert "Recognised by no rule" not in page, name


def test_an_unknown_example_is_refused_with_those_there_are(trainer: Browser) -> None:
    page = trainer.get("/dashboard/check?example=nope")
    assert page.status_code == 400
    assert "ride-along, " in page.text


def test_no_page_has_a_script_or_style_of_its_own(trainer: Browser) -> None:
    for page in (trainer.get("/dashboard/quality"), sent(trainer, rating("R-001", 5))):
        assert not re.search(r"<script(?![^>]*(?:src=|type=\"application/json\"))", page.text)
        assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", page.text)
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
