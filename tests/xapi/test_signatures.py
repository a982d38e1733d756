from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st

from lrs.errors import Detail
from lrs.xapi.equality import same_meaning
from lrs.xapi.jws import MOST_CERTIFICATES, MOST_HEADER_BYTES
from lrs.xapi.signatures import MOST_SIGNATURES, USAGE_TYPE, Signatures, check_signatures
from lrs.xapi.statement import Attachment
from lrs.xapi.strict_json import parse
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

ID = "12345678-1234-4234-8234-123456789012"
OTHER_ID = "87654321-1234-4234-8234-123456789012"
SCENARIO = {"id": "https://vr.example/scenarios/1"}
STATEMENT: dict[str, Any] = {
    "id": ID,
    "actor": {"mbox": "mailto:recruit-7@academy.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/scored"},
    "object": SCENARIO,
    "result": {"score": {"raw": 5, "min": 1, "max": 7}, "extensions": {"https://x.example/a": 1.5}},
    "timestamp": "2026-01-15T09:00:00+01:00",
}
NOTE = {
    "usageType": "https://academy.example/usage/note",
    "display": {"en": "A note"},
    "contentType": "text/plain",
    "length": 4,
    "sha2": "a" * 64,
    "fileUrl": "https://academy.example/notes/1",
}
HASHES = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
YEARS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
PAST = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2011, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Keys:
    signer: rsa.RSAPrivateKey
    middle: rsa.RSAPrivateKey
    root: rsa.RSAPrivateKey


