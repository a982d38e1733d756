"""What real courses, players and forwarders send: whatever the specification accepts is accepted.

Each test is a kind of traffic that some learning record store once refused, built anew with invented persons.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from tests.clients import Xapi
from tests.conformance.samples import AGENT, FORM, form, new_id, raw_post, statement, voiding

STORYLINE_COURSE = "http://6AbCdEfGhIj_course_id"


def taken(xapi: Xapi, one: dict[str, Any]) -> dict[str, Any]:
    """The statement as it is kept."""
    answer = xapi.post(one)
    assert answer.status_code == 200, answer.text
    kept: dict[str, Any] = xapi.get(statementId=answer.json[0]).json
    return kept


# Versions


@pytest.mark.parametrize("patch", ["", *(f".{number}" for number in range(10))])
def test_courses_of_any_1_0_send_their_own_patch_version(xapi: Xapi, patch: str) -> None:
    one = statement()
    named = {"X-Experience-API-Version": f"1.0{patch}"}
    assert xapi.post(one, headers=named).status_code == 200
    answer = xapi.get(headers=named, statementId=one["id"])
    assert (answer.status_code, answer.headers["X-Experience-API-Version"]) == (200, "1.0.3")
    assert answer.json["version"] == "1.0.0"


@pytest.mark.parametrize("version", ["1.0", *(f"1.0.{number}" for number in range(10))])
def test_a_statement_names_any_1_0_in_itself_and_keeps_it(anywhere: Xapi, version: str) -> None:
    assert taken(anywhere, statement(version=version))["version"] == version


# Empty members


@pytest.mark.parametrize(
    "parts",
    [
        {"context": {"contextActivities": {}}},
        {"context": {"contextActivities": {"parent": [], "category": [], "grouping": [], "other": []}}},
        {"context": {}},
        {"context": {"extensions": {}}},
        {"result": {}},
        {"result": {"score": {}, "response": "", "extensions": {}}},
        {"attachments": []},
        {"verb": {"id": "https://example.com/did", "display": {}}},
        {"object": {"id": "https://example.com/a", "definition": {}}},
        {"object": {"id": "https://example.com/a", "definition": {"name": {}, "description": {"en": ""}}}},
        {"actor": {"mbox": "mailto:a@example.com", "name": ""}},
        {"actor": {"objectType": "Group", "member": []}},
    ],
    ids=lambda parts: json.dumps(parts)[:60],
)
def test_members_that_are_there_but_empty(anywhere: Xapi, parts: dict[str, Any]) -> None:
    assert parts.items() <= taken(anywhere, statement(**parts)).items()


# What SHOULD be, and need not


@pytest.mark.parametrize("kind", ["http://id.tincanapi.com/activitytype/resource", None])
def test_a_question_of_h5p_whose_type_is_not_cmi_interaction(anywhere: Xapi, kind: str | None) -> None:
    definition = {
        "extensions": {
            "http://h5p.org/x-api/h5p-local-content-id": 1,
            "http://h5p.org/x-api/h5p-subContentId": new_id(),
        },
        "name": {"en-US": "A choice\n"},
        "description": {"en-US": "<p>Which \\\\(c_{0}=0\\\\)?&nbsp;</p>\n"},
        "interactionType": "choice",
        "correctResponsesPattern": ["1"],
        "choices": [{"id": "1", "description": {"en-US": "No\n"}}, {"id": "0"}],
        **({"type": kind} if kind else {}),
    }
    one = statement(object={"objectType": "Activity", "id": "http://localhost/v/1", "definition": definition})
    assert taken(anywhere, one)["object"]["definition"] == definition


@pytest.mark.parametrize(
    "parts",
    [
        {"timestamp": "2099-01-01T00:00:00Z"},
        {"timestamp": "1970-01-01T00:00:00"},
        {"timestamp": "2026-01-01T09:29:40+03:00"},
        {"timestamp": "2026-01-01T09:29:40.000+0000"},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"}},
        {"verb": {"id": "x:unknown-verb"}},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/voided-not", "display": {"und": "x"}}},
        {"result": {"score": {"raw": 70}}},
        {"result": {"score": {"scaled": -0.25, "raw": 0, "min": 0, "max": 2}}},
        {"result": {"duration": "PT282.78S"}},
        {"result": {"duration": "P0Y0M0DT0H0M1S"}},
        {"result": {"duration": "PT0.123456789S"}},
        {"result": {"response": "web browser[,]tin can", "success": False, "completion": True}},
        {"object": {"id": "tag:adlnet.gov,2013:expapi:0.9:activities:unnamed"}},
        {"object": {"id": "urn:scormdriver:The%20answer%20is%2042"}},
        {"object": {"id": "act:blank"}},
        {"object": {"id": "http://localhost:8004/mod/view.php?id=57?subContentId=18918170#x"}},
        {"object": {"id": STORYLINE_COURSE}},
        {"object": {"id": f"{STORYLINE_COURSE}/5kLmNoPqRsT/6uVwXyZaBcD"}},
        {"object": {"id": "http://Course_ID2"}},
        {"object": {"id": "https://例え.example/課程/①"}},
        {"object": {"id": "https://example.com/a", "definition": {"type": "x:no-such-type"}}},
        {"context": {"language": "en-us"}},
        {"context": {"language": "cmn-Hans-CN"}},
        {"context": {"platform": "", "revision": "0"}},
        {
            "context": {
                "statement": {"objectType": "StatementRef", "id": "00000000-0000-0000-0000-000000000000"}
            }
        },
        {"context": {"registration": "00000000-0000-0000-0000-000000000001"}},
        {"actor": {"mbox": "mailto:First.Last+tag@sub.example.co.uk"}},
        {"actor": {"account": {"homePage": "http://lms.example", "name": "user name@1 | ü"}}},
        {"actor": {"account": {"homePage": "x:y", "name": ""}}},
    ],
    ids=lambda parts: json.dumps(parts, ensure_ascii=True)[:80],
)
def test_what_is_odd_but_allowed(anywhere: Xapi, parts: dict[str, Any]) -> None:
    assert parts.items() <= taken(anywhere, statement(**parts)).items()


def test_a_blank_filled_in_with_its_pattern_and_category_as_h5p_writes_them(anywhere: Xapi) -> None:
    one = statement(
        verb={"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}},
        object={
            "objectType": "Activity",
            "id": "https://example.org/node/12?subContentId=3bd1f5a4",
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "interactionType": "fill-in",
                "correctResponsesPattern": ["{case_matters=false}blue[,]Cloud[,]black/ink:hint"],
            },
        },
        context={
            "contextActivities": {
                "category": [{"id": "http://h5p.org/libraries/H5P.Blanks-1.4", "objectType": "Activity"}]
            }
        },
        result={"score": {"min": 0, "max": 3, "raw": 3, "scaled": 1}, "duration": "PT12.5S"},
    )
    assert one.items() <= taken(anywhere, one).items()


def test_a_batch_of_a_moodle_log_with_its_event_in_an_extension(either: Xapi) -> None:
    info = {
        "https://moodle.org": "Moodle 4.1",
        "event_name": "\\core\\event\\course_viewed",
        "ids": [None, 1],
    }
    context = {
        "platform": "Moodle",
        "language": "en",
        "extensions": {"http://lrs.example/define/extensions/info": info},
        "contextActivities": {
            "grouping": [{"id": "http://moodle.example", "definition": {"name": {"en": "\\core"}}}],
            "category": [{"id": "http://moodle.org", "definition": {"type": "http://id.example/source"}}],
        },
    }
    batch = [statement(context=context) for _ in range(20)]
    assert either.post(batch).status_code == 200
    assert all(one["context"] == context for one in either.get().json["statements"])


def test_a_cmi5_session_from_its_launch_data_to_its_last_statement(anywhere: Xapi) -> None:
    registration = new_id()
    scope = {"activityId": "https://example.com/au/1", "agent": AGENT, "registration": registration}
    state = {**scope, "stateId": "LMS.LaunchData"}
    assert anywhere.get("/xapi/activities/state", **state).status_code == 404
    launch = b'{"launchMode":"Normal","moveOn":"CompletedAndPassed","masteryScore":0.80}'
    put = anywhere.request("PUT", "/xapi/activities/state", query_string=state, data=launch)
    assert put.status_code == 204
    assert anywhere.get("/xapi/activities/state", **state).data == launch
    preferences = anywhere.get("/xapi/agents/profile", agent=AGENT, profileId="cmi5LearnerPreferences")
    assert preferences.status_code == 404
    category = [
        {"id": f"https://w3id.org/xapi/cmi5/context/categories/{name}"} for name in ("cmi5", "moveon")
    ]
    verbs = ("initialized", "passed", "completed", "terminated")
    for verb in verbs:
        taken(
            anywhere,
            statement(
                verb={"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
                context={
                    "registration": registration,
                    "contextActivities": {"category": category, "grouping": [{"id": "x:publisher"}]},
                    "extensions": {"https://w3id.org/xapi/cmi5/context/extensions/sessionid": new_id()},
                },
                result={"duration": "PT0S", "score": {"scaled": 0.8}, "success": True},
            ),
        )
    assert len(anywhere.ids(registration=registration)) == len(verbs)


# Text that other languages write


def test_slashes_and_letters_escaped_as_php_does(either: Xapi) -> None:
    body = (
        rb'{"actor":{"mbox":"mailto:info@example.com"},"verb":{"id":"http:\/\/adlnet.gov\/expapi\/verbs\/completed",'
        rb'"display":{"en-US":"Termin\u00e9 \ud83d\ude80"}},"object":{"id":"http:\/\/client.example\/c?id=t&u=1"}}'
    )
    [one] = raw_post(either, body).json
    assert either.ids(verb="http://adlnet.gov/expapi/verbs/completed") == [one]
    assert either.get(statementId=one).json["verb"]["display"] == {"en-US": "Terminé 🚀"}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json;charset=UTF-8",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/json;",
    ],
)
def test_the_content_types_of_browsers_and_libraries(anywhere: Xapi, content_type: str) -> None:
    assert raw_post(anywhere, json.dumps(statement()).encode(), content_type).status_code == 200


def test_ids_in_upper_case_as_net_writes_them(either: Xapi) -> None:
    one = statement(context={"registration": new_id().upper()})
    one["id"] = one["id"].upper()
    assert either.put(one["id"], one).status_code == 204
    assert either.ids(registration=one["context"]["registration"].lower()) == [one["id"]]


def test_a_get_that_carries_a_content_type_and_an_empty_body(anywhere: Xapi) -> None:
    assert (
        anywhere.request("GET", "/xapi/statements", data=b"", content_type="application/json").status_code
        == 200
    )
    [one] = anywhere.post(statement()).json
    answer = anywhere.request(
        "GET", "/xapi/statements", {"Accept": "text/html, */*;q=0.1"}, query_string={"statementId": one}
    )
    assert answer.content_type == "application/json"


# Sending again, voiding, forwarding


def test_a_replay_of_a_log_is_never_a_conflict(either: Xapi) -> None:
    """Producers with ids made from the event send the same statements again, hours later, in other batches."""
    batch = [
        statement(timestamp=f"2026-01-02T03:04:{second:02d}.123456+00:00", version="1.0.3")
        for second in range(6)
    ]
    assert either.post(batch).status_code == 200
    before = either.get().data
    for again in (batch, batch[::-1], batch[2:4], [{**batch[0], "timestamp": "2026-01-02T03:04:00.123456Z"}]):
        assert either.post(again).status_code == 200
        for one in again:
            assert either.put(one["id"], one).status_code == 204
    assert either.get().data == before


def test_a_forwarder_brings_stored_authority_and_version_and_voids_what_is_not_there(anywhere: Xapi) -> None:
    void = voiding(
        new_id(),
        timestamp="2026-04-07T14:04:26.632Z",
        stored="2026-04-07T14:04:27.014Z",
        authority={
            "name": "Forwarder",
            "account": {"homePage": "https://lrs.example", "name": "Xmy"},
            "objectType": "Agent",
        },
        version="1.0.0",
    )
    body = (
        f"--++++++\r\nContent-Type:application/json\r\n\r\n{json.dumps([void], indent=4)}\r\n\r\n--++++++--"
    )
    answer = raw_post(anywhere, body.encode(), "multipart/mixed; boundary=++++++")
    assert (answer.status_code, answer.json) == (200, [void["id"]])
    kept = anywhere.get(statementId=void["id"]).json
    assert kept["authority"] == void["authority"]
    assert kept["stored"] != void["stored"]


def test_a_course_that_gives_no_ids_may_send_the_same_statement_twice(anywhere: Xapi) -> None:
    one = statement()
    del one["id"]
    assert len({anywhere.post(one).json[0] for _ in range(2)}) == 2


# State of courses


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"2d2E4A1e0~2QaBcDeFg~!", "application/json"),
        (b"Page01.html", "application/octet-stream"),
        (b"08", "application/json"),
        (b"", "text/plain"),
        (b'"', "application/json"),
        (b"%7B%22a%22%3A1%7D", "text/plain;charset=UTF-8"),
    ],
)
def test_suspend_data_that_is_not_what_its_type_says_is_kept_as_it_came(
    anywhere: Xapi, content: bytes, content_type: str
) -> None:
    scope = {
        "activityId": STORYLINE_COURSE,
        "agent": AGENT,
        "registration": new_id(),
        "stateId": "suspend_data",
    }
    answer = anywhere.request(
        "PUT", "/xapi/activities/state", query_string=scope, data=content, content_type=content_type
    )
    assert answer.status_code == 204
    kept = anywhere.get("/xapi/activities/state", **scope)
    assert (kept.data, kept.headers["Content-Type"]) == (content, content_type)


def test_a_course_of_1_0_bookmarks_again_and_again_without_etags(xapi: Xapi) -> None:
    scope = {"activityId": STORYLINE_COURSE, "agent": AGENT, "stateId": "resume"}
    for number in range(3):
        put = xapi.request("PUT", "/xapi/activities/state", query_string=scope, data=str(number))
        assert put.status_code == 204
    assert xapi.get("/xapi/activities/state", **scope).data == b"2"


def test_a_launcher_keeps_its_registrations_under_an_iri(anywhere: Xapi) -> None:
    agent = '{"objectType":"Agent","name":"Invented Person","mbox":"mailto:person@example.com"}'
    scope = {
        "activityId": "http://Course_ID2",
        "agent": agent,
        "registration": new_id(),
        "stateId": "http://tincanapi.co.uk/stateapikeys/registrations",
    }
    body = json.dumps({new_id(): {"lastlaunched": "2026-01-01"}}).encode()
    for data in (body, b'{"again":{}}'):
        post = anywhere.request(
            "POST", "/xapi/activities/state", query_string=scope, data=data, content_type="application/json"
        )
        assert post.status_code == 204
    assert set(anywhere.get("/xapi/activities/state", **scope).json) == {*json.loads(body), "again"}


# The alternate request syntax


@pytest.mark.parametrize(
    "header",
    [
        FORM,
        f"{FORM}; charset=UTF-8",
        "Application/X-WWW-Form-URLencoded",
        "text/plain;charset=UTF-8",
        "text/plain",
        None,
    ],
)
def test_storyline_sends_its_forms_under_the_type_that_its_browser_gives(
    http: FlaskClient, xapi: Xapi, header: str | None
) -> None:
    """An old XDomainRequest sets no header; the form is what it is (1.3: the header SHOULD be a form's)."""
    one = statement(object={"id": STORYLINE_COURSE})
    fields = form(
        xapi, statementId=one["id"], content=json.dumps(one), **{"Content-Type": "application/json"}
    )
    answer = http.post("/xapi/statements?method=PUT", data=fields, content_type=header)
    assert answer.status_code == 204, answer.text
    assert xapi.ids(activity=STORYLINE_COURSE) == [one["id"]]


def test_everything_percent_encoded_and_blanks_as_percent_20(http: FlaskClient, xapi: Xapi) -> None:
    one = statement(result={"response": "a b+c&d=e%41 é"})
    fields = {
        **xapi.headers,
        "statementId": one["id"],
        "Content-Type": "application/json",
        "content": json.dumps(one, ensure_ascii=False),
    }
    body = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in fields.items())
    assert http.post("/xapi/statements?method=PUT", data=body, content_type=FORM).status_code == 204
    assert xapi.get(statementId=one["id"]).json["result"] == one["result"]


