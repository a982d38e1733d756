from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import Detail, MalformedJson
from lrs.xapi import strict_json
from lrs.xapi.strict_json import Number

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
BLANKS = st.text(" \t\r\n", max_size=2)


@st.composite
def json_texts(draw: st.DrawFn, depth: int = 3) -> str:
    """JSON texts as someone else may write them: odd blanks, numbers of every form, escapes in strings."""

    def string() -> str:
        return json.dumps(draw(TEXT), ensure_ascii=draw(st.booleans()))

    kind = draw(st.sampled_from(["number", "string", "word"] + ["array", "object"] * (depth > 0)))
    if kind == "number":
        text = draw(NUMBERS)
    elif kind == "string":
        text = string()
    elif kind == "word":
        text = draw(st.sampled_from(["null", "true", "false"]))
    elif kind == "array":
        text = "[" + ",".join(draw(st.lists(json_texts(depth - 1), max_size=3))) + draw(BLANKS) + "]"
    else:
        names = draw(st.lists(TEXT, max_size=3, unique=True))
        members = [f"{json.dumps(name)}{draw(BLANKS)}:{draw(json_texts(depth - 1))}" for name in names]
        text = "{" + draw(BLANKS) + ",".join(members) + "}"
    return draw(BLANKS) + text + draw(BLANKS)