def new_rsa(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys(new_rsa(), new_rsa(), new_rsa())


def certificate(
    subject: str, public: Any, issuer: str, by: Key, valid: tuple[datetime, datetime] = YEARS
) -> str:
    """DER in base64, as x5c wants it."""
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public)
        .serial_number(1000)
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .sign(by, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def chain_of(keys: Keys) -> list[str]:
    return [
        certificate("signer", keys.signer.public_key(), "middle", keys.middle),
        certificate("middle", keys.middle.public_key(), "root", keys.root),
        certificate("root", keys.root.public_key(), "root", keys.root),
    ]


def alone(key: rsa.RSAPrivateKey, valid: tuple[datetime, datetime] = YEARS) -> list[str]:
    return [certificate("signer", key.public_key(), "signer", key, valid)]


def b64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def jws(payload: object, key: rsa.RSAPrivateKey, alg: str = "RS256", **header: Any) -> bytes:
    """A JWS made from its definition (RFC 7515, 7.1), not by the library that is to read it."""
    signing_input = b64url(as_bytes({"alg": alg, **header})) + b"." + b64url(as_bytes(payload))
    return signing_input + b"." + b64url(key.sign(signing_input, PKCS1v15(), HASHES[alg]))


def header_of(content: bytes, **members: Any) -> dict[str, Any]:
    return {
        "usageType": USAGE_TYPE,
        "display": {"en": "Signature"},
        "contentType": "application/octet-stream",
        "length": len(content),
        "sha2": hashlib.sha256(content).hexdigest(),
        **members,
    }


def by_hash(*contents: bytes) -> dict[str, Attachment]:
    found = [
        Attachment(hashlib.sha256(each).hexdigest(), "application/octet-stream", each) for each in contents
    ]
    return {attachment.sha2: attachment for attachment in found}


def check(statement: dict[str, Any], *contents: bytes) -> list[Detail]:
    """What is wrong with a statement, itself valid, that came with this raw data."""
    raw = as_bytes(statement)
    assert [] in [check_statement(statement, version) for version in Version]
    return check_signatures(parse(raw), raw, by_hash(*contents))


def signed(content: bytes, statement: dict[str, Any] = STATEMENT) -> dict[str, Any]:
    return {**statement, "attachments": [*statement.get("attachments", ()), header_of(content)]}


def check_signed(content: bytes, statement: dict[str, Any] = STATEMENT) -> list[Detail]:
    return check(signed(content, statement), content)


def refusal(content: bytes, statement: dict[str, Any] = STATEMENT) -> Detail:
    """The one thing that is wrong with the statement's only signature."""
    [detail] = check_signed(content, statement)
    assert detail.path == "/attachments/0"
    assert detail.found
    assert detail.expected
    return detail


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
def test_a_signature_with_its_chain_of_certificates_is_accepted(keys: Keys, alg: str) -> None:
    assert check_signed(jws(STATEMENT, keys.signer, alg, x5c=chain_of(keys))) == []


def test_a_signature_without_certificates_is_accepted(keys: Keys) -> None:
    assert check_signed(jws(STATEMENT, keys.signer)) == []


def test_a_statement_without_signatures_has_nothing_to_check() -> None:
    assert check({**STATEMENT, "attachments": [NOTE]}) == []


def test_headers_that_xapi_does_not_speak_of_are_passed_over(keys: Keys) -> None:
    assert check_signed(jws(STATEMENT, keys.signer, typ="JOSE", kid="7", ours={"a": [1]})) == []


def test_a_short_key_is_accepted_without_a_warning() -> None:
    key = new_rsa(1024)  # the length in the specification's own example (xAPI-Data, appendix D)
    assert check_signed(jws(STATEMENT, key, x5c=alone(key))) == []


def test_an_expired_certificate_is_accepted(keys: Keys) -> None:
    assert check_signed(jws(STATEMENT, keys.signer, x5c=alone(keys.signer, PAST))) == []


def test_a_certificate_that_an_elliptic_key_issued_is_accepted(keys: Keys) -> None:
    authority = ec.generate_private_key(ec.SECP256R1())
    x5c = [
        certificate("signer", keys.signer.public_key(), "root", authority),
        certificate("root", authority.public_key(), "root", authority),
    ]
    assert check_signed(jws(STATEMENT, keys.signer, x5c=x5c)) == []


def with_sha1(der: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """The certificate signed anew with SHA-1, which cryptography would not do any more."""
    by_sha256, by_sha1 = (bytes.fromhex(f"2a864886f70d0101{last}") for last in ("0b", "05"))
    old = x509.load_der_x509_certificate(der)
    body = old.tbs_certificate_bytes.replace(by_sha256, by_sha1)
    signature = key.sign(body, PKCS1v15(), hashes.SHA1())
    whole = der.replace(old.tbs_certificate_bytes, body).replace(old.signature, signature)
    return whole.replace(by_sha256, by_sha1)


def test_a_certificate_issued_with_sha1_is_held_to_its_issuer_like_any_other(keys: Keys) -> None:
    """The example of the specification is made so (xAPI-Data, appendix D)."""
    signer, *rest = chain_of(keys)

    def x5c(key: rsa.RSAPrivateKey) -> list[str]:
        return [base64.b64encode(with_sha1(base64.b64decode(signer), key)).decode(), *rest]

    assert check_signed(jws(STATEMENT, keys.signer, x5c=x5c(keys.middle))) == []
    assert "not by the key of x5c/1" in refusal(jws(STATEMENT, keys.signer, x5c=x5c(keys.root))).found


# What is signed, held against what came


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("actor", {"mbox": "mailto:recruit-8@academy.example"}),
        ("verb", {"id": "http://adlnet.gov/expapi/verbs/passed"}),
        ("object", {"id": "https://vr.example/scenarios/2"}),
        ("result", {"score": {"raw": 6, "min": 1, "max": 7}}),
        ("result", {**STATEMENT["result"], "extensions": {"https://x.example/a": 1.50000000000000001}}),
        ("context", {"platform": "Another"}),
        ("timestamp", "2026-01-15T09:00:01+01:00"),
        ("attachments", [NOTE]),
        ("id", OTHER_ID),
    ],
)
def test_a_signature_over_another_statement_is_refused_with_the_member_that_differs(
    keys: Keys, member: str, value: Any
) -> None:
    text = as_bytes({**STATEMENT, member: value})
    if member == "result" and "extensions" in value:
        text = text.replace(b"1.5}", b"1.50000000000000001}")  # as a float it is 1.5
        assert b"0001" in text
    found = refusal(jws(text, keys.signer, x5c=alone(keys.signer)))
    assert found.found == f"a payload that differs in {member}"
    assert "before the signature was added" in found.expected


