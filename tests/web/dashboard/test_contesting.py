"""The story of a contest as people live it on the pages."""

from __future__ import annotations

import re
import uuid

import pytest
from werkzeug.test import TestResponse

from lrs.services.wiring import Rapport
from lrs.stores.contests import Contest
from lrs.xapi import strict_json
from tests.clients import Xapi
from tests.services.academy import DE_ESCALATES, graded, key, on, post
from tests.web.api.conftest import rating
from tests.web.dashboard.conftest import Browser, SignedIn, actions

OFFICER = key("R-001")
RECORD = f"/dashboard/officer/{OFFICER}"
WHY = f"/dashboard/why/communication/{OFFICER}"
WRONG = "That was not my call: I came when it was over."
REASONS = "The sheet says 6."


@pytest.fixture
def item(academy: Rapport, xapi: Xapi) -> str:
    """An item of the record of R-001: rated 3 by T-05."""
    return post(xapi, on(DE_ESCALATES, rating("R-001", 3, rater="T-05", days_ago=2)))[0]


@pytest.fixture
def officer(signed_in: SignedIn) -> Browser:
    return signed_in("officer")


@pytest.fixture
def contest(academy: Rapport, officer: Browser, item: str) -> Contest:
    """The item, contested on the page."""
    answer = officer.send("/dashboard/contests", {"statement": item, "reason": WRONG})
    assert answer.status_code == 303, answer.text
    [made] = academy.store.contests()
    return made


def decide(browser: Browser, contest: Contest, **fields: str) -> TestResponse:
    return browser.send(f"/dashboard/contest/{contest.id}/decide", {"reasons": REASONS, **fields})


