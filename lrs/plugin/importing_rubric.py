"""From a competency framework, whatever form it came in, to a rubric file that an agency can go on from.

What has nothing below it becomes an indicator; the levels of its rubric become anchors and a scale. No framework
says where an agency's standard lies: the rubric is not scored until the agency has set its cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lrs.competency.rubric import Rubric
from lrs.errors import PluginError
from lrs.plugin.yaml_text import yaml_text

_LONGEST_ID = 64
_LONGEST_NAME = 70
_STANDARD = ("fto-7", "unit", "scaled")
_OWN_SCALE = "imported-levels"


@dataclass(frozen=True, slots=True)
class Level:
    """What is seen when a rating is due."""

    score: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A competency, or a heading above some."""

    key: str
    """By which the framework knows it: an IRI or UUID."""
    statement: str
    """The whole text."""
    name: str = ""
    """A short one; empty when there is none."""
    code: str = ""
    """What its framework numbers it by: `1.2.b`."""


@dataclass(slots=True)
class Framework:
    """What was found in a file."""

    title: str
    description: str = ""
    version: str = ""
    source: str = ""
    """Where it can be found."""
    rights: list[str] = field(default_factory=list)
    """What it says of licence, rights, author and publisher."""
    items: list[Item] = field(default_factory=list)
    """In the framework's order."""
    parents: dict[str, set[str]] = field(default_factory=dict)
    """Key of an item → keys of those above it."""
    levels: dict[str, list[Level]] = field(default_factory=dict)
    """Key of an item → the levels of its rubric."""
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportedRubric:
    """A rubric made of a framework."""

    text: str
    """The rubric file, YAML."""
    data: Mapping[str, Any]
    """The same as a rubric file holds it; `Rubric.from_dict` takes it."""
    left_out: tuple[str, ...]
    """What of the framework is not in it, each in a line."""
    rights: tuple[str, ...]
    """What the framework says of its licence and rights; empty when it says nothing."""


def rubric_from(
    framework: Framework, *, competency: str | None = None, under: str | None = None
) -> ImportedRubric:
    """The rubric of a framework, or of the part of it below the item with the key or code `under`.

    `competency` is the id of the competency; made of the title when None. Raises `PluginError` when there is no
    indicator in it.
    """
    chosen = _below(framework, under)
    above = {parent for item in chosen for parent in framework.parents.get(item.key, ())}
    kept = [item for item in chosen if item.key not in above]
    if not kept:
        raise PluginError(f"There is no competency in {framework.title}.")
    left_out = [f"heading: {_named(item)}" for item in chosen if item.key in above]
    left_out += framework.left_out
    scores = _scores(kept, framework.levels, left_out)
    ids = _ids(kept)
    title = next(
        (item.name or item.statement for item in framework.items if under in _keys(item)), framework.title
    )
    data: dict[str, Any] = {
        "competency": competency or slug(title, "_") or "imported",
        "version": framework.version or "1",
        "name": _shortened(title),
        "description": framework.description or title,
        "scales": [*_own_scale(scores), *(_STANDARD[bool(scores) :])],
        "scored": False,
        "indicators": [_indicator(item, ids[item.key], framework.levels, scores) for item in kept],
    }
    Rubric.from_dict(data)
    text = yaml_text(data, _heading(framework, bool(scores)))
    origins = "".join(f"# {ids[item.key]}: {_printable(item.key)}\n" for item in kept)
    return ImportedRubric(
        text=f"{text}\n# Where each indicator comes from:\n{origins}",
        data=data,
        left_out=tuple(left_out),
        rights=tuple(framework.rights),
    )


