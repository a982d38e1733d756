from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import InvalidAttachment
from lrs.xapi.multipart import Part, media_type, read_parts, write
from lrs.xapi.statement import Attachment

SHA2 = "0" * 64


def read(body: bytes, content_type: str) -> list[Part]:
    kind, parameters = media_type(content_type)
    assert kind == "multipart/mixed"
    return read_parts(body, parameters["boundary"])


def refusal(body: bytes, boundary: str | None = "b") -> str:
    with pytest.raises(InvalidAttachment) as caught:
        read_parts(body, boundary)
    [detail] = caught.value.details
    return f"{detail.path}|{detail.found}|{detail.expected}"


PIECES = st.sampled_from(
    [b"\r\n", b"\r", b"\n", b"--", b"--b", b"--b--", b" ", b"\t", b"Content-Type: x", b"x", b"\0"]
)
CONTENTS = st.binary(max_size=30) | st.lists(PIECES, max_size=8).map(b"".join)


@given(CONTENTS, st.lists(CONTENTS, max_size=4))
def test_reading_undoes_writing(statements: bytes, contents: list[bytes]) -> None:
    attachments = [
        Attachment(f"{index:064x}", "text/plain", content) for index, content in enumerate(contents)
    ]
    parts = read(*write(statements, attachments))
    assert parts[0] == Part({"content-type": "application/json"}, statements)
    assert [
        Attachment(part.headers["x-experience-api-hash"], part.headers["content-type"], part.content)
        for part in parts[1:]
    ] == attachments
    assert {part.headers["content-transfer-encoding"] for part in parts[1:]} <= {"binary"}


def whole_lines(content: bytes) -> bool:
    """Whether no line of a content is the boundary `b` and nothing else."""
    return not any(line.rstrip(b" \t") in (b"--b", b"--b--") for line in content.split(b"\r\n"))


@given(CONTENTS, st.lists(CONTENTS.filter(whole_lines), min_size=1, max_size=4), CONTENTS.filter(whole_lines))
def test_only_a_whole_line_divides_parts(epilogue: bytes, contents: list[bytes], preamble: bytes) -> None:
    body = b"".join(
        [
            preamble,
            *(b"\r\n--b\r\nA: 1\r\n\r\n" + content for content in contents),
            b"\r\n--b--\r\n",
            epilogue,
        ]
    )
    assert [part.content for part in read_parts(body, "b")] == contents


def test_a_body_as_rfc_2046_describes_it_is_read() -> None:
    body = (
        b"--ignored\r\nThis is the preamble.\r\n--b \t\r\nContent-Type:application/json\r\n\r\n{}\r\n"
        b"--b\r\ncontent-type:  text/plain;\r\n  charset=ascii \r\nX-Odd\t:\r\n\r\none\r\n\r\n--bc\r\n"
        b"--b--  \r\nThe epilogue\r\n--b\r\n"
    )
    assert read_parts(body, "b") == [
        Part({"content-type": "application/json"}, b"{}"),
        Part({"content-type": "text/plain;  charset=ascii", "x-odd": ""}, b"one\r\n\r\n--bc"),
    ]


@pytest.mark.parametrize("last", [b"--b--", b"--b--\r\n", b"--b--\r\nepilogue"])
@pytest.mark.parametrize("first", [b"--b", b"\r\n--b", b"preamble\r\n--b"])
def test_the_last_line_may_end_the_body_and_the_first_open_it(first: bytes, last: bytes) -> None:
    assert read_parts(first + b"\r\n\r\nx\r\n" + last, "b") == [Part({}, b"x")]


@pytest.mark.parametrize(
    ("between", "headers"),
    [
        (b"A: 1\r\n\r\n\r\n", {"a": "1"}),
        (b"A: 1\r\n\r\n", {"a": "1"}),
        (b"\r\n\r\n", {}),
        (b"\r\n", {}),
    ],
)
def test_a_part_may_be_empty(between: bytes, headers: dict[str, str]) -> None:
    assert read_parts(b"--b\r\n" + between + b"--b--", "b") == [Part(headers, b"")]


def test_a_body_may_have_no_parts() -> None:
    assert read_parts(b"--b--", "b") == []
    assert read_parts(b"preamble\r\n--b--\r\nepilogue", "b") == []


def test_a_boundary_may_have_any_character_that_rfc_2046_allows() -> None:
    boundary = "abcABC0123'()+_,-./:=? x"
    kind, parameters = media_type(f'multipart/mixed; boundary="{boundary}"')
    assert (kind, parameters) == ("multipart/mixed", {"boundary": boundary})
    body = b"--%b\r\n\r\nx\r\n--%b--" % (boundary.encode(), boundary.encode())
    assert read_parts(body, boundary) == [Part({}, b"x")]


