"""The pages of questions: what they say, whom they show to whom, what they refuse, what stands in the audit log."""

from __future__ import annotations

import importlib.util
import re
from datetime import UTC, datetime, timedelta

import pytest

from lrs.services.wiring import Rapport
from lrs.xapi.timestamps import format_us
from tests.clients import Xapi
from tests.services.academy import DE_ESCALATES, key, on, post, surveys
from tests.web.api.conftest import rating
from tests.web.dashboard.conftest import SignedIn, actions

COHORT = ("gaps", "stale", "flat", "vr-field")
QUESTIONS = (*COHORT, "raters", "surveys")


EMPTY = {
    "gaps": "There is nobody to draw",
    "stale": "There is nothing to draw within 30 days.",
    "flat": "Nobody has 8 scored encounters on a competency",
    "vr-field": "Not drawn: 30 officers with both are needed; there are 0.",
    "raters": "There is no rating by a person to compare.",
    "surveys": "No survey of a unit is recorded by then.",
}


def rows(page: str, label: str) -> list[str]:
    """The rows of the table of that name, as plain text."""
    table = re.search(rf'<caption class="visually-hidden">{re.escape(label)}.*?</table>', page, re.DOTALL)
    assert table, f"no table {label}"
    return [_plain(row) for row in re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def chosen(page: str, name: str) -> list[str]:
    """What a select of the filters stands at."""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    assert select, f"no select {name}"
    return re.findall(r'value="([^"]*)" selected', select[0])


@pytest.mark.usefixtures("academy")
def test_gaps_tell_who_lacks_evidence_of_an_indicator(signed_in: SignedIn) -> None:
    page = signed_in("supervisor").get(
        "/dashboard/gaps?competency=communication&indicator=de-escalates-before-force"
    )
    assert page.status_code == 200
    assert "1 of 2 recruits lacks evidence of “De-escalates before force”." in page.text
    lacking = rows(page.text, "Recruits and indicators")
    assert [row.split()[:4] for row in lacking[1:]] == [
        ["Recruit", "1", "2", "0"],
        ["Recruit", "2", "2", "1"],
    ]
    assert lacking[2].split()[4] == "none"


@pytest.mark.usefixtures("academy")
def test_only_who_lacks_some_are_listed_when_asked_so(signed_in: SignedIn) -> None:
    page = signed_in("supervisor").get(
        "/dashboard/gaps?competency=communication&indicator=de-escalates-before-force&lacking=yes"
    )
    assert [row.split()[1] for row in rows(page.text, "Recruits and indicators")[1:]] == ["2"]


@pytest.mark.usefixtures("academy")
def test_gaps_count_how_many_lack_each_indicator(signed_in: SignedIn) -> None:
    page = signed_in("supervisor").get("/dashboard/gaps?competency=communication").text
    counts = {
        row.rsplit(" ", 4)[0]: row.split()[-3:] for row in rows(page, "How many recruits lack each indicator")
    }
    assert counts["Checks understanding"] == ["0", "of", "2"]
    assert counts["De-escalates before force"] == ["1", "of", "2"]


@pytest.mark.usefixtures("academy")
def test_all_competencies_stand_beside_each_other(signed_in: SignedIn) -> None:
    page = signed_in("supervisor").get("/dashboard/gaps?competency=all").text
    titles, first, *_ = rows(page, "How many indicators each recruit lacks")
    assert "Communication" in titles
    assert "Leadership" in titles
    assert first.startswith("Recruit 1 2 ")
    assert "5 of 7 lacking" in first


@pytest.mark.usefixtures("academy")
@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("gaps?competency=juggling", 404, "No plugin defines the competency juggling."),
        ("gaps?competency=leadership&indicator=lets-others-finish", 404, "No competency has an indicator"),
        ("stale?days=soon", 400, "a number from 0 to 36500"),
        ("stale?days=nan", 400, "a number from 0 to 36500"),
        ("flat?encounters=2", 400, "a number from 4 to 1000"),
        ("flat?nrt_times=1.5", 400, "a whole number from 1 to 1000"),
        ("vr-field?min_encounters=0", 400, "a number from 1 to 1000"),
        ("raters?competency=bias_reflection", 400, "The question cannot be asked of bias_reflection."),
    ],
)
def test_what_cannot_be_asked_is_said_and_the_filters_stay(
    signed_in: SignedIn, query: str, status: int, said: str
) -> None:
    page = signed_in("supervisor").get(f"/dashboard/{query}&unit=North")
    assert page.status_code == status
    assert said in page.text
    assert chosen(page.text, "unit") == ["North"]


