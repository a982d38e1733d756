"""Text as it can be printed."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from lrs.charts.theme import VERDICTS
from lrs.competency.estimate import Verdict
from lrs.paper.blocks import code, row, strong, table, text
from lrs.paper.glyphs import LACKING, RANGES, clipped, paragraphs, printed, printed_all
from lrs.paper.setting import Paper
from lrs.paper.words import MEANINGS, verdict
from tests.paper.conftest import PRINTED, kept_standards


def test_ordinary_text_is_printed_as_it_is() -> None:
    said = "Zoë, Łukasz, Ελένη, Дмитрий, שלום, مرحبا: 5 of 7 – “good”, 90 %, ½ · € → ≥"
    assert printed(said) == said


def test_what_the_fonts_lack_is_a_box_and_not_nothing() -> None:
    assert printed("a😀b中c\ue000d\ud800") == f"a{LACKING}b{LACKING}c{LACKING}d{LACKING}"


def test_what_would_turn_a_line_around_or_hide_in_it_is_left_out() -> None:
    assert printed("R-0\u202e17\u2066\u200d\ufeff \x00\x07✓\ufe0f") == "R-017 ✓"


def test_line_ends_stay_and_blanks_are_spaces() -> None:
    assert printed("a\r\nb\rc\td\u2003e\u2028f") == "a\nb\nc d e f"


def test_accents_are_put_on_their_letters() -> None:
    assert printed("e\u0301") == "é"


def test_a_long_word_gets_places_to_break_and_nothing_else() -> None:
    long = "account:R-009@https://academy.example/" + "x" * 100
    broken = printed(long)
    assert broken.replace("\u200b", "") == long
    assert max(map(len, broken.split("\u200b"))) <= 20


def test_what_is_to_be_copied_out_is_not_broken() -> None:
    digest = "ab" * 32
    found = printed_all({"cells": [{"code": digest}, digest]})
    assert found["cells"][0] == {"code": digest}
    assert "\u200b" in found["cells"][1]


def test_empty_lines_are_no_paragraphs() -> None:
    assert paragraphs("a\n\n  \n b \n") == ["a", "b"]


def test_what_is_clipped_says_so() -> None:
    assert clipped("abcdef", 4) == "abc…"
    assert clipped("abcd", 4) == "abcd"


@given(st.text())
def test_printed_text_is_printed_the_same_again(said: str) -> None:
    once = printed(said)
    assert printed(once.replace("\u200b", "")) == once
    assert not any(unicodedata.category(one) in {"Cs", "Co", "Cn"} for one in once)


def test_the_fonts_have_every_character_that_is_printed() -> None:
    ranges = ["".join(f"{chr(one)} " for one in range(first, last + 1)) for first, last in RANGES]
    cells = [row(said, strong(said), code(said)) for said in ranges]
    pdf = Paper(
        title="Glyphs",
        left="",
        right="",
        printed_at=PRINTED["at"],
        blocks=[table([("", 1, "left"), ("", 1, "left"), ("", 1, "left")], cells), text("the end")],
    ).pdf()
    assert kept_standards(pdf)


def test_every_verdict_has_a_symbol_that_is_printed() -> None:
    for value in Verdict:
        assert LACKING not in printed(verdict(value))
        assert VERDICTS[value].label in verdict(value)
        assert MEANINGS[value]
