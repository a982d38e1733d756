"""The rating in a statement: which number, on which scale."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from lrs.competency.rubric import Rubric, Scale
from lrs.plugin.miss import Miss
from lrs.plugin.view import StatementView
from lrs.plugin.vocabulary import FAILED, PASSED

_NUMBER = re.compile(r"\d+(?:\.\d+)?\Z", re.ASCII)
_LAST_NUMBER = re.compile(r"\d+\Z", re.ASCII)


class Rating(NamedTuple):
    """A number as it was given, and the scale of the rubric that it is on."""

    value: float
    scale: str


class Ratings:
    """Reads ratings for one rule: from which places, and on which scale where a statement does not tell."""

    def __init__(self, rubric: Rubric, scale: str, sources: tuple[str, ...]) -> None:
        self._rubric = rubric
        self.scale = scale
        read = {"score": self._score, "response": self._response, "success": self._success}
        self._readers = tuple(read[source] for source in sources if source in read)
        self._sources = tuple(source for source in sources if source in read)
        self._by_range: dict[tuple[float, float], str] = {}
        # `scaled` is no straight line; a raw score of -1 to 1 is not meant by it.
        named = [rubric.scales[scale], *(other for name, other in rubric.scales.items() if name != "scaled")]
        for candidate in named:
            self._by_range.setdefault((candidate.lowest, candidate.highest), candidate.name)

    def of(self, view: StatementView) -> Rating | None:
        """The rating in the first place where there is one; None where there is none. Raises `Miss`."""
        for read in self._readers:
            found = read(view)
            if found is not None:
                return found
        return None

    def why_none(self, view: StatementView) -> str:
        """Why there is no rating, for a statement in which every place is empty."""
        places = " or ".join(f"result.{source}" for source in self._sources)
        if "score" not in self._sources and not places:
            return "there is no competency score"
        if view.response is not None and "response" in self._sources:
            return f"there is no rating: the response '{view.response[:40]}' is no number"
        if view.result.get("completion") is True:
            return f"there is no rating: completion alone says nothing of competency; {places} must be there"
        return f"there is no rating: {places} must be there"

    def on_unit(self, value: float) -> Rating:
        """A number in [0, 1] on the scale `unit`."""
        return self._rated(value, "unit")

    def _score(self, view: StatementView) -> Rating | None:
        score: Mapping[str, Any] | None = view.result.get("score")
        if not score:
            return None
        raw, low, high = score.get("raw"), score.get("min"), score.get("max")
        if raw is not None and low is not None and high is not None:
            return self._in_range(_finite(raw, "raw"), _finite(low, "min"), _finite(high, "max"), "score.raw")
        scaled = score.get("scaled")
        if scaled is not None:
            return self._scaled(_finite(scaled, "scaled"))
        if raw is not None:
            raise Miss("score.raw has no min and max beside it, so that nobody knows what it is out of")
        return None

    def _scaled(self, value: float) -> Rating:
        if not -1 <= value <= 1:
            raise Miss(f"score.scaled is {value:g}; it must be in -1…1")
        return self._rated(value, "scaled")

    def _in_range(self, value: float, low: float, high: float, what: str) -> Rating:
        if not low < high or not math.isfinite(high - low):
            raise Miss(f"the range of {what}, {low:g}…{high:g}, is empty or endless")
        if not low <= value <= high:
            raise Miss(f"{what} is {value:g}, outside of its range {low:g}…{high:g}")
        name = self._by_range.get((low, high))
        return Rating(value, name) if name is not None else self._rated((value - low) / (high - low), "unit")

    def _rated(self, value: float, scale: str) -> Rating:
        if scale not in self._rubric.scales:
            raise Miss(f"the rubric of {self._rubric.competency} has no scale '{scale}'")
        return Rating(value, scale)

    def _response(self, view: StatementView) -> Rating | None:
        text = view.response
        if text is None:
            return None
        steps = view.definition.get("scale")
        if steps:
            return self._likert(text, [str(step["id"]) for step in steps], view)
        if _NUMBER.match(text) is None:
            return None
        scale: Scale = self._rubric.scales[self.scale]
        return self._in_range(float(text), scale.lowest, scale.highest, "the response")

    def _likert(self, text: str, ids: list[str], view: StatementView) -> Rating | None:
        """A response on the numbered steps that the item's own definition lists: `likert_3`, or just `3`."""
        spoken = view.aliases.not_observed | view.aliases.not_responding
        numbered: dict[str, float] = {}
        for id_ in ids:
            if id_.strip().casefold() in spoken:
                continue
            match = _LAST_NUMBER.search(id_)
            if match is None:
                raise Miss(f"the step '{id_}' of the item's scale has no number")
            numbered[id_] = float(match[0])
        values = sorted(numbered.values())
        if len(set(values)) < max(2, len(values)):
            raise Miss("the steps of the item's scale do not have numbers of their own")
        value = numbered.get(text, float(text) if _NUMBER.match(text) else None)
        if value is None:
            return None
        return self._in_range(value, values[0], values[-1], "the response")

    def _success(self, view: StatementView) -> Rating | None:
        success = view.result.get("success")
        told = {PASSED: True, FAILED: False}.get(view.verb)
        if success is not None and told is not None and success is not told:
            raise Miss(f"the verb says {'passed' if told else 'failed'} and result.success says otherwise")
        decided = success if success is not None else told
        return None if decided is None else self.on_unit(1.0 if decided else 0.0)


def _finite(number: Any, member: str) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise Miss(f"score.{member} is too large a number")
    return value
