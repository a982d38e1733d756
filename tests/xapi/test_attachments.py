from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import Detail, InvalidAttachment
from lrs.xapi.attachments import declared, matched, statements_part
from lrs.xapi.multipart import Part, read_parts
from lrs.xapi.statement import Attachment

CONTENT = b"here is a simple attachment"
SHA256 = "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a"
CORE: dict[str, Any] = {
    "actor": {"mbox": "mailto:officer-17@academy.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/responded"},
    "object": {"id": "https://academy.example/scenarios/7"},
}


def header(sha2: str = SHA256, **members: Any) -> dict[str, Any]:
    return {
        "usageType": "https://academy.example/usage/note",
        "display": {"en": "A note"},
        "contentType": "text/plain; charset=ascii",
        "length": 27,
        "sha2": sha2,
        **members,
    }


def with_attachments(*headers: dict[str, Any]) -> dict[str, Any]:
    return {**CORE, "attachments": list(headers)}


def part(
    content: bytes = CONTENT, sha2: str | None = SHA256, encoding: str | None = "binary", **more: str
) -> Part:
    headers = {
        "content-type": "text/plain",
        "content-transfer-encoding": encoding,
        "x-experience-api-hash": sha2,
        **more,
    }
    return Part({name: value for name, value in headers.items() if value is not None}, content)


def refusal(statements: list[dict[str, Any]], parts: list[Part]) -> list[Detail]:
    with pytest.raises(InvalidAttachment) as caught:
        matched([(f"/{index}", statement) for index, statement in enumerate(statements)], parts)
    return list(caught.value.details)


def test_raw_data_is_kept_with_the_type_that_its_statement_declares() -> None:
    assert matched([("", with_attachments(header()))], [part()]) == [
        Attachment(SHA256, "text/plain; charset=ascii", CONTENT)
    ]