def followed(browser: Browser, answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return browser.get(answer.location).text


def ratings(rapport: Rapport, as_of_us: int | None = None) -> list[float | None]:
    """What T-05 rated, as it counts."""
    instant = rapport.profiles.as_of(None) if as_of_us is None else as_of_us
    found = rapport.profiles.evidence(instant, subject=OFFICER)
    return [one.evidence.rating for one in found if one.evidence.rater == key("T-05")]


def test_a_contest_that_is_granted_with_a_value(
    academy: Rapport, officer: Browser, item: str, signed_in: SignedIn
) -> None:
    record = officer.get(RECORD).text
    assert f"/dashboard/contest-item?statement={item}" in record
    before = academy.profiles.as_of(None)
    profile_before = academy.profiles.profile(OFFICER, before).as_dict()

    raised = officer.send("/dashboard/contests", {"statement": item, "reason": WRONG})
    page = followed(officer, raised)
    assert WRONG in page
    assert "30 days of 30 left" in page
    assert "What is to happen" not in page, "an officer decides nothing"

    trainer = signed_in("training_officer")
    [contest] = academy.store.contests()
    assert contest.id[:8] in trainer.get("/dashboard/contests").text
    form = trainer.get(f"/dashboard/contest/{contest.id}").text
    assert "A number from 1 to 7. As it stands: 3." in form

    done = followed(trainer, decide(trainer, contest, decision="correct", value="6"))
    assert "Granted" in done
    assert REASONS in done
    [decided] = academy.store.contests()
    corrected = academy.store.get(decided.reissued_id)
    assert corrected is not None
    assert strict_json.parse(corrected.raw)["result"]["score"] == {"raw": 6, "min": 1, "max": 7}
    voided = academy.store.get(item)
    assert voided is not None
    assert voided.voided_us is not None

    assert ratings(academy) == [6.0]
    assert academy.profiles.profile(OFFICER, before).as_dict() == profile_before
    assert ratings(academy, before) == [3.0]
    for page in (officer.get(RECORD).text, officer.get(WHY).text):
        assert WRONG in page
        assert REASONS in page
    log = actions(academy, about=OFFICER)
    assert [one for one in log if "contest" in one and not one.startswith("read")] == [
        "contest",
        "grant contest",
    ]


def test_a_contest_that_is_refused_keeps_the_item_and_the_reasons_beside_it(
    academy: Rapport, officer: Browser, contest: Contest, signed_in: SignedIn
) -> None:
    trainer = signed_in("training_officer")
    assert "Refused" in followed(trainer, decide(trainer, contest, decision="refuse"))
    assert ratings(academy) == [3.0]
    for browser, path in ((officer, RECORD), (officer, WHY), (trainer, RECORD), (trainer, WHY)):
        page = browser.get(path).text
        assert REASONS in page
        assert WRONG in page
    form = officer.get(f"/dashboard/contest-item?statement={contest.statement_id}").text
    assert "/dashboard/rejoinders" in form
    assert 'action="/dashboard/contests"' not in form
    again = officer.send("/dashboard/contests", {"statement": contest.statement_id, "reason": "Once more."})
    assert again.status_code == 409
    assert "rejoinder" in again.text


def test_an_item_that_was_voided_with_nothing_in_its_place_stays_visible_as_voided(
    academy: Rapport, officer: Browser, contest: Contest, signed_in: SignedIn
) -> None:
    trainer = signed_in("training_officer")
    followed(trainer, decide(trainer, contest, decision="void"))
    assert ratings(academy) == []
    for browser in (officer, trainer):
        page = browser.get(RECORD).text
        assert "Contested or answered, and voided" in page
        assert WRONG in page
        assert "T-05" in page, "who had rated it is still told"
        assert "Nothing stands in its place" in page
    assert "voided on" in trainer.get(f"/dashboard/contest/{contest.id}").text


def test_who_may_not_decide_is_refused_and_nothing_is_changed(
    academy: Rapport, contest: Contest, signed_in: SignedIn, officer: Browser
) -> None:
    beyond = ("other_training_officer", "other_officer", "auditor", "administrator")
    for browser in (officer, *map(signed_in, beyond)):
        assert decide(browser, contest, decision="void").status_code == 403
    assert signed_in("other_training_officer").get(f"/dashboard/contest/{contest.id}").status_code == 403
    assert signed_in("administrator").get(f"/dashboard/contest/{contest.id}").status_code == 403
    assert ratings(academy) == [3.0]
    assert [one.state.value for one in academy.store.contests()] == ["open"]
    assert actions(academy).count("refused") >= 6


def test_nobody_is_offered_to_decide_a_contest_of_their_own(
    academy: Rapport, contest: Contest, signed_in: SignedIn
) -> None:
    officer = signed_in("supervisor")
    academy.users.change("supervisor", agent=OFFICER)
    page = officer.get(f"/dashboard/contest/{contest.id}").text
    assert WRONG in page
    assert "What is to happen" not in page
    assert decide(officer, contest, decision="refuse").status_code == 403


def test_a_second_decision_is_a_conflict(academy: Rapport, contest: Contest, signed_in: SignedIn) -> None:
    trainer, supervisor = signed_in("training_officer"), signed_in("supervisor")
    followed(trainer, decide(trainer, contest, decision="refuse"))
    second = decide(supervisor, contest, decision="correct", value="6")
    assert second.status_code == 409
    assert "refused already" in second.text
    assert ratings(academy) == [3.0]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"decision": "correct", "value": "9"}, "expected a number from 1 to 7"),
        ({"decision": "correct", "value": "3"}, "changes a rating"),
        ({"decision": "correct"}, "expected a number from 1 to 7"),
        ({"decision": "void", "reasons": " "}, "reasons is empty"),
        ({"decision": "refuse", "reasons": ""}, "reasons is empty"),
        ({"decision": "maybe"}, "not said how"),
        ({}, "not said how"),
    ],
)
def test_a_form_that_cannot_be_taken_is_shown_again_with_what_was_typed(
    academy: Rapport, contest: Contest, signed_in: SignedIn, fields: dict[str, str], said: str
) -> None:
    trainer = signed_in("training_officer")
    answer = decide(trainer, contest, **{"reasons": "Typed before.", **fields})
    assert answer.status_code == 400
    assert said in answer.text
    assert fields.get("reasons", "Typed before.").strip() in answer.text
    if fields.get("value") == "9":
        assert 'value="9"' in answer.text
        assert re.search(r'value="correct"[^>]* checked', answer.text)
    assert [one.state.value for one in academy.store.contests()] == ["open"]


def test_the_rater_of_an_item_is_told_that_it_is_their_own_rating(
    academy: Rapport, officer: Browser, signed_in: SignedIn
) -> None:
    """T-00 has rated R-001, who is assigned to them."""
    found = academy.profiles.evidence(academy.profiles.as_of(None), subject=OFFICER)
    own = next(one for one in found if one.evidence.rater == key("T-00"))
    officer.send("/dashboard/contests", {"statement": own.statement_id, "reason": WRONG})
    [contest] = academy.store.contests()
    assert "You are the rater" in signed_in("training_officer").get(f"/dashboard/contest/{contest.id}").text
    assert "You are the rater" not in signed_in("supervisor").get(f"/dashboard/contest/{contest.id}").text


def test_where_nothing_can_be_corrected_no_value_is_asked_for(
    academy: Rapport, officer: Browser, signed_in: SignedIn, xapi: Xapi
) -> None:
    [attempt] = post(xapi, graded("R-001", 0.4, 2))
    officer.send("/dashboard/contests", {"statement": attempt, "reason": WRONG})
    [contest] = academy.store.contests()
    page = signed_in("training_officer").get(f"/dashboard/contest/{contest.id}").text
    assert 'value="void"' in page
    assert 'value="correct"' not in page
    assert "can be voided, and not corrected" in page


