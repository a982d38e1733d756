"""Rubrics: what a competency is made of, on which scales it is rated, and where its cut lies if it is scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from lrs.competency.authoring import details_of, digest_of
from lrs.competency.evidence import SubjectType
from lrs.competency.scales import Scale, standard_scales
from lrs.errors import Detail, PluginError
from lrs.wording import shown

__all__ = ["Cut", "Indicator", "Rubric", "Scale", "standard_scales"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that can be seen to be done, or not."""

    id: str
    name: str
    description: str
    anchors: Mapping[str, str] = field(default_factory=dict)
    """What a rating looks like, by rating, e.g. `{"4": "…"}`: on the scale of the rubric's cut, or, in a rubric
    that is never scored, on its first scale."""


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
    """One competency: its indicators, the scales its evidence may be rated on, and its cut if it is scored."""

    competency: str
    version: str
    name: str
    description: str
    indicators: tuple[Indicator, ...]
    scales: Mapping[str, Scale]
    cut: Cut | None
    """None just when it is not scored."""
    scored: bool = True
    """False: its evidence is shown and never scored (completion, hours, panels); the verdict is `not_scored`."""
    scoring: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What differs from the policy as long as the agency does not say otherwise for this competency: members of
    a table `[scoring.competencies.ID]`, see `schemas/scoring.json`; empty when nothing does."""
    subject: SubjectType = SubjectType.OFFICER
    """Whom the competency is of. Of a unit: never of one officer."""

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
        return cls(
            competency=data["competency"],
            version=data["version"],
            name=data["name"],
            description=data["description"],
            indicators=tuple(_indicator(entry) for entry in data["indicators"]),
            scales=MappingProxyType(scales),
            cut=_cut(data["cut"], scales) if "cut" in data else None,
            scored=data.get("scored", True),
            scoring=_scoring(data.get("scoring", {})),
            subject=SubjectType(data.get("subject", SubjectType.OFFICER)),
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
        """The rubric as a file: `from_dict` of it is the same rubric.

        Every scale is written out in full. What is as the schema's default is left out, so that a rubric that
        says nothing of a member has the digest that it had before there was such a member.
        """
        members: dict[str, Any] = {
            "competency": self.competency,
            "version": self.version,
            "name": self.name,
            "description": self.description,
            "scales": [scale.as_dict() for scale in self.scales.values()],
        }
        if self.cut is not None:
            members["cut"] = _cut_dict(self.cut)
        if not self.scored:
            members["scored"] = False
        if self.scoring:
            members["scoring"] = {
                name: dict(value) if isinstance(value, Mapping) else value
                for name, value in self.scoring.items()
            }
        if self.subject is not SubjectType.OFFICER:
            members["subject"] = self.subject.value
        members["indicators"] = [_indicator_dict(indicator) for indicator in self.indicators]
        return members


def _scale(entry: str | Mapping[str, Any]) -> Scale:
    if isinstance(entry, str):
        return standard_scales()[entry]
    points = tuple((float(rating), float(s)) for rating, s in entry["points"])
    return Scale(entry["name"], entry["version"], points)


def _indicator(entry: Mapping[str, Any]) -> Indicator:
    anchors = MappingProxyType(dict(entry.get("anchors", {})))
    return Indicator(entry["id"], entry["name"], entry["description"], anchors)


def _cut(entry: Mapping[str, Any], scales: Mapping[str, Scale]) -> Cut:
    acceptable = float(entry["acceptable"]) if "acceptable" in entry else None
    return Cut(scales[entry["scale"]], float(entry["rating"]), acceptable)


def _cut_dict(cut: Cut) -> dict[str, Any]:
    entry: dict[str, Any] = {"scale": cut.scale.name, "rating": cut.rating}
    if cut.acceptable is not None:
        entry["acceptable"] = cut.acceptable
    return entry


def _scoring(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same, read-only, and with 365 and 365.0 the same number, so that they have the same digest."""
    scoring = {name: _number(name, value) for name, value in entry.items() if name != "tiers"}
    if "tiers" in entry:
        scoring["tiers"] = MappingProxyType({tier: float(weight) for tier, weight in entry["tiers"].items()})
    return MappingProxyType(scoring)


def _number(name: str, value: float) -> Any:
    return int(value) if name == "min_raters" else float(value)


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
    if not data.get("scored", True):
        yield from _scored_after_all(data)
        if names[0] in scales:
            yield from _wrong_anchors(data["indicators"], scales[names[0]])
    elif data["cut"]["scale"] not in names:
        yield Detail("/cut/scale", data["cut"]["scale"], f"one of this rubric's scales: {', '.join(names)}")
    elif data["cut"]["scale"] in scales:
        scale = scales[data["cut"]["scale"]]
        yield from _wrong_cut(data["cut"], scale)
        yield from _wrong_anchors(data["indicators"], scale)


def _scored_after_all(data: Mapping[str, Any]) -> Iterable[Detail]:
    for member in ("cut", "scoring"):
        if member in data:
            yield Detail(f"/{member}", shown(data[member]), "nothing, for a rubric that is never scored")


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
