"""What differs between two ways of finding and judging evidence: piece by piece, rule by rule. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.competency.evidence import Evidence, RecordedEvidence
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric
from lrs.xapi.timestamps import format_us

_SCORED = (
    "rating",
    "scale",
    "tier",
    "rater",
    "encounter",
    "observed_us",
    "flags",
    "subject_type",
)
"""Members of evidence that a score hangs on, beside statement and indicator; which rule found it is none."""


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of evidence that both sides found in the same place, and not the same."""

    before: RecordedEvidence
    after: RecordedEvidence

    @property
    def members(self) -> tuple[str, ...]:
        """What of it differs."""
        one, other = self.before.evidence, self.after.evidence
        return tuple(name for name in _SCORED if getattr(one, name) != getattr(other, name))

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "members": [_name(member) for member in self.members],
            "before": piece_as_dict(self.before),
            "after": piece_as_dict(self.after),
        }

    def __str__(self) -> str:
        told = (
            f"{_name(name)} {_shown(self.before.evidence, name)} → {_shown(self.after.evidence, name)}"
            for name in self.members
        )
        return f"{_place(self.before)}: {', '.join(told)}"


@dataclass(frozen=True, slots=True)
class Pieces:
    """How the evidence on one competency of one subject differs."""

    added: tuple[RecordedEvidence, ...] = ()
    removed: tuple[RecordedEvidence, ...] = ()
    changed: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "added": [piece_as_dict(one) for one in self.added],
            "removed": [piece_as_dict(one) for one in self.removed],
            "changed": [one.as_dict() for one in self.changed],
        }

    def lines(self) -> Iterator[str]:
        """The same for people, a line for each piece."""
        yield from (f"+ {_place(one)}: {_given(one.evidence)}" for one in self.added)
        yield from (f"- {_place(one)}: {_given(one.evidence)}" for one in self.removed)
        yield from (f"~ {one}" for one in self.changed)


def differing(before: Sequence[RecordedEvidence], after: Sequence[RecordedEvidence]) -> Pieces:
    """How evidence on one competency of one subject differs.

    Two pieces are of one place when statement and indicator are the same; which of several there belong together is
    told by their order.
    """
    olds, news = _by_place(before), _by_place(after)
    added: list[RecordedEvidence] = []
    removed: list[RecordedEvidence] = []
    changed: list[Change] = []
    for place in dict.fromkeys((*olds, *news)):
        old, new = _without_equals(olds.get(place, []), news.get(place, []))
        both = min(len(old), len(new))
        changed += map(Change, old[:both], new[:both])
        removed += old[both:]
        added += new[both:]
    return Pieces(tuple(added), tuple(removed), tuple(changed))


def rubrics_differ(before: Rubric | None, after: Rubric | None) -> list[str]:
    """In words, what of a rubric differs that a score hangs on; and that there was none, or is none any more."""
    if before is None or after is None:
        return [] if before is after else ["new competency" if before is None else "no competency any more"]
    if before.digest == after.digest:
        return []
    found = [
        f"{name} {old} → {new}"
        for name, old, new in (
            ("cut", _cut(before), _cut(after)),
            ("scored", _yes(before.scored), _yes(after.scored)),
            ("subject", before.subject.value, after.subject.value),
        )
        if old != new
    ]
    found += [
        f"scale {scale.name} {scale.version}: new or changed"
        for scale in after.scales.values()
        if before.scales.get(scale.name) != scale
    ]
    found += [f"scale - {name}" for name in before.scales if name not in after.scales]
    for sign, one, other in (("+", after, before), ("-", before, after)):
        found += [f"indicator {sign} {new.id}" for new in one.indicators if new.id not in other.indicator_ids]
    return found or [f"rubric {before.version} → {after.version}: wording only"]


def policies_differ(before: Policy, after: Policy) -> list[str]:
    """In words, which numbers of the policy in force for a competency differ, and whether the model does."""
    old, new = _flat(before.as_dict()), _flat(after.as_dict())
    return [
        f"{name} {_number(old.get(name))} → {_number(new.get(name))}"
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]


def piece_as_dict(record: RecordedEvidence) -> dict[str, Any]:
    """A piece of evidence, JSON-ready: what a score hangs on, where it was found, and by what."""
    evidence = record.evidence
    return {
        "statement_id": record.statement_id,
        "indicator": evidence.indicator,
        "rating": evidence.rating,
        "scale": evidence.scale,
        "tier": evidence.tier.value,
        "rater": evidence.rater,
        "encounter": evidence.encounter,
        "observed": format_us(evidence.observed_us),
        "flags": [flag.value for flag in evidence.flags],
        "rule": evidence.rule,
        "plugin_version": record.plugin_version,
    }


_Place = tuple[str, str | None]


def _by_place(records: Iterable[RecordedEvidence]) -> dict[_Place, list[RecordedEvidence]]:
    found: dict[_Place, list[RecordedEvidence]] = {}
    for record in records:
        found.setdefault((record.statement_id, record.evidence.indicator), []).append(record)
    return found


def _without_equals(
    old: list[RecordedEvidence], new: list[RecordedEvidence]
) -> tuple[list[RecordedEvidence], list[RecordedEvidence]]:
    left = list(new)
    odd = []
    for record in old:
        same = next((one for one in left if _content(one) == _content(record)), None)
        if same is None:
            odd.append(record)
        else:
            left.remove(same)
    return odd, left


def _content(record: RecordedEvidence) -> tuple[Any, ...]:
    return tuple(getattr(record.evidence, name) for name in _SCORED)


def _name(member: str) -> str:
    return member.removesuffix("_us")


def _shown(evidence: Evidence, member: str) -> str:
    value = getattr(evidence, member)
    if member == "observed_us":
        return format_us(value)
    if member == "flags":
        return ", ".join(value) or "none"
    return _number(value)


def _number(value: object) -> str:
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _place(record: RecordedEvidence) -> str:
    return f"statement {record.statement_id}, {record.evidence.indicator or 'the competency as a whole'}"


def _given(evidence: Evidence) -> str:
    flags = f", {_shown(evidence, 'flags')}" if evidence.flags else ""
    return f"{_number(evidence.rating)} on {evidence.scale}, {evidence.tier}, by {evidence.rater}{flags}"


def _cut(rubric: Rubric) -> str:
    if rubric.cut is None:
        return "none"
    return f"{rubric.cut.rating:g} (acceptable {rubric.cut.anchor:g}) on {rubric.cut.scale.name}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _flat(table: Mapping[str, Any]) -> dict[str, Any]:
    tiers = {f"tiers.{name}": weight for name, weight in table["tiers"].items()}
    return {**{name: value for name, value in table.items() if name != "tiers"}, **tiers}