def test_a_state_that_is_not_there_is_404_through_a_form(http: FlaskClient, xapi: Xapi) -> None:
    fields = form(xapi, activityId=STORYLINE_COURSE, agent=AGENT, stateId="resume")
    answer = http.post("/xapi/activities/state?method=GET", data=fields, content_type=FORM)
    assert answer.status_code == 404


def test_a_query_longer_than_an_address_goes_through_a_form(http: FlaskClient, xapi: Xapi) -> None:
    agent = {"account": {"homePage": "https://example.com/" + "x" * 20_000, "name": "n"}}
    one = statement(actor=agent)
    xapi.post([one, statement()])
    fields = form(xapi, agent=json.dumps(agent), limit="10")
    answer = http.post("/xapi/statements?method=GET", data=fields, content_type=FORM)
    assert [each["id"] for each in answer.json["statements"]] == [one["id"]]


def test_conditions_in_the_form_are_headers(http: FlaskClient, xapi: Xapi) -> None:
    path = "/xapi/agents/profile"
    scope = {"agent": AGENT, "profileId": "p"}

    def put(content: str, **conditions: str) -> int:
        named = {name.replace("_", "-"): value for name, value in conditions.items()}
        body = form(xapi, content=content, **scope, **named, **{"Content-Type": "application/json"})
        return int(http.post(f"{path}?method=PUT", data=body, content_type=FORM).status_code)

    assert put("{}") == 400
    assert put("{}", If_None_Match="*") == 204
    assert put("[]", If_None_Match="*") == 412
    tag = xapi.get(path, **scope).headers["ETag"]
    assert put("[]", If_Match='"0"') == 412
    assert put("[1]", If_Match=tag, content_length="3") == 204
    assert xapi.get(path, **scope).data == b"[1]"


def test_a_head_through_a_form_has_no_body(http: FlaskClient, xapi: Xapi) -> None:
    answer = http.post("/xapi/statements?method=HEAD", data=form(xapi), content_type=FORM)
    assert answer.status_code == 200
    assert answer.headers["X-Experience-API-Consistent-Through"]


def test_a_field_that_is_there_twice_is_400_as_in_a_query_string(http: FlaskClient, xapi: Xapi) -> None:
    fields = urlencode([*xapi.headers.items(), ("limit", "1"), ("limit", "2")])
    answer = http.post("/xapi/statements?method=GET", data=fields, content_type=FORM)
    assert answer.status_code == 400
