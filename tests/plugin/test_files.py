from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import Detail, PluginError
from lrs.plugin.files import MOST_BYTES, Document, document_of, find_document
from lrs.plugin.json_lines import lines_of_json
from lrs.plugin.yaml_core import parse_yaml
from lrs.plugin.yaml_text import yaml_text

_texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=20)
_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | _texts
    | st.sampled_from(
        ["yes", "1e3", "0o17", "0x1F", "010", ".5", "null", "~", ".inf", "2026-01-01", "- a", "a: b"]
    )
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=12,
)
_objects = st.dictionaries(_texts, _values, max_size=5)


def refused(content: bytes, name: str = "rubric.yaml") -> Detail:
    with pytest.raises(PluginError) as caught:
        document_of(content, name)
    (detail,) = caught.value.details
    return detail


# What YAML means


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("+3", 3),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("'1'", "1"),
        ('"no\\u0020"', "no "),
        ("|-\n  one\n  two", "one\ntwo"),
        ("<<", "<<"),
    ],
)
def test_a_scalar_means_what_the_core_schema_of_yaml_1_2_says(text: str, value: Any) -> None:
    found = document_of(f"x: {text}\n".encode(), "a.yaml").data["x"]
    assert (found, type(found)) == (value, type(value))


def test_a_key_is_text_whatever_it_looks_like() -> None:
    assert document_of(b"1: a\nno: b\n2.50: c\n", "a.yml").data == {"1": "a", "no": "b", "2.50": "c"}


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: 1\nb: 2\na: 3", 3, 'the key "a" a second time'),
        ("a: {x: 1, 'x': 2}", 1, 'the key "x" a second time'),
        ("a: &x [1]\nb: 2", 1, "the anchor &x"),
        ("a: 1\nb: *x", 2, "the alias *x"),
        ("a: !!str 1", 1, 'the tag "tag:yaml.org,2002:str"'),
        ("a: 1\nb: !own {}", 2, 'the tag "!own"'),
        ("a: .nan", 1, ".nan"),
        ("a: -.INF", 1, "-.INF"),
        ("a: 1e999", 1, "1e999"),
        ("a: " + "9" * 400, 1, "a number of 400 digits"),
        ("a: 1\n---\nb: 2", 2, "a second document"),
        ("? [a]\n: 1", 1, "a key that is no plain text"),
        ("a: [1,\n", 2, "no YAML ("),
        ("a: b: c", 1, "no YAML (mapping values are not allowed"),
        ("a: " + "[" * 80 + "]" * 80, 1, "more than 64 levels"),
        ("- a", 1, '["a"]'),
        ("", 1, "null"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, line: int, found: str) -> None:
    detail = refused(text.encode())
    assert detail.path == f"rubric.yaml:{line}"
    assert detail.found.startswith(found)


def test_a_tower_of_aliases_is_refused_before_it_is_built() -> None:
    rows = ["a: &a [x, x]"] + [
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]" for i in range(20)
    ]
    assert refused("\n".join(rows).encode()).found == "the anchor &a"


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ('{"a": 1,\n "a": 2}', 2, "duplicate key"),
        ('{"a":\n NaN}', 2, "expected value"),
        ("{", 1, "EOF"),
        ('{"a": 1e999}', 1, "too large for a double"),
        ("[1]", 1, "[1]"),
    ],
)
def test_what_is_no_strict_json_is_refused_with_its_line(text: str, line: int, found: str) -> None:
    detail = refused(text.encode(), "alignment.json")
    assert detail.path == f"alignment.json:{line}"
    assert found in detail.found


def test_a_file_that_is_not_utf_8_is_refused_with_its_line() -> None:
    assert refused(b"a: 1\nb: \xe9\n") == Detail("rubric.yaml:2", "the byte 0xe9", "UTF-8")


def test_a_file_that_is_too_large_is_refused() -> None:
    assert refused(b"#" * (MOST_BYTES + 1)).expected == f"{MOST_BYTES} bytes at most"


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_byte_order_mark_is_passed_over(name: str) -> None:
    assert document_of(b'\xef\xbb\xbf{"a": 1}', name).data == {"a": 1}


@given(_objects)
def test_a_value_written_as_yaml_and_as_json_is_read_as_the_same(value: dict[str, Any]) -> None:
    as_yaml = document_of(yaml_text(value, ["made: up"]).encode(), "a.yaml").data
    as_json = document_of(json.dumps(value).encode(), "a.json").data
    assert as_yaml == as_json == value
    assert json.dumps(as_yaml) == json.dumps(as_json)


@given(_objects)
def test_a_part_of_a_json_file_is_on_the_line_where_yaml_finds_it(value: dict[str, Any]) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    assert lines_of_json(text) == parse_yaml(text).lines


def test_without_the_quick_parser_yaml_is_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a:\n  - {b: 1, c: [x, no]}\n  - |\n    text\n"
    quick = parse_yaml(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert parse_yaml(text) == quick


# Places


YAML = "competency: juggling\nrules:\n  - id: a\n    tier: fild\n  - id: b\n    'a/b~c': {\n      x: 1}\n"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("", "a.yaml:1 /"),
        ("/rules/0/tier", "a.yaml:4 /rules/0/tier"),
        ("/rules/1", "a.yaml:5 /rules/1"),
        ("/rules/1/a~1b~0c/x", "a.yaml:7 /rules/1/a~1b~0c/x"),
        ("/rules/0/when/3", "a.yaml:3 /rules/0/when/3"),
        ("/nowhere", "a.yaml:1 /nowhere"),
    ],
)
def test_a_place_is_named_with_file_and_line_or_that_of_what_is_around_it(path: str, place: str) -> None:
    assert document_of(YAML.encode(), "a.yaml").place(path) == place


def test_text_that_yaml_took_for_a_number_is_told_how_to_be_written() -> None:
    document = document_of(b"version: 1.0\n", "a.yaml")
    (detail,) = document.placed([Detail("/version", "1.0", "text")])
    assert detail == Detail("a.yaml:1 /version", "1.0", 'text; in quotes it is: "1.0"')


# Which file


def folder_of(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).write_text('{"from": "' + name + '"}')
    return tmp_path


@pytest.mark.parametrize("name", ["rubric.yaml", "rubric.yml", "rubric.json"])
def test_a_file_is_found_by_its_stem(tmp_path: Path, name: str) -> None:
    found: Document = find_document(folder_of(tmp_path, name, "alignment.yaml"), "rubric")
    assert (found.name, found.data, found.folder) == (name, {"from": name}, tmp_path)


def test_two_files_of_one_stem_are_an_error_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(
        PluginError, match=r"There are rubric\.yaml and rubric\.json in .*; there must be one"
    ):
        find_document(folder_of(tmp_path, "rubric.json", "rubric.yaml"), "rubric")


def test_no_file_of_the_stem_is_an_error_that_names_what_it_could_be(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"none of rubric\.yaml, rubric\.yml, rubric\.json in"):
        find_document(tmp_path, "rubric")