@pytest.mark.usefixtures("academy")
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_future_is_not_known_yet(signed_in: SignedIn, question: str) -> None:
    page = signed_in("supervisor").get(f"/dashboard/{question}?as_of=2999-01-01")
    assert page.status_code == 400
    assert "what is recorded later is not known yet" in page.text


@pytest.mark.usefixtures("academy")
def test_people_are_linked_to_their_page_at_the_same_instant(signed_in: SignedIn, academy: Rapport) -> None:
    at = academy.records.as_of(None)
    page = signed_in("supervisor").get(f"/dashboard/gaps?as_of={format_us(at)}").text
    links = re.findall(r'href="(/dashboard/officer/[^"]+)"', page)
    assert len(links) == 2
    assert all(f"as_of={format_us(at)}" in link.replace("%3A", ":") for link in links)


@pytest.mark.parametrize("question", COHORT)
def test_a_training_officer_sees_those_assigned_to_them(
    academy: Rapport, signed_in: SignedIn, question: str
) -> None:
    browser = signed_in("training_officer")
    page = browser.get(f"/dashboard/{question}")
    assert page.status_code == 200
    assert "Recruit 2" not in page.text
    read = {
        subject
        for entry in academy.store.scan_audit()
        if entry.happening.actor == f"user:{browser.user.id}"
        for subject in entry.happening.subjects
    }
    assert read == {key("R-001"), key("R-003")}


@pytest.mark.parametrize("question", COHORT)
def test_an_officer_sees_no_cohort(academy: Rapport, signed_in: SignedIn, question: str) -> None:
    browser = signed_in("officer")
    assert browser.get(f"/dashboard/{question}").status_code == 403
    assert actions(academy, of=[f"user:{browser.user.id}"])[-1] == "refused"


@pytest.mark.usefixtures("academy")
@pytest.mark.parametrize("question", ["gaps", "stale", "flat"])
def test_an_auditor_sees_pseudonyms(signed_in: SignedIn, question: str) -> None:
    page = signed_in("auditor").get(f"/dashboard/{question}")
    assert page.status_code == 200
    assert not re.search(r"R-00\d|T-0\d|Recruit \d", page.text)
    if question != "stale":  # nothing goes stale so soon
        assert re.search(r"/dashboard/officer/P-[A-Z2-7]{8}", page.text)


@pytest.mark.usefixtures("academy")
def test_who_makes_no_progress_is_named_with_the_change(signed_in: SignedIn) -> None:
    page = signed_in("training_officer").get("/dashboard/flat?encounters=4").text
    assert "Flat below the cut: 1" in page
    [_, row] = rows(page, "Flat below the cut")
    assert row.startswith("Recruit 3 Communication 2.0 on fto-7 0.0 points")


@pytest.mark.usefixtures("academy")
def test_nrt_on_one_item_again_is_listed_with_its_statements(xapi: Xapi, signed_in: SignedIn) -> None:
    flag = {"https://w3id.org/xapi/rapport/extensions/not-responding": True}
    result = {"score": {"raw": 3, "min": 1, "max": 7}, "extensions": flag}
    sent = post(
        xapi, *(on(DE_ESCALATES, rating("R-001", 3, days_ago=n + 1, result=result)) for n in range(3))
    )
    page = signed_in("training_officer").get("/dashboard/flat").text
    [_, row] = rows(page, "Flagged as not responding")
    assert row.startswith("Recruit 1 Communication de escalates before force 3")
    assert all(one in page for one in sent)
    fewer = signed_in("training_officer").get("/dashboard/flat?nrt_times=4").text
    assert "Nobody was flagged so often on one item." in fewer


@pytest.mark.usefixtures("academy")
def test_what_goes_stale_is_told_with_the_day(signed_in: SignedIn) -> None:
    browser = signed_in("training_officer")
    soon = browser.get("/dashboard/stale?days=1").text
    assert "Changes in the next 1 days</dt><dd>0<" in soon
    late = browser.get("/dashboard/stale?days=200&competency=communication").text
    assert [row.split()[:2] for row in rows(late, "What goes stale")[1:]] == [
        ["Recruit", "3"],
        ["Recruit", "1"],
    ]
    assert "too little evidence for a verdict" in late


