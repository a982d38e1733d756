"""Text as it can be printed: what the fonts lack, and what would steer the text instead of being it, is replaced.

The fonts are those that typst brings along, so that every machine gives the same bytes. Standards for archived and
accessible PDF refuse a glyph that is not there; and a name must not be able to turn a line around, or to hide in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

LACKING = "□"
"""Stands for one character that the fonts lack."""

LACKING_NOTE = (
    f"{LACKING} stands for a character that the fonts of this paper do not have; the CSV of the same has it."
)

RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00AC),  # Latin
    (0x00AE, 0x0377),  # Latin, phonetic, accents, Greek
    (0x038E, 0x03A1),
    (0x03A3, 0x04FF),  # Greek, Cyrillic
    (0x0531, 0x0556),  # Armenian
    (0x0561, 0x0587),
    (0x05D0, 0x05EA),  # Hebrew
    (0x0621, 0x063A),  # Arabic
    (0x0640, 0x0655),
    (0x0660, 0x066D),
    (0x06F0, 0x06F9),
    (0x10D0, 0x10FF),  # Georgian
    (0x1E00, 0x1EFF),  # Latin, e.g. of Vietnamese
    (0x2010, 0x2027),  # punctuation
    (0x2030, 0x2040),
    (0x2044, 0x2052),
    (0x2054, 0x205E),
    (0x2070, 0x2071),  # superscripts and subscripts
    (0x2074, 0x208E),
    (0x20A0, 0x20BF),  # currencies
    (0x2190, 0x2311),  # arrows, mathematics
    (0x2460, 0x262F),  # numbers in circles, lines, blocks, shapes
    (0x2713, 0x2718),  # ticks and crosses
)
"""What is printed: code points, first and last; `tests/paper/test_glyphs.py` sets each in the fonts."""

_LONGEST_WORD = 20
"""Characters in a row without a place to break: more is broken, or it would run out of its column."""
_BREAK = "\N{ZERO WIDTH SPACE}"

_UNPRINTED = re.compile("[^\n" + "".join(f"{chr(first)}-\\{chr(last)}" for first, last in RANGES) + "]")
_LONG_WORD = re.compile(rf"[^\s{_BREAK}]{{{_LONGEST_WORD + 1},}}")
_SYLLABLE = re.compile(rf"[^-/_.:@]{{0,{_LONGEST_WORD - 1}}}.")


def printed(text: str, *, whole: bool = False) -> str:
    """The text as it can be printed, composed (NFC).

    Blanks of every kind become a space, line ends stay; what has no form (controls, marks of direction, joiners) is
    left out; every other character that the fonts lack is `LACKING`. Long words get places to break, unless `whole`:
    what is copied out of the paper, as an id or a hash, has to stay what it is.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    known = _UNPRINTED.sub(_replaced, composed)
    return known if whole else _LONG_WORD.sub(_broken, known)


def paragraphs(text: str) -> list[str]:
    """The lines of a longer text, empty ones left out."""
    return [line for line in (one.strip() for one in text.splitlines()) if line]


def printed_all(value: Any) -> Any:
    """Every text of a JSON value by `printed`: members of objects are kept, `{"code": …}` stays whole.

    The members `svg` and `alt` are not text to be set: drawings are sanitised where they are made.
    """
    if isinstance(value, str):
        return printed(value)
    if isinstance(value, Mapping):
        return {name: _member(name, one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [printed_all(one) for one in value]
    return value


def clipped(text: str, longest: int) -> str:
    """At most so many characters, the sign that it was cut included."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _member(name: str, value: Any) -> Any:
    if name in {"svg", "alt"}:
        return value
    if name == "code":
        return printed(value, whole=True)
    return printed_all(value)


def _replaced(match: re.Match[str]) -> str:
    character = match[0]
    category = unicodedata.category(character)
    if category.startswith("Z") or character == "\t":
        return " "
    # The selectors of a variant are marks, of what is there without them.
    without_form = category in {"Cc", "Cf"} or 0xFE00 <= ord(character) <= 0xFE0F
    return "" if without_form else LACKING


def _broken(match: re.Match[str]) -> str:
    """The word with places to break after its hyphens and the like, and everywhere where it still is too long."""
    return _BREAK.join(_SYLLABLE.findall(match[0]))