def test_members_that_were_signed_and_are_missing_are_named(keys: Keys) -> None:
    rest = {name: value for name, value in STATEMENT.items() if name not in ("id", "result", "timestamp")}
    assert (
        refusal(jws(STATEMENT, keys.signer), rest).found == "a payload that differs in id, result, timestamp"
    )


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ({}, '{"min": 1, "max": 7, "raw": 5.0}'),
        ({}, '{"min": 1e0, "max": 7, "raw": 5}'),
        ({"stored": "2026-01-15T09:00:00Z", "version": "1.0.0"}, None),
        ({"authority": {"mbox": "mailto:lrs@academy.example"}}, None),
        ({"timestamp": "2026-01-15T08:00:00.000Z"}, None),
        ({"id": ID.upper()}, None),
        ({"object": {**SCENARIO, "objectType": "Activity", "definition": {"name": {"en": "Stop"}}}}, None),
    ],
)
def test_a_payload_that_says_the_same_in_other_words_is_accepted(
    keys: Keys, payload: dict[str, Any], text: str | None
) -> None:
    data = as_bytes({**STATEMENT, **payload})
    if text:
        before = data
        data = data.replace(as_bytes(STATEMENT["result"]["score"]), text.encode())
        assert data != before
    assert check_signed(jws(data, keys.signer)) == []


@pytest.mark.parametrize("member", ["id", "timestamp"])
def test_what_a_server_may_have_added_need_not_be_signed(keys: Keys, member: str) -> None:
    rest = {name: value for name, value in STATEMENT.items() if name != member}
    assert check_signed(jws(rest, keys.signer)) == []


@pytest.mark.parametrize(
    "number", ["1e400", "1e99999999999999999999", "0.10000000000000000000001", "9" * 4000]
)
def test_numbers_of_any_size_are_compared_as_they_were_written(keys: Keys, number: str) -> None:
    def with_number(text: str) -> bytes:
        return as_bytes(STATEMENT).replace(b"1.5}", text.encode() + b"}")

    content = jws(with_number(number), keys.signer)
    end = as_bytes({"attachments": [header_of(content)]})[1:]

    def details(text: str) -> list[Detail]:
        raw = with_number(text)[:-1] + b", " + end
        return check_signatures(parse(raw), raw, by_hash(content))

    assert details(number) == []
    assert [detail.found for detail in details(number + "1")] == ["a payload that differs in result"]


def test_attachments_beside_the_signature_are_part_of_what_is_signed(keys: Keys) -> None:
    statement = {**STATEMENT, "attachments": [NOTE]}
    content = jws(statement, keys.signer)
    assert check(signed(content, statement), content) == []
    changed = {**STATEMENT, "attachments": [{**NOTE, "length": 5}, header_of(content)]}
    [detail] = check(changed, content)
    assert (detail.path, detail.found) == ("/attachments/1", "a payload that differs in attachments")


def test_a_second_signature_over_the_signed_statement_is_accepted(keys: Keys) -> None:
    first = jws(STATEMENT, keys.signer)
    once = signed(first)
    second = jws(once, keys.middle)
    assert check(signed(second, once), first, second) == []


