"""The pages about one person: what is shown, to whom, and what is written down of it."""

from __future__ import annotations

import csv
import io
import re

import pytest

from lrs.services.wiring import Rapport
from tests.clients import Xapi
from tests.services.academy import DE_ESCALATES, key, on, post
from tests.web.api.conftest import rating
from tests.web.dashboard.conftest import Browser, SignedIn, actions

OFFICER = key("R-001")
RECORD = f"/dashboard/officer/{OFFICER}"
WHY = f"/dashboard/why/communication/{OFFICER}"
PATHS = (
    RECORD,
    f"/dashboard/officer.pdf/{OFFICER}?competency=leadership",
    f"/dashboard/officer.csv/{OFFICER}",
    WHY,
)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("officer", 200),
        ("training_officer", 200),
        ("supervisor", 200),
        ("supervisor_of_all", 200),
        ("other_officer", 403),
        ("other_training_officer", 403),
        ("administrator", 403),
        ("auditor", 404),  # by the name of the account, which would tell whose pseudonym it is
    ],
)
def test_who_sees_the_pages_about_one_person(
    academy: Rapport, signed_in: SignedIn, name: str, status: int
) -> None:
    browser = signed_in(name)
    assert [browser.get(path).status_code for path in PATHS] == [status] * 4


def test_nobody_is_led_to_where_they_sign_in(academy: Rapport, nobody: Browser) -> None:
    answer = nobody.get(RECORD)
    assert answer.status_code == 303
    assert "/dashboard/sign-in" in answer.location


def test_every_look_is_in_the_audit_log(academy: Rapport, signed_in: SignedIn) -> None:
    trainer = signed_in("training_officer")
    trainer.get(RECORD)
    trainer.get(WHY)
    log = actions(academy, of=[f"user:{trainer.user.id}"], about=OFFICER)
    assert log == [
        "read profile",
        "read explanation",
        "read evidence",
        "read report trend",
        "read explanation",
    ]


def test_a_look_that_was_refused_is_in_the_audit_log(academy: Rapport, signed_in: SignedIn) -> None:
    other = signed_in("other_training_officer")
    other.get(RECORD)
    assert actions(academy, of=[f"user:{other.user.id}"])[-1] == "refused"


def test_the_profile_with_its_margins_gaps_and_counts(academy: Rapport, signed_in: SignedIn) -> None:
    page = _text(signed_in("training_officer").get(RECORD).text)
    [part] = [
        one
        for one in academy.profiles.profile(OFFICER, academy.profiles.as_of(None)).as_dict()["competencies"]
        if one["competency"] == "communication"
    ]
    assert "Recruit 1" in page
    assert part["counts"]["text"] in page
    low, high = part["estimate"]["interval"]
    assert f"Score {part['estimate']['score']:.2f}, 90 % interval {low:.2f} to {high:.2f}" in page
    assert f"Nothing recorded on {len(part['gaps'])} of {len(part['indicators'])} indicators" in page
    assert "Offers choices" in page
    assert all(gate["reason"] in page for gate in part["gates"] if gate["gate"] == "raters")
    assert "It decides nothing about a person" in page


def test_an_officer_reads_their_own_record_in_plain_words(academy: Rapport, signed_in: SignedIn) -> None:
    officer, trainer = signed_in("officer").get(RECORD).text, signed_in("training_officer").get(RECORD).text
    assert "Your record in plain words" in officer
    assert "What is recorded is at the standard of this rubric." in officer
    assert "Contest or reply" in officer
    assert "in plain words" not in trainer
    assert "Contest or reply" not in trainer


def test_who_read_a_record_is_told_to_whose_it_is_and_to_nobody_who_may_not_see_the_log(
    academy: Rapport, signed_in: SignedIn
) -> None:
    trainer, officer = signed_in("training_officer"), signed_in("officer")
    assert "Who read this record" not in trainer.get(RECORD).text
    page = _text(officer.get(RECORD).text)
    assert "Who read this record" in page
    assert re.search(r"training_officer\s+read profile", page), "by name, and not by id"