@pytest.mark.parametrize("name", ["sha224", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("upper", ["neither", "statement", "part", "both"])
def test_every_length_of_sha_2_is_known_in_either_case(name: str, upper: str) -> None:
    sha2 = hashlib.new(name, CONTENT).hexdigest()
    in_statement = sha2.upper() if upper in ("statement", "both") else sha2
    in_part = sha2.upper() if upper in ("part", "both") else sha2
    [kept] = matched([("", with_attachments(header(in_statement)))], [part(sha2=in_part)])
    assert kept.sha2 == sha2


@pytest.mark.parametrize("name", ["sha1", "md5", "sha3_512", "sha512_256", "blake2s"])
def test_any_other_hash_is_refused(name: str) -> None:
    sha2 = hashlib.new(name, CONTENT).hexdigest()
    details = refusal([with_attachments(header(sha2))], [part(sha2=sha2)])
    assert details[0].path == "part 1"
    assert details[0].found == f"hash {sha2}"


def test_a_hash_that_is_not_that_of_its_content_is_refused_and_the_right_one_told() -> None:
    other = hashlib.sha256(b"other").hexdigest()
    assert refusal([with_attachments(header(other))], [part(sha2=other)]) == [
        Detail("part 1", f"hash {other}", f"the SHA-2 of the part's content, {SHA256}")
    ]


@given(st.binary(min_size=1, max_size=50), st.data())
def test_one_changed_bit_of_the_content_is_noticed(content: bytes, data: st.DataObject) -> None:
    sha2 = hashlib.sha256(content).hexdigest()
    place = data.draw(st.integers(0, len(content) * 8 - 1))
    changed = (int.from_bytes(content) ^ (1 << place)).to_bytes(len(content))
    refusal([with_attachments(header(sha2))], [part(changed, sha2)])


def test_a_part_without_hash_is_refused() -> None:
    details = refusal([with_attachments(header(fileUrl="https://x.example/1"))], [part(sha2=None)])
    assert details == [Detail("part 1", "no X-Experience-API-Hash", "the SHA-2 of the part's content")]


@pytest.mark.parametrize(
    ("encoding", "found"), [(None, "none"), ("base64", "base64"), ("8bit", "8bit"), ("", "")]
)
def test_a_part_that_is_not_declared_binary_is_refused(encoding: str | None, found: str) -> None:
    details = refusal([with_attachments(header())], [part(encoding=encoding)])
    assert details == [Detail("part 1", f"Content-Transfer-Encoding {found}", "binary")]


def test_binary_may_be_written_in_upper_case() -> None:
    assert matched([("", with_attachments(header()))], [part(encoding="BINARY")])


def test_a_part_that_no_statement_names_is_refused() -> None:
    sha2 = hashlib.sha256(b"extra").hexdigest()
    assert refusal([with_attachments(header()), CORE], [part(), part(b"extra", sha2)]) == [
        Detail("part 2", f"hash {sha2}", "the sha2 of a statement's attachment")
    ]


def test_an_attachment_without_raw_data_and_file_url_is_refused_where_it_stands() -> None:
    inner = {
        **CORE,
        "objectType": "SubStatement",
        "attachments": [header(fileUrl="https://x.example/1"), header("a" * 64)],
    }
    assert refusal([CORE, with_attachments(header()), {**CORE, "object": inner}], []) == [
        Detail("/1/attachments/0", "neither raw data nor fileUrl", f"a part with the hash {SHA256}"),
        Detail("/2/object/attachments/1", "neither raw data nor fileUrl", f"a part with the hash {'a' * 64}"),
    ]


def test_a_file_url_stands_for_raw_data() -> None:
    statement = with_attachments(header(fileUrl="https://x.example/1"))
    assert matched([("", statement)], []) == []
    assert matched([("", statement)], [part()]) == [Attachment(SHA256, "text/plain; charset=ascii", CONTENT)]


def test_nothing_attached_needs_nothing() -> None:
    assert matched([("", CORE), ("", with_attachments())], []) == []


def test_raw_data_that_several_attachments_name_is_kept_once() -> None:
    inner = {**CORE, "objectType": "SubStatement", "attachments": [header()]}
    statements = [with_attachments(header(), header()), {**CORE, "object": inner}]
    pairs = [(f"/{index}", statement) for index, statement in enumerate(statements)]
    assert matched(pairs, [part(), part()]) == [Attachment(SHA256, "text/plain; charset=ascii", CONTENT)]


def test_a_declared_length_is_never_held_against_the_content() -> None:
    assert matched([("", with_attachments(header(length=1)))], [part()])


def test_an_empty_content_is_content() -> None:
    sha2 = hashlib.sha256(b"").hexdigest()
    [kept] = matched([("", with_attachments(header(sha2)))], [part(b"", sha2)])
    assert kept.content == b""


def test_every_problem_is_told_but_no_more_than_a_hundred() -> None:
    statements = [with_attachments(header()), with_attachments(header("b" * 64))]
    assert len(refusal(statements, [part(sha2=None, encoding=None)])) == 4
    with pytest.raises(InvalidAttachment, match="1001 attachments do not fit") as caught:
        matched([("", with_attachments(header()))], [part(b"", None)] * 1000)
    assert len(caught.value.details) == 100


def test_one_problem_is_told_as_one() -> None:
    with pytest.raises(InvalidAttachment, match="1 attachment does not fit"):
        matched([("", with_attachments(header()))], [])


def test_attachments_are_declared_by_statements_and_substatements() -> None:
    inner = {**CORE, "objectType": "SubStatement", "attachments": [header("b" * 64)]}
    statement = {**CORE, "object": inner, "attachments": [header()]}
    assert [(place, one["sha2"]) for place, one in declared(statement)] == [
        ("/attachments/0", SHA256),
        ("/object/attachments/0", "b" * 64),
    ]
    assert list(declared(CORE)) == []


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=UTF-8", "application/json;"],
)
def test_the_first_part_holds_the_statements(content_type: str) -> None:
    assert statements_part([Part({"content-type": content_type}, b"[]"), part()]) == b"[]"


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([], "no part"),
        ([Part({}, b"[]")], "no Content-Type"),
        ([Part({"content-type": "text/plain"}, b"[]")], "text/plain"),
        ([Part({"content-type": "application/jsonx"}, b"[]")], "application/jsonx"),
        (
            [Part({"content-type": "application/json; charset=utf-16"}, b"[]")],
            "application/json; charset=utf-16",
        ),
    ],
)
def test_a_first_part_that_is_no_json_in_utf_8_is_refused(parts: list[Part], found: str) -> None:
    with pytest.raises(InvalidAttachment) as caught:
        statements_part(parts)
    assert caught.value.details == (Detail("part 0", found, "application/json, in UTF-8"),)


def test_the_example_of_the_specification_is_taken() -> None:
    body = (
        b"\r\n--abcABC0123'()+_,-./:=?\r\nContent-Type:application/json\r\n\r\n{}\r\n"
        b"--abcABC0123'()+_,-./:=?\r\nContent-Type:text/plain\r\nContent-Transfer-Encoding:binary\r\n"
        b"X-Experience-API-Hash:"
        + SHA256.encode()
        + b"\r\n\r\n"
        + CONTENT
        + b"\r\n--abcABC0123'()+_,-./:=?--"
    )
    parts = read_parts(body, "abcABC0123'()+_,-./:=?")
    assert statements_part(parts) == b"{}"
    assert [kept.content for kept in matched([("", with_attachments(header()))], parts[1:])] == [CONTENT]
