"""What was sent leaves as it came: numbers, names, order, text, in every kind of answer; and what the server adds."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from lrs.xapi.timestamps import parse_us
from tests.clients import Xapi
from tests.conformance.samples import attached, multipart, new_id, raw_post, statement

EXACT = (
    b'"result":{"score":{"raw":1.10,"max":1E2 ,"min":-0},"response":"\\u00e9\\/\\ud83d\\ude00 \xc3\xa9",'
    b'"extensions":{"https://example.com/z":[1e2,1.0,100000000000000000000000000000000000001,-0.0,1e-400,'
    b'3.141592653589793238462643383279,0.1e+1],"https://example.com/a":{"z":null,"a":[[],{}],"":true,'
    b'"https://e.example/\\u0041$.x":[null]}}}'
)
HEAD = (
    b'"verb":{"display":{"fr":"fit","en":"did"},"id":"https://example.com/v"} , '
    b'"object":{"id":"https://example.com/a"}, "actor":{"mbox":"mailto:a@example.com"}'
)
MEMBERS = HEAD + b", " + EXACT
EXACT_PARTS = [
    b"[1e2,1.0,100000000000000000000000000000000000001,-0.0,1e-400,3.141592653589793238462643383279,0.1e+1]",
    b'"raw":1.10',
    b'"max":1E2',
    b'"min":-0',
]


def send_exactly(xapi: Xapi) -> str:
    answer = raw_post(xapi, b"{ " + MEMBERS + b" }")
    assert answer.status_code == 200, answer.text
    return str(answer.json[0])


def test_the_senders_bytes_are_in_the_answer_for_one_statement(either: Xapi) -> None:
    one = send_exactly(either)
    assert MEMBERS in either.get(statementId=one).data
    assert MEMBERS in either.get(statementId=one, format="exact").data


def test_the_senders_bytes_are_in_a_page_and_in_the_pages_behind_it(either: Xapi) -> None:
    for _ in range(3):
        send_exactly(either)
    page = either.get(limit="2")
    assert page.data.count(MEMBERS) == 2
    assert either.get(page.json["more"]).data.count(MEMBERS) == 1


def test_the_senders_bytes_are_in_a_multipart_answer(either: Xapi) -> None:
    one = send_exactly(either)
    for query in ({"statementId": one}, {}):
        answer = either.get(attachments="true", **query)
        assert answer.content_type.startswith("multipart/mixed")
        assert MEMBERS in answer.data


def test_the_senders_bytes_come_out_of_a_batch_and_out_of_multipart_input(either: Xapi) -> None:
    content = b"x"
    header = json.dumps(attached(content)).encode()
    batch = b"[{" + MEMBERS + b'},\r\n{"attachments":[' + header + b"]," + MEMBERS + b"}]"
    sent = multipart([], content)
    sent["data"] = sent["data"].replace(b"\r\n\r\n[]", b"\r\n\r\n" + batch, 1)
    answer = either.request("POST", "/xapi/statements", **sent)
    assert answer.status_code == 200, answer.text
    assert either.get().data.count(MEMBERS) == 2


def test_the_senders_bytes_come_back_of_a_statement_that_was_put(either: Xapi) -> None:
    one = new_id()
    put = either.request(
        "PUT",
        "/xapi/statements",
        query_string={"statementId": one},
        data=b"{" + MEMBERS + b"}",
        content_type="application/json",
    )
    assert put.status_code == 204
    assert MEMBERS in either.get(statementId=one).data


def test_the_senders_bytes_stay_when_the_statement_is_voided(either: Xapi) -> None:
    one = send_exactly(either)
    verb = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    either.post(statement(verb=verb, object={"objectType": "StatementRef", "id": one}))
    assert MEMBERS in either.get(voidedStatementId=one).data


@pytest.mark.parametrize("format_", ["ids", "canonical"])
def test_numbers_keep_their_digits_in_the_other_formats(either: Xapi, format_: str) -> None:
    one = send_exactly(either)
    for data in (either.get(statementId=one, format=format_).data, either.get(format=format_).data):
        for part in EXACT_PARTS:
            assert part in data


def test_members_the_server_must_replace_leave_the_others_as_they_were(either: Xapi) -> None:
    body = b'{"stored":"2001-01-01T00:00:00Z",' + MEMBERS + b"}"
    [one] = raw_post(either, body).json
    data = either.get(statementId=one).data
    assert EXACT in data
    assert data.count(b'"stored"') == 1
    assert b"2001-01-01" not in data


def test_a_lone_context_activity_is_answered_in_an_array_its_bytes_unchanged(either: Xapi) -> None:
    activity = b'{"id":"https://example.com/p","definition":{"extensions":{"https://e.example/n":1.50}}}'
    context = b'"context":{"contextActivities":{"parent":' + activity + b',"other":[]}}'
    for inner in (
        b"{" + MEMBERS + b"," + context + b"}",
        b'{"actor":{"mbox":"mailto:b@example.com"},"verb":{"id":"https://example.com/v"},"object":'
        b'{"objectType":"SubStatement",' + HEAD + b"," + context + b"}}",
    ):
        [one] = raw_post(either, inner).json
        assert b'"parent":[' + activity + b"]" in either.get(statementId=one).data


def test_a_name_that_is_no_identifier_in_python_or_in_a_store_is_kept(either: Xapi) -> None:
    keys = ["https://e.example/a.b$c", "x:$set", "x:a.b", "tag:e.example,2020:é", "x:_id", "x:';--"]
    extensions = {key: {key: number, "$where": ".", "": 0} for number, key in enumerate(keys)}
    [one] = either.post(statement(context={"extensions": extensions})).json
    kept = either.get(statementId=one).json["context"]["extensions"]
    assert kept == extensions
    assert list(kept) == keys


def test_a_statement_of_a_megabyte_and_one_of_200_levels_come_back(either: Xapi) -> None:
    long = statement(result={"response": "é" * 150_000})
    deep: Any = 1
    for _ in range(190):
        deep = [deep]
    nested = statement(result={"extensions": {"x:deep": deep}})
    assert either.post([long, nested]).status_code == 200
    assert either.get(statementId=long["id"]).json["result"] == long["result"]
    assert either.get(statementId=nested["id"]).json["result"] == nested["result"]


# What the server adds


def test_without_a_timestamp_it_is_when_it_was_stored_to_the_millisecond(either: Xapi) -> None:
    kept = [either.get(statementId=either.post(statement()).json[0]).json for _ in range(5)]
    for one in kept:
        assert 0 <= parse_us(one["stored"]) - parse_us(one["timestamp"]) < 60_000_000
        for name in ("stored", "timestamp"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z", one[name])
    # A clock that was read to the second only would show the same fraction each time.
    assert len({one["timestamp"][20:23] for one in kept}) > 1


def test_each_statement_of_a_batch_without_timestamps_has_one(either: Xapi) -> None:
    either.post([statement() for _ in range(3)])
    for one in either.get().json["statements"]:
        assert {"id", "timestamp", "stored", "authority", "version"} <= one.keys()


@pytest.mark.parametrize(
    "sent",
    [
        "2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.1+05:30",
        "2026-01-02T03:04:05-0800",
        "2026-01-02T03:04:05",
        "2026-01-02 03:04:05Z",
        "2030-01-02T03:04:05Z",
    ],
)
def test_a_timestamp_that_was_sent_is_the_same_instant_afterwards(either: Xapi, sent: str) -> None:
    [one] = either.post(statement(timestamp=sent)).json
    assert parse_us(either.get(statementId=one).json["timestamp"]) == parse_us(sent)


def test_an_authority_that_is_missing_is_the_key_and_one_of_two_is_kept(either: Xapi) -> None:
    [one] = either.post(statement()).json
    assert either.get(statementId=one).json["authority"]["account"]["name"] == either.name
    member = [
        {"account": {"homePage": "https://example.com/oauth", "name": "app"}},
        {"mbox": "mailto:p@example.com"},
    ]
    pair = {"objectType": "Group", "member": member}
    [two] = either.post(statement(authority=pair)).json
    assert either.get(statementId=two).json["authority"] == pair


@pytest.mark.parametrize(
    "authority",
    [
        {"objectType": "Group", "member": [{"mbox": "mailto:a@example.com"}]},
        {"objectType": "Group", "member": [{"mbox": f"mailto:{n}@example.com"} for n in "abc"]},
        {"objectType": "Group", "mbox": "mailto:g@example.com"},
        {
            "objectType": "Group",
            "mbox": "mailto:g@example.com",
            "member": [{"mbox": "mailto:a@example.com"}, {"mbox": "mailto:b@example.com"}],
        },
    ],
)
def test_an_authority_that_is_a_group_but_not_a_pair_is_400(either: Xapi, authority: dict[str, Any]) -> None:
    answer = either.post(statement(authority=authority))
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"].startswith("/authority")
    assert either.ids() == []


def test_an_id_is_given_to_each_statement_without_one_and_answered_in_order(either: Xapi) -> None:
    batch = [statement(object={"id": f"https://example.com/{number}"}) for number in range(4)]
    for one in batch[1:3]:
        del one["id"]
    ids = either.post(batch).json
    assert ids[0] == batch[0]["id"]
    assert ids[3] == batch[3]["id"]
    assert len(set(ids)) == 4
    for number, one in enumerate(ids):
        assert either.get(statementId=one).json["object"]["id"] == f"https://example.com/{number}"


def test_an_id_is_found_in_either_case(either: Xapi) -> None:
    one = statement()
    one["id"] = one["id"].upper()
    assert either.post(one).status_code == 200
    assert either.get(statementId=one["id"].lower()).status_code == 200
    assert either.get(statementId=one["id"]).status_code == 200
    assert either.post({**one, "id": one["id"].lower()}).status_code == 200
    assert len(either.ids()) == 1