def test_each_bad_signature_of_a_statement_is_told(keys: Keys) -> None:
    good, bad = jws(STATEMENT, keys.signer), jws({**STATEMENT, "id": OTHER_ID}, keys.signer)
    statement = {**STATEMENT, "attachments": [header_of(bad), header_of(good), header_of(b"none")]}
    assert [detail.path for detail in check(statement, good, bad, b"none")] == [
        "/attachments/0",
        "/attachments/2",
    ]


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b"{'id': 1}", "not strict JSON"),
        (b"", "not strict JSON"),
        (b'{"id": 1, "id": 1}', "duplicate key"),
        (b"\xff", "not strict JSON"),
        (b"[]", "no valid statement"),
        (b"7", "no valid statement"),
        (b"{}", "no valid statement"),
        (as_bytes({**STATEMENT, "actor": 7}), "at /actor, 7"),
        (as_bytes({**STATEMENT, "unknown": 7}), "no valid statement"),
    ],
)
def test_a_payload_that_is_no_statement_is_refused(keys: Keys, payload: bytes, found: str) -> None:
    assert found in refusal(jws(payload, keys.signer)).found


def test_a_payload_far_longer_than_its_statement_is_refused_unread(keys: Keys) -> None:
    assert check_signed(jws(as_bytes(STATEMENT) + b" " * 10_000, keys.signer)) == []
    assert "bytes" in refusal(jws(as_bytes(STATEMENT) + b" " * 50_000, keys.signer)).found


# SubStatements


def planned(content: bytes) -> dict[str, Any]:
    """A statement whose SubStatement has this signature."""
    inner = {name: value for name, value in signed(content).items() if name != "id"}
    return {
        "actor": {"mbox": "mailto:rater@academy.example"},
        "verb": {"id": "https://academy.example/verbs/planned"},
        "object": {"objectType": "SubStatement", **inner},
    }


def test_the_signature_of_a_substatement_is_over_the_substatement(keys: Keys) -> None:
    content = jws(STATEMENT, keys.signer, x5c=chain_of(keys))
    assert check(planned(content), content) == []
    other = jws({**STATEMENT, "result": {"success": True}}, keys.signer)
    [detail] = check(planned(other), other)
    assert (detail.path, detail.found) == ("/object/attachments/0", "a payload that differs in result")


def test_a_signature_over_the_whole_statement_covers_its_substatement(keys: Keys) -> None:
    inner = jws(STATEMENT, keys.signer)
    statement = planned(inner)
    outer = jws(statement, keys.middle)
    assert check(signed(outer, statement), inner, outer) == []
    statement["object"]["result"] = {"success": False}
    assert [detail.path for detail in check(signed(outer, statement), inner, outer)] == [
        "/attachments/0",
        "/object/attachments/0",
    ]


# The attachment and the JWS


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/jose", "application/octet-stream; charset=ascii"]
)
def test_a_signature_of_another_content_type_is_refused(keys: Keys, content_type: str) -> None:
    content = jws(STATEMENT, keys.signer)
    statement = {**STATEMENT, "attachments": [header_of(content, contentType=content_type)]}
    [detail] = check_signatures(statement, as_bytes(statement), by_hash(content))
    assert detail.path == "/attachments/0/contentType"
    assert "application/octet-stream" in detail.expected


def test_a_signature_that_is_only_linked_to_is_refused(keys: Keys) -> None:
    linked = header_of(jws(STATEMENT, keys.signer), fileUrl="https://academy.example/signatures/1")
    [detail] = check({**STATEMENT, "attachments": [linked]})
    assert (detail.path, detail.found) == ("/attachments/0", "no raw data")
    assert linked["sha2"] in detail.expected


def test_a_hash_in_upper_case_names_the_same_raw_data(keys: Keys) -> None:
    content = jws(STATEMENT, keys.signer)
    upper = header_of(content)["sha2"].upper()
    assert check({**STATEMENT, "attachments": [header_of(content, sha2=upper)]}, content) == []


@pytest.mark.parametrize(
    "alg", ["HS256", "none", "None", "rs256", "PS256", "ES256", "", None, 256, ["RS256"]]
)
def test_any_other_algorithm_is_refused(keys: Keys, alg: Any) -> None:
    _, payload, signature = jws(STATEMENT, keys.signer).split(b".")
    detail = refusal(b".".join([b64url(as_bytes({"alg": alg})), payload, signature]))
    assert "alg" in detail.found
    assert "RS256, RS384 or RS512" in detail.expected


