from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from lrs.competency.additions import Column, Explanatory, cells_of, notes_on
from lrs.competency.evidence import RecordedEvidence
from lrs.competency.explanation import explain
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric

Shifts = Callable[..., list[RecordedEvidence]]


@dataclass
class Says:
    """An explainer that says what its function answers."""

    answer: Callable[[Mapping[str, Any]], Any]
    competency: str | None = None
    name: str = "says"

    def explain(self, part: Mapping[str, Any]) -> Any:
        return self.answer(part)


@dataclass
class Shows:
    """A column that shows what its function answers."""

    answer: Callable[[Mapping[str, Any]], Any]
    name: str = "shows"
    title: str = "Shows"

    def value(self, profile: Mapping[str, Any]) -> Any:
        return self.answer(profile)


def broken(_shown: Mapping[str, Any]) -> Any:
    raise ValueError("no\nidea")


def notes(explainer: Says) -> tuple[list[str], tuple[str, ...]]:
    found, warnings = notes_on({"competency": "communication"}, [Explanatory("ours", explainer)])
    return [note.text for note in found], warnings


def cells(column: Shows) -> tuple[dict[str, Any], tuple[str, ...]]:
    found, warnings = cells_of({"subject": "mailto:a@academy.example"}, [Column("ours", column)])
    return dict(found), warnings


def test_what_a_plugin_says_is_a_note_under_its_name(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int
) -> None:
    says = Says(lambda part: [f"There are {part['counts']['encounters']} encounters."])
    found = explain(
        subject, shifts([5, 4]), rubric, Policy(), now_us, {}, explainers=[Explanatory("ours", says)]
    )
    assert found.as_dict()["notes"] == [{"plugin": "ours", "text": "There are 2 encounters."}]
    for audience in ("officer", "trainer", "arbitrator"):
        assert "Notes\n  There are 2 encounters. (ours)\n" in found.as_text(audience)


def test_a_plugin_that_fails_to_explain_is_a_warning_and_changes_no_number(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int
) -> None:
    def told(*explainers: Explanatory) -> dict[str, Any]:
        return explain(subject, shifts([5]), rubric, Policy(), now_us, {}, explainers=explainers).as_dict()

    with_it, without = told(Explanatory("ours", Says(broken))), told()
    warning = "The explanation says of the plugin ours failed: ValueError: no idea."
    assert with_it.pop("warnings") == [*without.pop("warnings"), warning]
    assert with_it == without


def test_an_explainer_of_another_competency_is_not_asked() -> None:
    assert notes(Says(broken, competency="leadership")) == ([], ())
    assert notes(Says(lambda part: ["Yes."], competency="communication")) == (["Yes."], ())


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("One text.", "TypeError: it answered one text, and not several"),
        ([7], "TypeError: it answered a int in the place of a sentence"),
        (["x"] * 51, "ValueError: it answered more than 50 sentences"),
        (None, "TypeError: 'NoneType' object is not iterable"),
    ],
)
def test_what_is_no_list_of_sentences_is_a_warning(answer: Any, why: str) -> None:
    assert notes(Says(lambda part: answer)) == (
        [],
        (f"The explanation says of the plugin ours failed: {why}.",),
    )


def test_a_sentence_is_one_line_that_any_page_takes() -> None:
    assert notes(Says(lambda part: ["a\n b \ud800\0", "x" * 900]))[0] == ["a b \\ud800\\0", "x" * 500]


def test_a_plugin_cannot_change_what_it_is_shown() -> None:
    def vandal(part: Mapping[str, Any]) -> list[str]:
        part["competency"] = "mine"  # type: ignore[index]
        return []

    (warning,) = notes(Says(vandal))[1]
    assert "does not support item assignment" in warning


def cancelled(_shown: Mapping[str, Any]) -> Any:
    raise asyncio.CancelledError


def interrupted(_shown: Mapping[str, Any]) -> Any:
    raise KeyboardInterrupt


def test_a_plugin_that_is_cancelled_fails_like_any_other() -> None:
    assert notes(Says(cancelled)) == (
        [],
        ("The explanation says of the plugin ours failed: CancelledError.",),
    )
    assert cells(Shows(cancelled)) == (
        {"ours.shows": None},
        ("The report column shows of the plugin ours failed: CancelledError.",),
    )


def test_an_interrupt_from_the_keyboard_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        notes(Says(interrupted))
    with pytest.raises(KeyboardInterrupt):
        cells(Shows(interrupted))


def test_the_others_still_speak_when_one_fails() -> None:
    both = [Explanatory("a", Says(broken)), Explanatory("b", Says(lambda part: ["Here."]))]
    found, warnings = notes_on({"competency": "communication"}, both)
    assert ([note.plugin for note in found], len(warnings)) == (["b"], 1)


@pytest.mark.parametrize("value", ["text", 7, 0.5, None])
def test_a_cell_holds_a_text_a_number_or_nothing(value: Any) -> None:
    assert cells(Shows(lambda profile: value)) == ({"ours.shows": value}, ())


def test_a_column_is_computed_from_the_profile() -> None:
    assert cells(Shows(lambda profile: profile["subject"]))[0] == {"ours.shows": "mailto:a@academy.example"}


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), [1], {}])
def test_anything_else_is_an_empty_cell_and_a_warning(value: Any) -> None:
    found, (warning,) = cells(Shows(lambda profile: value))
    assert found == {"ours.shows": None}
    assert warning.startswith("The report column shows of the plugin ours failed: TypeError: it answered ")


def test_a_column_that_fails_is_an_empty_cell_and_a_warning() -> None:
    assert cells(Shows(broken)) == (
        {"ours.shows": None},
        ("The report column shows of the plugin ours failed: ValueError: no idea.",),
    )