def slug(text: str, separator: str = "-") -> str:
    """The text as an id: small letters, digits and separators, a letter first; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"[^a-z0-9]+", separator, plain).strip(separator)
    return re.sub(r"^[^a-z]+", "", joined)[:_LONGEST_ID].rstrip(separator)


def times(number: int, what: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _below(framework: Framework, under: str | None) -> list[Item]:
    """The items below one of them, or all."""
    if under is None:
        return framework.items
    roots = [item.key for item in framework.items if under in _keys(item)]
    if len(roots) != 1:
        stands = "no item" if not roots else f"{len(roots)} items"
        raise PluginError(f"There is {stands} with the identifier or code {under} in {framework.title}.")
    found = set(roots)
    grows = True
    while grows:
        more = {item.key for item in framework.items if found & framework.parents.get(item.key, set())}
        grows = not more <= found
        found |= more
    below = [item for item in framework.items if item.key in found and item.key not in roots]
    # What has nothing below it is a competency of one indicator.
    return below or [item for item in framework.items if item.key in roots]


def _keys(item: Item) -> tuple[str, ...]:
    return (item.key, item.code) if item.code else (item.key,)


def _scores(
    kept: Iterable[Item], levels: Mapping[str, Sequence[Level]], left_out: list[str]
) -> frozenset[float]:
    """The scores that the levels of most items have, two or more; empty when there are none."""
    found = {
        item.key: frozenset(level.score for level in levels.get(item.key, ()) if level.score is not None)
        for item in kept
    }
    usual = Counter(scores for scores in found.values() if len(scores) > 1)
    chosen: frozenset[float] = max(usual, key=lambda one: (usual[one], sorted(one))) if usual else frozenset()
    for item in kept:
        if levels.get(item.key) and (not chosen or found[item.key] != chosen):
            reason = (
                "they have no scores" if not found[item.key] else "their scores are not those of the others"
            )
            left_out.append(f"levels of {_named(item)}: {reason}")
    return chosen


def _own_scale(scores: frozenset[float]) -> list[dict[str, Any]]:
    if not scores:
        return []
    points = [[_number(min(scores)), 0], [_number(max(scores)), 1]]
    return [{"name": _OWN_SCALE, "version": "1", "points": points}]


def _indicator(
    item: Item, id_: str, levels: Mapping[str, Sequence[Level]], scores: frozenset[float]
) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": id_, "name": _named(item), "description": item.statement}
    mine = levels.get(item.key, ())
    if scores and {level.score for level in mine} == scores:
        texts: dict[float, list[str]] = {score: [] for score in sorted(scores)}
        for level in mine:
            if level.score is not None and level.text:
                texts[level.score].append(level.text)
        anchors = {f"{_number(score)}": "; ".join(lines) for score, lines in texts.items() if lines}
        if anchors:
            entry["anchors"] = anchors
    return entry


def _ids(items: Iterable[Item]) -> dict[str, str]:
    """An id for each, made of its name; of its code, too, and else numbered, where that is taken."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for number, item in enumerate(items, 1):
        name = slug(_named(item)) or "indicator"
        coded = slug(f"{name[:40]}-{item.code}") if item.code else name
        numbered = f"{name[: _LONGEST_ID - 8].rstrip('-')}-{number}"
        found[item.key] = next(id_ for id_ in (name, coded, numbered) if id_ not in taken)
        taken.add(found[item.key])
    return found


def _named(item: Item) -> str:
    return _shortened(item.name or item.statement)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _LONGEST_NAME:
        return line
    return line[: _LONGEST_NAME - 1].rsplit(" ", 1)[0] + "…"


def _heading(framework: Framework, has_scale: bool) -> list[str]:
    """The comments above the rubric."""
    scale = _OWN_SCALE if has_scale else _STANDARD[0]
    lines = [
        f"Made from {framework.title}{f' ({framework.source})' if framework.source else ''}.",
        "The text below is its authors', and may be licensed: see that you may use it before you do.",
        *(framework.rights or ["The framework says nothing of a licence."]),
        "",
        "Nothing is scored yet: a framework does not say where your standard lies. To score it, put a cut, "
        "just below the level that is acceptable, in the place of `scored: false`:",
        f"cut: {{scale: {scale}, rating: …, acceptable: …}}",
    ]
    if has_scale:
        lines.append(
            f"The points of the scale {_OWN_SCALE} lie on a straight line from the lowest level to the highest. "
            "Add points between them where the levels are not equally far apart."
        )
    return lines


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