def test_a_key_in_the_hands_of_everyone_cannot_sign(keys: Keys) -> None:
    """A public key taken as the secret of HS256: what careless verifiers accept."""
    import hmac

    public = keys.signer.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    body = b64url(as_bytes({"alg": "HS256", "x5c": alone(keys.signer)})) + b"." + b64url(as_bytes(STATEMENT))
    content = body + b"." + b64url(hmac.digest(public, body, hashlib.sha256))
    assert "HS256" in refusal(content).found


@pytest.mark.parametrize(
    "change",
    [
        lambda head, payload, mac: b"",
        lambda head, payload, mac: b"not a signature",
        lambda head, payload, mac: head + b"." + payload,
        lambda head, payload, mac: b".".join([head, payload, mac, mac]),
        lambda head, payload, mac: b".".join([head, payload, mac]) + b"\n",
        lambda head, payload, mac: b".".join([head, payload, mac]) + b"=",
        lambda head, payload, mac: b".".join([head, payload, b""]),
        lambda head, payload, mac: b".".join([head, payload, b"a"]),
        lambda head, payload, mac: b".".join([head, payload + b"a" * (1 + -len(payload) % 4), mac]),
        lambda head, payload, mac: b".".join([head + b"a" * (1 + -len(head) % 4), payload, mac]),
        lambda head, payload, mac: b".".join([b64url(b"{}"), payload, mac]),
        lambda head, payload, mac: b".".join([b64url(b"[]"), payload, mac]),
        lambda head, payload, mac: b".".join([b64url(b'["alg", "b64"]'), payload, mac]),
        lambda head, payload, mac: b".".join([b64url(b"\xff"), payload, mac]),
        lambda head, payload, mac: b".".join([b64url(b"[" * 9000), payload, mac]),
        lambda head, payload, mac: b".".join([b64url(b'{"alg":"RS256","alg":"RS256"}'), payload, mac]),
        lambda head, payload, mac: b".".join([b64url(b'{"alg":"RS256","crit":["b64"]}'), payload, mac]),
        lambda head, payload, mac: b".".join(
            [b64url(b'{"alg":"RS256","crit":["kid"],"kid":"7"}'), payload, mac]
        ),
        lambda head, payload, mac: b".".join([b64url(b'{"alg":"RS256","b64":false}'), payload, mac]),
        lambda head, payload, mac: b".".join([b64url(b'{"alg":"RS256","kid":7}'), payload, mac]),
        lambda head, payload, mac: b".".join(
            [b64url(as_bytes({"alg": "RS256", "a": "a" * 60_000})), payload, mac]
        ),
        lambda head, payload, mac: as_bytes(
            {"protected": head.decode(), "payload": payload.decode(), "signature": mac.decode()}
        ),
    ],
)
def test_what_is_no_jws_in_compact_serialisation_is_refused(
    keys: Keys, change: Callable[[bytes, bytes, bytes], bytes]
) -> None:
    refusal(change(*jws(STATEMENT, keys.signer).split(b".")))


def test_a_signature_by_another_key_is_refused(keys: Keys) -> None:
    detail = refusal(jws(STATEMENT, keys.middle, x5c=chain_of(keys)))
    assert "not by the key of the first certificate" in detail.found


def test_a_payload_changed_after_signing_is_refused(keys: Keys) -> None:
    head, _, signature = jws({**STATEMENT, "id": OTHER_ID}, keys.signer, x5c=chain_of(keys)).split(b".")
    detail = refusal(b".".join([head, b64url(as_bytes(STATEMENT)), signature]))
    assert "not over this payload" in detail.found


