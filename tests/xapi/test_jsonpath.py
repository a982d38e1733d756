from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.xapi.jsonpath import compile_path

VALUE: dict[str, Any] = {
    "verb": {"id": "v"},
    "list": [{"id": 1}, {"id": None}, {"other": 2}],
    "odd": {"it's": 3, 'a"b': 4, "é\u2028": 5, "https://x.example/a|b,c]": 6, "0": 7, "back\\slash": 8},
    "deep": {"id": "d", "more": {"id": [9]}},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.verb.id", ["v"]),
        ("verb.id", ["v"]),
        ("['verb'].id", ["v"]),
        ("$['verb'][\"id\"]", ["v"]),
        ("$.list[0].id", [1]),
        ("$.list[1].id", [None]),
        ("$.list[*].id", [1, None]),
        ("$.list[0,2]", [{"id": 1}, {"other": 2}]),
        ("$.list", [VALUE["list"]]),
        ("$", [VALUE]),
        ("$.verb.*", ["v"]),
        ("$.verb[ 'id' , 'none' ]", ["v"]),
        ("$..id", ["v", 1, None, "d", [9]]),
        ("$.deep..['id']", ["d", [9]]),
        ("$.verb.id|$.list[0].id", ["v", 1]),
        ("$.none | $.verb.id | $.list[*].id", ["v", 1, None]),
        ("$.odd['it\\'s']", [3]),
        ('$.odd["it\'s"]', [3]),
        ("$.odd['a\"b']", [4]),
        ("$.odd['é\u2028']", [5]),
        ("$.odd['é\u2028', 'it\\'s']", [5, 3]),
        ("$.odd['https://x.example/a|b,c]']", [6]),
        ("$.odd['back\\\\slash']", [8]),
    ],
)
def test_a_path_finds_every_value(path: str, found: list[Any]) -> None:
    assert compile_path(path)(VALUE) == found


@pytest.mark.parametrize(
    "path",
    [
        "$.none",
        "$.verb.id.more",
        "$.verb.id[0]",
        "$.verb[0]",
        "$.list.id",
        "$.list[3]",
        "$.odd[0]",
        "$.list['0']",
        "$.list[*][0]",
    ],
)
def test_a_path_that_does_not_fit_finds_nothing(path: str) -> None:
    assert compile_path(path)(VALUE) == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "the end stands where a name"),
        ("$.", "character 3: the end"),
        ("$a", "character 2: 'a'"),
        ("$.a b", "character 5: 'b'"),
        ("$.a.0", "character 5: '0'"),
        ("$.a[01]", "character 5: '01]'"),
        ("$.a[]", "character 5: ']'"),
        ("$.a['b]", "a name in quotation marks"),
        ("$.a['b\x1f']", "a name in quotation marks"),
        ("$.a['\ud800', 'b']", "a name in quotation marks"),
        ("$.a['b'", "',' or ']'"),
        ("$.a|", "character 5: the end"),
        ("$...a", "character 4: '.a'"),
        ("..a", "character 1: '..a'"),
        ("$.a[-1]", "numbers below 0 are not allowed"),
        ("$.a[0:2]", "slices and numbers below 0 are not allowed"),
        ("$.a[?(@.b)]", "filters and scripts are not allowed"),
        ("$.a[(@.length)]", "filters and scripts are not allowed"),
    ],
)
def test_a_path_that_is_none_is_refused_with_its_place(path: str, reason: str) -> None:
    with pytest.raises(ValueError, match="is wrong at character") as refused:
        compile_path(path)
    assert reason in str(refused.value)


def test_descending_goes_as_deep_as_statements_may_be() -> None:
    deep: Any = {"id": 1}
    for _ in range(199):
        deep = [deep]
    assert compile_path("$..id")(deep) == [1]


_NAMES = st.text(st.characters(exclude_categories=("Cs",), min_codepoint=0x20), max_size=8)
_STEPS = st.lists(st.one_of(_NAMES, st.integers(0, 5)), max_size=5)


@given(_STEPS, st.integers())
def test_a_path_of_any_names_and_numbers_leads_where_they_lead(steps: list[str | int], end: int) -> None:
    value: Any = end
    for step in reversed(steps):
        value = {step: value} if isinstance(step, str) else [*["x"] * step, value]
    path = "$" + "".join(_bracket(step) for step in steps)
    assert compile_path(path)(value) == [end]
    # The same by way of the library.
    doubled = "$" + "".join(f"[{_bracket(step)[1:-1]}, 'no such']" for step in steps)
    assert end in compile_path(doubled)(value)


def _bracket(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    escaped = step.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"
