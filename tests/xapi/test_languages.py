from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.xapi.languages import choose, is_language_tag

MAP = {"en-US": "color", "en-GB": "colour", "de": "Farbe", "zh-Hans": "颜色"}


@pytest.mark.parametrize(
    "tag",
    ["en", "EN-us", "cmn", "sr-Latn-RS", "es-419", "de-CH-1996", "x-a", "i-klingon", "en-a-bbb-x-a-ccc"],
)
def test_a_tag_is_one(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize(
    "tag", ["", "e", "a12345678", "zh-z-aaa-z-bbb-c-ccc", "en_US", "en--US", "en-", "x", "en-US\n", "en-a"]
)
def test_what_is_no_tag(tag: str) -> None:
    assert not is_language_tag(tag)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("en-GB", "en-GB"),
        ("EN-gb", "en-GB"),
        ("de-AT", "de"),
        ("de;q=0.5, en-GB;q=0.8", "en-GB"),
        ("de;q=0.5, en-GB;q=0.50", "de"),
        ("zh", "zh-Hans"),
        ("zh-Hans-CN-x-private", "zh-Hans"),
        ("en-AU", "en-US"),
        ("fr, de", "de"),
        ("fr", "en-US"),
        ("*", "en-US"),
        ("en;q=0.1, *;q=0.9", "de"),
        ("en;q=0, *", "de"),
        ("en-US;q=0, en", "en-GB"),
        ("en;q=0, de;q=0, zh;q=0", "en-US"),
        ("", "en-US"),
        (None, "en-US"),
        (";;,,q=1", "en-US"),
        ("de;q=nonsense, en-GB", "en-GB"),
        ("de;q=7", "en-US"),
        ("de; q=0.9, en-GB;q=0.3", "de"),
    ],
)
def test_the_best_entry_is_chosen(header: str | None, expected: str) -> None:
    assert choose(MAP, header) == (expected, MAP[expected])


def test_without_english_the_undetermined_entry_else_the_first() -> None:
    assert choose({"fr": "a", "und": "b"}, "de") == ("und", "b")
    assert choose({"fr": "a", "es": "b"}, "de") == ("fr", "a")


def test_an_empty_map_has_no_entry() -> None:
    assert choose({}, "en") is None


@given(st.dictionaries(st.text(), st.text(), min_size=1, max_size=4), st.text() | st.none())
def test_any_header_gives_an_entry_of_the_map(language_map: dict[str, str], header: str | None) -> None:
    chosen = choose(language_map, header)
    assert chosen is not None
    tag, text = chosen
    assert language_map[tag] == text


@given(st.sampled_from(sorted(MAP)))
def test_an_exact_range_gives_its_own_entry(tag: str) -> None:
    assert choose(MAP, tag) == (tag, MAP[tag])
