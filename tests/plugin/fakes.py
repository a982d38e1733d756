"""Made-up competencies and plugins, small enough to see through."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from lrs.plugin import Aggregate, Cut, Evidence, Policy, Rubric, StatementView, Tier, Vote, hookimpl

RATED = "http://id.tincanapi.com/verb/rated"
JUGGLING: Mapping[str, Any] = {
    "competency": "juggling",
    "version": "1",
    "name": "Juggling",
    "description": "Keeps things in the air.",
    "scales": ["fto-7", "likert-5", "unit", "scaled"],
    "cut": {"scale": "fto-7", "rating": 3.5, "acceptable": 4},
    "indicators": [
        {"id": "catches", "name": "Catches", "description": "What comes down."},
        {"id": "throws", "name": "Throws", "description": "What is to go up."},
    ],
}


def rubric_of(competency: str) -> Rubric:
    return Rubric.from_dict({**copy.deepcopy(dict(JUGGLING)), "competency": competency})


class Fixed:
    """A recogniser that answers whatever it was made with, and remembers what it was shown."""

    def __init__(self, name: str, answer: Any, verbs: frozenset[str] | None = frozenset({RATED})) -> None:
        self.name = name
        self.verbs = verbs
        self.answer = answer
        self.shown: list[StatementView] = []

    def recognise(self, view: StatementView) -> Any:
        self.shown.append(view)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer(view) if callable(self.answer) else self.answer


def evidence(**parts: Any) -> Evidence:
    """Valid evidence of juggling, with these parts."""
    values: dict[str, Any] = {
        "subject": "mailto:officer@academy.example",
        "competency": "juggling",
        "indicator": "catches",
        "rating": 5.0,
        "scale": "fto-7",
        "tier": Tier.FIELD,
        "rater": "mailto:rater@academy.example",
        "encounter": "shift-1",
        "observed_us": 1_768_509_000_000_000,
        "rule": "a-rule",
    }
    return Evidence(**{**values, **parts})


class Model:
    """A model that answers the same whatever it is shown."""

    def __init__(self, id: Any, answer: Aggregate | None = None) -> None:  # noqa: A002
        self.id = id
        self.answer = answer

    def aggregate(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Any:
        return self.answer


class Says:
    """An explainer that says one sentence on everything."""

    competency = None

    def __init__(self, name: Any) -> None:
        self.name = name

    def explain(self, part: Mapping[str, Any]) -> list[str]:
        return [f"{self.name} on {part['competency']}"]


class Shows:
    """A column that shows the subject."""

    def __init__(self, name: Any) -> None:
        self.name = name
        self.title = f"The {name}"

    def value(self, profile: Mapping[str, Any]) -> Any:
        return profile["subject"]


def plugin(
    *recognisers: Any,
    competency: str | None = None,
    schema: Any = None,
    models: list[Any] | None = None,
    explanations: list[Any] | None = None,
    report_columns: list[Any] | None = None,
) -> SimpleNamespace:
    """A plugin with these recognisers, and what else is given."""
    hooks: dict[str, Any] = {}

    @hookimpl
    def lrs_recognisers(config: Mapping[str, Any]) -> list[Any]:
        hooks["config"] = config
        return list(recognisers)

    hooks["lrs_recognisers"] = lrs_recognisers
    if competency is not None:

        @hookimpl
        def lrs_rubrics() -> list[Rubric]:
            return [rubric_of(competency)]

        hooks["lrs_rubrics"] = lrs_rubrics
    if models is not None:

        @hookimpl
        def lrs_models(config: Mapping[str, Any]) -> list[Any]:
            return models

        hooks["lrs_models"] = lrs_models
    if explanations is not None:

        @hookimpl
        def lrs_explanations(config: Mapping[str, Any]) -> list[Any]:
            return explanations

        hooks["lrs_explanations"] = lrs_explanations
    if report_columns is not None:

        @hookimpl
        def lrs_report_columns(config: Mapping[str, Any]) -> list[Any]:
            return report_columns

        hooks["lrs_report_columns"] = lrs_report_columns
    if schema is not None:

        @hookimpl
        def lrs_config_schema() -> Any:
            return schema

        hooks["lrs_config_schema"] = lrs_config_schema
    return SimpleNamespace(**hooks, hooks=hooks)
