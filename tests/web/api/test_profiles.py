"""Profiles and explanations over HTTP, from statements that were posted over HTTP."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from lrs.plugin import hookimpl, testing
from lrs.xapi.timestamps import format_us, parse_us
from tests.clients import Xapi
from tests.web.api.conftest import ACADEMY, rating

KEY = f"account:R-001@{ACADEMY}"
PROFILE = f"/api/v1/profiles/{KEY}"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


class _Recogniser:
    name, verbs = "failing", None

    def recognise(self, view: Any) -> None:
        raise ValueError("a defect of the plugin")


class _Plugin:
    @hookimpl
    def lrs_recognisers(self, config: Any) -> list[_Recogniser]:
        return [_Recogniser()]


def competency(answer: Any, name: str = "communication") -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    [found] = [one for one in answer.json["competencies"] if one["competency"] == name]
    return found


def test_a_profile_weighs_what_was_posted(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    ids = rated("R-001", 5, 5, 6, 5, 6, 5)
    answer = xapi.get(PROFILE)
    found = competency(answer)
    assert answer.json["subject"] == KEY
    assert found["verdict"] == "at_standard"
    assert found["counts"]["encounters"] == 6
    assert found["counts"]["raters"] == 2
    assert sorted(source["id"] for source in found["statements"]) == sorted(ids)
    assert competency(answer, "leadership")["verdict"] == "insufficient"


def test_a_profile_names_statements_by_the_hash_of_the_bytes_that_are_served(
    xapi: Xapi, rated: Callable[..., list[str]]
) -> None:
    [statement_id] = rated("R-001", 5)
    [source] = competency(xapi.get(PROFILE))["statements"]
    served = xapi.get(statementId=statement_id).data
    assert source["sha256"] == hashlib.sha256(served).hexdigest()


def test_an_officer_is_found_by_key_or_by_account_name(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    rated("R-001", 5)
    for who in (KEY, "R-001", KEY.replace("/", "%2F")):
        assert xapi.get(f"/api/v1/profiles/{who}").json["subject"] == KEY


def test_an_officer_with_an_mbox_is_found_by_address(xapi: Xapi) -> None:
    xapi.post(rating("", 5, actor={"mbox": "mailto:officer@academy.example"}))
    for who in ("mailto:officer@academy.example", "officer@academy.example"):
        assert xapi.get(f"/api/v1/profiles/{who}").json["subject"] == "mailto:officer@academy.example"


def test_a_name_that_two_systems_use_has_to_be_said_whole(xapi: Xapi) -> None:
    other = {"account": {"homePage": "https://other.example", "name": "R-001"}}
    xapi.post([rating("R-001", 5), rating("", 5, actor=other)])
    answer = xapi.get("/api/v1/profiles/R-001")
    assert answer.status_code == 400
    assert "https://other.example" in answer.json["error"]["details"][0]["expected"]


def test_an_officer_of_whom_nothing_is_recorded_is_not_an_officer_without_evidence(xapi: Xapi) -> None:
    for who in ("R-999", "mailto:nobody@academy.example", f"account:R-999@{ACADEMY}"):
        assert xapi.get(f"/api/v1/profiles/{who}").status_code == 404
        assert xapi.get(f"/api/v1/profiles/{who}/explanation").status_code == 404


def test_an_agent_key_is_never_read_as_the_name_of_an_account(
    xapi: Xapi, rated: Callable[..., list[str]]
) -> None:
    victim = "mailto:officer@academy.example"
    xapi.post(rating("", 2, actor={"mbox": victim}))
    for name in (victim, KEY, "officer@academy.example"):
        rated(name, 7)
    assert xapi.get(f"/api/v1/profiles/{victim}").json["subject"] == victim
    assert xapi.get(PROFILE).status_code == 404
    answer = xapi.get("/api/v1/profiles/officer@academy.example")
    assert answer.status_code == 400
    assert victim in answer.json["error"]["details"][0]["expected"]


def test_an_old_answer_stands_when_all_its_evidence_is_voided(
    xapi: Xapi, rated: Callable[..., list[str]]
) -> None:
    [only] = rated("R-001", 5)
    before = xapi.get(PROFILE)
    xapi.post(rating("R-001", 5, verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": only}))
    assert xapi.get(PROFILE, as_of=before.json["as_of"]).data == before.data
    assert competency(xapi.get(PROFILE))["statements"] == []


def test_a_new_key_of_a_vendor_is_not_a_second_rater(
    xapi: Xapi, rapport: Any, client_with: Callable[..., Xapi]
) -> None:
    scored = rating(
        "R-001", 7, verb={"id": "http://adlnet.gov/expapi/verbs/scored"}, result={"score": {"scaled": 1}}
    )
    scored["object"]["definition"]["type"] = "http://adlnet.gov/expapi/activities/simulation"
    scored["context"] = {"extensions": {"https://w3id.org/xapi/rapport/extensions/mode": "graded"}}
    for _ in range(2):
        key, secret = rapport.access.create_key("VR vendor", ["statements/write"])
        vendor = Xapi(xapi.http, key.id, secret)
        one = {
            **scored,
            "id": str(uuid.uuid4()),
            "context": {**scored["context"], "registration": str(uuid.uuid4())},
        }
        assert vendor.post(one).status_code == 200
        rapport.access.revoke_key(key.id)
    found = competency(xapi.get(PROFILE))
    assert (found["counts"]["encounters"], found["estimate"]["raters"]) == (2, 1)


def test_evidence_names_who_supplied_it(xapi: Xapi, client_with: Callable[..., Xapi]) -> None:
    vendor = client_with("statements/write")
    vendor.post(rating("R-001", 5))
    [one] = xapi.get("/api/v1/evidence", agent="R-001").json
    assert one["authority"] == f"account:{vendor.name}@https://lrs.example"
    text = xapi.get(f"{PROFILE}/explanation", format="text", competency="communication").text
    assert one["authority"] in text


def test_evidence_from_the_future_is_shown_and_never_scored(xapi: Xapi) -> None:
    xapi.post(rating("R-001", 7, days_ago=-400))
    found = competency(xapi.get(PROFILE))
    assert (found["estimate"]["mass"], len(found["unusable"])) == (0, 1)


def test_the_same_instant_gives_the_same_bytes_ever_after(
    xapi: Xapi, rated: Callable[..., list[str]]
) -> None:
    [first, *_] = rated("R-001", 5, 5, 6, 5)
    before = xapi.get(PROFILE)
    as_of = before.json["as_of"]
    rated("R-001", 1, 1, 1)
    xapi.post(rating("R-001", 5, verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": first}))
    assert competency(xapi.get(PROFILE))["counts"]["encounters"] == 6
    assert xapi.get(PROFILE, as_of=as_of).data == before.data


def test_a_voided_rating_is_out_of_the_profile(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    first, second = rated("R-001", 5, 6)
    xapi.post(rating("R-001", 5, verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": first}))
    assert [one["id"] for one in competency(xapi.get(PROFILE))["statements"]] == [second]


def test_not_observed_is_missing_and_not_zero(xapi: Xapi) -> None:
    xapi.post([rating("R-001", 6), rating("R-001", 1, result={"response": "N.O."})])
    found = competency(xapi.get(PROFILE))
    assert found["estimate"]["score"] == round(5 / 6, 6)
    assert len(found["flags"]["not_observed"]) == 1


def test_a_profile_of_the_future_is_refused(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    rated("R-001", 5)
    late = format_us(parse_us(xapi.get(PROFILE).json["as_of"]) + 3_600_000_000)
    for wrong in (late, "yesterday", "2026-13-01", ""):
        answer = xapi.get(PROFILE, as_of=wrong)
        assert answer.status_code == 400
        assert answer.json["error"]["details"][0]["path"] == "as_of"


def test_before_its_first_evidence_an_officer_has_none(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    rated("R-001", 5)
    found = competency(xapi.get(PROFILE, as_of="2001-01-01"))
    assert (found["verdict"], found["statements"]) == ("insufficient", [])


def test_an_explanation_adds_up_to_the_estimate_and_names_its_statements(
    xapi: Xapi, rated: Callable[..., list[str]]
) -> None:
    ids = rated("R-001", 5, 4, 6, 5)
    [found] = xapi.get(f"{PROFILE}/explanation", competency="communication").json
    assert abs(sum(vote["weight"] for vote in found["votes"]) - found["estimate"]["mass"]) < 1e-5
    assert abs(sum(vote["to_e"] for vote in found["votes"]) - found["estimate"]["e"]) < 1e-5
    named = [one["statement_id"] for vote in found["votes"] for one in vote["ratings"]]
    assert sorted(named) == sorted(ids)
    assert found["sensitivity"]["variants"]


def test_an_explanation_can_be_read_as_text(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    [statement_id] = rated("R-001", 5)
    answer = xapi.get(f"{PROFILE}/explanation", format="text", competency="communication")
    assert answer.content_type.startswith("text/plain")
    assert statement_id in answer.text


def test_an_explanation_of_an_unknown_competency_names_the_known(
    xapi: Xapi, rated: Callable[..., list[str]]
) -> None:
    rated("R-001", 5)
    answer = xapi.get(f"{PROFILE}/explanation", competency="charm")
    assert answer.status_code == 404
    assert "communication" in answer.json["error"]["details"][0]["expected"]


def test_nothing_of_a_profile_is_lost_on_its_way_out(
    xapi: Xapi, rated: Callable[..., list[str]], rapport: Any
) -> None:
    rated("R-001", 5, 4)
    answer = xapi.get(PROFILE).json
    whole = rapport.profiles.profile(KEY, parse_us(answer["as_of"])).as_dict()
    assert answer == whole
    [shown] = xapi.get(f"{PROFILE}/explanation", competency="leadership", as_of=answer["as_of"]).json
    [explained] = rapport.profiles.explanations(KEY, parse_us(answer["as_of"]), "leadership")
    assert shown == explained.as_dict()


def test_officers_are_listed_in_pages_in_order(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    for number in (3, 1, 2):
        rated(f"R-00{number}", 5)
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        page = xapi.get("/api/v1/profiles", **query).json
        seen += [one["subject"] for one in page["profiles"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == [f"account:R-00{number}@{ACADEMY}" for number in (1, 2, 3)]


def test_a_line_of_the_list_says_what_the_profile_says(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    rated("R-001", 5, 5, 6, 5, 6)
    page = xapi.get("/api/v1/profiles").json
    [line] = [one for one in page["profiles"][0]["competencies"] if one["competency"] == "communication"]
    found = competency(xapi.get(PROFILE, as_of=page["as_of"]))
    assert line["verdict"] == found["verdict"]
    assert line["score"] == found["estimate"]["score"]
    assert line["gaps"] == found["gaps"]


def test_people_are_read_with_a_key_for_reading_everything_only(
    client_with: Callable[..., Xapi], rated: Callable[..., list[str]]
) -> None:
    rated("R-001", 5)
    vendor = client_with("statements/write", "statements/read")
    for path in ("/api/v1/profiles", PROFILE, f"{PROFILE}/explanation", "/api/v1/evidence?agent=R-001"):
        assert vendor.get(path).status_code == 403
        assert client_with("all/read").get(path).status_code == 200


def test_a_failing_plugin_shows_as_a_warning_on_the_officer_it_concerns(xapi: Xapi, rapport: Any) -> None:
    rapport.ingest._plugins = testing.host_with(failing=_Plugin())
    one = rating("R-001", 5)
    assert xapi.post(one).status_code == 200
    rapport.ingest._plugins = rapport.plugins
    xapi.post([rating("R-001", 5), rating("R-002", 5)])
    [warning] = xapi.get(PROFILE).json["warnings"]
    assert one["id"] in warning
    assert "a defect of the plugin" in warning
    assert xapi.get("/api/v1/profiles/R-002").json["warnings"] == []
    assert xapi.get("/api/v1/plugins").json["quarantined"] == 1


def test_a_survey_speaks_of_a_unit_and_of_no_officer(xapi: Xapi) -> None:
    unit = {"objectType": "Group", "account": {"homePage": ACADEMY, "name": "U-1"}}
    kind = {"https://w3id.org/xapi/rapport/extensions/assessment-type": "survey"}
    survey = rating("", 5, actor=unit, verb={"id": "http://adlnet.gov/expapi/verbs/answered"})
    survey["context"] = {"registration": str(uuid.uuid4()), "extensions": kind}
    on_officer = rating("R-001", 5, context={"extensions": kind})
    xapi.post([survey, on_officer])
    assert xapi.get("/api/v1/profiles").json["profiles"] == []
    assert xapi.get("/api/v1/profiles/R-001").status_code == 404


def test_an_explanation_is_written_for_whom_it_is_for(xapi: Xapi, rated: Callable[..., list[str]]) -> None:
    rated("R-001", 5, 4)
    texts = {
        audience: xapi.get(f"{PROFILE}/explanation", format="text", audience=audience).text
        for audience in ("officer", "trainer", "arbitrator")
    }
    assert len(set(texts.values())) == 3
    assert xapi.get(f"{PROFILE}/explanation", format="text").status_code == 200
    for wrong in ({"audience": "trainer"}, {"audience": "chief", "format": "text"}):
        answer = xapi.get(f"{PROFILE}/explanation", **wrong)
        assert answer.status_code == 400
        assert answer.json["error"]["details"][0]["path"] == "audience"
