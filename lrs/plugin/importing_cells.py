"""Cells of an alignment's spreadsheet: what each column may hold, and what a cell means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lrs.competency.authoring import nearest
from lrs.competency.evidence import Tier
from lrs.competency.rubric import Rubric
from lrs.plugin.miss import short
from lrs.plugin.shapes import standard_shapes
from lrs.xapi.jsonpath import compile_path
from lrs.xapi.templates import standard_templates

_RATINGS = ("competency-scores", "score", "response", "success", "duration", "completion")
_SUBJECTS = ("officer", "actor", "unit")
_RATERS = ("person", "system", "self")


class WrongCell(ValueError):
    """A cell that means nothing; the text says what would be right."""


class Cells:
    """Reads the cells of a sheet for one rubric. Each method answers with what an alignment file would hold."""

    def __init__(self, rubric: Rubric) -> None:
        """`rubric` names the indicators and scales."""
        self._rubric = rubric
        self._verbs = _by_short_name(
            verb for shape in standard_shapes().values() for rule in shape.rules for verb in rule["verbs"]
        )
        self._types = _by_short_name(
            kind
            for shape in standard_shapes().values()
            for rule in shape.rules
            for entry in rule.get("when", ())
            if entry["the"] == "object-type"
            for kind in entry.get("is", ())
        )
        named = {indicator.name: indicator.id for indicator in rubric.indicators}
        ids = {id_: id_ for id_ in (rubric.competency, *(each.id for each in rubric.indicators))}
        self._indicators = {name.casefold(): id_ for name, id_ in {**named, **ids}.items()}

    def verbs(self, cell: str) -> tuple[str, ...]:
        """Ids of verbs, at least one."""
        found = self._iris(cell, self._verbs)
        if not found:
            raise WrongCell(f"the id of a verb, or one of {', '.join(self._verbs)}")
        return found

    def types(self, cell: str) -> tuple[str, ...]:
        """Types of activities."""
        return self._iris(cell, self._types)

    def categories(self, cell: str) -> tuple[str, ...]:
        """Ids of activities."""
        return self._iris(cell, {})

    def templates(self, cell: str) -> tuple[str, ...]:
        """Ids of templates of our own profile."""
        found = _several(cell)
        known = standard_templates() if found else {}
        for id_ in found:
            if id_ not in known:
                expected = "the id of a statement template of Rapport's xAPI Profile"
                raise WrongCell(expected + nearest(id_, known))
        return found

    def activity(self, cell: str) -> str:
        """Id of an activity, or its beginning and `*`; empty when there is none."""
        if cell and (":" not in cell or "*" in cell[:-1] or any(map(str.isspace, cell))):
            raise WrongCell("the id of one activity, an IRI, or the beginning of several with * at its end")
        return cell

    def indicators(self, cell: str) -> tuple[str, ...]:
        """Ids of indicators, found by id or name."""
        found = []
        for name in _several(cell):
            id_ = self._indicators.get(name.casefold())
            if id_ is None:
                known = sorted(set(self._indicators.values()))
                raise WrongCell(f"one of {', '.join(known)}{nearest(name, self._indicators)}")
            found.append(id_)
        return tuple(found)

    def tier(self, cell: str) -> Tier:
        """A tier, in whatever spelling."""
        name = cell.casefold().replace(" ", "_").replace("-", "_")
        if name not in list(Tier):
            raise WrongCell(f"one of {', '.join(Tier)}{nearest(name, Tier)}")
        return Tier(name)

    def rating(self, cell: str) -> list[str | dict[str, str]]:
        """Where the rating may stand, in order; `score` when the cell is empty."""
        if cell.startswith("$"):
            return [{"path": _path(cell)}]
        return [_word(name, _RATINGS) for name in _several(cell or "score")]

    def scale(self, cell: str) -> str:
        """A scale of the rubric; when the cell is empty that of its cut, or its first."""
        if cell:
            return _word(cell, tuple(self._rubric.scales))
        cut = self._rubric.cut
        return next(iter(self._rubric.scales)) if cut is None else cut.scale.name

    def subject(self, cell: str) -> str | dict[str, str] | None:
        """Whom it is about; None when the cell is empty."""
        return _word_or_path(cell, _SUBJECTS)

    def rater(self, cell: str) -> str | dict[str, str] | None:
        """Who rated; None when the cell is empty."""
        return _word_or_path(cell, _RATERS)

    def _iris(self, cell: str, short_names: Mapping[str, str]) -> tuple[str, ...]:
        found = []
        for name in _several(cell):
            if ":" not in name and name.casefold() not in short_names:
                others = f", or one of {', '.join(short_names)}" if short_names else ""
                raise WrongCell(f"an IRI{others}{nearest(name, short_names)}")
            found.append(name if ":" in name else short_names[name.casefold()])
        return tuple(found)


def _several(cell: str) -> tuple[str, ...]:
    """The values in a cell, between bars, each once."""
    return tuple(dict.fromkeys(part.strip() for part in cell.split("|") if part.strip()))


def _word(cell: str, known: tuple[str, ...]) -> str:
    word = cell.casefold().replace(" ", "-").replace("_", "-")
    for each in known:
        if each.casefold().replace("_", "-") == word:
            return each
    raise WrongCell(f"one of {', '.join(known)}{nearest(cell, known)}")


def _word_or_path(cell: str, known: tuple[str, ...]) -> str | dict[str, str] | None:
    if cell.startswith("$"):
        return {"path": _path(cell)}
    return _word(cell, known) if cell else None


def _path(cell: str) -> str:
    try:
        compile_path(cell)
    except ValueError as exc:
        raise WrongCell(f"a JSONPath: {exc}") from exc
    return cell


def _by_short_name(iris: Iterable[str]) -> dict[str, str]:
    """IRIs by what people call them; the first of each name."""
    found: dict[str, str] = {}
    for iri in iris:
        found.setdefault(short(iri).casefold(), iri)
    return dict(sorted(found.items()))
