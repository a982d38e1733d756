"""`/api/v1/reports`: each question with its parameters, its refusals, and who may ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lrs.errors import ConfigError
from lrs.services.reports import Whom
from lrs.services.wiring import Rapport
from tests.clients import Xapi
from tests.services.academy import ACADEMY, fill, key, post, surveys
from tests.web.api.readers import Readers

QUESTIONS: dict[str, dict[str, str]] = {
    "gaps": {},
    "trend": {"officer": "R-001", "competency": "communication"},
    "vr-field": {},
    "unit-survey": {"unit": "U-1", "competency": "communication"},
    "raters": {"competency": "communication"},
    "flat": {},
    "stale": {},
    "quality": {},
}


@pytest.fixture
def academy(xapi: Xapi, rapport: Rapport) -> Xapi:
    fill(xapi, rapport)
    post(xapi, *surveys("U-1", (3, 3, 3, 4, 4, 4)), *surveys("U-2", (3, 3, 3, 3, 3, 3)))
    return xapi


def ask(client: Xapi, question: str, **query: object) -> Any:
    answer = client.get(f"/api/v1/reports/{question}", **{**QUESTIONS[question], **query})
    assert answer.status_code == 200, answer.text
    return answer.json


def expected(rapport: Rapport, question: str, as_of_us: int) -> dict[str, Any]:
    """What the service answers with the defaults."""
    reports, whom = rapport.reports, Whom()
    asked: dict[str, Callable[[], Any]] = {
        "gaps": lambda: reports.gaps(as_of_us, whom),
        "trend": lambda: reports.trend(as_of_us, key("R-001"), "communication"),
        "vr-field": lambda: reports.vr_field(as_of_us, whom),
        "unit-survey": lambda: reports.unit_survey(as_of_us, key("U-1"), "communication"),
        "raters": lambda: reports.raters(as_of_us, whom, "communication"),
        "flat": lambda: reports.flat(as_of_us, whom),
        "stale": lambda: reports.stale(as_of_us, whom),
        "quality": lambda: reports.quality(as_of_us),
    }
    whole: dict[str, Any] = json.loads(json.dumps(asked[question]().as_dict()))
    return whole


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_that_of_the_service_whole(academy: Xapi, rapport: Rapport, question: str) -> None:
    if question == "raters":
        pytest.importorskip("raschpy")
    found = ask(academy, question)
    assert found == expected(rapport, question, rapport.reports.as_of(found["as_of"]))


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_unknown_parameter_is_refused(academy: Xapi, question: str) -> None:
    answer = academy.get(f"/api/v1/reports/{question}", **QUESTIONS[question], nonsense="1")
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] == "nonsense"


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_takes_a_key_that_may_read_everything(client_with: Callable[..., Xapi], question: str) -> None:
    answer = client_with("statements/write", "statements/read").get(
        f"/api/v1/reports/{question}", **QUESTIONS[question]
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("stale", {"days": "-1"}),
        ("stale", {"as_of": "2999-01-01"}),
        ("flat", {"encounters": "3"}),
        ("trend", {"date": "soon"}),
        ("trend", {"bandwidth_days": "0"}),
        ("unit-survey", {"period_days": "0"}),
        ("unit-survey", {"min_replies": "2"}),
        ("quality", {"statements": "0"}),
        ("quality", {"since": "soon"}),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(academy: Xapi, question: str, query: dict[str, str]) -> None:
    answer = academy.get(f"/api/v1/reports/{question}", **{**QUESTIONS[question], **query})
    assert answer.status_code == 400
    assert [one["path"] for one in answer.json["error"]["details"]] == list(query)


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("gaps", {"competency": "charm"}),
        ("gaps", {"indicator": "whistles"}),
        ("trend", {"officer": "R-404"}),
        ("unit-survey", {"unit": "U-404"}),
        ("unit-survey", {"controls": "U-404"}),
    ],
)
def test_what_is_not_there_is_404(academy: Xapi, question: str, query: dict[str, str]) -> None:
    answer = academy.get(f"/api/v1/reports/{question}", **{**QUESTIONS[question], **query})
    assert answer.status_code == 404


def test_officers_are_chosen_by_the_roster(academy: Xapi) -> None:
    found = ask(academy, "gaps", phase="2", trainer="T-00", lacking="true")
    assert [row["officer"] for row in found["officers"]] == [key("R-001")]


def test_control_units_are_joined_by_blanks(academy: Xapi) -> None:
    post(academy, *surveys("U-3", (3, 3, 3, 3, 3, 3)))
    found = ask(academy, "unit-survey", controls=f"U-3 account:U-2@{ACADEMY}")
    assert [one["unit"] for one in found["units"]] == [key("U-1"), key("U-2"), key("U-3")]
    [_, alone] = ask(academy, "unit-survey", controls="U-3")["units"]
    assert alone["unit"] == key("U-3")


def test_everybody_whose_record_is_read_is_in_the_audit_log(academy: Xapi, rapport: Rapport) -> None:
    read = Readers(rapport)
    ask(academy, "stale", unit="North")
    assert read() == [(key("R-001"), "report stale"), (key("R-002"), "report stale")]
    read.clear()
    ask(academy, "trend")
    assert read() == [(key("R-001"), "report trend")]


def test_a_survey_of_a_unit_reads_nobodys_record(academy: Xapi, rapport: Rapport) -> None:
    read = Readers(rapport)
    ask(academy, "unit-survey")
    assert read() == []


def test_without_the_library_for_raters_the_answer_names_the_extra(
    academy: Xapi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ConfigError("It needs the extra rapport-lrs[raters].")

    monkeypatch.setattr("lrs.cohort.facets.check_installed", missing)
    answer = academy.get("/api/v1/reports/raters", competency="communication")
    assert (answer.status_code, "rapport-lrs[raters]" in answer.json["error"]["message"]) == (404, True)


def test_the_description_says_what_is_of_now(http: Any) -> None:
    paths = http.get("/api/v1/openapi.json").json["paths"]
    for question in QUESTIONS:
        (said,) = (
            one["description"]
            for one in paths[f"/api/v1/reports/{question}"]["get"]["parameters"]
            if one["name"] == "as_of"
        )
        assert "roster" in said
        assert ("plugins" in said) == (question == "quality")
        assert "ever after" not in said


def test_evidence_may_be_forbidden_by_the_description(http: Any) -> None:
    paths = http.get("/api/v1/openapi.json").json["paths"]
    assert "403" in paths["/api/v1/evidence"]["get"]["responses"]


def test_no_endpoint_reads_group_data(http: Any) -> None:
    paths = http.get("/api/v1/openapi.json").json["paths"]
    assert not [path for path in paths if "impact" in path or "group" in path]


def test_quality_tells_what_was_refused(academy: Xapi, client_with: Callable[..., Xapi]) -> None:
    assert ask(academy, "quality")["refused"]["by_vendor"] == []
    vendor = client_with("statements/write")
    assert vendor.request("POST", "/xapi/statements", data=b"{", content_type="application/json").json[
        "error"
    ]
    found = ask(academy, "quality")["refused"]
    assert (found["requests"], found["statements"], found["more_reasons"]) == (1, 0, 0)
    [one] = found["by_vendor"]
    assert one["authority"] == f"account:{vendor.name}@https://lrs.example"
    [reason] = found["reasons"]
    assert (reason["code"], reason["path"], reason["requests"]) == ("malformed_json", "", 1)
    assert reason["expected"] == "a JSON text (RFC 8259) in UTF-8"
