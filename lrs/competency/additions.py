"""What plugins add to what is shown: sentences to explanations, columns to reports. They change no number.

What fails is left out with a warning: a plugin that says nothing must not keep a profile from being read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from lrs.competency.failures import as_text, in_one_line

Value = str | int | float | None
"""What may stand in a cell of a report."""

_MOST_SENTENCES = 50


@runtime_checkable
class Explainer(Protocol):
    """Any object with these three. It keeps no state, and asks no clock and nobody else."""

    @property
    def name(self) -> str:
        """Unique in its plugin."""

    @property
    def competency(self) -> str | None:
        """Id of the competency it has something to say to; None: to every one."""

    def explain(self, part: Mapping[str, Any]) -> Iterable[str]:
        """Sentences for the notes of an explanation; none when there is nothing to say.

        `part` is the competency's part of the officer's profile, as its JSON has it, and cannot be changed.
        """


@runtime_checkable
class ReportColumn(Protocol):
    """Any object with these three. It keeps no state, and asks no clock and nobody else."""

    @property
    def name(self) -> str:
        """Unique in its plugin."""

    @property
    def title(self) -> str:
        """What stands above the column."""

    def value(self, profile: Mapping[str, Any]) -> Value:
        """What stands in the row of one officer; None: an empty cell.

        `profile` is the officer's whole profile, as its JSON has it, and cannot be changed.
        """


@dataclass(frozen=True, slots=True)
class Explanatory:
    """An explainer, with the name of the plugin that it came with."""

    plugin: str
    explainer: Explainer


@dataclass(frozen=True, slots=True)
class Column:
    """A column of reports, with the name of the plugin that it came with."""

    plugin: str
    column: ReportColumn

    @property
    def key(self) -> str:
        """`plugin.name`: no other column has it."""
        return f"{self.plugin}.{self.column.name}"

    @property
    def title(self) -> str:
        """What stands above the column."""
        return self.column.title


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that a plugin adds to an explanation."""

    plugin: str
    text: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"plugin": self.plugin, "text": self.text}


def notes_on(
    part: Mapping[str, Any], explainers: Sequence[Explanatory]
) -> tuple[tuple[Note, ...], tuple[str, ...]]:
    """The notes on one competency, and a warning for each explainer that failed.

    `part` is `CompetencyProfile.as_dict()`. The order is that of `explainers`; nothing is raised.
    """
    notes: list[Note] = []
    warnings: list[str] = []
    shown = read_only(part)
    for one in explainers:
        try:
            if one.explainer.competency not in (None, part["competency"]):
                continue
            notes.extend(Note(one.plugin, text) for text in _sentences(one.explainer.explain(shown)))
        except KeyboardInterrupt:
            raise
        # sys.exit(), or a cancelled task, in a plugin must not stop the server either.
        except BaseException as exc:
            warnings.append(_failed(one.plugin, "explanation", one.explainer.name, exc))
    return tuple(notes), tuple(warnings)


def cells_of(
    profile: Mapping[str, Any], columns: Sequence[Column]
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """What stands in each column for one officer, by `Column.key`, and a warning for each that failed.

    `profile` is `Profile.as_dict()`. Nothing is raised: the cell of a column that failed is empty.
    """
    cells: dict[str, Value] = {}
    warnings: list[str] = []
    shown = read_only(profile) if columns else profile
    for one in columns:
        cells[one.key] = None
        try:
            cells[one.key] = _cell(one.column.value(shown))
        except KeyboardInterrupt:
            raise
        except BaseException as exc:
            warnings.append(_failed(one.plugin, "report column", one.column.name, exc))
    return cells, tuple(warnings)


def read_only(value: Any) -> Any:
    """A JSON value that cannot be changed: mapping proxies for objects, tuples for arrays."""
    if isinstance(value, Mapping):
        return MappingProxyType({name: read_only(member) for name, member in value.items()})
    return tuple(map(read_only, value)) if isinstance(value, list | tuple) else value


def _sentences(answer: Iterable[str]) -> list[str]:
    if isinstance(answer, str):
        raise TypeError("it answered one text, and not several")
    sentences: list[str] = []
    for text in answer:
        if not isinstance(text, str):
            raise TypeError(f"it answered a {type(text).__name__} in the place of a sentence")
        if len(sentences) == _MOST_SENTENCES:
            raise ValueError(f"it answered more than {_MOST_SENTENCES} sentences")
        sentences.append(as_text(" ".join(text.split())))
    return sentences


def _cell(value: object) -> Value:
    if value is None:
        return None
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"it answered {value!r}, and not a text, a number or None")
    return float(value) if isinstance(value, float) else int(value)


def _failed(plugin: str, what: str, name: str, exc: BaseException) -> str:
    return f"The {what} {name} of the plugin {plugin} failed: {in_one_line(exc)}."