def test_evidence_is_newest_first_with_the_weight_of_what_is_scored(
    academy: Rapport, signed_in: SignedIn, xapi: Xapi
) -> None:
    post(xapi, on(DE_ESCALATES, rating("R-001", 7, rater="T-08", days_ago=0.5)))
    page = signed_in("training_officer").get(RECORD).text
    table = _text(page[page.index('id="evidence"') :])
    dates = re.findall(r"\d{4}-\d{2}-\d{2}", table.partition("Who read")[0].partition("Versions")[0])
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 14
    # Half a day old, of a half-life of 30 days: 2^(-0.5 / 30).
    assert re.search(r"7 \(fto-7\)\s+T-08\s+field\s+\S+\s+0\.98[89]", table), table[:600]


def test_evidence_of_one_competency_and_only_the_latest_unless_all_are_asked_for(
    academy: Rapport, signed_in: SignedIn, xapi: Xapi
) -> None:
    post(xapi, *(rating("R-001", 4, rater="T-07", days_ago=20 + n) for n in range(30)))
    trainer = signed_in("training_officer")
    first = trainer.get(f"{RECORD}?competency=communication").text
    assert "The latest 30 of 43 items" in first
    every = trainer.get(f"{RECORD}?competency=communication&all=1").text
    assert "43 items, newest first" in every
    assert every.count("<code>") > first.count("<code>")
    none = trainer.get(f"{RECORD}?competency=leadership").text
    assert "Nothing is recorded of this competency by then." in none
    assert trainer.get(f"{RECORD}?competency=juggling").status_code == 404


def test_flags_are_shown_beside_the_numbers(academy: Rapport, signed_in: SignedIn, xapi: Xapi) -> None:
    extension = "https://w3id.org/xapi/rapport/extensions/"
    unseen = rating("R-001", 4, rater="T-08")
    unseen["result"] = {"extensions": {f"{extension}not-observed": True}}
    slow = rating("R-001", 3, rater="T-08")
    slow["result"]["extensions"] = {f"{extension}not-responding": True}
    before = _text(signed_in("training_officer").get(RECORD).text)
    assert "No rater marked anything" in before
    post(xapi, unseen, slow)
    found = academy.profiles.evidence(academy.profiles.as_of(None), subject=OFFICER)
    flags = {flag.value for one in found for flag in one.evidence.flags}
    page = _text(signed_in("training_officer").get(RECORD).text)
    assert flags == {"not_observed", "not_responding"}
    assert "Not responding to training (NRT): 1 time." in page
    assert "Not observed (N.O.): 1 time." in page


def test_an_earlier_instant_shows_what_was_recorded_by_then(
    academy: Rapport, signed_in: SignedIn, xapi: Xapi
) -> None:
    trainer = signed_in("training_officer")
    instant = _instant(academy)
    post(xapi, rating("R-001", 7, rater="T-99"))
    assert "T-99" in trainer.get(RECORD).text
    assert "T-99" not in trainer.get(f"{RECORD}?as_of={instant}").text
    assert "T-99" not in trainer.get(f"{WHY}?as_of={instant}").text
    assert trainer.get(f"{RECORD}?as_of=yesterday").status_code == 400
    assert trainer.get(f"{RECORD}?date=2999-01-01").status_code == 400


def test_the_trend_is_compared_around_the_date_that_is_asked_for(
    academy: Rapport, signed_in: SignedIn
) -> None:
    trainer, instant = signed_in("training_officer"), _instant(academy)
    plain = trainer.get(RECORD).text
    dated = trainer.get(f"{RECORD}?competency=communication&date={instant[:10]}").text
    assert "from " + str(int(instant[8:10])) not in plain
    assert 'id="trend"' in dated
    assert dated != plain


def test_somebody_on_the_roster_without_evidence_has_an_honest_empty_page(
    academy: Rapport, signed_in: SignedIn
) -> None:
    supervisor = signed_in("supervisor_of_all")
    page = supervisor.get(f"/dashboard/officer/{key('R-009')}")
    assert page.status_code == 200
    assert "there is no trend to draw" in page.text
    assert "Nothing is recorded by then." in page.text
    why = supervisor.get(f"/dashboard/why/communication/{key('R-009')}")
    assert "Nothing is recorded of this competency by then." in why.text


def test_an_auditor_reads_a_record_by_its_pseudonym_and_nothing_in_it_names_anybody(
    academy: Rapport, signed_in: SignedIn
) -> None:
    auditor = signed_in("auditor")
    [pseudonym] = {
        one["officer"]
        for one in academy.records.roster(academy.sights.of_user(auditor.user))
        if one["unit"] == "North" and one["officer"] == _pseudonym(academy, OFFICER)
    }
    signed_in("training_officer").get(RECORD)
    for path in (f"/dashboard/officer/{pseudonym}", f"/dashboard/why/communication/{pseudonym}"):
        page = auditor.get(path)
        assert page.status_code == 200
        assert pseudonym in page.text
        for named in ("R-001", "Recruit 1", "T-00", "T-01", "academy.example", "training_officer<"):
            assert named not in page.text, (path, named)


