from __future__ import annotations

from typing import Any

import pytest

from lrs.competency.authoring import details_of, nearest
from lrs.errors import Detail

RUBRIC: dict[str, Any] = {
    "competency": "juggling",
    "version": "1",
    "name": "Juggling",
    "description": "Keeps things in the air.",
    "scales": ["unit"],
    "cut": {"scale": "unit", "rating": 0.5},
    "indicators": [{"id": "catches", "name": "Catches", "description": "What comes down."}],
}


def details(**changes: Any) -> list[Detail]:
    data = {**RUBRIC, **changes}
    return details_of("rubric.json", {name: value for name, value in data.items() if value is not None})


def test_a_valid_file_has_nothing_wrong() -> None:
    assert details() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"version": 1}, Detail("/version", "1", "text")),
        ({"indicators": {}}, Detail("/indicators", "{}", "a list")),
        ({"scales": [7]}, Detail("/scales/0", "7", "text or an object: members with names")),
    ],
)
def test_a_wrong_type_is_told_in_words(changes: dict[str, Any], expected: Detail) -> None:
    assert expected in details(**changes)


def test_a_member_that_is_missing_is_named() -> None:
    (detail,) = details(name=None)
    assert (detail.path, detail.expected) == ("", "the member 'name'")


def test_a_member_that_there_is_not_is_told_at_its_own_place_with_the_nearest() -> None:
    (detail,) = details(colour="red", descripton="x")[:1]
    assert (detail.path, detail.found) == ("/colour", '"red"')
    (detail,) = details(descripton="x")
    assert detail.path == "/descripton"
    assert detail.expected.startswith('no member of this name (did you mean "description"?): there are ')


def test_a_word_that_is_none_of_some_is_told_with_all_and_the_nearest() -> None:
    (detail,) = details(scales=["units"], cut={"scale": "units", "rating": 0.5})
    assert detail.path == "/scales/0"
    assert detail.expected.startswith("one of fto-7, ")
    assert detail.expected.endswith('(did you mean "unit"?)')


def test_a_pattern_is_told_in_the_words_of_its_schema() -> None:
    (detail,) = details(competency="Juggling!")
    assert detail.expected.startswith("Id of the competency: small letters")


def test_a_word_like_nothing_that_is_known_has_no_hint() -> None:
    assert nearest("zebra", ["field", "quiz"]) == ""
