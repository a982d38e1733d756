"""Phrases that the texts of an explanation share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

WHERE = {
    "field": "at work",
    "role_play": "in a role-play or simulation, rated by an instructor",
    "vr_automatic": "in a simulation, scored by the simulation",
    "quiz": "in a knowledge check",
    "self_report": "a report on oneself",
    "survey": "in a survey",
    "context": "as context",
}
"""Each tier in words."""


def many(number_of: int, what: str) -> str:
    """`1 vote`, `3 votes`."""
    return f"{number_of} {what}{'' if number_of == 1 else 's'}"


def day(instant: str) -> str:
    """The date of an instant as `format_us` writes it, in UTC."""
    return instant[:10]


def source(item: Mapping[str, Any]) -> str:
    """Which bytes a piece of evidence was found in, by what, and who posted them."""
    posted = f", posted by {item['authority']}" if item["authority"] else ""
    return (
        f"statement {item['statement_id']}, SHA-256 {item['sha256']}, "
        f"rule {item['rule']} of {item['plugin']} {item['plugin_version']}{posted}"
    )


def given(rating: Mapping[str, Any]) -> str:
    """A rating as it was given: `offers-choices: 5 on fto-7 [not_responding]`; without one, only the indicator."""
    flags = f" [{', '.join(rating['flags'])}]" if rating["flags"] else ""
    what = rating["indicator"] or "as a whole"
    return (
        f"{what}{flags}"
        if rating["rating"] is None
        else f"{what}: {rating['rating']:g} on {rating['scale']}{flags}"
    )


def titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A title with its lines indented beneath it; nothing at all without lines."""
    indented = [f"  {line}" for line in lines]
    if indented:
        yield title
        yield from indented


def notes(explanation: Mapping[str, Any]) -> Iterator[str]:
    """What plugins say to it."""
    return titled("Notes", (f"{note['text']} ({note['plugin']})" for note in explanation["notes"]))


def warnings(explanation: Mapping[str, Any]) -> Iterator[str]:
    """What a reader has to know before trusting it."""
    return titled("Warnings", explanation["warnings"])