@pytest.mark.usefixtures("academy")
def test_vr_and_field_is_refused_below_thirty(signed_in: SignedIn) -> None:
    page = signed_in("supervisor").get("/dashboard/vr-field").text
    row = next(one for one in rows(page, "Correlation of VR and field") if one.startswith("Communication"))
    assert "No answer: 30 officers with both are needed; there are 0." in row


@pytest.mark.usefixtures("academy")
def test_raters_are_told_with_their_agreement(signed_in: SignedIn) -> None:
    pytest.importorskip("raschpy")
    page = signed_in("supervisor").get("/dashboard/raters?competency=communication").text
    assert {row.split()[0] for row in rows(page, "Raters, the most severe first")[1:]} == {"T-00", "T-01"}
    assert "not estimated: " in page
    assert "Krippendorff&#39;s α" in page or "Krippendorff's α" in page


@pytest.mark.usefixtures("academy")
def test_raters_without_their_library_say_how_it_is_installed(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "raschpy" else found(name, *more)
    )
    page = signed_in("supervisor").get("/dashboard/raters")
    assert page.status_code == 200
    assert "Rater severity needs a library that is not installed" in page.text
    assert "<code>pip install &#39;rapport-lrs[raters]&#39;</code>" in page.text.replace("'", "&#39;")
    assert chosen(page.text, "competency") == ["communication"]


@pytest.fixture
def units(academy: Rapport, xapi: Xapi) -> Rapport:
    """Surveys of three units: that of North rises, the others stand."""
    post(xapi, *surveys("north", [2, 2, 2, 4, 4, 4]), *surveys("south", [3] * 6), *surveys("west", [3] * 6))
    return academy


def course() -> str:
    """A day between the third and the fourth of the six periods."""
    return (datetime.now(UTC) - timedelta(days=28 * 3)).date().isoformat()


@pytest.mark.usefixtures("units")
def test_a_survey_stands_beside_its_control_units(signed_in: SignedIn) -> None:
    query = f"unit={key('north')}&competency=communication&date={course()}"
    page = signed_in("supervisor").get(f"/dashboard/surveys?{query}")
    assert page.status_code == 200
    changes = rows(page.text, "Change of each unit")[1:]
    assert changes[0].startswith("north 2.00 points")
    assert [row.split()[:2] for row in changes[1:3]] == [["south", "control"], ["west", "control"]]
    assert changes[3].startswith("north beyond its controls 2.00 points")


@pytest.mark.usefixtures("units")
def test_control_units_can_be_chosen(signed_in: SignedIn) -> None:
    query = f"unit={key('north')}&competency=communication&date={course()}&control={key('west')}"
    page = signed_in("supervisor").get(f"/dashboard/surveys?{query}").text
    assert [row.split()[0] for row in rows(page, "Change of each unit")[1:]] == ["north", "west", "north"]
    assert re.search(rf'value="{key("west")}" checked', page)
    assert not re.search(rf'value="{key("south")}" checked', page)


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ("&date=soon", 400, "a date or timestamp (ISO 8601)"),
        ("&competency=juggling", 404, "No plugin defines the competency juggling."),
        ("&unit=nowhere", 404, "Nothing is recorded of nowhere."),
    ],
)
def test_a_survey_that_cannot_be_asked_for_says_so(
    signed_in: SignedIn, more: str, status: int, said: str
) -> None:
    page = signed_in("supervisor").get(f"/dashboard/surveys?{more}")
    assert (page.status_code, said in page.text) == (status, True)


@pytest.mark.usefixtures("academy")
def test_without_surveys_there_is_nothing_to_show(signed_in: SignedIn) -> None:
    page = signed_in("supervisor").get("/dashboard/surveys")
    assert page.status_code == 200
    assert "No survey of a unit is recorded by then." in page.text


@pytest.mark.usefixtures("units")
def test_surveys_are_about_nobody(units: Rapport, signed_in: SignedIn) -> None:
    browser = signed_in("training_officer")
    browser.get("/dashboard/surveys")
    assert not [one for one in actions(units, of=[f"user:{browser.user.id}"]) if one.startswith("read")]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_empty_store_has_honest_pages(signed_in: SignedIn, rapport: Rapport, question: str) -> None:
    assert rapport.store.count_statements() == 0
    if question == "raters":
        pytest.importorskip("raschpy")
    page = signed_in("supervisor_of_all").get(f"/dashboard/{question}")
    assert page.status_code == 200
    assert re.search(rf'class="chart-empty">{EMPTY[question]}', page.text)