def test_a_contest_is_withdrawn_and_may_be_raised_again(
    academy: Rapport, officer: Browser, contest: Contest
) -> None:
    path = f"/dashboard/contest/{contest.id}/withdraw"
    assert "withdrawn" in followed(officer, officer.send(path))
    assert officer.send(path).status_code == 409
    again = officer.send("/dashboard/contests", {"statement": contest.statement_id, "reason": "After all."})
    assert again.status_code == 303
    assert [one.state.value for one in academy.store.contests()] == ["withdrawn", "open"]


def test_a_rejoinder_is_shown_wherever_the_item_is(
    academy: Rapport, officer: Browser, item: str, signed_in: SignedIn
) -> None:
    text = "I had called\r\nfor the interpreter."
    page = followed(officer, officer.send("/dashboard/rejoinders", {"statement": item, "text": text}))
    assert "called\nfor the interpreter." in page
    for path in (RECORD, WHY):
        assert "for the interpreter." in signed_in("training_officer").get(path).text
    assert "for the interpreter." not in signed_in("other_training_officer").get(RECORD).text
    assert "rejoinder" in actions(academy, of=[f"user:{officer.user.id}"], about=OFFICER)


def test_what_is_typed_is_kept_when_it_cannot_be_taken(academy: Rapport, officer: Browser, item: str) -> None:
    too_long = "so " * 2000
    for path, name in (("/dashboard/contests", "reason"), ("/dashboard/rejoinders", "text")):
        answer = officer.send(path, {"statement": item, name: too_long})
        assert answer.status_code == 400
        assert too_long in answer.text
    assert list(academy.store.contests()) == []


def test_what_somebody_writes_is_text_and_never_markup(
    academy: Rapport, officer: Browser, item: str, signed_in: SignedIn
) -> None:
    officer.send("/dashboard/contests", {"statement": item, "reason": "<script>alert(1)</script>"})
    [contest] = academy.store.contests()
    trainer = signed_in("training_officer")
    for path in (RECORD, WHY, "/dashboard/contests", f"/dashboard/contest/{contest.id}"):
        page = trainer.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_of_others_records_nothing_is_told_to_an_officer(
    academy: Rapport, item: str, contest: Contest, signed_in: SignedIn
) -> None:
    other = signed_in("other_officer")
    for statement in (item, str(uuid.uuid4())):
        assert other.get(f"/dashboard/contest-item?statement={statement}").status_code == 403
        answer = other.send("/dashboard/contests", {"statement": statement, "reason": WRONG})
        assert answer.status_code == 403
        assert "T-05" not in answer.text
    assert other.get("/dashboard/contest-item?statement=nonsense").status_code == 400
    assert other.send("/dashboard/rejoinders", {"statement": "nonsense", "text": "x"}).status_code == 400
    assert other.get(f"/dashboard/contest/{contest.id}").status_code == 403
    assert WRONG not in other.get("/dashboard/contests").text


def test_a_form_without_its_token_does_nothing(
    academy: Rapport, contest: Contest, signed_in: SignedIn
) -> None:
    trainer = signed_in("training_officer")
    trainer.csrf = "forged"
    assert decide(trainer, contest, decision="void").status_code == 403
    assert ratings(academy) == [3.0]


def test_the_open_come_first_and_the_state_filters(
    academy: Rapport, officer: Browser, contest: Contest, signed_in: SignedIn, xapi: Xapi
) -> None:
    [later] = post(xapi, rating("R-001", 2, rater="T-06", days_ago=1))
    officer.send("/dashboard/contests", {"statement": later, "reason": "And this one."})
    trainer = signed_in("training_officer")
    followed(trainer, decide(trainer, contest, decision="refuse"))
    page = trainer.get("/dashboard/contests").text
    assert page.index("And this one.") < page.index(WRONG)
    only = trainer.get("/dashboard/contests?state=refused").text
    assert WRONG in only
    assert "And this one." not in only
    assert trainer.get("/dashboard/contests?state=lost").status_code == 400


def test_an_auditor_sees_contests_without_names_and_without_words(
    academy: Rapport, contest: Contest, signed_in: SignedIn
) -> None:
    auditor = signed_in("auditor")
    for path in ("/dashboard/contests", f"/dashboard/contest/{contest.id}"):
        page = auditor.get(path)
        assert page.status_code == 200
        assert "P-" in page.text
        for hidden in (WRONG, "R-001", "Recruit 1", "T-05"):
            assert hidden not in page.text