@given(st.data())
def test_no_other_signature_is_taken_for_this_one(keys: Keys, data: st.DataObject) -> None:
    content = jws(STATEMENT, keys.signer, x5c=alone(keys.signer))
    place = data.draw(st.integers(content.rindex(b".") + 1, len(content) - 1))
    other = data.draw(st.sampled_from(b"AZaz09-_+=.\n ").filter(lambda byte: byte != content[place]))
    refusal(content[:place] + bytes([other]) + content[place + 1 :])


# Certificates


def test_a_chain_with_a_link_by_another_key_is_refused(keys: Keys) -> None:
    signer, _, root = chain_of(keys)
    forged = certificate("middle", keys.root.public_key(), "root", keys.root)
    detail = refusal(jws(STATEMENT, keys.signer, x5c=[signer, forged, root]))
    assert "x5c/0 with a signature that is not by the key of x5c/1" in detail.found


def test_a_chain_that_leaves_out_a_link_is_refused(keys: Keys) -> None:
    signer, _, root = chain_of(keys)
    detail = refusal(jws(STATEMENT, keys.signer, x5c=[signer, root]))
    assert detail.found == 'x5c/0 issued by "CN=middle" but x5c/1 is that of "CN=root"'


def test_a_chain_in_the_wrong_order_is_refused(keys: Keys) -> None:
    signer, middle, root = chain_of(keys)
    detail = refusal(jws(STATEMENT, keys.root, x5c=[root, middle, signer]))
    assert detail.found == 'x5c/0 issued by "CN=root" but x5c/1 is that of "CN=middle"'
    detail = refusal(jws(STATEMENT, keys.signer, x5c=[signer, middle, middle, root]))
    assert detail.found == 'x5c/1 issued by "CN=root" but x5c/2 is that of "CN=middle"'


def test_a_signer_without_an_rsa_key_is_refused(keys: Keys) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    x5c = [certificate("signer", key.public_key(), "signer", key)]
    assert "not RSA" in refusal(jws(STATEMENT, keys.signer, x5c=x5c)).found