@pytest.mark.parametrize(
    ("header", "kind", "parameters"),
    [
        ("application/json", "application/json", {}),
        ("Application/JSON;charset=UTF-8", "application/json", {"charset": "UTF-8"}),
        (' multipart/mixed ; Boundary = "a b" ;x=1', "multipart/mixed", {"boundary": "a b", "x": "1"}),
        ('multipart/mixed; boundary="a\\"b\\\\c;d"', "multipart/mixed", {"boundary": 'a"b\\c;d'}),
        ("multipart/mixed; boundary=-------3141", "multipart/mixed", {"boundary": "-------3141"}),
        ("multipart/mixed; boundary=a=b/c:d", "multipart/mixed", {"boundary": "a=b/c:d"}),
        ("multipart/mixed; boundary=a; boundary=b", "multipart/mixed", {"boundary": "a"}),
        ("multipart/mixed;", "multipart/mixed", {}),
        ("multipart/mixed;;; boundary=a;", "multipart/mixed", {"boundary": "a"}),
        ("multipart/mixed; boundary", "multipart/mixed", {}),
        ("multipart/mixed; boundary=", "multipart/mixed", {}),
        ('multipart/mixed; boundary="a', "multipart/mixed", {}),
        ('multipart/mixed; boundary="a"b', "multipart/mixed", {}),
        ("multipart/mixed; boundary*=utf-8''a", "multipart/mixed", {"boundary*": "utf-8''a"}),
        ('multipart/mixed; boundary=""', "multipart/mixed", {"boundary": ""}),
        ("", "", {}),
        ("nonsense", "nonsense", {}),
    ],
)
def test_a_content_type_is_read_with_its_parameters(
    header: str, kind: str, parameters: dict[str, str]
) -> None:
    assert media_type(header) == (kind, parameters)


@given(st.text(max_size=40) | st.text('a=;" \\\t/', max_size=20).map("a/b".__add__))
def test_any_text_is_read_as_a_content_type(header: str) -> None:
    kind, parameters = media_type(header)
    assert kind == header.partition(";")[0].strip(" \t").lower()
    assert all(name == name.lower() for name in parameters)


@pytest.mark.parametrize("boundary", [None, ""])
def test_no_boundary_is_refused(boundary: str | None) -> None:
    assert refusal(b"--\r\n\r\nx\r\n----", boundary) == "Content-Type|no boundary|multipart/mixed; boundary=…"


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"--c\r\n\r\nx\r\n--c--", b"x--b\r\n\r\nx\r\nx--b--", b"--bb\r\n"]
)
def test_a_body_without_its_boundary_is_refused(body: bytes) -> None:
    assert refusal(body) == "|no line that is the boundary|parts divided by lines --b"


@pytest.mark.parametrize(
    "body", [b"--b\r\n\r\nx", b"--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n", b"--b\r\n\r\nx\r\n--b--x"]
)
def test_a_body_that_was_cut_off_is_refused(body: bytes) -> None:
    assert refusal(body) == "|a body that ends before its last part does|a last line --b--"


@pytest.mark.parametrize(
    "body", [b"--b\n\nx\n--b--\n", b"\n--b\nA: 1\n\nx\n--b--", b"--b\r\nA: 1\r\n\r\nx\n--b--\n"]
)
def test_line_ends_without_carriage_return_are_named(body: bytes) -> None:
    assert refusal(body) == "|lines that end with LF alone|lines that end with CRLF (RFC 2046)"


def test_a_part_without_boundary_before_it_is_content_of_the_part_before() -> None:
    body = b"--b\r\nContent-Type: application/json\r\n\r\n{}\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--"
    assert [part.content for part in read_parts(body, "b")] == [b"{}\r\nContent-Type: text/plain\r\n\r\nx"]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"A: 1\r\nnonsense\r\n\r\n", "the line 'nonsense'"),
        (b" folded\r\n\r\n", "the line ' folded'"),
        (b"A: 1\nB: 2\r\n\r\n", "the line 'A: 1\\nB: 2'"),
        (b"A: 1\rB: 2\r\n\r\n", "the line 'A: 1\\rB: 2'"),
        (b"A: \0\r\n\r\n", "the line 'A: \\x00'"),
        (b"A B: 1\r\n\r\n", "the line 'A B: 1'"),
        (b"A: 1\r\na: 2\r\n\r\n", "the header a twice"),
        (b"A: 1\r\n", "no empty line after its headers"),
        (b"A: " + b"x" * 20_000 + b"\r\n\r\n", "no empty line after its headers"),
    ],
)
def test_headers_that_cannot_be_read_are_refused(head: bytes, found: str) -> None:
    body = b"--b\r\nA: 0\r\n\r\n0\r\n--b\r\n" + head + b"x\r\n--b--"
    assert refusal(body).startswith(f"part 1|{found}|")


