"""Statements on their way in: all of a request or nothing, multipart, signatures, and PUT."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from tests.clients import Xapi
from tests.conformance.samples import attached, error_of, multipart, new_id, raw_post, statement, voiding

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"


def send(xapi: Xapi, *args: Any, **kwargs: Any) -> Any:
    return xapi.request("POST", "/xapi/statements", **multipart(*args, **kwargs))


# All or nothing


def batches(xapi: Xapi) -> dict[str, tuple[int, list[dict[str, Any]]]]:
    taken = statement()
    assert xapi.post(taken).status_code == 200
    good = [statement(), voiding(taken["id"])]
    return {
        "an invalid one": (400, [*good, statement(verb={})]),
        "an invalid one first": (400, [{}, *good]),
        "a conflict": (409, [*good, {**taken, "verb": {"id": "https://example.com/other"}}]),
        "a conflict first": (409, [{**taken, "verb": {"id": "https://example.com/other"}}, *good]),
        "the same id twice": (400, [*good, good[0]]),
        "raw data that is missing": (400, [*good, statement(attachments=[attached(b"x")])]),
        "one that is too large": (413, [*good, statement(result={"response": "x" * 1_100_000})]),
        "a duplicate of a stored one beside a bad one": (400, [taken, *good, {}]),
    }


def test_of_a_batch_with_anything_wrong_nothing_is_stored(either: Xapi) -> None:
    for what, (status, batch) in batches(either).items():
        before = either.get(limit="0").data
        answer = either.post(batch)
        assert answer.status_code == status, what
        assert error_of(answer)["message"]
        assert either.get(limit="0").data == before, what


def test_a_batch_of_new_and_known_statements_stores_the_new_ones(either: Xapi) -> None:
    known, new = statement(), statement()
    either.post(known)
    assert either.post([new, known]).json == [new["id"], known["id"]]
    assert sorted(either.ids()) == sorted([new["id"], known["id"]])


def test_a_refused_batch_keeps_no_attachment(either: Xapi) -> None:
    content = b"kept nowhere"
    good, bad = statement(attachments=[attached(content)]), statement(verb={})
    assert send(either, [good, bad], content).status_code == 400
    header = attached(content, fileUrl="https://example.com/f")
    either.post(statement(attachments=[header]))
    assert content not in either.get(attachments="true").data


# Multipart


def test_multipart_without_attachments_is_taken(either: Xapi) -> None:
    for sent in (statement(), [statement(), statement()], []):
        assert send(either, sent).status_code == 200
    assert len(either.ids()) == 3


def test_multipart_may_be_put(either: Xapi) -> None:
    one = statement(attachments=[attached(b"x")])
    answer = either.request(
        "PUT", "/xapi/statements", query_string={"statementId": one["id"]}, **multipart(one, b"x")
    )
    assert answer.status_code == 204
    assert b"x" in either.get(statementId=one["id"], attachments="true").data


def test_a_boundary_of_every_character_that_a_boundary_may_have_is_taken(either: Xapi) -> None:
    boundary = "abcABC0123'()+_,-./:=?"
    sent = multipart(statement(attachments=[attached(b"x")]), b"x")
    sent["data"] = sent["data"].replace(b"--B", f"--{boundary}".encode())
    sent["content_type"] = f'multipart/mixed; boundary="{boundary}"'
    assert either.request("POST", "/xapi/statements", **sent).status_code == 200


def test_what_stands_before_the_first_part_and_behind_the_last_is_passed_over(either: Xapi) -> None:
    sent = multipart(statement(attachments=[attached(b"x")]), b"x")
    sent["data"] = b"a preamble\r\n" + sent["data"] + b"an epilogue"
    assert either.request("POST", "/xapi/statements", **sent).status_code == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"application/json", b"text/plain"),
        (b"Content-Type: application/json\r\n", b""),
        (b"--B--", b"--B"),
        (b"--B--\r\n", b""),
        (b"\r\n", b"\n"),
        (b"X-Experience-API-Hash", b"X-Experience-API-Hush"),
        (b"binary", b"8bit"),
        (b'{"id"', b'{"id'),
        (b"\r\n\r\ncontent", b"\r\ncontent"),
    ],
)
def test_a_multipart_body_that_is_broken_is_400_and_nothing_is_kept(
    either: Xapi, old: bytes, new: bytes
) -> None:
    sent = multipart(statement(attachments=[attached(b"content")]), b"content")
    assert old in sent["data"]
    sent["data"] = sent["data"].replace(old, new)
    answer = either.request("POST", "/xapi/statements", **sent)
    assert answer.status_code == 400
    assert error_of(answer)["details"]
    assert either.ids() == []


@pytest.mark.parametrize("algorithm", ["sha224", "sha256", "sha384", "sha512"])
def test_every_sha2_names_its_attachment(either: Xapi, algorithm: str) -> None:
    content = b"some content"
    digest = hashlib.new(algorithm, content).hexdigest()
    one = statement(attachments=[attached(content, sha2=digest)])
    headers = {"X-Experience-API-Hash": digest}
    assert send(either, one, content, **headers).status_code == 200
    assert digest.encode() in either.get(attachments="true").data


def test_a_hash_in_upper_case_is_the_same_hash(either: Xapi) -> None:
    content = b"some content"
    digest = hashlib.sha256(content).hexdigest()
    one = statement(attachments=[attached(content, sha2=digest.upper())])
    assert send(either, one, content, **{"X-Experience-API-Hash": digest}).status_code == 200
    assert content in either.get(statementId=one["id"], attachments="true").data


def test_what_is_too_large_a_length_or_too_small_a_one_is_not_held_against_it(either: Xapi) -> None:
    for length in (0, 10**12):
        one = statement(attachments=[attached(b"content", length=length)])
        assert send(either, one, b"content").status_code == 200


def test_attachments_true_answers_multipart_even_when_there_is_none(either: Xapi) -> None:
    either.post(statement(attachments=[attached(b"far away", fileUrl="https://example.com/f")]))
    for query in ({}, {"statementId": either.ids()[0]}):
        answer = either.get(attachments="true", **query)
        kind, _, boundary = answer.content_type.partition("; boundary=")
        assert kind == "multipart/mixed"
        assert boundary.isalnum()
        assert answer.data.count(f"--{boundary}".encode()) == 2
        assert answer.data.startswith(f"--{boundary}\r\n".encode())
        assert answer.data.endswith(f"\r\n--{boundary}--\r\n".encode())


def test_the_raw_data_of_a_voided_statement_and_of_a_substatement_is_answered(either: Xapi) -> None:
    inner = {"objectType": "SubStatement", **statement(attachments=[attached(b"inside")])}
    del inner["id"]
    one = statement(object=inner)
    assert send(either, one, b"inside").status_code == 200
    assert b"\r\n\r\ninside\r\n" in either.get(attachments="true").data
    either.post(voiding(one["id"]))
    assert b"inside" in either.get(voidedStatementId=one["id"], attachments="true").data
    assert b"\r\n\r\ninside\r\n" not in either.get(attachments="true").data


def test_without_attachments_true_no_raw_data_leaves(either: Xapi) -> None:
    one = statement(attachments=[attached(b"a secret of content")])
    send(either, one, b"a secret of content")
    for query in ({}, {"attachments": "false"}, {"statementId": one["id"]}):
        answer = either.get(**query)
        assert answer.content_type == "application/json"
        assert b"a secret of content" not in answer.data


# Signatures


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def jws(payload: bytes, key: rsa.RSAPrivateKey, alg: str = "RS256") -> bytes:
    signed = b64(json.dumps({"alg": alg}).encode()) + b"." + b64(payload)
    kinds = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
    return signed + b"." + b64(key.sign(signed, PKCS1v15(), kinds.get(alg, hashes.SHA256())))


def signed_with(one: dict[str, Any], signature: bytes, **header: Any) -> dict[str, Any]:
    fields = {"usageType": SIGNATURE, "contentType": "application/octet-stream", **header}
    return {**one, "attachments": [attached(signature, **fields)]}


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
def test_a_signature_over_the_statement_is_taken_and_comes_back(
    either: Xapi, key: rsa.RSAPrivateKey, alg: str
) -> None:
    one = statement()
    signature = jws(json.dumps(one).encode(), key, alg)
    answer = send(either, signed_with(one, signature), signature)
    assert answer.status_code == 200, answer.text
    assert signature in either.get(statementId=one["id"], attachments="true").data


def refused_signatures(
    one: dict[str, Any], key: rsa.RSAPrivateKey
) -> dict[str, tuple[bytes, dict[str, Any]]]:
    good = jws(json.dumps(one).encode(), key)
    other = json.dumps({**one, "verb": {"id": "https://example.com/else"}}).encode()
    return {
        "no JWS": (b"not a signature", {}),
        "another statement": (jws(other, key), {}),
        "no JSON": (jws(b"{", key), {}),
        "a part of the statement": (jws(json.dumps({"actor": one["actor"]}).encode(), key), {}),
        "HS256": (jws(json.dumps(one).encode(), key, "HS256"), {}),
        "none": (jws(json.dumps(one).encode(), key, "none"), {}),
        "another content type": (good, {"contentType": "application/jose"}),
    }


@pytest.mark.parametrize(
    "what",
    [
        "no JWS",
        "another statement",
        "no JSON",
        "a part of the statement",
        "HS256",
        "none",
        "another content type",
    ],
)
def test_what_is_no_signature_over_the_statement_is_400(
    either: Xapi, key: rsa.RSAPrivateKey, what: str
) -> None:
    one = statement()
    signature, header = refused_signatures(one, key)[what]
    answer = send(either, signed_with(one, signature, **header), signature)
    assert answer.status_code == 400
    assert error_of(answer)["details"]
    assert either.ids() == []


def test_a_signature_that_is_put_is_held_to_the_id_of_the_request(
    either: Xapi, key: rsa.RSAPrivateKey
) -> None:
    one = statement()
    signature = jws(json.dumps(one).encode(), key)
    without_id = {name: value for name, value in signed_with(one, signature).items() if name != "id"}
    for statement_id, status in ((new_id(), 400), (one["id"], 204)):
        answer = either.request(
            "PUT",
            "/xapi/statements",
            query_string={"statementId": statement_id},
            **multipart(without_id, signature),
        )
        assert answer.status_code == status


# PUT


def test_put_answers_204_and_keeps_the_id_in_the_form_that_was_sent(either: Xapi) -> None:
    one = statement()
    assert either.put(one["id"].upper(), one).status_code == 204
    assert either.get(statementId=one["id"]).json["id"] == one["id"]


@pytest.mark.parametrize(
    "query", ["", "statementId=", "statementId=x", "StatementId=", "statementId=A&statementId=A"]
)
def test_put_without_exactly_one_uuid_is_400(either: Xapi, query: str) -> None:
    answer = either.request("PUT", f"/xapi/statements?{query}", json=statement())
    assert answer.status_code == 400
    assert either.ids() == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"actor":1,"actor":2}',
        b"[1]",
        b'[{"a":[[[[',
        b"\xef\xbb\xbf{}",
        b'{"verb":{"id":"https://e.example/v","id":"https://e.example/w"}}',
        b'{"result":{"score":{"raw":1e999}}}',
        b'{"result":{"score":{"raw":Infinity}}}',
        b'{"\\ud800":1}',
        b"\xff\xfe{\x00}\x00",
        b"'{}'",
        b"{} {}",
        b'{"id":null}',
    ],
)
def test_what_is_no_statement_is_400_by_post_and_by_put(either: Xapi, body: bytes) -> None:
    answers = [
        raw_post(either, body),
        either.request(
            "PUT",
            "/xapi/statements",
            query_string={"statementId": new_id()},
            data=body,
            content_type="application/json",
        ),
    ]
    for answer in answers:
        assert answer.status_code == 400
        assert error_of(answer)["details"]
    assert either.ids() == []


def test_a_charset_is_taken_when_it_is_utf_8_and_refused_otherwise(either: Xapi) -> None:
    body = json.dumps(statement(result={"response": "é"}), ensure_ascii=False)
    for charset, encoding, status in (
        ("utf-8", "utf-8", 200),
        ('"UTF-8"', "utf-8", 200),
        ("iso-8859-1", "latin-1", 400),
        ("utf-8", "latin-1", 400),
        ("utf-16", "utf-16", 400),
    ):
        answer = raw_post(either, body.encode(encoding), f"application/json; charset={charset}")
        assert answer.status_code == status, charset