def test_why_has_every_vote_its_weight_and_the_bytes_that_it_rests_on(
    academy: Rapport, signed_in: SignedIn
) -> None:
    [explained] = academy.profiles.explanations(OFFICER, academy.profiles.as_of(None), "communication")
    explanation = explained.as_dict()
    page = _text(signed_in("training_officer").get(WHY).text)
    assert f"{len(explanation['votes'])} votes" in page
    for vote in explanation["votes"]:
        for one in vote["ratings"]:
            assert one["sha256"] in page
            assert one["statement_id"] in page
    assert explanation["formulae"][0]["formula"] in page
    assert explanation["rubric"]["digest"] in page
    assert f"{explanation['estimate']['mass']:.2f}" in page


def test_why_says_what_is_missing_for_a_decision(academy: Rapport, signed_in: SignedIn) -> None:
    """R-002 was rated once."""
    path = f"/dashboard/why/communication/{key('R-002')}"
    page = _text(signed_in("other_training_officer").get(path).text)
    assert "What is missing for a decided verdict" in page
    assert "1 more rater, beside the 1 so far." in page
    assert "rated at the acceptable anchor" in page
    assert (
        signed_in("other_training_officer").get(path.replace("communication", "juggling")).status_code == 404
    )


def test_what_is_left_out_stands_there_with_its_reason(
    academy: Rapport, signed_in: SignedIn, xapi: Xapi
) -> None:
    unseen = rating("R-001", 4, rater="T-08")
    unseen["result"] = {"extensions": {"https://w3id.org/xapi/rapport/extensions/not-observed": True}}
    post(xapi, unseen)
    page = _text(signed_in("training_officer").get(WHY).text)
    assert "Left out, and why" in page
    assert "not observed (N.O.): missing, not 0" in page


def test_the_profile_on_paper_and_as_a_spreadsheet(academy: Rapport, signed_in: SignedIn) -> None:
    trainer = signed_in("training_officer")
    paper = trainer.get(f"/dashboard/officer.pdf/{OFFICER}?competency=communication")
    assert paper.data.startswith(b"%PDF-")
    assert re.search(r'filename="profile-R-001-\d{4}-\d{2}-\d{2}\.pdf"', paper.headers["Content-Disposition"])
    sheet = trainer.get(f"/dashboard/officer.csv/{OFFICER}")
    assert sheet.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert {row["officer"] for row in rows} == {OFFICER}
    assert sum(row["kind"] == "vote" for row in rows) == 13
    assert trainer.get(f"/dashboard/officer.csv/{OFFICER}?competency=juggling").status_code == 404


def test_the_name_of_a_file_tells_no_address_of_anybody(
    academy: Rapport, signed_in: SignedIn, xapi: Xapi
) -> None:
    mailed = rating("R-001", 5)
    mailed["actor"] = {"objectType": "Agent", "mbox": "mailto:somebody@academy.example"}
    post(xapi, mailed)
    sheet = signed_in("supervisor_of_all").get("/dashboard/officer.csv/mailto:somebody@academy.example")
    assert re.search(r'filename="profile-\d{4}-\d{2}-\d{2}\.csv"', sheet.headers["Content-Disposition"])


def test_the_log_is_on_paper_only_for_who_may_read_it(academy: Rapport, signed_in: SignedIn) -> None:
    def kinds(name: str) -> set[str]:
        rows = csv.DictReader(io.StringIO(signed_in(name).get(f"/dashboard/officer.csv/{OFFICER}").text))
        return {row["kind"] for row in rows}

    assert "audit" not in kinds("training_officer")
    assert "audit" in kinds("officer")


def _instant(rapport: Rapport) -> str:
    from lrs.xapi.timestamps import format_us

    return format_us(rapport.profiles.as_of(None))


def _pseudonym(rapport: Rapport, agent: str) -> str:
    return rapport.sights.of_system().pseudonyms().of(agent)


def _text(page: str) -> str:
    """What stands on a page, without its markup, each blank one space."""
    import html

    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