@pytest.mark.parametrize("body", [b"--b\r\n--b--", b"x\r\n--b\r\n--b\r\n\r\nx\r\n--b--"])
def test_two_boundaries_in_a_row_have_no_part_between_them(body: bytes) -> None:
    assert refusal(body).startswith("part 0|no empty line after its headers|")


def test_more_parts_than_anyone_needs_are_refused() -> None:
    part = b"\r\n--b\r\n\r\n"
    assert len(read_parts(part * 1000 + b"\r\n--b--", "b")) == 1000
    assert refusal(part * 50_001 + b"\r\n--b--") == "|more than 50000 parts|at most 50000"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain\r\nX-Injected: 1",
        "text/plain\nX-Injected: 1",
        "text/plain\rX-Injected: 1",
        "text/plain\r\n\r\n--content",
        'text/plain; a="\\\r"',
        "text/plain\0",
        "text/plain\x85X",
        "text/plain\u2028X",
        "text/plain\u010d\u010aX",
        "text/plain; name=\N{GRINNING FACE}",
        "text/plain\ud800",
        "",
    ],
)
def test_a_content_type_cannot_split_the_headers_of_a_body(content_type: str) -> None:
    parts = read(*write(b"[]", [Attachment(SHA2, content_type, b"x")]))
    assert parts[1] == Part(
        {
            "content-type": "application/octet-stream",
            "content-transfer-encoding": "binary",
            "x-experience-api-hash": SHA2,
        },
        b"x",
    )


@given(st.text(st.characters(codec="latin-1"), max_size=20) | st.text(max_size=20))
def test_whatever_the_content_type_the_headers_are_three(content_type: str) -> None:
    body, own = write(b"[]", [Attachment(SHA2, content_type, b"x")])
    parts = read(body, own)
    assert [len(part.headers) for part in parts] == [1, 3]
    assert parts[1].content == b"x"


def test_a_written_body_has_a_boundary_that_needs_no_quotes_and_differs_each_time() -> None:
    boundaries = {media_type(write(b"[]", [])[1])[1]["boundary"] for _ in range(10)}
    assert len(boundaries) == 10
    assert all(boundary.isalnum() and len(boundary) == 32 for boundary in boundaries)


def test_a_written_body_is_as_the_specification_shows_it() -> None:
    body, content_type = write(b"[]", [Attachment(SHA2, "text/plain; charset=ascii", b"here")])
    boundary = content_type.removeprefix("multipart/mixed; boundary=")
    assert body.decode().split("\r\n") == [
        f"--{boundary}",
        "Content-Type: application/json",
        "",
        "[]",
        f"--{boundary}",
        "Content-Type: text/plain; charset=ascii",
        "Content-Transfer-Encoding: binary",
        f"X-Experience-API-Hash: {SHA2}",
        "",
        "here",
        f"--{boundary}--",
        "",
    ]


class Counted(bytes):
    """Bytes that count how many of them were cut out."""

    cut = 0

    def __getitem__(self, key: object) -> bytes:  # type: ignore[override]
        piece = super().__getitem__(key)  # type: ignore[index]
        Counted.cut += len(piece)
        return piece


@pytest.mark.parametrize("filling", [b"\r\n--", b"\r\n", b"\r\n--bx", b"\n--b\r\n", b"x"])
def test_a_large_content_is_copied_once(filling: bytes) -> None:
    content = filling * (5_000_000 // len(filling))
    body = Counted(b"--b\r\nA: 1\r\n\r\n" + content + b"\r\n--b--")
    Counted.cut = 0
    assert [len(part.content) for part in read_parts(body, "b")] == [len(content)]
    assert Counted.cut <= len(content) + 100


def test_contents_of_random_bytes_come_back() -> None:
    contents = [os.urandom(1_000_000) for _ in range(3)]
    parts = read(
        *write(b"[]", [Attachment(f"{i:064x}", "x/y", content) for i, content in enumerate(contents)])
    )
    assert [part.content for part in parts[1:]] == contents