def test_a_certificate_with_an_unknown_kind_of_key_is_refused(keys: Keys) -> None:
    der = base64.b64decode(alone(keys.signer)[0])
    unknown = der.replace(bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d010163"))
    x5c = [base64.b64encode(unknown).decode()]
    assert "x5c/0 with a key that cannot be read" in refusal(jws(STATEMENT, keys.signer, x5c=x5c)).found


def test_a_key_that_takes_long_to_check_is_refused(keys: Keys) -> None:
    numbers = keys.signer.private_numbers()
    slow = rsa.RSAPublicNumbers(numbers.d | 1, numbers.public_numbers.n).public_key()
    x5c = [certificate("signer", slow, "root", keys.root)]
    assert "exponent" in refusal(jws(STATEMENT, keys.signer, x5c=x5c)).found


@pytest.mark.parametrize("x5c", [[], None, "MIIB", {}, 7, [7], ["MIIB"], ["é"], [""], ["MIIB-_"], [None]])
def test_an_x5c_without_certificates_is_refused(keys: Keys, x5c: Any) -> None:
    assert "x5c" in refusal(jws(STATEMENT, keys.signer, x5c=x5c)).found


def test_a_certificate_in_base64url_in_lines_or_with_more_behind_it_is_refused(keys: Keys) -> None:
    der = base64.b64decode(alone(keys.signer)[0])
    for text in (b64url(der + b"\xff\xff\xff"), base64.b64encode(der + b"\0"), base64.encodebytes(der)):
        assert "x5c/0" in refusal(jws(STATEMENT, keys.signer, x5c=[text.decode()])).found


def test_a_chain_of_too_many_certificates_is_refused(keys: Keys) -> None:
    root = alone(keys.signer)
    assert check_signed(jws(STATEMENT, keys.signer, x5c=root * MOST_CERTIFICATES)) == []
    detail = refusal(jws(STATEMENT, keys.signer, x5c=root * (MOST_CERTIFICATES + 1)))
    assert f"{MOST_CERTIFICATES + 1} certificates" in detail.found


def test_a_header_of_too_many_bytes_is_refused(keys: Keys) -> None:
    detail = refusal(jws(STATEMENT, keys.signer, x5c=["A" * MOST_HEADER_BYTES]))
    assert str(MOST_HEADER_BYTES) in detail.expected


def test_more_signatures_than_are_ever_needed_are_refused(keys: Keys) -> None:
    content = jws(STATEMENT, keys.signer)
    assert check({**STATEMENT, "attachments": [header_of(content)] * MOST_SIGNATURES}, content) == []
    [detail] = check({**STATEMENT, "attachments": [header_of(content)] * (MOST_SIGNATURES + 1)}, content)
    assert (detail.path, detail.found) == ("/attachments", f"{MOST_SIGNATURES + 1} signatures")


# A request


def test_a_signature_that_many_statements_name_is_verified_once(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lrs.xapi import jws as module

    read: list[bytes] = []
    payload_of = module.payload_of
    monkeypatch.setattr(module, "payload_of", lambda content: read.append(content) or payload_of(content))
    unnamed = {name: value for name, value in STATEMENT.items() if name != "id"}
    content = jws(unnamed, keys.signer, x5c=chain_of(keys))
    signatures = Signatures(by_hash(content, b"bad"))
    for identifier in (ID, OTHER_ID):
        for each, wrong in ((content, 0), (b"bad", 1)):
            statement = signed(each, {**unnamed, "id": identifier})
            assert len(signatures.check(statement, as_bytes(statement))) == wrong
    assert sorted(read) == sorted([content, b"bad"])


def test_the_libraries_are_loaded_when_the_first_signature_comes() -> None:
    code = (
        "import sys, lrs.xapi.signatures; sys.exit('joserfc' in sys.modules or 'cryptography' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Whatever comes


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
HEADERS = st.fixed_dictionaries(
    {"alg": st.sampled_from(["RS256", "RS512", "HS256"]) | JSON},
    optional=dict.fromkeys(("x5c", "crit", "b64", "kid", "jku", "jwk", "x5t", "typ", "cty"), JSON),
)
SEGMENTS = st.binary(max_size=30).map(b64url) | st.text(max_size=9).map(str.encode)


@given(
    st.binary(max_size=200)
    | st.builds(lambda *parts: b".".join(parts), SEGMENTS, SEGMENTS, SEGMENTS)
    | st.builds(
        lambda head, payload, mac: b".".join([b64url(as_bytes(head)), b64url(as_bytes(payload)), mac]),
        HEADERS,
        JSON | st.dictionaries(st.sampled_from(sorted(STATEMENT)), JSON),
        SEGMENTS,
    )
)
@example(b"..")
@example(b"e30.e30.e30")
def test_garbage_is_refused_and_never_raises(content: bytes) -> None:
    refusal(content)


@given(st.data())
def test_a_certificate_with_any_bytes_changed_never_raises(keys: Keys, data: st.DataObject) -> None:
    x5c = chain_of(keys)[:2]
    which = data.draw(st.integers(0, 1))
    der = bytearray(base64.b64decode(x5c[which]))
    for _ in range(data.draw(st.integers(1, 4))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    x5c[which] = base64.b64encode(der).decode()
    for detail in check_signed(jws(STATEMENT, keys.signer, x5c=x5c)):
        assert detail.path == "/attachments/0"


@given(st.dictionaries(st.sampled_from(["platform", "revision", "language"]), st.sampled_from(["en", "fr"])))
def test_a_signature_is_accepted_exactly_when_the_statements_mean_the_same(
    keys: Keys, context: dict[str, Any]
) -> None:
    one = {**STATEMENT, "context": {"platform": "en"}}
    other = {**STATEMENT, "context": context}
    assert (check_signed(jws(other, keys.signer), one) == []) == same_meaning(one, other)
