"""`/xapi/statements` over HTTP. What a rule says of a statement itself is tested in tests/xapi."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from lrs.xapi.timestamps import parse_us
from tests.clients import Xapi

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def statement(**parts: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": "mailto:a@example.com"},
        "verb": {"id": "https://example.com/verbs/did"},
        "object": {"id": "https://example.com/activities/1"},
        **parts,
    }


def voiding(target: str, **parts: Any) -> dict[str, Any]:
    return statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": target}, **parts)


def test_a_posted_statement_is_answered_with_its_id_and_can_be_read_at_once(xapi: Xapi) -> None:
    one = statement()
    posted = xapi.post(one)
    assert (posted.status_code, posted.json) == (200, [one["id"]])
    read = xapi.get(statementId=one["id"])
    assert read.status_code == 200
    assert one.items() <= read.json.items()


def test_the_bytes_that_were_sent_leave_unchanged(xapi: Xapi) -> None:
    sent = (
        b'{"actor":{"mbox":"mailto:a@example.com"},"verb":{"id":"https://example.com/v"},"object":{"id":'
        b'"https://example.com/a"},"result":{"extensions":{"https://example.com/x":[1e2, 1.10,'
        b' 1234567890123456789012345678901234567890,{"z":1,"a":2},"\\u00e9"]}}}'
    )
    [statement_id] = xapi.request("POST", "/xapi/statements", data=sent, content_type="application/json").json
    assert sent[1:] in xapi.get(statementId=statement_id).data
    assert sent[1:] in xapi.get().data


def test_the_server_sets_id_stored_timestamp_authority_and_version(xapi: Xapi) -> None:
    one = statement()
    del one["id"]
    [statement_id] = xapi.post(one).json
    kept = xapi.get(statementId=statement_id).json
    assert kept["id"] == statement_id
    assert kept["version"] == "1.0.0"  # xAPI-Data 2.4.10
    assert kept["authority"]["account"] == {"homePage": "https://lrs.example", "name": xapi.name}
    assert parse_us(kept["timestamp"]) <= parse_us(kept["stored"])


def test_put_stores_under_the_id_of_the_request(xapi: Xapi) -> None:
    one = statement()
    statement_id = one.pop("id")
    assert xapi.put(statement_id, one).status_code == 204
    assert xapi.get(statementId=statement_id).json["id"] == statement_id


def test_put_refuses_another_id_in_the_body(xapi: Xapi) -> None:
    other = str(uuid.uuid4())
    answer = xapi.put(other, statement())
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] == "/id"
    assert xapi.get(statementId=other).status_code == 404


def test_put_needs_a_statement_id(xapi: Xapi) -> None:
    answer = xapi.request("PUT", "/xapi/statements", json=statement())
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] == "statementId"


def test_put_takes_no_batch(xapi: Xapi) -> None:
    assert xapi.put(str(uuid.uuid4()), [statement()]).status_code == 400


def test_the_same_statement_again_changes_nothing_and_another_meaning_conflicts(xapi: Xapi) -> None:
    one = statement()
    assert xapi.post(one).status_code == 200
    stored = xapi.get(statementId=one["id"]).data
    assert xapi.post(one).status_code == 200
    assert xapi.put(one["id"], one).status_code == 204
    conflict = xapi.post({**one, "verb": {"id": "https://example.com/verbs/other"}})
    assert conflict.status_code == 409
    assert conflict.json["error"]["code"] == "conflict"
    assert xapi.get(statementId=one["id"]).data == stored


def test_a_batch_is_stored_whole_in_its_order(xapi: Xapi) -> None:
    batch = [statement() for _ in range(5)]
    ids = [one["id"] for one in batch]
    assert xapi.post(batch).json == ids
    assert xapi.ids(ascending="true") == ids


def test_a_bad_batch_stores_nothing_and_names_every_bad_statement(xapi: Xapi) -> None:
    good = [statement() for _ in range(4)]
    bad = [good[0], statement(verb={}), good[1], statement(actor={}), good[2], statement(extra=1), good[3]]
    answer = xapi.post(bad)
    assert answer.status_code == 400
    assert "3 of 7" in answer.json["error"]["message"]
    assert {detail["path"].split("/")[1] for detail in answer.json["error"]["details"]} == {"1", "3", "5"}
    assert xapi.ids() == []


def test_the_same_id_twice_in_a_batch_is_refused(xapi: Xapi) -> None:
    one = statement()
    answer = xapi.post([one, statement(), {**one, "id": one["id"].upper()}])
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] == "/2/id"
    assert xapi.ids() == []


def test_an_empty_batch_is_taken(xapi: Xapi) -> None:
    assert xapi.post([]).json == []


def test_a_voided_statement_is_hidden_but_its_references_are_not(xapi: Xapi) -> None:
    one = statement(verb={"id": "https://example.com/verbs/rare"})
    ref = statement(object={"objectType": "StatementRef", "id": one["id"]})
    void = voiding(one["id"])
    for posted in (one, ref, void):
        assert xapi.post(posted).status_code == 200
    assert xapi.get(statementId=one["id"]).status_code == 404
    assert xapi.get(voidedStatementId=one["id"]).json["id"] == one["id"]
    assert xapi.get(voidedStatementId=ref["id"]).status_code == 404
    assert xapi.ids(verb="https://example.com/verbs/rare") == [void["id"], ref["id"]]


def test_voiding_a_voiding_statement_or_an_unknown_id_is_accepted_without_effect(xapi: Xapi) -> None:
    one = statement()
    first = voiding(one["id"])
    for posted in (one, first, voiding(first["id"]), voiding(str(uuid.uuid4()))):
        assert xapi.post(posted).status_code == 200
    assert xapi.get(statementId=one["id"]).status_code == 404
    assert xapi.get(statementId=first["id"]).status_code == 200


def test_each_filter_finds_its_statement_and_no_other(xapi: Xapi) -> None:
    registration = str(uuid.uuid4())
    agent = {"account": {"homePage": "https://example.com", "name": "o@1"}}
    wanted = {
        "verb": statement(verb={"id": "https://example.com/verbs/v"}),
        "activity": statement(object={"id": "https://example.com/activities/a"}),
        "agent": statement(actor=agent),
        "registration": statement(context={"registration": registration.upper()}),
    }
    xapi.post([*wanted.values(), statement()])
    assert xapi.ids(verb="https://example.com/verbs/v") == [wanted["verb"]["id"]]
    assert xapi.ids(activity="https://example.com/activities/a") == [wanted["activity"]["id"]]
    assert xapi.ids(agent=json.dumps(agent)) == [wanted["agent"]["id"]]
    assert xapi.ids(registration=registration) == [wanted["registration"]["id"]]
    assert xapi.ids(verb="https://example.com/verbs/v", registration=registration) == []


def test_related_filters_reach_where_the_plain_ones_do_not(xapi: Xapi) -> None:
    instructor = {"mbox": "mailto:instructor@example.com"}
    course = "https://example.com/courses/1"
    one = statement(context={"instructor": instructor, "contextActivities": {"parent": [{"id": course}]}})
    xapi.post([one, statement()])
    assert xapi.ids(agent=json.dumps(instructor)) == []
    assert xapi.ids(agent=json.dumps(instructor), related_agents="true") == [one["id"]]
    assert xapi.ids(activity=course) == []
    assert xapi.ids(activity=course, related_activities="true") == [one["id"]]


def test_since_and_until_speak_of_stored_and_not_of_timestamp(xapi: Xapi) -> None:
    ids = [xapi.post(statement(timestamp="2001-01-01T00:00:00Z")).json[0] for _ in range(3)]
    stored = [xapi.get(statementId=one).json["stored"] for one in ids]
    assert xapi.ids(since=stored[0]) == [ids[2], ids[1]]
    assert xapi.ids(until=stored[1]) == [ids[1], ids[0]]
    assert xapi.ids(since=stored[0], until=stored[1]) == [ids[1]]
    assert xapi.ids(until="2002-01-01T00:00:00Z") == []


@pytest.mark.parametrize("ascending", ["true", "false"])
def test_pages_by_more_give_every_statement_once_while_others_are_written(xapi: Xapi, ascending: str) -> None:
    ids = xapi.post([statement() for _ in range(7)]).json
    seen: list[str] = []
    page = xapi.get(limit="3", ascending=ascending).json
    while True:
        seen += [one["id"] for one in page["statements"]]
        if not page["more"]:
            break
        late = xapi.post(statement()).json if len(seen) < 6 else []
        ids += late if ascending == "true" else []
        page = xapi.get(page["more"]).json
    assert seen == (ids if ascending == "true" else ids[::-1])


def test_more_keeps_filter_and_format(xapi: Xapi) -> None:
    verb = {"id": "https://example.com/verbs/v", "display": {"en": "did"}}
    ids = xapi.post([statement(verb=verb) for _ in range(3)] + [statement()]).json[:3]
    first = xapi.get(verb=verb["id"], format="ids", limit="2").json
    assert first["more"].startswith("/xapi/statements?more=")
    second = xapi.get(first["more"]).json
    assert [one["id"] for one in first["statements"] + second["statements"]] == ids[::-1]
    assert second["statements"][0]["verb"] == {"id": verb["id"]}
    assert second["more"] == ""


def test_a_more_link_that_was_tampered_with_is_refused(xapi: Xapi) -> None:
    xapi.post([statement() for _ in range(3)])
    more = xapi.get(limit="1").json["more"]
    assert xapi.get(more[:-3] + ("AAA" if not more.endswith("AAA") else "BBB")).status_code == 400
    assert xapi.get(more + "&limit=5").status_code == 400


def test_limit_0_means_the_servers_most(xapi: Xapi) -> None:
    xapi.post([statement() for _ in range(150)])
    assert len(xapi.ids()) == 100
    assert len(xapi.ids(limit="0")) == 150


@pytest.mark.parametrize(
    "query",
    [
        {"unknown": "1"},
        {"StatementId": str(uuid.uuid4())},
        {"statementId": "no-uuid"},
        {"statementId": str(uuid.uuid4()), "limit": "1"},
        {"statementId": str(uuid.uuid4()), "voidedStatementId": str(uuid.uuid4())},
        {"limit": "-1"},
        {"limit": "many"},
        {"ascending": "yes"},
        {"format": "pretty"},
        {"since": "yesterday"},
        {"verb": "no iri"},
        {"agent": "{"},
        {"agent": '{"mbox":"nobody"}'},
        {"registration": "1"},
        {"attachments": "1"},
    ],
)
def test_a_parameter_that_is_not_understood_is_refused_by_name(xapi: Xapi, query: dict[str, str]) -> None:
    answer = xapi.get(**query)
    assert answer.status_code == 400
    assert answer.json["error"]["details"][0]["path"] in query


def test_post_takes_no_parameter(xapi: Xapi) -> None:
    answer = xapi.request("POST", "/xapi/statements?statementId=1", json=statement())
    assert answer.status_code == 400
    assert xapi.ids() == []


def test_head_answers_as_get_without_a_body(xapi: Xapi) -> None:
    [statement_id] = xapi.post(statement()).json
    for query in ({}, {"statementId": statement_id}):
        whole = xapi.get(**query)
        head = xapi.request("HEAD", "/xapi/statements", query_string=query)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.data))
        assert head.content_type == whole.content_type


def test_one_statement_tells_when_it_was_last_modified(xapi2: Xapi) -> None:
    [statement_id] = xapi2.post(statement()).json
    answer = xapi2.get(statementId=statement_id)
    assert answer.last_modified is not None
    assert int(answer.last_modified.timestamp()) == parse_us(answer.json["stored"]) // 1_000_000


def test_canonical_has_one_language_of_the_readers(xapi: Xapi) -> None:
    display = {"en": "rated", "fr": "a évalué"}
    [statement_id] = xapi.post(statement(verb={"id": "https://example.com/v", "display": display})).json
    answer = xapi.get(
        statementId=statement_id, format="canonical", headers={"Accept-Language": "fr-CA, en;q=0.5"}
    )
    assert answer.json["verb"]["display"] == {"fr": "a évalué"}


def test_consistent_through_stands_on_every_answer_and_passes_what_was_written(xapi: Xapi) -> None:
    [statement_id] = xapi.post(statement()).json
    stored = parse_us(xapi.get(statementId=statement_id).json["stored"])
    for answer in (xapi.get(), xapi.get(limit="x"), xapi.get(statementId=str(uuid.uuid4())), xapi.post({})):
        assert parse_us(answer.headers["X-Experience-API-Consistent-Through"]) >= stored


# Attachments


def attached(content: bytes, **parts: Any) -> dict[str, Any]:
    return {
        "usageType": "https://example.com/usage",
        "display": {"en": "a file"},
        "contentType": "text/plain",
        "length": len(content),
        "sha2": hashlib.sha256(content).hexdigest(),
        **parts,
    }


def multipart(statements: Any, *contents: bytes, **headers: str) -> dict[str, Any]:
    parts = [b"--B\r\nContent-Type: application/json\r\n\r\n" + json.dumps(statements).encode()]
    for content in contents:
        sent = {
            "Content-Type": "text/plain",
            "Content-Transfer-Encoding": "binary",
            "X-Experience-API-Hash": hashlib.sha256(content).hexdigest(),
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items() if value)
        parts.append(b"--B\r\n" + head.encode() + b"\r\n" + content)
    return {"data": b"\r\n".join(parts) + b"\r\n--B--\r\n", "content_type": "multipart/mixed; boundary=B"}


def test_attachments_come_back_byte_for_byte_and_once(xapi: Xapi) -> None:
    content = bytes(range(256)) + b"--B\r\n--C\r\n"
    batch = [statement(attachments=[attached(content)]), statement(attachments=[attached(content)])]
    assert xapi.request("POST", "/xapi/statements", **multipart(batch, content)).status_code == 200
    answer = xapi.get(attachments="true")
    kind, _, boundary = answer.content_type.partition("; boundary=")
    assert kind == "multipart/mixed"
    parts = answer.data.split(f"--{boundary}".encode())
    assert len(parts) == 4  # nothing, statements, one attachment, the end
    assert len(json.loads(parts[1].split(b"\r\n\r\n", 1)[1])["statements"]) == 2
    head, _, kept = parts[2].partition(b"\r\n\r\n")
    assert kept == content + b"\r\n"
    assert f"X-Experience-API-Hash: {hashlib.sha256(content).hexdigest()}".encode() in head


def test_without_attachments_the_answer_is_json(xapi: Xapi) -> None:
    xapi.request("POST", "/xapi/statements", **multipart(statement(attachments=[attached(b"x")]), b"x"))
    assert xapi.get().content_type == "application/json"
    assert xapi.get(attachments="false").content_type == "application/json"


@pytest.mark.parametrize(
    ("contents", "headers"),
    [
        ((), {}),
        ((b"other",), {}),
        ((b"content", b"extra"), {}),
        ((b"content",), {"X-Experience-API-Hash": ""}),
        ((b"content",), {"X-Experience-API-Hash": "0" * 64}),
        ((b"content",), {"Content-Transfer-Encoding": ""}),
        ((b"content",), {"Content-Transfer-Encoding": "base64"}),
    ],
)
def test_parts_that_do_not_fit_their_statement_are_refused(
    xapi: Xapi, contents: tuple[bytes, ...], headers: dict[str, str]
) -> None:
    body = multipart(statement(attachments=[attached(b"content")]), *contents, **headers)
    answer = xapi.request("POST", "/xapi/statements", **body)
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid_attachment"
    assert xapi.ids() == []


def test_plain_json_needs_a_file_url_for_each_attachment(xapi: Xapi) -> None:
    assert xapi.post(statement(attachments=[attached(b"x")])).status_code == 400
    one = statement(attachments=[attached(b"x", fileUrl="https://example.com/x")])
    assert xapi.post(one).status_code == 200


def test_a_wrong_length_is_no_reason_to_refuse(xapi: Xapi) -> None:
    body = multipart(statement(attachments=[attached(b"content", length=1)]), b"content")
    assert xapi.request("POST", "/xapi/statements", **body).status_code == 200


# Bad input


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b'{"a":1,"a":2}', "application/json"),
        (b'{"a":NaN}', "application/json"),
        (b'{"a":"\xff"}', "application/json"),
        (b'{"a":"\\ud800"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"null", "application/json"),
        (b'"text"', "application/json"),
        (b"[[]]", "application/json"),
        (json.dumps(statement()).encode("utf-16"), "application/json; charset=utf-16"),
        (json.dumps(statement()).encode(), "text/plain"),
        (json.dumps(statement()).encode(), ""),
        (json.dumps(statement()).encode(), "multipart/mixed"),
        (json.dumps(statement()).encode(), "multipart/mixed; boundary=B"),
    ],
)
def test_rubbish_is_400_with_a_reason_and_the_next_request_is_served(
    xapi: Xapi, body: bytes, content_type: str
) -> None:
    answer = xapi.request("POST", "/xapi/statements", data=body, content_type=content_type or None)
    assert answer.status_code == 400
    assert answer.json["error"]["message"]
    assert xapi.ids() == []
    assert xapi.post(statement()).status_code == 200


def test_what_is_too_large_is_413(xapi: Xapi) -> None:
    big = statement(result={"response": "x" * 10_000_000})
    answer = xapi.post(big)
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")
    assert xapi.post([statement() for _ in range(10_001)]).status_code == 413
    assert xapi.post([{}] * 6_000_000).status_code == 413
    assert xapi.ids() == []


# Versions and scopes


@pytest.mark.parametrize(
    ("sent", "answered"), [("1.0", "1.0.3"), ("1.0.0", "1.0.3"), ("1.0.9", "1.0.3"), ("2.0.0", "2.0.0")]
)
def test_the_version_is_negotiated_and_told(xapi: Xapi, sent: str, answered: str) -> None:
    answer = xapi.get(headers={"X-Experience-API-Version": sent})
    assert (answer.status_code, answer.headers["X-Experience-API-Version"]) == (200, answered)


@pytest.mark.parametrize("sent", ["", "0.95", "1.1.0", "3.0", "one"])
def test_a_version_that_is_not_spoken_here_is_400(xapi: Xapi, sent: str) -> None:
    answer = xapi.get(headers={"X-Experience-API-Version": sent})
    assert answer.status_code == 400
    assert answer.headers["X-Experience-API-Version"]
    assert answer.json["error"]["code"] == "unsupported_version"


def test_context_agents_are_of_2_0_only(xapi: Xapi, xapi2: Xapi) -> None:
    agents = [{"objectType": "contextAgent", "agent": {"mbox": "mailto:b@example.com"}}]
    one = statement(context={"contextAgents": agents})
    assert xapi.post(one).status_code == 400
    assert xapi2.post(one).status_code == 200
    assert xapi2.ids(agent='{"mbox":"mailto:b@example.com"}', related_agents="true") == [one["id"]]


def test_without_a_key_it_is_401_and_says_how(http: FlaskClient) -> None:
    answer = http.get("/xapi/statements", headers={"X-Experience-API-Version": "1.0.3"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert answer.headers["X-Experience-API-Version"]


def test_a_write_only_key_cannot_read(client_with: Callable[..., Xapi]) -> None:
    vendor = client_with("statements/write")
    assert vendor.post(statement()).status_code == 200
    assert vendor.get().status_code == 403


def test_a_read_key_cannot_write(client_with: Callable[..., Xapi]) -> None:
    reader = client_with("statements/read")
    assert reader.post(statement()).status_code == 403
    assert reader.put(str(uuid.uuid4()), statement()).status_code == 403
    assert reader.ids() == []


def test_a_key_that_reads_its_own_sees_no_others(client_with: Callable[..., Xapi]) -> None:
    mine, other = (client_with("statements/write", "statements/read/mine") for _ in range(2))
    [own_id] = mine.post(statement()).json
    [other_id] = other.post(statement()).json
    assert mine.ids() == [own_id]
    assert mine.get(statementId=own_id).status_code == 200
    assert mine.get(statementId=other_id).status_code == 404


def test_a_key_that_reads_its_own_gets_no_raw_data_for_a_hash_that_it_only_names(
    client_with: Callable[..., Xapi], xapi: Xapi
) -> None:
    content = b"another's file"
    assert xapi.request(
        "POST", "/xapi/statements", **multipart(statement(attachments=[attached(content)]), content)
    )
    curious = client_with("statements/write", "statements/read/mine")
    named = attached(content, fileUrl="https://example.com/file")
    assert curious.post(statement(attachments=[named])).status_code == 200
    assert content not in curious.get(attachments="true").data
    assert content in xapi.get(attachments="true").data


def test_a_key_that_reads_its_own_cannot_question_others_through_a_reference(
    client_with: Callable[..., Xapi], xapi: Xapi
) -> None:
    [secret] = xapi.post(statement(verb={"id": "https://example.com/verbs/secret"})).json
    curious = client_with("statements/write", "statements/read/mine")
    reference = statement(object={"objectType": "StatementRef", "id": secret})
    curious.post(reference)
    assert curious.ids() == [reference["id"]]
    assert curious.ids(verb="https://example.com/verbs/secret") == []
    assert xapi.ids(verb="https://example.com/verbs/secret") == [reference["id"], secret]


def test_a_vendor_voids_its_own_statements_only(client_with: Callable[..., Xapi], xapi: Xapi) -> None:
    vendor, other = (client_with("statements/write") for _ in range(2))
    [own] = vendor.post(statement()).json
    assert other.post(voiding(own)).status_code == 200  # accepted, and without effect
    assert xapi.get(statementId=own).status_code == 200
    assert vendor.post(voiding(own)).status_code == 200
    assert xapi.get(voidedStatementId=own).status_code == 200


def test_only_a_key_for_everything_may_name_another_authority(
    client_with: Callable[..., Xapi], xapi: Xapi
) -> None:
    vendor = client_with("statements/write")
    authority = {"objectType": "Agent", "mbox": "mailto:other@example.com"}
    [forged] = vendor.post(statement(authority=authority)).json
    [trusted] = xapi.post(statement(authority=authority)).json
    assert xapi.get(statementId=forged).json["authority"]["account"]["name"] == vendor.name
    assert xapi.get(statementId=trusted).json["authority"] == authority


def test_about_needs_neither_key_nor_version(http: FlaskClient) -> None:
    answer = http.get("/xapi/about")
    assert answer.status_code == 200
    assert answer.json["version"] == ["1.0.3", "2.0.0"]
    assert answer.headers["X-Experience-API-Version"]
    assert http.get("/xapi/about?x=1").status_code == 400
