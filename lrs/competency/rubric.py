"""Rubrics: what a competency is made of, on which scales it is rated, and where its cut lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from lrs.competency.authoring import details_of, digest_of
from lrs.competency.scales import Scale, standard_scales
from lrs.errors import Detail, PluginError

__all__ = ["Cut", "Indicator", "Rubric", "Scale", "standard_scales"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that can be seen to be done, or not."""

    id: str
    name: str
    description: str
    anchors: Mapping[str, str] = field(default_factory=dict)
    """What a rating looks like, by rating on the scale of the rubric's cut, e.g. `{"4": "…"}`."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the standard lies: `rating` on `scale`, just *below* the acceptable anchor, e.g. 3.5 for 4."""

    scale: Scale
    rating: float
    acceptable: float | None = None
    """The acceptable anchor, for plain counts ("7 of 9 encounters at or above 4"); None: the cut itself."""

    @property
    def s(self) -> float:
        """The cut in [0, 1], e.g. 0.41667 for 3.5 on `fto-7`."""
        return self.scale.normalise(self.rating)

    @property
    def anchor(self) -> float:
        """The rating that plain counts use."""
        return self.rating if self.acceptable is None else self.acceptable

    @property
    def anchor_s(self) -> float:
        """The same in [0, 1]."""
        return self.scale.normalise(self.anchor)


@dataclass(frozen=True)
class Rubric:
    """One competency: its indicators, the scales its evidence may be rated on, and its cut."""

    competency: str
    version: str
    name: str
    description: str
    indicators: tuple[Indicator, ...]
    scales: Mapping[str, Scale]
    cut: Cut

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Rubric:
        """The rubric that a file describes, see `schemas/rubric.json`.

        Raises `PluginError` with a `Detail` for everything that is wrong, and not for the first thing only.
        """
        details = details_of("rubric.json", data) or list(_contradictions(data))
        if details:
            label = data.get("competency") if isinstance(data, Mapping) else None
            where = f" of {label}" if isinstance(label, str) else ""
            raise PluginError(f"The rubric{where} is not valid: {len(details)} to put right.", details)
        scales = {scale.name: scale for scale in map(_scale, data["scales"])}
        cut = data["cut"]
        return cls(
            competency=data["competency"],
            version=data["version"],
            name=data["name"],
            description=data["description"],
            indicators=tuple(_indicator(entry) for entry in data["indicators"]),
            scales=MappingProxyType(scales),
            cut=Cut(
                scales[cut["scale"]],
                float(cut["rating"]),
                float(cut["acceptable"]) if "acceptable" in cut else None,
            ),
        )

    @cached_property
    def indicator_ids(self) -> frozenset[str]:
        """The ids of its indicators."""
        return frozenset(indicator.id for indicator in self.indicators)

    @cached_property
    def digest(self) -> str:
        """Lower-case hex SHA-256 of its canonical JSON: it changes even if `version` was forgotten."""
        return digest_of(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """The rubric as a file: `from_dict` of it is the same rubric. Every scale is written out in full."""
        cut: dict[str, Any] = {"scale": self.cut.scale.name, "rating": self.cut.rating}
        if self.cut.acceptable is not None:
            cut["acceptable"] = self.cut.acceptable
        return {
            "competency": self.competency,
            "version": self.version,
            "name": self.name,
            "description": self.description,
            "scales": [scale.as_dict() for scale in self.scales.values()],
            "cut": cut,
            "indicators": [_indicator_dict(indicator) for indicator in self.indicators],
        }


def _scale(entry: str | Mapping[str, Any]) -> Scale:
    if isinstance(entry, str):
        return standard_scales()[entry]
    points = tuple((float(rating), float(s)) for rating, s in entry["points"])
    return Scale(entry["name"], entry["version"], points)


def _indicator(entry: Mapping[str, Any]) -> Indicator:
    anchors = MappingProxyType(dict(entry.get("anchors", {})))
    return Indicator(entry["id"], entry["name"], entry["description"], anchors)


def _indicator_dict(indicator: Indicator) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": indicator.id,
        "name": indicator.name,
        "description": indicator.description,
    }
    if indicator.anchors:
        entry["anchors"] = dict(indicator.anchors)
    return entry


def _contradictions(data: Mapping[str, Any]) -> Iterable[Detail]:
    """What a schema cannot say. The data is valid by the schema."""
    ids = [entry["id"] for entry in data["indicators"]]
    yield from _repeated("/indicators/{}/id", ids, "an id that no other indicator has")
    names = [entry if isinstance(entry, str) else entry["name"] for entry in data["scales"]]
    yield from _repeated("/scales/{}", names, "a scale whose name no other scale has")
    scales: dict[str, Scale] = {}
    for index, entry in enumerate(data["scales"]):
        try:
            scales[names[index]] = _scale(entry)
        except ValueError as exc:
            yield Detail(f"/scales/{index}/points", str(entry["points"]), str(exc))
    if data["cut"]["scale"] not in names:
        yield Detail("/cut/scale", data["cut"]["scale"], f"one of this rubric's scales: {', '.join(names)}")
    elif data["cut"]["scale"] in scales:
        scale = scales[data["cut"]["scale"]]
        yield from _wrong_cut(data["cut"], scale)
        yield from _wrong_anchors(data["indicators"], scale)


def _repeated(path: str, values: list[str], expected: str) -> Iterable[Detail]:
    times = Counter(values)
    seen: set[str] = set()
    for index, value in enumerate(values):
        if times[value] > 1 and value in seen:
            yield Detail(path.format(index), value, expected)
        seen.add(value)


def _wrong_cut(cut: Mapping[str, Any], scale: Scale) -> Iterable[Detail]:
    for member in ("rating", "acceptable"):
        if member in cut and not scale.lowest <= cut[member] <= scale.highest:
            yield Detail(f"/cut/{member}", f"{cut[member]:g}", _range(scale))
            return
    anchor = cut.get("acceptable", cut["rating"])
    if scale.normalise(anchor) < scale.normalise(cut["rating"]):
        yield Detail("/cut/acceptable", f"{anchor:g}", f"no worse than the cut, {cut['rating']:g}")
    if not 0 < scale.normalise(cut["rating"]) < 1:
        yield Detail(
            "/cut/rating", f"{cut['rating']:g}", "a rating whose s lies between 0 and 1, neither of them"
        )


def _wrong_anchors(indicators: Iterable[Mapping[str, Any]], scale: Scale) -> Iterable[Detail]:
    for index, entry in enumerate(indicators):
        for rating in entry.get("anchors", {}):
            if not scale.lowest <= float(rating) <= scale.highest:
                yield Detail(f"/indicators/{index}/anchors/{rating}", rating, _range(scale))


def _range(scale: Scale) -> str:
    return f"a rating on {scale.name}, {scale.lowest:g} to {scale.highest:g}"