def refusal(data: bytes) -> Detail:
    with pytest.raises(MalformedJson) as caught:
        strict_json.parse(data)
    [detail] = caught.value.details
    return detail


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'{"a":1,"a":1}', 1),
        (b'{"a":1,"\\u0061":2}', 1),
        (b'[{"x":\n{"a":1,"b":2,"a":3}}]', 2),
    ],
)
def test_a_duplicate_key_is_refused_wherever_it_is_and_however_it_is_written(data: bytes, line: int) -> None:
    detail = refusal(data)
    assert detail.found.startswith(f'Detected duplicate key "a" at line {line}, column ')
    assert detail.expected == "each key once in an object"


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "[NaN]", '{"a": -Infinity}'])
def test_what_is_no_number_is_refused(text: str) -> None:
    refusal(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b'"\\ud800"',
        b'"\\udc00"',
        b'"\\ud800\\u0041"',
        b'"\\udc00\\ud800"',
        b'{"\\ud800": 1}',
        b'["\\uDBFF"]',
        b'"\xed\xa0\x80"',
        b'"\xed\xb0\x80"',
        b'"\xff"',
        b'"\xc0\x80"',
        b'"\xe2\x82"',
        b'"\xf5\x80\x80\x80"',
    ],
)
def test_lone_surrogates_and_invalid_utf_8_are_refused(data: bytes) -> None:
    assert refusal(data).expected == "UTF-8 without lone surrogates"


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert strict_json.parse(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"


@pytest.mark.parametrize(
    ("data", "found", "expected"),
    [
        (b"", "nothing", "a JSON text in UTF-8"),
        (b" \r\n\t", "nothing", "a JSON text in UTF-8"),
        (b"\xef\xbb\xbf{}", "a byte order mark at line 1, column 1", "UTF-8 without a byte order mark"),
        (
            "{}".encode("utf-16"),
            "text in UTF-16 or UTF-32 at line 1, column 1",
            "a JSON text (RFC 8259) in UTF-8",
        ),
        (
            "{}".encode("utf-16-be"),
            "text in UTF-16 or UTF-32 at line 1, column 1",
            "a JSON text (RFC 8259) in UTF-8",
        ),
        (b"{} x", "trailing characters at line 1, column 4", "a JSON text (RFC 8259) in UTF-8"),
        (b"\n\n [1 2]", "expected `,` or `]` at line 3, column 5", "a JSON text (RFC 8259) in UTF-8"),
        (b"9" * 4301, "number out of range at line 1, column 4301", "integers of at most 4300 digits"),
    ],
)
def test_a_refusal_says_where_it_is_what_stands_there_and_what_would_be_right(
    data: bytes, found: str, expected: str
) -> None:
    assert refusal(data) == Detail("", found, expected)


@pytest.mark.parametrize(
    "text", ["[1,]", '{"a":1,}', "{'a':1}", "01", "1.", ".5", "+1", '"\t"', "// x\n1", "tru", "\x0c1"]
)
def test_what_only_a_lenient_parser_reads_is_refused(text: str) -> None:
    refusal(text.encode())


@pytest.mark.parametrize(("left", "right"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_two_hundred_levels_are_read_and_a_hundred_thousand_are_refused(left: bytes, right: bytes) -> None:
    strict_json.parse(left * 200 + b"1" + right * 200)
    for closing in (b"", b"1" + right * 100_000):
        assert refusal(left * 100_000 + closing).expected == "at most 200 levels of nesting"


@pytest.mark.parametrize("levels", [1, 200])
@pytest.mark.parametrize(("left", "right"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_what_is_nested_as_deeply_as_may_be_is_cut_and_printed_too(
    left: bytes, right: bytes, levels: int
) -> None:
    data = left * levels + b"1e2" + right * levels
    assert strict_json.print_exactly(strict_json.parse_exactly(data)) == data
    if left == b"[":
        assert strict_json.split_array(data) == [data[1:-1]]
    else:
        assert strict_json.members(data) == {"a": data[5:-1]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9" * 40, int("9" * 40)),
        ("-" + "9" * 4300, -int("9" * 4300)),
        ("1e400", float("inf")),
        ("-0", 0),
        ("1E2", 100.0),
        ("1e-400", 0.0),
        ("1." + "9" * 5000, 2.0),
    ],
)
def test_numbers_of_every_size_pass(text: str, value: Any) -> None:
    assert strict_json.parse(text.encode()) == value


@given(json_texts())
def test_it_reads_what_python_reads(text: str) -> None:
    assert strict_json.parse(text.encode()) == json.loads(text)


@given(st.dictionaries(TEXT, json_texts(), max_size=4))
def test_members_undoes_join_members(parts: dict[str, str]) -> None:
    exact = {name: text.strip(" \t\r\n").encode() for name, text in parts.items()}
    joined = strict_json.join_members({name: text.encode() for name, text in parts.items()})
    assert strict_json.members(joined) == exact
    assert list(strict_json.members(joined)) == list(parts)
    assert strict_json.parse(joined) == {name: json.loads(text) for name, text in parts.items()}


@given(st.lists(json_texts(), max_size=4))
def test_an_array_is_cut_into_the_exact_bytes_of_its_elements(texts: list[str]) -> None:
    data = "[" + ",".join(texts) + "]"
    assert strict_json.split_array(data.encode()) == [text.strip(" \t\r\n").encode() for text in texts]


@given(BLANKS, st.dictionaries(TEXT, json_texts(1), max_size=2), BLANKS)
def test_members_are_put_first_into_any_object_and_the_rest_stays(
    before: str, parts: dict[str, str], between: str
) -> None:
    parts.pop("added", None)
    inside = between + ",".join(f"{json.dumps(name)}:{text}" for name, text in parts.items())
    longer = strict_json.with_members(f"{before}{{{inside}}}".encode(), b'"added":1')
    assert next(iter(strict_json.parse(longer).items())) == ("added", 1)
    assert strict_json.parse(longer) == {
        "added": 1,
        **{name: json.loads(text) for name, text in parts.items()},
    }
    assert longer.endswith(f"{inside}}}".encode())


def _untouched(value: Any) -> Any:
    """The value with each number as the text it was written in, read by Python's own parser."""
    return json.loads(value, parse_int=Number, parse_float=Number)


@given(json_texts())
def test_exact_printing_keeps_numbers_keys_and_strings(text: str) -> None:
    printed = strict_json.print_exactly(strict_json.parse_exactly(text.encode()))
    assert _untouched(printed) == _untouched(text)
    strict_json.parse(printed)


def test_exact_printing_keeps_the_text_of_numbers_and_the_order_of_keys() -> None:
    data = '{"z":[1e2,1E+2,1.10,-0,-0.0,1e400,' + "9" * 5000 + '],"a":{"é/":"\\"\\\\\\u0001"},"":null}'
    assert strict_json.print_exactly(strict_json.parse_exactly(data.encode())) == data.encode()


def test_numbers_are_equal_when_their_text_is() -> None:
    assert Number("1.10") == Number("1.10")
    assert hash(Number("1.10")) == hash(Number("1.10"))
    assert Number("1.10") != Number("1.1")
    assert Number("1") != 1
    assert repr(Number("1e2")) == "Number('1e2')"


@given(json_texts())
def test_parsing_again_answers_what_parsing_did_to_the_type_of_every_number(text: str) -> None:
    data = text.encode()
    assert repr(strict_json.parse_again(data)) == repr(strict_json.parse(data))


@pytest.mark.parametrize("data", [b"[1e400, -1e400]", b"[" * 190 + b"]" * 190, b'{"a": "\\ud83d\\ude00"}'])
def test_parsing_again_takes_what_only_the_strict_parser_takes(data: bytes) -> None:
    assert repr(strict_json.parse_again(data)) == repr(strict_json.parse(data))
