"""Conditions that look further into a statement: a number or text at a path, and statement templates.

They cost more than the others, and are tried after them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lrs.plugin.aliases import Names
from lrs.plugin.conditions import Condition, Satisfies, Value, condition, values_at
from lrs.plugin.patterns import compile_pattern
from lrs.plugin.view import StatementView
from lrs.xapi.templates import Template

_MOST_REASONS = 3
_LONGEST_TEXT = 10_000
"""Characters; longer text matches no pattern."""


@dataclass(frozen=True, slots=True)
class OfTemplate:
    """The statement must match one of some templates, or none of them."""

    templates: tuple[Template, ...]
    wanted: bool

    def holds(self, view: StatementView) -> bool:
        """Whether it is so."""
        return any(not template.misses(view.statement) for template in self.templates) is self.wanted

    def why_not(self, view: StatementView) -> str:
        """Why it is not so; of several templates, why not the nearest."""
        if not self.wanted:
            matched = next(each for each in self.templates if not each.misses(view.statement))
            return f"it matches the template {matched.id}; that does not count here"
        misses, nearest = min(
            ((each.misses(view.statement), each.id) for each in self.templates), key=lambda one: len(one[0])
        )
        more = f"; and {len(misses) - _MOST_REASONS} more" if len(misses) > _MOST_REASONS else ""
        return f"it does not match the template {nearest}: {'; '.join(misses[:_MOST_REASONS])}{more}"


def conditions_of(
    entries: list[Mapping[str, Any]], names: Names, templates: Mapping[str, Template]
) -> tuple[Condition, ...]:
    """The conditions of a rule as its file lists them; `templates` are those that it may name, by id.

    Raises `ValueError` for a path or pattern that is none.
    """
    return tuple(_condition(entry, names, templates) for entry in entries)


def is_quick(entry: Mapping[str, Any]) -> bool:
    """Whether a condition looks only at what a view keeps at hand."""
    return entry["the"] not in ("path", "template")


def _condition(data: Mapping[str, Any], names: Names, templates: Mapping[str, Template]) -> Condition:
    if data["the"] == "template":
        ids = data.get("is", data.get("is_not"))
        return OfTemplate(tuple(templates[id_] for id_ in ids), wanted="is" in data)
    if "matches" in data:
        return _pattern(data)
    if "at_least" in data or "at_most" in data:
        return _range(data)
    return condition(data, names)


def _pattern(data: Mapping[str, Any]) -> Satisfies:
    matches = compile_pattern(data["matches"])
    return Satisfies(
        label=data["path"],
        read=values_at(data["path"], folded=False),
        test=lambda value: isinstance(value, str) and len(value) <= _LONGEST_TEXT and matches(value),
        wanted=f"text that matches {data['matches']}",
        or_absent=bool(data.get("or_absent", False)),
    )


def _range(data: Mapping[str, Any]) -> Satisfies:
    low, high = data.get("at_least"), data.get("at_most")
    bounds = [
        f"{words} {bound:g}" for words, bound in (("at least", low), ("at most", high)) if bound is not None
    ]

    def lies_within(value: Value) -> bool:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        return (low is None or value >= low) and (high is None or value <= high)

    return Satisfies(
        label=data["path"],
        read=values_at(data["path"], folded=False),
        test=lies_within,
        wanted=f"a number, {' and '.join(bounds)}",
        or_absent=bool(data.get("or_absent", False)),
    )
