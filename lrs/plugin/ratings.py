"""The rating in a statement: which number, on which scale."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from lrs.competency.rubric import Rubric, Scale
from lrs.plugin.miss import Miss, either, short
from lrs.plugin.view import StatementView
from lrs.plugin.vocabulary import COMPLETED, EARNED, FAILED, PASSED
from lrs.xapi.durations import length_seconds
from lrs.xapi.jsonpath import compile_path

_NUMBER = re.compile(r"\d+(?:\.\d+)?\Z", re.ASCII)
_LAST_NUMBER = re.compile(r"\d+\Z", re.ASCII)
_LONGEST_STEPS = 1_000
"""Characters; longer ids of an item's steps are worked out each time, so that little is remembered."""


Source = str | Mapping[str, str]
"""Where a rating may stand: a word of `schemas/alignment.json`, or `{"path": "$.…"}`."""

_PLACES = {
    "score": "result.score",
    "response": "result.response",
    "success": "result.success",
    "duration": "result.duration",
    "completion": "result.completion",
}
"""What a vendor knows a source by."""


class Rating(NamedTuple):
    """A number as it was given, and the scale of the rubric that it is on."""

    value: float
    scale: str


class Ratings:
    """Reads ratings for one rule: from which places, and on which scale where a statement does not tell."""

    def __init__(self, rubric: Rubric, scale: str, sources: Iterable[Source]) -> None:
        """`scale` is one of the rubric's. Raises `ValueError` for a path that is not one."""
        self._rubric = rubric
        self.scale = scale
        listed = tuple(sources)
        self._sources = tuple(source for source in listed if source != "competency-scores")
        # `competency-scores` and `completion` are no one rating: the rule sees to them.
        self._readers = tuple(filter(None, map(self._reader, listed)))
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
        if not self._sources:
            return "there is no competency score"
        named = [_PLACES[each] if isinstance(each, str) else each["path"] for each in self._sources]
        places = " or ".join(named)
        if self._sources == ("completion",):
            return "it says of nothing that it was completed: result.completion must be true"
        if view.response is not None and "response" in self._sources:
            return f"there is no rating: the response '{view.response[:40]}' is no number"
        if view.result.get("completion") is True and "completion" not in self._sources:
            return f"there is no rating: completion alone says nothing of competency; {places} must be there"
        return f"there is no rating: {places} must be there"

    def _reader(self, source: Source) -> Callable[[StatementView], Rating | None] | None:
        if not isinstance(source, str):
            return self._at(source["path"])
        read = {
            "score": self._score,
            "response": self._response,
            "success": self._success,
            "duration": self._duration,
        }
        return read.get(source)

    def on_unit(self, value: float) -> Rating:
        """A number in [0, 1] on the scale `unit`."""
        return self._rated(value, "unit")

    def _score(self, view: StatementView) -> Rating | None:
        score: Mapping[str, Any] | None = view.result.get("score")
        if not score:
            return None
        raw, low, high = score.get("raw"), score.get("min"), score.get("max")
        if raw is not None and low is not None and high is not None:
            name = self._by_range.get((low, high))
            if name is not None and low <= raw <= high:  # then all three are finite, too
                return Rating(float(raw), name)
            return self._in_range(
                _finite(raw, "score.raw"), _finite(low, "score.min"), _finite(high, "score.max"), "score.raw"
            )
        scaled = score.get("scaled")
        if scaled is not None:
            return self._scaled(_finite(scaled, "score.scaled"))
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

    def _duration(self, view: StatementView) -> Rating | None:
        """Hours, on the scale `hours`."""
        text = view.result.get("duration")
        if text is None:
            return None
        seconds = length_seconds(text)
        if seconds is None:
            raise Miss(
                f"result.duration is '{str(text)[:40]}', of which nobody knows how many hours it is: "
                "give it in days, hours, minutes and seconds"
            )
        return self._on("hours", seconds / 3600, "result.duration in hours")

    def _at(self, path: str) -> Callable[[StatementView], Rating | None]:
        """Reads the number at a path, on the rule's scale."""
        find = compile_path(path)

        def read(view: StatementView) -> Rating | None:
            found = find(view.statement)
            if not found:
                return None
            if len(found) > 1:
                raise Miss(f"{path} leads to {len(found)} values; it must lead to one")
            value = found[0]
            if isinstance(value, str) and _NUMBER.match(value.strip()):
                value = float(value.strip())
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise Miss(f"what stands at {path}, {either([str(value)[:40]])}, is no number")
            return self._on(self.scale, _finite(value, path), f"what stands at {path}")

        return read

    def _on(self, scale: str, value: float, what: str) -> Rating:
        """A number that is meant to be on this scale."""
        name = self._rated(value, scale).scale
        lowest, highest = self._rubric.scales[name].lowest, self._rubric.scales[name].highest
        if not lowest <= value <= highest:
            raise Miss(f"{what} is {value:g}, outside of the scale {name}, {lowest:g}…{highest:g}")
        return Rating(value, name)

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
            return self._likert(text, tuple([str(step["id"]) for step in steps]), view)
        if _NUMBER.match(text) is None:
            return None
        scale: Scale = self._rubric.scales[self.scale]
        return self._in_range(float(text), scale.lowest, scale.highest, "the response")

    def _likert(self, text: str, ids: tuple[str, ...], view: StatementView) -> Rating | None:
        """A response on the numbered steps that the item's own definition lists: `likert_3`, or just `3`."""
        short_enough = sum(map(len, ids)) <= _LONGEST_STEPS
        numbered_by = _numbered if short_enough else _numbered.__wrapped__
        numbered, lowest, highest = numbered_by(ids, view.aliases.not_observed, view.aliases.not_responding)
        value = numbered.get(text)
        if value is None:
            if _NUMBER.match(text) is None:
                return None
            value = float(text)
        return self._in_range(value, lowest, highest, "the response")

    def _success(self, view: StatementView) -> Rating | None:
        success = view.result.get("success")
        told = {PASSED: True, EARNED: True, FAILED: False}.get(view.verb)
        if success is not None and told is not None and success is not told:
            raise Miss(f"the verb says {short(view.verb)} and result.success says otherwise")
        decided = success if success is not None else told
        return None if decided is None else self.on_unit(1.0 if decided else 0.0)


@lru_cache(maxsize=256)
def _numbered(
    ids: tuple[str, ...], not_observed: frozenset[str], not_responding: frozenset[str]
) -> tuple[Mapping[str, float], float, float]:
    """The numbers of an item's steps by their ids, the lowest and the highest. Raises `Miss`.

    Remembered: a survey asks many people on the same steps.
    """
    numbered: dict[str, float] = {}
    for id_ in ids:
        token = id_.strip().casefold()
        if token in not_observed or token in not_responding:
            continue
        match = _LAST_NUMBER.search(id_)
        if match is None:
            raise Miss(f"the step '{id_}' of the item's scale has no number")
        numbered[id_] = float(match[0])
    values = sorted(numbered.values())
    if len(set(values)) < max(2, len(values)):
        raise Miss("the steps of the item's scale do not have numbers of their own")
    return numbered, values[0], values[-1]


def completed(view: StatementView) -> bool:
    """Whether a statement says that something was completed: `result.completion`, else the verb says so.

    What it was worth is another question: nothing else of the result is looked at.
    """
    said = view.result.get("completion")
    return bool(said) if isinstance(said, bool) else view.verb in (COMPLETED, PASSED, EARNED)


def _finite(number: Any, what: str) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise Miss(f"{what} is too large a number")
    return value
